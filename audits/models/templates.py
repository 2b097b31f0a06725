from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Lower

from providers.vocabulary import ServiceType, service_types


class TemplateStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    CURRENT = "current", "In use"
    RETIRED = "retired", "Retired"


class AnswerKind(models.TextChoices):
    RATING = "rating", "Rating (Excellent to Poor)"
    YES_NO = "yes_no", "Yes or no"
    CHOICE = "choice", "Choice from a list"
    NUMBER = "number", "Number"
    TEXT = "text", "Text"
    DATE = "date", "Date"


SCORED_KINDS = (AnswerKind.RATING, AnswerKind.YES_NO, AnswerKind.CHOICE)


# A published template never changes, so no key could be written beside its name.
BY_NAME = Lower(Collate("name", "C"))


class TemplateQuerySet(models.QuerySet["Template"]):
    def by_name(self) -> Self:
        """In order of name, the latest version first."""
        return self.order_by(BY_NAME, "key", "-version")

    def current(self) -> Self:
        return self.filter(status=TemplateStatus.CURRENT)

    def for_service_type(self, service_type: str) -> Self:
        return self.filter(service_types__contains=[service_type])

    def main(self) -> Self:
        """Those of the audit itself, without the standards that stand beside it."""
        return self.filter(beside_main=False)


class Template(models.Model):
    """One version of the questions of an audit and the rule by which it is scored.

    Versions share a `key`. A draft is edited; once current or retired it never changes (a trigger
    holds that), so that finished audits keep the questions that they answered.
    """

    key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    introduction = models.TextField(blank=True)
    service_types: models.Field = ArrayField(
        models.CharField(max_length=20, choices=service_types),
        verbose_name="types of service",
    )
    beside_main = models.BooleanField(
        "used beside the main audit and scored separately", default=False
    )
    status = models.CharField(max_length=10, choices=TemplateStatus, default=TemplateStatus.DRAFT)
    excellent_from = models.PositiveSmallIntegerField(
        "Excellent from (per cent)", default=90, validators=[MaxValueValidator(100)]
    )
    good_from = models.PositiveSmallIntegerField(
        "Good from (per cent)", default=70, validators=[MaxValueValidator(100)]
    )
    improvement_from = models.PositiveSmallIntegerField(
        "Requires improvement from (per cent)", default=40, validators=[MaxValueValidator(100)]
    )
    changes = models.CharField("what changed in this version", max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("edit_template", "Can edit audit templates")]
        ordering = [BY_NAME, "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="template_version_once"),
            # Two who start or publish a version at once: these let one through, and the action says
            # to the other that there is a draft.
            models.UniqueConstraint(
                fields=["key"], condition=Q(status="current"), name="template_one_current_version"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(status="draft"), name="template_one_draft"
            ),
            # Otherwise one outcome could never be reached.
            models.CheckConstraint(
                condition=Q(excellent_from__lte=100)
                & Q(good_from__lt=F("excellent_from"))
                & Q(improvement_from__lt=F("good_from")),
                name="template_thresholds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at=None)
                | ~Q(status="draft") & Q(published_at__isnull=False),
                name="template_published_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.status == TemplateStatus.DRAFT

    @property
    def is_in_use(self) -> bool:
        return self.status == TemplateStatus.CURRENT

    @property
    def service_type_names(self) -> str:
        return ", ".join(str(ServiceType(value).label) for value in self.service_types)


class TemplateSection(models.Model):
    """A domain of an audit: what is asked under one heading.

    Its order, like that of standards and questions, is unique at the end of the transaction only:
    moving one part renumbers its siblings, and meanwhile two have the same number.
    """

    # Deleted with a draft that is discarded. A trigger refuses it of any other version.
    template = models.ForeignKey(Template, models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)

    class Meta:
        default_permissions = ()
        ordering = ["template", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "order"],
                name="section_order_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title


class Standard(models.Model):
    """What a good service does, in one sentence, with the questions by which it is judged."""

    section = models.ForeignKey(TemplateSection, models.CASCADE, related_name="standards")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    statement = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["section", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "order"],
                name="standard_order_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(models.QuerySet["Question"]):
    def of_template(self, template: Template) -> Self:
        """In the order in which they are asked, each with its standard and section."""
        return (
            self.filter(standard__section__template=template)
            .select_related("standard__section")
            .order_by("standard__section__order", "standard__order", "order")
        )

    def standing_for(self, question_id: int, template: Template) -> Self:
        """The template's question with the code of that one, which may be of another version: a
        device answers what it has before it, and the plan may have changed since.
        """
        codes = Question.objects.filter(
            pk=question_id, standard__section__template__key=template.key
        ).values("code")
        return self.filter(standard__section__template=template, code__in=codes)


class Question(models.Model):
    """One question. `code` stays the same from version to version, so that last year's answer is
    found.

    `options` of a choice: a list of `{"value", "label", "points"}`, points 0 to 100, best answer
    first. `critical`: the worst answer keeps the whole audit from being better than Requires
    improvement.
    """

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=60)
    text = models.CharField("question", max_length=300)
    guidance = models.TextField(blank=True)
    kind = models.CharField("kind of answer", max_length=10, choices=AnswerKind)
    options = models.JSONField(default=list, blank=True)
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    na_allowed = models.BooleanField("can be answered “not applicable”", default=False)
    evidence_required = models.BooleanField("evidence is required", default=False)
    critical = models.BooleanField(
        "critical: the worst answer limits the audit to Requires improvement or Poor",
        default=False,
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["standard", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "order"],
                name="question_order_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            # What has no points cannot weigh, nor hold an outcome back.
            models.CheckConstraint(
                condition=Q(kind__in=["rating", "yes_no", "choice"]) | Q(weight=0, critical=False),
                name="question_scored_kinds_only",
            ),
            # A weight above ten would let one question outweigh a whole standard.
            models.CheckConstraint(condition=Q(weight__lte=10), name="question_weight_to_ten"),
            models.CheckConstraint(
                condition=Q(kind="choice") & ~Q(options=[]) | ~Q(kind="choice") & Q(options=[]),
                name="question_options_of_choices",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def details(self) -> list[str]:
        """How it is answered and what it asks of the officer, in short phrases for an editor."""
        kind = self.get_kind_display()
        if self.options:
            choices = ", ".join(f"{each['label']} ({each['points']})" for each in self.options)
            kind = f"{kind}: {choices}"
        marks = (
            (f"weight {self.weight}", self.weight),
            ("can be not applicable", self.na_allowed),
            ("evidence required", self.evidence_required),
            ("critical", self.critical),
        )
        return [kind, *(words for words, holds in marks if holds)]
