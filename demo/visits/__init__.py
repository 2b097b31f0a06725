"""Audits and other visits, with their answers, findings and action plans."""

from demo.visits.made import hold, load_present, load_templates, plan_next
from demo.visits.past import load_past

__all__ = ["hold", "load_past", "load_present", "load_templates", "plan_next"]
