"""The lifecycles of this app: importing the package registers them."""

from suspensions.workflow import formal_step

__all__ = ["formal_step"]
