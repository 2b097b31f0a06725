"""The lifecycles of the app, each in a module of its own; importing them registers them."""

from audits.workflow import report, visit

__all__ = ["report", "visit"]
