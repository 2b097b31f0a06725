"""Audits and other visits, with their answers, findings and action plans."""
