"""Audit reports: who may do which step, when, and what each sets."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audits import files, today
from audits.actions import bands as bands_actions
from audits.actions import (
    companions,
    corrections,
    plans,
    points,
    programme,
    reports,
    sending,
    templates,
    visits,
)
from audits.actions.bands import BandRuleInput
from audits.actions.corrections import CorrectionInput
from audits.actions.plans import ActionInput, FindingInput
from audits.actions.points import ProviderCommentAnswerInput, ProviderCommentInput
from audits.actions.programme import MeetingInput
from audits.actions.reports import FinaliseInput, ModerateInput, ReturnInput
from audits.actions.sending import SendInput
from audits.actions.visits import BeginInput, CompleteInput, Entry
from audits.models import (
    Answer,
    AuditReport,
    Band,
    BandRule,
    Procedure,
    Question,
    ReviewMeeting,
    Template,
    Visit,
    VisitOutcome,
)
from audits.rules import bands as bands_rules
from audits.rules import reports as reports_rules
from audits.workflow.report import OPENED_AGAIN
from core.models import Event, User
from providers.models import Service
from ratings.vocabulary import RatingWord
from tests.audits import reading
from tests.audits.factories import change_steps, plan_of
from tests.documents.test_printing import assert_can_be_read
from tests.documents.texts import cases
from tests.refusals import not_allowed
from tests.suspensions.reading import post

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
NOW = timezone.make_aware(timezone.datetime(2026, 3, 2, 12))
SMALL = """
key = "small"
name = "Small"
service_types = ["residential_home", "supported_living"]
[[sections]]
title = "One"
[[sections.standards]]
title = "One"
questions = [
  { code = "a", text = "Are plans good?", kind = "rating", evidence_required = true },
  { code = "b", text = "Is it clean?", kind = "rating" },
]
"""
BESIDE = (
    SMALL.replace('"small"', '"beside"')
    .replace('"Small"', '"Beside"')
    .replace("[[sections]]", "beside_main = true\n[[sections]]", 1)
)
Draft = Callable[..., AuditReport]


def in_use(text: str) -> Template:
    draft = templates.load_template(files.parse(text), by=None, now=NOW)
    return templates.publish(draft.pk, by=None, now=NOW)


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("Officer")


@pytest.fixture
def senior(person: Callable[..., User]) -> User:
    return person("Senior officer")


@pytest.fixture
def begun(service: Callable[..., Service], officer: User) -> Callable[..., Visit]:
    def make(
        service_type: str = "residential_home",
        rating: str = "requires_improvement",
        by: User = officer,
    ) -> Visit:
        template = Template.objects.current().main().first() or in_use(SMALL)
        plan = {"template": template, "kind": "annual", "planned_for": TODAY, "officer": by}
        visit = visits.plan_visit(
            by=by, given=plan_of(service=service(service_type=service_type), **plan), now=NOW
        )
        visits.begin(visit.pk, by=by, given=BeginInput(TODAY), today=TODAY)
        entries = [
            Entry(q.pk, rating, evidence="Seen") for q in Question.objects.of_template(template)
        ]
        visits.save_answers(visit.pk, by=by, entries=entries, now=NOW)
        return visit

    return make


@pytest.fixture
def drafted(begun: Callable[..., Visit], officer: User) -> Draft:
    def make(
        service_type: str = "residential_home",
        rating: str = "requires_improvement",
        by: User = officer,
    ) -> AuditReport:
        visit = begun(service_type, rating, by)
        visits.complete(visit.pk, by=by, given=CompleteInput("Seen."), now=NOW)
        return AuditReport.objects.get(visit=visit)

    return make


def send(report: AuditReport, senior: User, officer: User) -> AuditReport:
    reading.moderate(report.pk, by=senior, given=ModerateInput(), now=NOW)
    given = SendInput(TODAY, "Registered manager")
    sending.send_draft(report.pk, by=officer, given=given, now=NOW)
    return AuditReport.objects.select_related("visit__template").get(pk=report.pk)


def final(
    report: AuditReport, senior: User, officer: User, on: date = TODAY + timedelta(days=15)
) -> AuditReport:
    send(report, senior, officer)
    given = FinaliseInput(report.visit.outcome)
    return reading.finalise(report.pk, by=officer, given=given, today=on, now=NOW)


def test_officer_does_not_moderate_their_own_audit(
    drafted: Draft, officer: User, senior: User
) -> None:
    report = drafted(by=senior)
    with not_allowed("same-person"):
        reading.moderate(report.pk, by=senior, given=ModerateInput("good", "Better"), now=NOW)
    with not_allowed("same-person"):
        reports.return_to_officer(report.pk, by=senior, given=ReturnInput("Thin"), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditReport.objects.filter(pk=report.pk).update(
            moderated_by=senior, moderated_at=NOW, moderated_outcome="good"
        )


def test_moderation_refused_for_the_officer_whose_draft_a_colleague_completed(
    begun: Callable[..., Visit], senior: User, officer: User, person: Callable[..., User]
) -> None:
    visit = begun(by=senior)
    visits.complete(visit.pk, by=officer, given=CompleteInput("Seen."), now=NOW)
    report = AuditReport.objects.get(visit=visit)
    with not_allowed("same-person"):
        reading.moderate(report.pk, by=senior, given=ModerateInput(), now=NOW)
    other = person("Senior officer", "other")
    assert reading.moderate(report.pk, by=other, given=ModerateInput(), now=NOW).status == "to_send"


def test_moderation_asks_the_right_to_it(drafted: Draft, person: Callable[..., User]) -> None:
    report = drafted()
    with not_allowed("permission-missing"):
        reading.moderate(report.pk, by=person("Officer", "other"), given=ModerateInput(), now=NOW)


def test_moderation_confirms_or_changes_with_a_reason(drafted: Draft, senior: User) -> None:
    report = drafted()
    with not_allowed("reason-missing", "note"):
        reading.moderate(report.pk, by=senior, given=ModerateInput("poor", " "), now=NOW)
    given = ModerateInput("poor", "Two people were harmed.")
    moderated = reading.moderate(report.pk, by=senior, given=given, now=NOW)
    assert moderated.status == "to_send"
    assert (moderated.drafted_outcome, moderated.visit.outcome) == ("requires_improvement", "poor")
    assert Event.objects.get(kind="audit_report.moderated").after == {"outcome": "poor"}


def test_returned_audit_is_answered_again_and_comes_back(
    drafted: Draft, senior: User, officer: User
) -> None:
    report = drafted()
    given = ReturnInput("The medicines evidence is thin.")
    reports.return_to_officer(report.pk, by=senior, given=given, now=NOW)
    report.refresh_from_db()
    assert (report.status, report.returned_reason) == ("returned", given.reason)
    visit = Visit.objects.get(pk=report.visit_id)
    assert (visit.status, visit.outcome, visit.score) == ("in_progress", "", None)
    question = Question.objects.of_template(visit.template).first()
    entry = Entry(question.pk, "good", evidence="Ten charts read", seen=1)
    assert visits.save_answers(visit.pk, by=officer, entries=[entry], now=NOW).changed == 1
    visits.complete(visit.pk, by=officer, given=CompleteInput("Seen again."), now=NOW)
    report.refresh_from_db()
    assert report.status == "moderation"
    assert visit.reopenings.get().stood["outcome"] == "requires_improvement"


def test_final_audit_that_is_opened_again_goes_its_way_anew(
    drafted: Draft, senior: User, officer: User
) -> None:
    report = final(drafted(), senior, officer)
    corrections.reopen(
        report.visit_id, by=senior, given=CorrectionInput("A chart was misread."), now=NOW
    )
    with not_allowed("wrong-state"):
        points.record_no_comments(report.pk, by=officer, today=TODAY)
    assert not Visit.objects.rated().exists()
    visits.complete(report.visit_id, by=officer, given=CompleteInput("Corrected."), now=NOW)
    report.refresh_from_db()
    assert (report.status, report.final_outcome, report.sent_on) == ("moderation", "", None)


def test_nothing_of_the_provider_is_recorded_while_the_visit_is_opened_again(
    drafted: Draft, senior: User, officer: User
) -> None:
    report = send(drafted(), senior, officer)
    corrections.reopen(
        report.visit_id, by=senior, given=CorrectionInput("A chart was misread."), now=NOW
    )
    with not_allowed("opened-again"):
        points.record_no_comments(report.pk, by=officer, today=TODAY)
    given = FinaliseInput(report.outcome)
    with not_allowed("opened-again"):
        reading.finalise(
            report.pk, by=officer, given=given, today=TODAY + timedelta(days=15), now=NOW
        )


def test_draft_is_sent_once_it_is_moderated_and_not_before_it_was_made(
    drafted: Draft, senior: User, officer: User
) -> None:
    report = drafted()
    given = SendInput(TODAY, "Registered manager")
    with not_allowed("wrong-state"):
        sending.send_draft(report.pk, by=officer, given=given, now=NOW)
    reading.moderate(report.pk, by=senior, given=ModerateInput(), now=NOW)
    day = timedelta(days=1)
    with not_allowed("in-future", "sent_on"):
        sending.send_draft(
            report.pk, by=officer, given=replace(given, sent_on=TODAY + day), now=NOW
        )
    with not_allowed("before-drafted", "sent_on"):
        sending.send_draft(
            report.pk, by=officer, given=replace(given, sent_on=TODAY - day), now=NOW
        )
    sending.send_draft(report.pk, by=officer, given=given, now=NOW)
    with not_allowed("not-since-sent", "received_on"):
        said = ProviderCommentInput("Early.", received_on=TODAY - day)
        points.record_provider_comment(report.pk, by=officer, given=said, now=NOW)


@pytest.mark.parametrize(
    ("moderated", "factual_accuracy", "status"),
    [(True, False, "moderation"), (False, True, "to_send"), (False, False, "final")],
)
def test_report_begins_where_the_councils_steps_begin(
    drafted: Draft,
    senior: User,
    officer: User,
    manager: User,
    moderated: bool,
    factual_accuracy: bool,
    status: str,
) -> None:
    change_steps(manager, moderated=moderated, factual_accuracy=factual_accuracy)
    report = drafted()
    assert report.status == status
    corrections.reopen(
        report.visit_id, by=senior, given=CorrectionInput("A chart was misread."), now=NOW
    )
    visits.complete(report.visit_id, by=officer, given=CompleteInput("Corrected."), now=NOW)
    report.refresh_from_db()
    assert report.status == status


def test_moderation_is_final_where_the_provider_sees_no_draft(
    drafted: Draft, senior: User, manager: User
) -> None:
    change_steps(manager, factual_accuracy=False)
    given = ModerateInput("poor", "Two people were harmed.")
    done = reading.moderate(drafted().pk, by=senior, given=given, now=NOW)
    assert (done.status, done.final_outcome, done.final_reason) == ("final", "poor", given.note)
    assert Visit.objects.rated().get().outcome == "poor"


def test_provider_has_fourteen_days_and_every_point_is_answered(
    drafted: Draft, senior: User, officer: User
) -> None:
    report = send(drafted(), senior, officer)
    assert report.comments_by == TODAY + timedelta(days=14)
    said = ProviderCommentInput("The fire drill was held in May.", received_on=TODAY)
    point = points.record_provider_comment(report.pk, by=officer, given=said, now=NOW)

    def finalise(days: int, outcome: str = "requires_improvement", reason: str = "") -> AuditReport:
        on, given = TODAY + timedelta(days=days), FinaliseInput(outcome, reason)
        # Another outcome than the moderated one is not its own officer's to give.
        by = officer if outcome == "requires_improvement" else senior
        return reading.finalise(report.pk, by=by, given=given, today=on, now=NOW)

    with not_allowed("points-unanswered"):
        finalise(15)
    answer = ProviderCommentAnswerInput(True, "It says so already.", nothing_changes=True)
    points.answer_provider_comment(point.pk, by=officer, given=answer, now=NOW)
    with not_allowed("already-answered"):
        points.answer_provider_comment(point.pk, by=officer, given=answer, now=NOW)
    with not_allowed("may-comment") as refused:
        finalise(14)
    assert "16 March 2026" in refused.value.message
    with not_allowed("reason-missing", "reason"):
        finalise(15, outcome="good")
    done = finalise(15, outcome="good", reason="The point on fire safety was upheld.")
    assert (done.visit.outcome, done.final_outcome, done.plan_due_on) == ("good", "good", None)


def test_nothing_to_add_ends_the_wait(drafted: Draft, senior: User, officer: User) -> None:
    report = send(drafted(), senior, officer)
    points.record_no_comments(report.pk, by=officer, today=TODAY)
    given = FinaliseInput("requires_improvement")
    done = reading.finalise(report.pk, by=officer, given=given, today=TODAY, now=NOW)
    assert done.is_final


@pytest.mark.parametrize(
    ("rating", "months", "plan"), [("excellent", 18, False), ("good", 12, False), ("poor", 3, True)]
)
def test_final_rating_sets_the_next_audit_and_the_plan(
    drafted: Draft, senior: User, officer: User, rating: str, months: int, plan: bool
) -> None:
    done = final(drafted(rating=rating), senior, officer)
    assert done.next_due_on == reports_rules.add_months(TODAY, months)
    assert (
        (done.plan_due_on == done.final_on + timedelta(days=14))
        if plan
        else done.plan_due_on is None
    )


def test_plan_is_agreed_when_every_finding_has_an_action(
    drafted: Draft, senior: User, officer: User
) -> None:
    report = final(drafted(), senior, officer)
    with not_allowed("no-action"):
        reports.agree_plan(report.pk, by=officer, today=TODAY)
    first, second = (
        plans.add_finding(report.visit_id, by=officer, given=FindingInput(text), now=NOW)
        for text in ("Late.", "Cold.")
    )
    for finding in (first, second):
        with not_allowed("finding-without-action"):
            reports.agree_plan(report.pk, by=officer, today=TODAY)
        plans.agree_action(
            by=officer,
            service=report.visit.service,
            given=ActionInput("Put right.", TODAY, "Registered manager"),
            today=TODAY,
            finding=finding,
        )
    assert reports.agree_plan(report.pk, by=officer, today=TODAY).plan_agreed_by == officer
    with not_allowed("already-agreed"):
        reports.agree_plan(report.pk, by=officer, today=TODAY)


def test_council_without_the_steps_has_a_final_rating_at_once(
    drafted: Draft, manager: User
) -> None:
    change_steps(manager, moderated=False, factual_accuracy=False, plan_needed=False, banding=False)
    report = drafted(rating="poor")
    assert (report.status, report.final_outcome, report.plan_due_on) == ("final", "poor", None)
    assert not Band.objects.exists()


def test_draft_is_no_rating_of_the_service_yet(
    drafted: Draft, senior: User, officer: User, manager: User
) -> None:
    report = drafted()
    assert not Visit.objects.rated().exists()
    with not_allowed("draft-outcome"):
        visits.mark_public(report.visit_id, by=manager, public=True, now=NOW)
    final(report, senior, officer)
    assert Visit.objects.rated().get() == report.visit


def test_review_meeting_follows_an_audit_of_supported_living_alone(
    drafted: Draft, officer: User
) -> None:
    drafted("residential_home")
    assert not ReviewMeeting.objects.exists()
    visit = drafted("supported_living").visit
    meeting = ReviewMeeting.objects.get()
    assert (meeting.visit, meeting.due_on) == (visit, TODAY + timedelta(weeks=6))
    held = MeetingInput(TODAY, "Hours agreed.")
    with not_allowed("in-future", "held_on"):
        programme.record_meeting(meeting.pk, by=officer, given=held, today=date(2026, 3, 1))
    programme.record_meeting(meeting.pk, by=officer, given=held, today=TODAY)
    with not_allowed("already-held"):
        programme.record_meeting(meeting.pk, by=officer, given=held, today=TODAY)
    assert not ReviewMeeting.objects.waiting().exists()


def test_standard_beside_the_audit_is_scored_by_itself(
    drafted: Draft, begun: Callable[..., Visit], officer: User
) -> None:
    beside = in_use(BESIDE)
    visit = begun()
    assert visit.template != beside, "an annual audit takes the main template"
    with not_allowed("template-beside", "template"):
        visits.plan_visit(
            by=officer,
            given=plan_of(
                service=visit.service,
                template=beside,
                kind="annual",
                planned_for=TODAY,
                officer=officer,
            ),
            now=NOW,
        )
    companion = companions.add_companion(visit.pk, by=officer, template=beside, now=NOW)
    with not_allowed("already-beside"):
        companions.add_companion(visit.pk, by=officer, template=beside, now=NOW)
    with not_allowed("beside-another"):
        companions.add_companion(companion.pk, by=officer, template=beside, now=NOW)
    with not_allowed("not-beside"):
        companions.add_companion(visit.pk, by=officer, template=visit.template, now=NOW)
    entries = [
        Entry(q.pk, "excellent", evidence="Asked") for q in Question.objects.of_template(beside)
    ]
    visits.save_answers(companion.pk, by=officer, entries=entries, now=NOW)
    done = visits.complete(companion.pk, by=officer, given=CompleteInput(""), now=NOW)
    assert done.score == Decimal("100.0")
    assert not AuditReport.objects.filter(visit=companion).exists()
    assert companion not in Visit.objects.rated()


def test_template_file_keeps_that_it_stands_beside(council: object) -> None:
    source = files.parse(BESIDE)
    assert source.beside_main
    assert files.parse(files.dump(files.content(in_use(BESIDE)))) == source


# Bands

RULES = BandRule.current.__func__.__globals__["_shipped"]()
STANDINGS = st.builds(
    bands_rules.BandBasis,
    outcome=st.sampled_from(VisitOutcome.values),
    score=st.decimals(0, 100, places=1),
    cqc=st.sampled_from(RatingWord.values),
    overdue_actions=st.integers(0, 3),
    high_concerns=st.integers(0, 3),
)


@pytest.mark.parametrize(
    ("basis", "band", "why"),
    [
        (("excellent", "95", "outstanding", 0, 0), 1, "Meets every condition of band 1."),
        (("excellent", "95", "", 0, 0), 1, "Meets every condition of band 1."),
        (("excellent", "95", "requires_improvement", 0, 0), 3, "CQC rates it Requires improvement"),
        (("good", "85", "good", 0, 0), 2, "outcome is Good"),
        (("good", "85", "good", 1, 0), 3, "1 overdue action."),
        (("good", "72", "good", 0, 0), 3, "score is 72%, below 80%"),
        (("requires_improvement", "50", "good", 0, 2), 4, "outcome is Requires improvement"),
        (("poor", "30", "inadequate", 4, 2), 5, "score is 30%, below 40%"),
    ],
)
def test_bands_worked_by_hand(basis: tuple[str, str, str, int, int], band: int, why: str) -> None:
    outcome, score, cqc, overdue, high = basis
    found = bands_rules.band_for(
        bands_rules.BandBasis(outcome, Decimal(score), cqc, overdue, high), RULES
    )
    assert found.band == band
    assert why in " ".join(found.why)


@given(STANDINGS, st.sampled_from(["outcome", "score", "cqc", "overdue_actions", "high_concerns"]))
def test_bettering_one_thing_never_gives_a_worse_band(
    basis: bands_rules.BandBasis, what: str
) -> None:
    best = {
        "outcome": "excellent",
        "score": Decimal(100),
        "cqc": RatingWord.OUTSTANDING.value,
        "overdue_actions": 0,
        "high_concerns": 0,
    }
    better = replace(basis, **{what: best[what]})
    assert bands_rules.band_for(better, RULES).band <= bands_rules.band_for(basis, RULES).band


def test_final_audit_sets_the_band_and_keeps_the_history(
    drafted: Draft, senior: User, officer: User, person: Callable[..., User]
) -> None:
    first = final(drafted(rating="good"), senior, officer)
    with not_allowed("permission-missing"):
        bands_actions.change_band_rule(1, by=senior, given=BandRuleInput("good", 70))
    bands_actions.change_band_rule(1, by=person("Manager"), given=BandRuleInput("good", 70))
    second = final(drafted(rating="good"), senior, officer, TODAY + timedelta(days=30))
    bands = list(Band.objects.order_by("from_on").values_list("band", "from_on"))
    assert bands == [(3, first.final_on), (1, second.final_on)]
    assert Band.objects.current_on(first.final_on).get().band == 3
    assert Band.objects.current_on(second.final_on).get().band == 1
    assert not Band.objects.current_on(TODAY).exists()


# Pages


def test_a_report_goes_its_way_on_the_pages(
    client_as: Callable[..., Client], begun: Callable[..., Visit], senior: User
) -> None:
    visit = begun()
    officer, moderator = client_as("Officer"), client_as("Senior officer")
    assert "Rating so far" not in officer.get(reverse("audits:view-visit", args=[visit.pk])).text
    done = officer.post(
        reverse("audits:complete-visit", args=[visit.pk]), {"summary": "Seen."}, follow=True
    )
    assert "Draft outcome" in done.text
    report = AuditReport.objects.get()
    page = reverse("audits:view-report", args=[visit.pk])
    moderate = reverse("audits:moderate-report", args=[report.pk])
    assert "waits for a senior officer" in officer.get(page).text
    assert officer.get(moderate).status_code == 403
    assert (
        "Enter why the outcome should change"
        in moderator.post(moderate, {"decision": "change"}).text
    )
    assert post(moderator, moderate, {"decision": "confirm"}).status_code == 302
    sent = {
        "sent_on": timezone.localdate().isoformat(),
        "sent_to": "Registered manager",
        "how": "letter",
    }
    assert officer.post(reverse("audits:send-draft", args=[report.pk]), sent).status_code == 302
    said = {"point": "The drill was in May.", "received_on": timezone.localdate().isoformat()}
    url = reverse("audits:record-provider-comment", args=[report.pk])
    assert officer.post(url, said).status_code == 302
    assert "The drill was in May." in officer.get(page).text
    point = report.provider_comments.get()
    answered = {"upheld": "no", "answer": "No record of it was seen."}
    assert (
        officer.post(
            reverse("audits:answer-provider-comment", args=[point.pk]), answered
        ).status_code
        == 302
    )
    finalise = reverse("audits:finalise-report", args=[report.pk])
    waits = post(officer, finalise, {"outcome": "requires_improvement"})
    assert [error.code for error in waits.context["form"].errors.as_data()["__all__"]] == [
        "may-comment"
    ]
    assert officer.post(reverse("audits:record-no-comments", args=[report.pk])).status_code == 302
    assert post(officer, finalise, {"outcome": "requires_improvement"}).status_code == 302
    page_now = officer.get(page).text
    assert "Final" in page_now
    assert "Action plan" in page_now
    listed = officer.get(reverse("audits:list-reports"), {"plan_due": "true"})
    assert "Alder House" in listed.text


def test_reader_of_a_final_report_is_offered_nothing_that_they_may_not_do(
    client_as: Callable[..., Client], drafted: Draft, senior: User, officer: User
) -> None:
    report = final(drafted(), senior, officer)
    page = reverse("audits:view-report", args=[report.visit_id])
    adding = reverse("audits:add-finding", args=[report.visit_id])
    assert adding in client_as("Officer").get(page).text
    assert adding not in client_as("Signatory").get(page).text


def test_report_says_what_it_waits_for(
    client_as: Callable[..., Client], drafted: Draft, senior: User, officer: User
) -> None:
    client, report = client_as("Officer"), drafted(rating="good")
    page = reverse("audits:view-report", args=[report.visit_id])
    final(report, senior, officer)
    assert client.get(page).context["waits_for"] == [
        "The rating is final. There is nothing left to do."
    ]
    corrections.reopen(
        report.visit_id, by=senior, given=CorrectionInput("A chart was misread."), now=NOW
    )
    assert client.get(page).context["waits_for"] == [OPENED_AGAIN]


def test_plan_of_a_rating_that_is_not_final_is_refused_with_what_comes_first(
    drafted: Draft, officer: User
) -> None:
    with not_allowed("wrong-state") as refused:
        reports.agree_plan(drafted().pk, by=officer, today=TODAY)
    assert refused.value.message.startswith("Make the rating final")


def test_draft_and_questions_come_as_accessible_pdfs(
    client_as: Callable[..., Client], drafted: Draft
) -> None:
    report = drafted()
    client = client_as("Officer")
    for url in (
        reverse("audits:draft-report-pdf", args=[report.visit_id]),
        reverse("audits:questions-pdf", args=[report.visit.template_id]),
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        with pikepdf.open(BytesIO(answer.content)) as made:
            assert made.Root.MarkInfo.Marked
            assert made.Root.Lang == "en-GB"
            assert b"pdfuaid:part" in made.Root.Metadata.read_bytes()
    page = client.get(reverse("audits:view-questions", args=[report.visit.template_id])).text
    assert "Are plans good?" in page
    assert "weight" not in page.replace("without weights", "")


@pytest.mark.parametrize("odd", cases())
def test_no_letter_of_an_answer_or_a_question_stops_what_the_provider_is_sent(
    client_as: Callable[..., Client], drafted: Draft, odd: str
) -> None:
    report = drafted()
    Visit.objects.filter(pk=report.visit_id).update(summary=odd)
    report.visit.findings.update(text=odd)
    Answer.objects.filter(visit=report.visit_id).update(evidence=odd)
    client = client_as("Officer")
    for url in (
        reverse("audits:draft-report-pdf", args=[report.visit_id]),
        reverse("audits:questions-pdf", args=[report.visit.template_id]),
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert_can_be_read(answer.content)


def words_of(client: Client, report: AuditReport) -> str:
    answer = client.get(reverse("audits:draft-report-pdf", args=[report.visit_id]))
    assert answer.status_code == 200
    read = ["pdftotext", "-layout", "-", "-"]
    made = subprocess.run(
        read, input=answer.content, stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    return " ".join(made.split())


def test_draft_says_whether_it_may_go_out_and_by_which_day_to_answer(
    client_as: Callable[..., Client], drafted: Draft, senior: User, officer: User
) -> None:
    report, client = drafted(), client_as("Officer")
    words = words_of(client, report)
    assert "Draft, not moderated yet: not for the provider" in words
    assert "Please tell us by" not in words
    reading.moderate(report.pk, by=senior, given=ModerateInput(), now=NOW)
    day = timezone.localdate() + timedelta(days=14)
    assert f"Please tell us by {day:%-d %B %Y}" in words_of(client, report)
    sending.send_draft(report.pk, by=officer, given=SendInput(TODAY, "Manager"), now=NOW)
    assert "Please tell us by 16 March 2026" in words_of(client, report)
    said = ProviderCommentInput("Three, not five.", received_on=TODAY)
    point = points.record_provider_comment(report.pk, by=officer, given=said, now=NOW)
    answer = ProviderCommentAnswerInput(True, "Put right.", nothing_changes=True)
    points.answer_provider_comment(point.pk, by=officer, given=answer, now=NOW)
    report.refresh_from_db()
    on = TODAY + timedelta(days=15)
    reading.finalise(report.pk, by=officer, given=FinaliseInput(report.outcome), today=on, now=NOW)
    words = words_of(client, report)
    assert "Draft" not in words
    assert "Final rating: Requires improvement" in words
    assert "Three, not five. Upheld. Put right." in words
    assert "needs an action plan, agreed by 31 March 2026" in words


def test_rating_so_far_is_shown_only_where_the_council_allows_it(
    client_as: Callable[..., Client], begun: Callable[..., Visit], manager: User
) -> None:
    visit = begun()
    change_steps(manager, rating_hidden=False)
    page = client_as("Officer").get(reverse("audits:view-visit", args=[visit.pk])).text
    assert "Rating so far" in page


def test_manager_and_administrator_set_the_steps(
    client_as: Callable[..., Client], council: object
) -> None:
    url = reverse("audits:change-procedure")
    assert client_as("Senior officer").get(url).status_code == 403
    values = {
        "factual_accuracy": "on",
        "factual_accuracy_days": 21,
        "plan_needed": "on",
        "plan_days": 10,
        "months_excellent": 24,
        "months_good": 12,
        "months_requires_improvement": 6,
        "months_poor": 3,
        "meeting_types": ["supported_living", "extra_care"],
        "meeting_weeks": 8,
        "offline_hours": 48,
        "offline_passphrase": "on",
    }
    wrong = client_as("Manager").post(url, {**values, "months_poor": 13})
    assert "for a better outcome, or fewer" in wrong.text
    for group in ("Manager", "Administrator"):
        assert client_as(group).post(url, values).status_code == 302
    procedure = Procedure.current()
    assert (procedure.moderated, procedure.factual_accuracy_days) == (False, 21)
    assert procedure.meeting_types == ["supported_living", "extra_care"]


def test_today_tells_a_senior_officer_what_to_moderate(
    drafted: Draft, senior: User, officer: User
) -> None:
    drafted()
    card = today.audit_reports(senior, TODAY)
    assert card is not None
    assert [item.note for item in card.items] == ["To be moderated"]
    mine = today.audit_reports(officer, TODAY)
    assert mine is not None
    assert mine.count == 0
