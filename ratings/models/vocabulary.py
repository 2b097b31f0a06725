"""The words of ratings as the database keeps them; the values are those of `ratings.cqc.words`."""

from django.db import models

from ratings.cqc import words


class RatingWord(models.TextChoices):
    """The four ratings, best first."""

    OUTSTANDING = words.Rating.OUTSTANDING.value, "Outstanding"
    GOOD = words.Rating.GOOD.value, "Good"
    REQUIRES_IMPROVEMENT = words.Rating.REQUIRES_IMPROVEMENT.value, "Requires improvement"
    INADEQUATE = words.Rating.INADEQUATE.value, "Inadequate"


class KeyQuestion(models.TextChoices):
    """CQC's five key questions, and the rating of the whole."""

    OVERALL = words.KeyQuestion.OVERALL.value, "Overall"
    SAFE = words.KeyQuestion.SAFE.value, "Safe"
    EFFECTIVE = words.KeyQuestion.EFFECTIVE.value, "Effective"
    CARING = words.KeyQuestion.CARING.value, "Caring"
    RESPONSIVE = words.KeyQuestion.RESPONSIVE.value, "Responsive"
    WELL_LED = words.KeyQuestion.WELL_LED.value, "Well-led"


KEY_QUESTIONS = tuple(question for question in KeyQuestion if question is not KeyQuestion.OVERALL)


class Source(models.TextChoices):
    """Where a rating came from."""

    INSPECTION = words.Source.INSPECTION.value, "Inspection"
    ASSESSMENT = words.Source.ASSESSMENT.value, "Assessment (single assessment framework)"
