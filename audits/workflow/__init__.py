"""The lifecycles of the app, each in a module of its own; importing them registers them."""

from audits.workflow import action, programme, report, template, visit

__all__ = ["action", "programme", "report", "template", "visit"]
