"""What the walk over every form must be told: answers that follow from a rule, what comes before,
and what is not stored.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.urls import reverse

from audits.models import Action, AuditReport, Finding, ProviderComment, Visit
from concerns.actions import ConcernInput, record_concern
from concerns.models import Concern
from core.jobs.models import Job, JobState
from core.jobs.names import Lane
from core.models import User
from formal_steps.models import FormalStep, FormalStepStatus, Policy, StepType
from providers.models import Service
from reports.models import Paper, PaperFile, PaperJobKind, PaperStatus, ScanHit, Side
from suspensions.models import NOW_IN_FORCE, Suspension
from tests.core.form_pages import EARLIER, MOMENT

TODAY = MOMENT.date()
FIRST, SECOND = (
    "walker",
    "second",
)  # they hold every right, and have done nothing in the demonstration
ROOT = Path(__file__).resolve().parent.parent.parent

# No page asks these by themselves: others are made of them.
BASES = {
    "audits.ForService",
    "audits.OwnerFields",
    "audits.OfAQuestionForm",
    "audits.CountedForm",
    "administration.PasswordMixin",
    "administration.RowForm",
    "providers.SeenForm",
    "audits.ReadReportForm",
    "suspensions.RecordForm",
    "formal_steps.StepForm",
}
LEFT_OUT = {
    "administration.SignInForm": (
        "Django's own; who signs in is asked for by a page of no one's"
        " (tests/administration/test_sign_in.py)"
    ),
    "administration.PasswordChangeForm": "Django's own (tests/administration/test_sign_in.py)",
}


def a_template_file() -> SimpleUploadedFile:
    text = (ROOT / "audits" / "templates_shipped" / "day-care.toml").read_text()
    text = text.replace('key = "day-care"', 'key = "words-of-a-template"').replace(
        'name = "Day care quality audit"', 'name = "words-of-a-template"'
    )
    return SimpleUploadedFile("words-of-a-template", text.encode())


# Answers that follow from a rule of the form, which no trying finds.
FIXED: dict[str, dict[str, Any]] = {
    "audits.ImportForm": {"file": a_template_file},
    "audits.QuestionForm": {
        "position": 1,
        "code": "words-of-code",
        "choices": "words of all = 100\nno words = 0",
    },
    "audits.TemplateSectionForm": {"position": 1},
    "audits.StandardForm": {"position": 1},
    "administration.AddPersonForm": {"password": "seventeen-herons-over-a-marsh"},
    "administration.RegionAuthorityForm": {
        "since": TODAY - timedelta(417),
        "until": TODAY + timedelta(217),
    },
    "providers.ServiceForm": {"postcode": "NG2 7QP", "service_type": "nursing_home", "beds": 47},
    # Safeguarding is a step of its own.
    "concerns.CorrectForm": {"kind": "quality", "received_at": EARLIER},
    "concerns.EnquiryForm": {"decided_on": TODAY},
    "concerns.SafeguardingForm": {"section_42": "open", "decided_on": TODAY},
    "ratings.TargetForm": {"since": TODAY - timedelta(17), "until": TODAY + timedelta(217)},
    "formal_steps.RepresentationForm": {"answer_by": TODAY + timedelta(1)},
    "providers.FundedPeopleForm": {"funder": "authority"},
}
# Fields of which each answer leads to another outcome, and what that is.
DECIDES: dict[str, dict[str, str]] = {
    "audits.ModerateForm": {
        "decision": "whether the outcome stands, is another, or the officer looks again"
    },
    "audits.DecideWithdrawalForm": {"agreed": "whether the action is withdrawn or stands"},
    "audits.VerifyForm": {"accepted": "whether the action is verified or open again"},
    "reports.AddSectionForm": {"where": "of which file the section is"},
    "ratings.UploadFileForm": {"what": "whether the file is tried or imported"},
    "suspensions.ConfirmForm": {"decision": "whether the suspension stays in force or ends"},
    "suspensions.DecideChangeForm": {"decision": "whether the change is agreed or refused"},
    "suspensions.DecideForm": {"decision": "whether the service is suspended"},
    "formal_steps.DecideStepForm": {"decision": "whether the step is issued or refused"},
    "suspensions.DecideLiftForm": {"decision": "whether the suspension is lifted or goes on"},
    "suspensions.NotifiedForm": {
        "what": "whether somebody was notified, is to be sent an email, or need not be notified"
    },
}
# Columns, or names inside a JSON column, whose name is not that of the field or of the action's
# input.
STORED_AS: dict[str, dict[str, str]] = {
    "audits.QuestionForm": {"position": "order"},
    "audits.TemplateSectionForm": {"position": "order"},
    "audits.StandardForm": {"position": "order"},
    "audits.RiskForm": {"risk_id": "audits_immediaterisk.id"},
    "audits.StopForm": {"again_on": "planned_for", "how": "stopped_how"},
    "concerns.AllocateForm": {"to": "allocated_to_id"},
    "concerns.EnquiryForm": {
        "outcome": "section_42_outcome",
        "decided_on": "section_42_decided_on",
    },
    "concerns.MergeForm": {"into": "merged_into_id"},
    "concerns.SafeguardingForm": {"decided_on": "section_42_decided_on"},
    "concerns.RespondForm": {"at": "first_response_at"},
    "oversight.HandOverForm": {"to": "to_person_id"},
    "oversight.HandAllOverForm": {"to": "to_person_id"},
    "suspensions.ExtensionForm": {"until": "planned_until"},
    "suspensions.LeadForm": {"lead": "lead_officer_id"},
    "suspensions.ProposeForm": {"recipients": "suspensions_recipient.name"},
}
# Forms that ask the same of many: how a field's name tells of which one and what, the table and the
# column that names it, and columns that have another name than what is asked.
KEYED: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "audits.AnswersForm": (
        r"q(\d+)-(\w+)",
        "audits_answer",
        "question_id",
        {"not-applicable": "not_applicable"},
    ),
    "suspensions.ProposeLiftForm": (
        r"(\w+)_(met|evidence|override)",
        "suspensions_liftcriterion",
        "criterion",
        {"met": "is_met", "override": "override_reason"},
    ),
}
# Fields whose answer is asked for its own sake.
NOT_STORED: dict[str, dict[str, str]] = {
    "audits.AgreeForm": {"owner": "which of the two that follow is asked for and stored"},
    "audits.AnswerProviderCommentForm": {
        "nothing_changes": "a box that confirms: nothing is corrected because of the point"
    },
    "audits.OwnerForm": {"owner": "which of the two that follow is asked for and stored"},
    "audits.BookForm": {"until": "which of the visits that are due are planned"},
    "concerns.ConcernForm": {
        "not_a_duplicate": "a box that confirms: it is another matter than the one that is open"
    },
    "oversight.HandAllOverForm": {"kinds": "which of the work is handed over"},
    "providers.CloseServiceForm": {"confirmed": "a box that confirms"},
    "reports.AddSectionForm": {"after": "behind which section it stands: the order of all of them"},
    "reports.ApproveForm": {"read_both": "a box that confirms"},
}
# Answers that are written in another shape than they are typed: words that stay.
WRITTEN_AS: dict[str, dict[str, str]] = {"audits.QuestionForm": {"choices": "words of all"}}
# Which version the page showed, so that no colleague's words are overwritten: in several forms.
SEEN = "seen"
# Fields whose words stand in the record of events, and in no other row.
RECORDED: dict[str, dict[str, str]] = {
    "administration.AddPersonForm": {
        "groups": "the rows hold the groups' ids, the record their names"
    },
    "administration.GroupsForm": {
        "groups": "the rows hold the groups' ids, the record their names"
    },
    "ratings.EndLinkForm": {"reason": "a link keeps its days; why it ended is told by the record"},
}


def starts() -> list[str]:
    """The front page, and two records of each state that has pages of its own."""
    return ["/", *_of_each_state()]


def _of_each_state() -> Iterator[str]:
    asked: tuple[tuple[str, QuerySet[Any], tuple[str, ...], str], ...] = (
        ("audits:view-visit", Visit.objects.all(), ("status", "kind"), "pk"),
        ("audits:view-report", AuditReport.objects.all(), ("status",), "visit_id"),
        ("audits:view-feedback", Visit.objects.filter(status="in_progress"), ("status",), "pk"),
        ("audits:view-action", Action.objects.all(), ("status",), "pk"),
        ("suspensions:view-suspension", Suspension.objects.all(), ("status",), "pk"),
    )
    for pattern, rows, states, key in asked:
        tries: dict[Any, int] = {}
        for row in rows.order_by("pk"):
            state = tuple(getattr(row, name) for name in states)
            tries[state] = tries.get(state, 0) + 1
            if tries[state] <= 2:
                yield reverse(pattern, args=[getattr(row, key)])


@dataclass(frozen=True)
class FormStep:
    """A form that is answered before the one that is walked; `pattern` is the link to it from where
    the one before led.
    """

    form: str
    fixed: dict[str, Any] = field(default_factory=dict)
    pattern: str = ""


@dataclass(frozen=True)
class Before:
    """How the page of a form comes about that the demonstration does not hold: by rows, by steps,
    then by a link of `pattern`. `same_person`: whoever took the last step answers it too.
    """

    pattern: str
    steps: tuple[FormStep, ...] = ()
    rows: Callable[[], str] | None = None
    same_person: bool = False


def the_second() -> int:
    return User.objects.get(username=SECOND).pk


def a_blank_page() -> bytes:
    pdf, held = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(held)
    return held.getvalue()


def files_of_a_paper(status: PaperStatus) -> str:
    """A paper whose files are made, as the workers and the scan leave it."""
    paper = Paper.objects.order_by("pk").first()
    assert paper
    Paper.objects.filter(pk=paper.pk).update(status=status)
    manager = User.objects.get(username="manager")
    for side, kind in ((Side.PUBLIC, PaperJobKind.PUBLIC), (Side.EXEMPT, PaperJobKind.EXEMPT)):
        job = Job.objects.create(
            kind=kind,
            lane=Lane.PUBLIC,
            state=JobState.DONE,
            args=[paper.pk],
            about_label="reports.paper",
            about_id=paper.pk,
            asked_by=manager,
            created_at=EARLIER,
            next_try_at=EARLIER,
            finished_at=EARLIER,
        )
        content = a_blank_page()
        PaperFile.objects.create(
            paper=paper,
            job=job,
            side=side,
            content=content,
            sha256=sha256(content).hexdigest(),
            made_at=MOMENT,
            scanned_at=MOMENT,
        )
    return reverse("reports:view-paper", args=[paper.pk])


def a_paper_scanned() -> str:
    return files_of_a_paper(PaperStatus.SCANNED)


def a_name_found() -> str:
    url = files_of_a_paper(PaperStatus.RENDERED)
    manager = User.objects.get(username="manager")
    file = PaperFile.objects.get(side=Side.PUBLIC)
    ScanHit.objects.create(
        file=file, name="words of a name", where="page 1", asked_by=manager, author=manager
    )
    return url


def an_unconfirmed_suspension() -> str:
    found = Suspension.objects.unconfirmed().order_by("pk").first()
    assert found
    found.concerns.clear()
    found.contracts.clear()
    return reverse("suspensions:view-suspension", args=[found.pk])


def a_begun_visit() -> str:
    """A visit that has begun and at which nothing is recorded yet."""
    visit = Visit.objects.filter(status="planned", visited_on=None).order_by("pk").first()
    assert visit
    Visit.objects.filter(pk=visit.pk).update(status="in_progress", visited_on=TODAY)
    return reverse("audits:view-visit", args=[visit.pk])


def a_suspension_of_a_closed_service() -> str:
    found = Suspension.objects.in_force_on(TODAY).filter(is_urgent=False).order_by("pk").first()
    assert found
    Service.objects.filter(pk=found.service_id).update(closed_on=TODAY)
    return reverse("suspensions:view-suspension", args=[found.pk])


def a_promise_given_up() -> str:
    """A suspension whose page says that an email was not sent."""
    found = Suspension.objects.order_by("pk").first()
    assert found
    Job.objects.create(
        kind="suspensions.ask-to-decide",
        lane=Lane.MESSAGES,
        state=JobState.GIVEN_UP,
        args=[found.pk, "lift", "words"],
        about_label="suspensions.suspension",
        about_id=found.pk,
        created_at=EARLIER,
        next_try_at=EARLIER,
        finished_at=EARLIER,
        given_up_at=EARLIER,
    )
    return reverse("suspensions:view-suspension", args=[found.pk])


def a_concern_of_two() -> str:
    """A concern on which nothing rests yet, and others about the same service."""
    service = Service.objects.open_on(TODAY).order_by("pk").first()
    officer = User.objects.get(username="manager")
    made = [
        record_concern(
            by=officer,
            given=ConcernInput(
                service_id=service.pk if service else 0,
                kind="complaint",
                summary="words",
                risk="low",
                source="family",
                received_at=EARLIER,
            ),
            now=MOMENT,
        )
        for _ in range(3)
    ]
    return reverse("concerns:view-concern", args=[made[0].pk])


def a_closed_concern() -> str:
    found = Concern.objects.filter(status="closed").order_by("pk").first()
    assert found
    return reverse("concerns:view-concern", args=[found.pk])


def default_notices() -> str:
    """A service whose notices ask for the next step."""
    service = Service.objects.open_on(TODAY).filter(suspensions=None).order_by("pk").first()
    assert service
    manager, other = (User.objects.get(username=name) for name in ("manager", "manager2"))
    for _ in range(Policy.current().default_notices):
        FormalStep.objects.create(
            service=service,
            step_type=StepType.DEFAULT_NOTICE,
            status=FormalStepStatus.ISSUED,
            summary="words",
            clause="1",
            reasons="words",
            evidence="words",
            required="words",
            due_on=TODAY + timedelta(30),
            proposed_by=manager,
            proposed_at=EARLIER,
            decided_by=other,
            decided_at=EARLIER,
            decision_recorded_at=EARLIER,
            decision_reason="words",
            starts_on=TODAY,
            review_on=TODAY + timedelta(20),
        )
    return reverse("formal_steps:view-service-steps", args=[service.pk])


def a_blocking_action() -> str:
    """An open action of a service whose suspension is in force."""
    suspended = Suspension.objects.filter(status__in=NOW_IN_FORCE).values("service")
    found = Action.objects.open().filter(service__in=suspended).order_by("pk").first()
    assert found
    return reverse("audits:view-action", args=[found.pk])


def a_finding_of_a_visit_in_progress() -> str:
    found = Visit.objects.filter(status="in_progress").order_by("pk").first()
    assert found
    Finding.objects.create(
        visit=found, text="words", recorded_at=EARLIER, recorded_by=found.officer
    )
    return reverse("audits:view-visit", args=[found.pk])


def a_point_about_an_answer() -> str:
    """A draft with its provider, which says that one answer and one finding are not right."""
    for report in AuditReport.objects.filter(status="with_provider").order_by("pk"):
        answer = report.visit.answers.exclude(value="").order_by("pk").first()
        if answer is None:
            continue
        Finding.objects.create(
            visit=report.visit,
            text="words",
            question=answer.question,
            recorded_at=EARLIER,
            recorded_by=report.visit.officer,
        )
        ProviderComment.objects.create(
            report=report,
            question=answer.question,
            received_on=TODAY,
            point="words",
            recorded_at=EARLIER,
            recorded_by=report.visit.officer,
        )
        return reverse("audits:view-report", args=[report.visit_id])
    raise AssertionError("No draft is with its provider.")


PROPOSED = FormStep("formal_steps.ProposeStepForm")
STEP = "formal_steps:view-formal-step"
ISSUED = FormStep(
    "formal_steps.DecideStepForm",
    {"decision": "issue", "decided_at": EARLIER},
    f"{STEP} formal_steps:decide-formal-step",
)
RECORD = FormStep("suspensions.CompleteRecordForm", pattern="suspensions:complete-record")
APPROVED = FormStep("reports.ApproveForm", pattern="reports:approve-paper")
DRAFT = FormStep("audits.TemplateForm")
SECTION = FormStep("audits.TemplateSectionForm", {"position": 1}, "audits:add-part")
STANDARD = FormStep("audits.StandardForm", {"position": 1}, "audits:add-part")
QUESTION = FormStep(
    "audits.QuestionForm",
    {"position": 1, "code": "words-before", "kind": "choice", "weight": 3},
    "audits:add-part",
)
PUT = FormStep("formal_steps.RepresentationForm", {"put_at": EARLIER})

ASKED = FormStep("audits.AskReviewForm", {"reviewer": the_second})

BEFORE: dict[str, Before] = {
    "audits.ReviewerForm": Before("audits:change-report-reviewer", (ASKED,)),
    "audits.DecideReviewForm": Before("audits:decide-report-review", (ASKED,)),
    "audits.DecideWithdrawalForm": Before(
        "audits:decide-action-withdrawal",
        (FormStep("audits.WithdrawActionForm", pattern="audits:withdraw-action"),),
        a_blocking_action,
    ),
    "audits.FindingCorrectionForm": Before("audits:correct-finding", rows=a_point_about_an_answer),
    "audits.AnswerCorrectionForm": Before("audits:correct-answer", rows=a_point_about_an_answer),
    "audits.FindingTextForm": Before(
        "audits:change-finding", rows=a_finding_of_a_visit_in_progress
    ),
    "concerns.CorrectForm": Before("concerns:correct-concern", rows=a_concern_of_two),
    "concerns.SafeguardingForm": Before("concerns:add-safeguarding", rows=a_concern_of_two),
    "concerns.MergeForm": Before("concerns:merge-concern", rows=a_concern_of_two),
    "concerns.ReopenForm": Before("concerns:reopen-concern", rows=a_closed_concern),
    "audits.TemplateSectionForm": Before("audits:add-part", (DRAFT, SECTION)),
    "audits.StandardForm": Before("audits:add-part", (DRAFT, SECTION, STANDARD)),
    "audits.QuestionForm": Before("audits:add-part", (DRAFT, SECTION, STANDARD, QUESTION)),
    "audits.PublishForm": Before("audits:publish-template", (DRAFT, SECTION, STANDARD, QUESTION)),
    "audits.UndoForm": Before("audits:undo-begin", rows=a_begun_visit),
    "administration.ReactivateForm": Before(
        "reactivate-person", (FormStep("administration.DeactivateForm"),)
    ),
    "administration.SettleJobForm": Before("settle-job", rows=a_promise_given_up),
    "providers.ReopenServiceForm": Before(
        "providers:reopen-service", (FormStep("providers.CloseServiceForm", {"closed_on": TODAY}),)
    ),
    "reports.ApproveForm": Before("reports:approve-paper", rows=a_paper_scanned),
    "reports.NewVersionForm": Before("reports:start-new-version", (APPROVED,), a_paper_scanned),
    "reports.ReleaseNameForm": Before("reports:release-name", rows=a_name_found),
    "formal_steps.AnswerForm": Before("suspensions:record-answer", (PUT,)),
    "formal_steps.ConsideredForm": Before(
        "suspensions:record-answer",
        (
            PUT,
            FormStep(
                "formal_steps.AnswerForm",
                {"considered": "", "answered_at": EARLIER},
                "suspensions:record-answer",
            ),
        ),
    ),
    "formal_steps.AnswerReviewForm": Before(
        "suspensions:answer-review",
        (FormStep("formal_steps.AskReviewForm", {"reviewer": the_second}),),
    ),
    "suspensions.CompleteRecordForm": Before(
        "suspensions:complete-record", rows=an_unconfirmed_suspension
    ),
    "suspensions.ConfirmForm": Before(
        "suspensions:confirm-suspension", (RECORD,), an_unconfirmed_suspension
    ),
    "suspensions.EndClosedForm": Before(
        "suspensions:end-closed-service", rows=a_suspension_of_a_closed_service
    ),
    "suspensions.ExemptNameForm": Before(
        "suspensions:mark-name", (FormStep("suspensions.NameForm"),)
    ),
    "formal_steps.NoStepForm": Before("formal_steps:take-no-step", rows=default_notices),
    "suspensions.DecideChangeForm": Before(
        "suspensions:decide-change", (FormStep("suspensions.ExtensionForm"),)
    ),
    "suspensions.WithdrawChangeForm": Before(
        "suspensions:withdraw-change",
        (FormStep("suspensions.ExtensionForm"),),
        same_person=True,
    ),
    "suspensions.WithdrawLiftForm": Before(
        "suspensions:withdraw-lift",
        (FormStep("suspensions.ProposeLiftForm"),),
        same_person=True,
    ),
    "formal_steps.StepRecordForm": Before(f"{STEP} formal_steps:complete-formal-step", (PROPOSED,)),
    "formal_steps.DecideStepForm": Before(f"{STEP} formal_steps:decide-formal-step", (PROPOSED,)),
    "formal_steps.MoreTimeForm": Before("formal_steps:give-more-time", (PROPOSED, ISSUED)),
    "formal_steps.ReviewStepForm": Before("formal_steps:review-formal-step", (PROPOSED, ISSUED)),
    "formal_steps.CloseStepForm": Before("formal_steps:close-formal-step", (PROPOSED, ISSUED)),
}
