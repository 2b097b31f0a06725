"""The lifecycles of this app: importing the package registers them."""

from suspensions.workflow import change, formal_step, suspension

__all__ = ["change", "formal_step", "suspension"]
