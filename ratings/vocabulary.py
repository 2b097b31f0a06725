"""CQC's vocabulary, each word once: ratings, key questions, and where a rating came from."""

from django.db import models


class RatingWord(models.TextChoices):
    """The four words that are ratings, best first; every other word of CQC's is not one."""

    OUTSTANDING = "outstanding", "Outstanding"
    GOOD = "good", "Good"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
    INADEQUATE = "inadequate", "Inadequate"


class KeyQuestion(models.TextChoices):
    """CQC's five key questions, and `overall` for the rating of the whole."""

    OVERALL = "overall", "Overall"
    SAFE = "safe", "Safe"
    EFFECTIVE = "effective", "Effective"
    CARING = "caring", "Caring"
    RESPONSIVE = "responsive", "Responsive"
    WELL_LED = "well_led", "Well-led"


class RatingSource(models.TextChoices):
    """Where a rating came from: an inspection (until 2023/24, and where the old way goes on) or an
    assessment.
    """

    INSPECTION = "inspection", "Inspection"
    ASSESSMENT = "assessment", "Assessment (single assessment framework)"


KEY_QUESTIONS = tuple(question for question in KeyQuestion if question is not KeyQuestion.OVERALL)
# The lowest of several is the first in this order.
WORST_FIRST = tuple(reversed(RatingWord))
