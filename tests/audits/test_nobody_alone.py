"""Nobody who made a visit departs alone from what was moderated: who may take each step of a
report, what the database holds of it, and what the report prints.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audits.actions import corrections, plans, points, reports, reviewing, sending, visits
from audits.actions.corrections import CorrectionInput
from audits.actions.plans import FindingInput, FindingTextInput
from audits.actions.points import (
    AnswerCorrectionInput,
    FindingCorrectionInput,
    ProviderCommentAnswerInput,
    ProviderCommentInput,
    SummaryCorrectionInput,
)
from audits.actions.reports import FinaliseInput, ModerateInput, ReturnInput
from audits.actions.reviewing import AskReviewInput, ReviewerInput, ReviewInput
from audits.actions.sending import SendInput
from audits.actions.visits import CompleteInput, Entry
from audits.models import (
    Answer,
    AuditReport,
    Finding,
    ProviderComment,
    Question,
    ReportCorrection,
    ReportFile,
    ReportReview,
    ReportSending,
    Visit,
)
from core import versions
from core.jobs import queue
from core.jobs.names import Lane
from core.models import User
from core.workflow import NotAllowed
from tests.audits import reading
from tests.audits.test_reports import (
    NOW,
    TODAY,
    begun,
    drafted,
    in_use,
    officer,
    send,
    senior,
    words_of,
)
from tests.refusals import not_allowed

__all__ = ["begun", "drafted", "officer", "senior"]

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=15)
CRITICAL = """
key = "small"
name = "Small"
service_types = ["residential_home"]
[[sections]]
title = "Safety"
[[sections.standards]]
title = "Medicines"
questions = [
  { code = "a", text = "Are medicines safe?", kind = "rating", critical = true },
  { code = "b", text = "Is it clean?", kind = "rating", weight = 9 },
]
"""
Draft = Callable[..., AuditReport]


@pytest.fixture
def capped(begun: Callable[..., Visit], officer: User, council: object) -> AuditReport:
    """An audit whose score alone is Excellent, and whose critical question has its worst answer."""
    template = in_use(CRITICAL)
    visit = begun(rating="excellent")
    question = Question.objects.of_template(template).get(code="a")
    worst = Entry(question.pk, "poor", evidence="Two rounds missed", seen=1)
    visits.save_answers(visit.pk, by=officer, entries=[worst], now=NOW)
    visits.complete(visit.pk, by=officer, given=CompleteInput("Seen."), now=NOW)
    return AuditReport.objects.get(visit=visit)


def point_of(report: AuditReport, officer: User, code: str = "") -> ProviderComment:
    question = Question.objects.of_template(report.visit.template).filter(code=code).first()
    said = ProviderCommentInput(
        "That is not right.", received_on=TODAY, question_id=question and question.pk
    )
    return points.record_provider_comment(report.pk, by=officer, given=said, now=NOW)


def finalise(report: AuditReport, by: User, outcome: str, reason: str = "") -> AuditReport:
    given = FinaliseInput(outcome, reason)
    return reading.finalise(report.pk, by=by, given=given, today=LATER, now=NOW)


# The outcome


def test_final_outcome_unlike_the_moderated_one_refused_for_who_made_the_visit(
    drafted: Draft, officer: User, senior: User
) -> None:
    report = send(drafted(rating="good"), senior, officer)
    with not_allowed("permission-missing", "outcome"):
        finalise(report, officer, "excellent", "The provider was persuasive.")
    assert finalise(report, officer, "good").final_outcome == "good"


def test_final_outcome_of_another_refused_for_a_senior_who_made_the_visit(
    drafted: Draft, senior: User, person: Callable[..., User]
) -> None:
    other = person("Senior officer", "other")
    report = send(drafted(rating="good", by=senior), other, senior)
    with not_allowed("same-person", "outcome"):
        finalise(report, senior, "excellent", "The provider was persuasive.")
    with pytest.raises(IntegrityError, match="report_final_departs"), transaction.atomic():
        AuditReport.objects.filter(pk=report.pk).update(
            status="final",
            final_outcome="excellent",
            final_by=senior,
            final_on=TODAY,
            next_due_on=TODAY,
        )
    done = finalise(report, other, "requires_improvement", "The evidence was read again.")
    assert (done.final_outcome, done.standing_by) == ("requires_improvement", other)


def test_whoever_answered_a_question_made_the_visit_too(
    begun: Callable[..., Visit], officer: User, senior: User
) -> None:
    visit = begun()
    question = Question.objects.of_template(visit.template).first()
    answer = Entry(question.pk, "good", evidence="Asked ten people", seen=1)
    visits.save_answers(visit.pk, by=senior, entries=[answer], now=NOW)
    visits.complete(visit.pk, by=officer, given=CompleteInput("Seen."), now=NOW)
    with not_allowed("same-person"):
        reading.moderate(
            AuditReport.objects.get(visit=visit).pk, by=senior, given=ModerateInput(), now=NOW
        )


def test_outcome_above_the_cap_needs_a_reason_and_the_report_prints_it(
    capped: AuditReport, officer: User, senior: User, client_as: Callable[..., Client]
) -> None:
    assert (capped.drafted_outcome, capped.cap) == (
        "requires_improvement",
        "requires_improvement",
    )
    moderated = reading.moderate(
        capped.pk, by=senior, given=ModerateInput("good", "One round of 300 was late."), now=NOW
    )
    assert (moderated.override_by, moderated.override_reason) == (
        senior,
        "One round of 300 was late.",
    )
    sending.send_draft(capped.pk, by=officer, given=SendInput(TODAY, "Manager"), now=NOW)
    finalise(capped, officer, "good")
    words = words_of(client_as("Officer"), capped)
    assert "decided that the rating is above that. The reason: One round of 300 was late." in words
    assert "The answers allow no better than Requires improvement." in words


def test_outcome_above_the_cap_is_refused_by_the_database_without_an_override(
    capped: AuditReport, senior: User
) -> None:
    with pytest.raises(IntegrityError, match="report_above_cap"), transaction.atomic():
        AuditReport.objects.filter(pk=capped.pk).update(standing_outcome="good", standing_by=senior)
    with pytest.raises(IntegrityError, match="report_override_by_another"), transaction.atomic():
        AuditReport.objects.filter(pk=capped.pk).update(
            override_by=capped.made_by, override_reason="Because."
        )


# Representations


def test_upheld_point_corrects_the_answer_and_the_score_and_outcome_follow(
    capped: AuditReport, officer: User, senior: User, client_as: Callable[..., Client]
) -> None:
    report = send(capped, senior, officer)
    point = point_of(report, officer, "a")
    given = AnswerCorrectionInput("excellent", evidence="The charts were in the office")
    with not_allowed("permission-missing"):
        points.correct_answer(point.pk, point.question_id, by=officer, given=given, now=NOW)
    made = points.correct_answer(point.pk, point.question_id, by=senior, given=given, now=NOW)
    report.refresh_from_db()
    corrected = versions.history(Answer.objects.get(visit=report.visit, question=point.question))
    assert [kept.by for kept in corrected[-2:]] == [officer, senior]
    assert [kept.fields["value"] for kept in corrected[-2:]] == ["poor", "excellent"]
    assert (str(made.score_before), str(made.score_after)) == ("90.0", "100.0")
    assert (made.outcome_before, made.outcome_after) == ("requires_improvement", "excellent")
    assert (report.standing_outcome, report.cap, report.visit.outcome) == (
        "excellent",
        "",
        "excellent",
    )
    answer = ProviderCommentAnswerInput(upheld=True, answer="The charts were shown to us.")
    with not_allowed("permission-missing"):
        points.answer_provider_comment(point.pk, by=officer, given=answer, now=NOW)
    points.answer_provider_comment(point.pk, by=senior, given=answer, now=NOW)
    finalise(report, officer, "excellent")
    page = client_as("Officer").get(reverse("audits:view-report", args=[report.visit_id])).text
    assert "Two rounds missed" in page
    assert "The score went from 90.0% to 100.0%." in page
    words = words_of(client_as("Officer"), report)
    assert "it said “Poor” and now says “Excellent”" in words
    assert "The score went from 90.0% to 100.0%" in words


def test_upheld_point_corrects_the_finding_and_both_texts_stay(
    drafted: Draft, officer: User, senior: User, client_as: Callable[..., Client]
) -> None:
    report = drafted()
    finding = plans.add_finding(
        report.visit_id, by=officer, given=FindingInput("Five bells unanswered."), now=NOW
    )
    send(report, senior, officer)
    point = point_of(report, officer)
    seen = versions.seen_of(finding)
    given = FindingCorrectionInput("Three bells unanswered.", seen)
    points.correct_finding(point.pk, finding.pk, by=senior, given=given, now=NOW)
    with not_allowed("stale-version"):
        given = FindingCorrectionInput("Two bells unanswered.", seen)
        points.correct_finding(point.pk, finding.pk, by=senior, given=given, now=NOW)
    finding.refresh_from_db()
    assert finding.text == "Three bells unanswered."
    assert [one.fields["text"] for one in versions.history(finding)] == [
        "Five bells unanswered.",
        "Three bells unanswered.",
    ]
    words = words_of(client_as("Officer"), report)
    assert "Three bells unanswered." in words
    assert "It said before: Five bells unanswered." in words
    summary = SummaryCorrectionInput("Seen twice.", versions.seen_of(report))
    points.correct_summary(point.pk, by=senior, given=summary, now=NOW)
    assert Visit.objects.get(pk=report.visit_id).summary == "Seen twice."


def test_point_is_not_upheld_while_nothing_was_corrected_or_said_to_stay(
    drafted: Draft, officer: User, senior: User
) -> None:
    report = send(drafted(), senior, officer)
    point = point_of(report, officer)
    given = ProviderCommentAnswerInput(upheld=True, answer="Agreed; the text is changed.")
    with not_allowed("nothing-corrected", "upheld"):
        points.answer_provider_comment(point.pk, by=officer, given=given, now=NOW)
    given = ProviderCommentAnswerInput(True, "The report says so already.", nothing_changes=True)
    assert points.answer_provider_comment(point.pk, by=officer, given=given, now=NOW).upheld


def test_correction_by_who_made_the_visit_is_refused_by_the_database(
    drafted: Draft, officer: User, senior: User
) -> None:
    report = send(drafted(), senior, officer)
    point = point_of(report, officer)
    given = SummaryCorrectionInput("Other.")
    made = points.correct_summary(point.pk, by=senior, given=given, now=NOW)
    made.pk, made.corrected_by = None, officer
    with pytest.raises(IntegrityError, match="report_corrected_by_another"), transaction.atomic():
        made.save(force_insert=True)
    kept = ((ReportCorrection, {"after": {}}), (ReportFile, {"content": b"other"}))
    for model, changed in kept:
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            model.objects.update(**changed)  # type: ignore[attr-defined]  # of either


def test_final_good_rating_leaves_no_finding_without_its_action(
    drafted: Draft, officer: User, senior: User
) -> None:
    report = send(drafted(rating="good"), senior, officer)
    plans.add_finding(report.visit_id, by=officer, given=FindingInput("Cold food."), now=NOW)
    with not_allowed("finding-without-action"):
        finalise(report, officer, "good")


# A decision about a report is about the report that was read


def test_moderation_refused_over_an_audit_that_was_completed_anew_meanwhile(
    drafted: Draft, officer: User, senior: User, client_as: Callable[..., Client]
) -> None:
    report = drafted()
    client, url = client_as("Manager"), reverse("audits:moderate-report", args=[report.pk])
    seen = client.get(url).context["form"]["seen"].value()
    reports.return_to_officer(report.pk, by=senior, given=ReturnInput("Thin"), now=NOW)
    visits.complete(
        report.visit_id, by=officer, given=CompleteInput("Seen."), now=NOW + timedelta(hours=1)
    )
    answer = {"decision": "change", "outcome": "good", "note": "One round was late."}
    refused = client.post(url, {**answer, "seen": seen})
    assert "The visit was opened again and completed anew." in refused.text
    assert "One round was late." in refused.text
    again = refused.context["form"]["seen"].value()
    assert client.post(url, {**answer, "seen": again}).status_code == 302


def test_final_rating_and_review_refused_over_a_point_recorded_meanwhile(
    drafted: Draft, officer: User, senior: User, person: Callable[..., User]
) -> None:
    report, other = send(drafted(), senior, officer), person("Senior officer", "other")
    seen = reading.token(report)
    points.record_provider_comment(
        report.pk, by=officer, given=ProviderCommentInput("The drill was held.", TODAY), now=NOW
    )
    with not_allowed("stale-version") as refused:
        reports.finalise(
            report.pk,
            by=officer,
            given=FinaliseInput("requires_improvement", seen=seen),
            today=LATER,
            now=NOW,
        )
    assert "The provider made another point." in str(refused.value)
    given = AskReviewInput("All of it.", other.pk)
    reviewing.ask_review(report.pk, by=officer, given=given, now=NOW)
    with not_allowed("stale-version"):
        decision = ReviewInput("good", "The evidence carries Good.", seen)
        reviewing.decide_review(report.pk, by=other, given=decision, now=NOW)


# Review


def test_disputed_report_goes_to_a_senior_who_had_no_part_in_it(
    drafted: Draft, officer: User, senior: User, person: Callable[..., User]
) -> None:
    report, other = send(drafted(), senior, officer), person("Senior officer", "other")
    for involved in (senior, officer):
        with not_allowed("not-uninvolved", "reviewer"):
            given = AskReviewInput("All of it.", involved.pk)
            reviewing.ask_review(report.pk, by=officer, given=given, now=NOW)
    given = AskReviewInput("All of it.", other.pk)
    review = reviewing.ask_review(report.pk, by=officer, given=given, now=NOW)
    with pytest.raises(IntegrityError, match="reviewed_by_uninvolved"), transaction.atomic():
        ReportReview.objects.filter(pk=review.pk).update(reviewer=senior)
    with not_allowed("wrong-state"):
        finalise(report, officer, "requires_improvement")
    third = person("Manager", "third")
    reviewing.change_reviewer(report.pk, by=officer, given=ReviewerInput(third.pk), now=NOW)
    decision = ReviewInput("good", "The evidence carries Good.")
    with not_allowed("not-the-reviewer"):
        reading.decide_review(report.pk, by=other, given=decision, now=NOW)
    reading.decide_review(report.pk, by=third, given=decision, now=NOW)
    report.refresh_from_db()
    assert (report.status, report.standing_outcome) == ("with_provider", "good")
    with not_allowed("review-decided", "outcome"):
        finalise(report, senior, "poor", "I moderated it otherwise.")
    assert finalise(report, officer, "good").final_outcome == "good"


def test_reopening_the_visit_ends_its_review(
    drafted: Draft, officer: User, senior: User, person: Callable[..., User]
) -> None:
    report, other = send(drafted(), senior, officer), person("Senior officer", "other")
    given = AskReviewInput("All of it.", other.pk)
    review = reviewing.ask_review(report.pk, by=officer, given=given, now=NOW)
    corrections.reopen(report.visit_id, by=senior, given=CorrectionInput("Misread."), now=NOW)
    visits.complete(report.visit_id, by=officer, given=CompleteInput("Again."), now=NOW)
    review.refresh_from_db()
    assert review.state == "Ended without a decision"


# Who may take each step

STEPS = {
    "moderate": "moderation",
    "return": "moderation",
    "send": "to_send",
    "record": "with_provider",
    "answer": "with_provider",
    "correct": "with_provider",
    "as it stands": "with_provider",
    "otherwise": "with_provider",
    "ask review": "with_provider",
    "decide review": "review",
}
MADE_IT = {"send", "record", "answer", "as it stands", "ask review"}
MAY = {
    "officer who made it": MADE_IT,
    "other officer": MADE_IT,
    "senior who made part of it": MADE_IT,
    "senior who moderates": set(STEPS) - {"decide review"},
    "reviewer": set(STEPS),
    "manager": set(STEPS) - {"decide review"},
    "practitioner": set(),
    "signatory": set(),
    "administrator": set(),
}


@dataclass
class Cast:
    """The people of the matrix, and a report that is in the stage of a step."""

    people: dict[str, User]
    report: AuditReport
    point: ProviderComment | None


@pytest.fixture
def cast(
    begun: Callable[..., Visit], officer: User, senior: User, person: Callable[..., User]
) -> Callable[[str], Cast]:
    people = {
        "officer who made it": officer,
        "other officer": person("Officer", "other officer"),
        "senior who made part of it": person("Senior officer", "made part"),
        "senior who moderates": senior,
        "reviewer": person("Senior officer", "reviewer"),
        "manager": person("Manager", "a manager"),
        "practitioner": person("Practitioner"),
        "signatory": person("Signatory"),
        "administrator": person("Administrator"),
    }

    def make(step: str) -> Cast:
        visit = begun()
        question = Question.objects.of_template(visit.template).first()
        part = Entry(question.pk, "good", evidence="Asked", seen=1)
        made_part = people["senior who made part of it"]
        visits.save_answers(visit.pk, by=made_part, entries=[part], now=NOW)
        visits.complete(visit.pk, by=officer, given=CompleteInput("Seen."), now=NOW)
        report, point = AuditReport.objects.get(visit=visit), None
        if STEPS[step] != "moderation":
            reading.moderate(report.pk, by=senior, given=ModerateInput(), now=NOW)
        if STEPS[step] in ("with_provider", "review"):
            given = SendInput(TODAY, "Manager")
            sending.send_draft(report.pk, by=officer, given=given, now=NOW)
        if step in ("answer", "correct"):
            point = point_of(report, officer)
        if STEPS[step] == "review":
            asked = AskReviewInput("All of it.", people["reviewer"].pk)
            reviewing.ask_review(report.pk, by=officer, given=asked, now=NOW)
        report.refresh_from_db()
        return Cast(people, report, point)

    return make


def take(step: str, made: Cast, by: User) -> None:
    pk, now = made.report.pk, NOW
    stands = made.report.standing_outcome
    if step == "moderate":
        reading.moderate(pk, by=by, given=ModerateInput("poor", "Harm."), now=now)
    elif step == "return":
        reports.return_to_officer(pk, by=by, given=ReturnInput("Thin."), now=now)
    elif step == "send":
        sending.send_draft(pk, by=by, given=SendInput(TODAY, "Manager"), now=now)
    elif step == "record":
        point_of(made.report, by)
    elif step == "answer":
        assert made.point
        no = ProviderCommentAnswerInput(upheld=False, answer="No record of it.")
        points.answer_provider_comment(made.point.pk, by=by, given=no, now=now)
    elif step == "correct":
        assert made.point
        given = SummaryCorrectionInput("Corrected.")
        points.correct_summary(made.point.pk, by=by, given=given, now=now)
    elif step == "as it stands":
        finalise(made.report, by, stands)
    elif step == "otherwise":
        finalise(made.report, by, "poor", "Harm.")
    elif step == "ask review":
        # One whom no row of the matrix is asked as.
        asked = AskReviewInput("All.", made.people["reviewer"].pk)
        reviewing.ask_review(pk, by=by, given=asked, now=now)
    else:
        reading.decide_review(pk, by=by, given=ReviewInput("poor", "Harm."), now=now)


def who_may(step: str, made: Cast) -> Iterator[str]:
    for name, someone in made.people.items():
        try:
            with transaction.atomic():
                take(step, made, someone)
                transaction.set_rollback(True)
        except NotAllowed as refused:
            # Refused for who they are, and not for where the report is.
            if refused.code not in ("permission-missing", "same-person", "not-the-reviewer"):
                raise
        else:
            yield name


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_a_report_is_open_to_these_and_no_others(
    cast: Callable[[str], Cast], step: str
) -> None:
    assert set(who_may(step, cast(step))) == {name for name, may in MAY.items() if step in may}


# What was sent


def test_every_version_that_was_sent_is_kept_with_its_hash(
    drafted: Draft,
    officer: User,
    senior: User,
    client_as: Callable[..., Client],
    council: object,
) -> None:
    report, client = send(drafted(), senior, officer), client_as("Officer")
    first = report.files.get()
    point = point_of(report, officer)
    points.correct_summary(point.pk, by=senior, given=SummaryCorrectionInput("Corrected."), now=NOW)
    again = SendInput(TODAY, "Manager")
    sending.send_again(report.pk, by=officer, given=again, now=NOW)
    assert [file.number for file in report.files.all()] == [2, 1]
    corrections.reopen(report.visit_id, by=senior, given=CorrectionInput("Misread."), now=NOW)
    got = client.get(reverse("audits:report-file", args=[first.pk]))
    assert got.status_code == 200
    assert got.content == bytes(first.content)
    assert hashlib.sha256(got.content).hexdigest() == first.sha256
    assert (
        client_as("Practitioner").get(reverse("audits:report-file", args=[first.pk])).status_code
        == 403
    )


def emailed(report: AuditReport, officer: User, address: str = "home@provider.test") -> None:
    given = SendInput(TODAY, "Registered manager", "email", address)
    sending.send_draft(report.pk, by=officer, given=given, now=NOW)


def test_report_is_emailed_with_its_file_and_the_outcome_is_recorded(
    drafted: Draft, officer: User, senior: User, council: object
) -> None:
    report = drafted()
    reading.moderate(report.pk, by=senior, given=ModerateInput(), now=NOW)
    emailed(report, officer)
    assert ReportSending.objects.get().state == "Email to be sent"
    queue.work(Lane.MESSAGES)
    sent = ReportSending.objects.get()
    assert sent.state == "Sent"
    assert sent.emailed_at
    (message,) = mail.outbox
    assert message.to == ["home@provider.test"]
    assert message.attachments[0][1] == bytes(sent.file.content)
    queue.work(Lane.MESSAGES)
    assert len(mail.outbox) == 1


def test_email_that_cannot_go_is_said_on_the_report_and_stops_the_final_rating(
    drafted: Draft,
    officer: User,
    senior: User,
    council: object,
    settings: object,
    client_as: Callable[..., Client],
) -> None:
    report = drafted()
    reading.moderate(report.pk, by=senior, given=ModerateInput(), now=NOW)
    emailed(report, officer)
    settings.DEFAULT_FROM_EMAIL = ""  # type: ignore[attr-defined]  # pytest-django's
    queue.work(Lane.MESSAGES)
    sent = ReportSending.objects.get()
    assert sent.state == "Email failed"
    page = client_as("Officer").get(reverse("audits:view-report", args=[report.visit_id])).text
    assert sending.SEND_YOURSELF in page
    with not_allowed("not-gone"):
        finalise(report, officer, report.drafted_outcome)
    later = NOW + timedelta(days=3)
    again = SendInput(TODAY + timedelta(days=3), "Registered manager", "letter")
    sending.send_again(report.pk, by=officer, given=again, now=later)
    report.refresh_from_db()
    # The provider's days begin when something has gone.
    assert report.comments_by == TODAY + timedelta(days=17)


def test_report_says_why_by_which_scale_and_with_whom(
    capped: AuditReport, officer: User, senior: User, client_as: Callable[..., Client]
) -> None:
    reading.moderate(
        capped.pk, by=senior, given=ModerateInput("poor", "Two people were harmed."), now=NOW
    )
    words = words_of(client_as("Officer"), capped)
    for said in (
        "By our scale a score of 90.0% is Excellent:",
        "changed its outcome from Requires improvement to Poor.",
        "The reason: Two people were harmed.",
        "The critical question “Are medicines safe?” has its worst answer.",
        f"{officer} visited for",
    ):
        assert said in words, said
    assert "Medicines 90.0" in words


# Findings


def test_finding_marked_public_is_exempt_again_when_its_visit_is_reopened(
    drafted: Draft, officer: User, senior: User, manager: User
) -> None:
    report = drafted(rating="good")
    finding = plans.add_finding(report.visit_id, by=officer, given=FindingInput("Cold."), now=NOW)
    Finding.objects.filter(pk=finding.pk).update(public_at=NOW, public_by=manager)
    corrections.reopen(report.visit_id, by=senior, given=CorrectionInput("Misread."), now=NOW)
    finding.refresh_from_db()
    assert (finding.public_at, finding.public_by) == (None, None)


def test_finding_is_changed_while_the_visit_is_in_progress_alone(
    begun: Callable[..., Visit], officer: User
) -> None:
    visit = begun()
    finding = plans.add_finding(visit.pk, by=officer, given=FindingInput("Cold."), now=NOW)
    given = FindingTextInput("Cold food.", versions.seen_of(finding))
    assert plans.change_finding(finding.pk, by=officer, given=given, now=NOW).text == "Cold food."
    with not_allowed("stale-version"):
        plans.change_finding(finding.pk, by=officer, given=given, now=NOW)
    visits.complete(visit.pk, by=officer, given=CompleteInput("Seen."), now=NOW)
    with not_allowed("wrong-state"):
        plans.change_finding(finding.pk, by=officer, given=given, now=NOW)
