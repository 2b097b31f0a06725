"""The lifecycles of the app: importing the package registers each of them."""

from audits.workflow import action, programme, template

__all__ = ["action", "programme", "template"]
