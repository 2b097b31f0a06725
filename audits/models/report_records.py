"""What is kept beside a report: each change that a point of the provider led to, each review, and
each version that was sent.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audits.models.plans import Finding
from audits.models.reports import AuditReport, ProviderComment
from audits.models.templates import Question
from audits.models.visits import VisitOutcome
from notifications.models import How


class ReportCorrection(models.Model):
    """What an upheld point of the provider changed: a finding, an answer, or, with neither named,
    the summary. It never changes: a trigger holds it.

    Source: the council's own policy, that nobody who made the visit changes its result alone.
    """

    report = models.ForeignKey(AuditReport, models.PROTECT, related_name="corrections")
    provider_comment = models.ForeignKey(
        ProviderComment, models.PROTECT, related_name="corrections"
    )
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="+")
    # By field, in the words that the report prints.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    score_before = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    score_after = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    outcome_before = models.CharField(max_length=20, choices=VisitOutcome)
    outcome_after = models.CharField(max_length=20, choices=VisitOutcome)
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # As the report had them, so that the constraint can ask.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["corrected_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding=None) | Q(question=None), name="report_correction_of_one_thing"
            ),
            models.CheckConstraint(
                condition=~Q(corrected_by=F("made_by")) & ~Q(corrected_by=F("drafted_by")),
                name="report_corrected_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Correction of {self.what}"

    @property
    def what(self) -> str:
        """What was corrected, as a page names it."""
        if self.finding_id:
            return "a finding"
        return f"the answer to “{self.question.text}”" if self.question else "the summary"

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Each field that changed: its name, what it said, and what it says."""
        return [
            (name, self.before.get(name) or "Nothing", said or "Nothing")
            for name, said in self.after.items()
        ]

    @property
    def moves_outcome(self) -> bool:
        """Whether the outcome is another because of it."""
        return self.outcome_before != self.outcome_after


class ReportReview(models.Model):
    """A disputed report, looked at by a senior officer who had no part in it."""

    report = models.ForeignKey(AuditReport, models.PROTECT, related_name="reviews")
    disputed = models.TextField("what the provider disputes")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # As the report had them, so that the constraint can ask.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=VisitOutcome, blank=True)
    reason = models.TextField(blank=True)
    # Without a decision: the visit was reopened, or another reviewer was asked.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(decided_at=None, ended_at=None),
                name="report_review_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(reviewer=F("made_by"))
                & ~Q(reviewer=F("drafted_by"))
                & (Q(moderated_by=None) | ~Q(reviewer=F("moderated_by"))),
                name="report_reviewed_by_uninvolved",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="", reason="")
                | Q(decided_at__isnull=False, ended_at=None) & ~Q(outcome="") & ~Q(reason=""),
                name="report_review_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.report}"

    @property
    def state(self) -> str:
        """What became of it."""
        if self.decided_at:
            return "Decided"
        return "Ended without a decision" if self.ended_at else "Waiting"


class ReportFile(models.Model):
    """A version of a report as it was sent: its bytes, for ever. A trigger refuses every change."""

    report = models.ForeignKey(AuditReport, models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    is_final = models.BooleanField()
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_file_number_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="report_file_has_its_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}, {'final' if self.is_final else 'draft'}"

    @property
    def service_id(self) -> int:
        return self.report.visit.service_id


class ReportSendingQuerySet(models.QuerySet["ReportSending"]):
    def not_failed(self) -> Self:
        """Sent, or still being tried."""
        return self.filter(failed="")


class ReportSending(models.Model):
    """That a version went to somebody at the provider, how, and what became of it."""

    file = models.ForeignKey(ReportFile, models.PROTECT, related_name="sendings")
    sent_to = models.CharField("name or post", max_length=120)
    how = models.CharField(max_length=10, choices=How)
    email = models.EmailField(blank=True)
    # Of an email, the day on which it was asked for.
    sent_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    emailed_at = models.DateTimeField(null=True)
    # A sentence for the page, once nobody tries any more.
    failed = models.TextField(blank=True)

    objects = ReportSendingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(how="email") & ~Q(email="") | ~Q(how="email") & Q(email=""),
                name="report_sending_email_has_address",
            ),
            models.CheckConstraint(
                condition=Q(emailed_at=None) | Q(how="email", failed=""),
                name="report_sending_one_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} to {self.sent_to}"

    @property
    def is_waiting(self) -> bool:
        """An email that has neither gone nor failed."""
        return self.how == How.EMAIL and self.emailed_at is None and not self.failed

    @property
    def state(self) -> str:
        """Sent, failed or to be sent."""
        if self.failed:
            return "Email failed"
        return "Email to be sent" if self.is_waiting else "Sent"

    @property
    def state_colour(self) -> str:
        """The colour of the tag that says the state."""
        if self.failed:
            return "red"
        return "yellow" if self.is_waiting else "green"
