"""The lifecycles of this app: importing the package registers them."""

from suspensions.workflow import change, suspension

__all__ = ["change", "suspension"]
