from core.cover import register_covered
from suspensions.rules.steps import DECIDE

register_covered(DECIDE, order=10)
