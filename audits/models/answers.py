from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.templates import Question
from audits.models.visits import Visit, VisitStatus


class AnswerQuerySet(models.QuerySet["Answer"]):
    def before(self, visit: Visit) -> Self:
        """For each question of the visit's template (by code, whatever the version) the last answer
        of an earlier completed visit.
        """
        if visit.template is None:
            return self.none()
        return (
            self.filter(
                visit__service=visit.service_id,
                visit__status=VisitStatus.COMPLETED,
                visit__visited_on__lt=visit.day,
                question__standard__section__template__key=visit.template.key,
            )
            .exclude(visit=visit)
            .select_related("visit", "question")
            .order_by("question__code", "-visit__visited_on", "-visit__pk")
            .distinct("question__code")
        )


class Answer(models.Model):
    """What an officer found on one question. `value` is text in the form of its question's kind:
    `good`, `yes`, an option's value, a number, a date as 2019-12-09. `version` counts the savings,
    so that nobody overwrites what they have not seen.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.TextField(blank=True)
    not_applicable = models.BooleanField(default=False)
    evidence = models.TextField(blank=True)
    # The same by where it comes from: {"records": "…"}; empty when all of it was seen. `evidence`
    # is always the whole in words.
    sources = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            # Two officers who save the same question at once: the second finds the first's row.
            models.UniqueConstraint(fields=["visit", "question"], name="answer_once_per_question"),
            # What does not apply has no value: scoring leaves the question out of both sums.
            models.CheckConstraint(
                condition=Q(not_applicable=False) | Q(value=""), name="answer_or_not_applicable"
            ),
        ]

    def __str__(self) -> str:
        return "not applicable" if self.not_applicable else self.value

    @property
    def is_given(self) -> bool:
        return self.not_applicable or bool(self.value.strip())
