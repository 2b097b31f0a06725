"""Suspending and lifting, step by step."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from audits.models import Action, AuditReport, ReportStatus, Visit, VisitKind, VisitStatus
from concerns.models import Concern
from core.inputs import DecisionInput, ReasonInput
from core.jobs import queue
from core.jobs.models import Job
from core.models import Event, User
from formal_steps.models import Policy
from notifications.actions import registered_recipients as registered
from notifications.actions.registered_recipients import RegisteredRecipientInput
from notifications.models import NotificationKind
from providers.models import Contract
from suspensions.actions import (
    alerting,
    deciding,
    lifting,
    monitoring,
    notification,
    record,
    sending,
)
from suspensions.actions.deciding import ConfirmInput, DecideInput, ProposalInput, UrgentInput
from suspensions.actions.lifting import DecideLiftInput, LiftInput
from suspensions.actions.monitoring import LeadInput, ProgressInput, ReviewInput
from suspensions.models import Criterion, DecisionKind, Suspension, SuspensionKind, SuspensionStatus
from suspensions.rules import lifting as lifting_rules
from suspensions.rules import steps
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FULL_RECORD = record.ProposalRecord(
    summary="Medicines were not given safely.",
    reasons="Three errors in a week.",
    evidence="Visit of 2 March.",
    provider_notified="Told by telephone that suspension is proposed.",
    provider_answer="They accept it.",
    welfare="Everyone was seen on 3 March.",
)


@pytest.fixture
def proposed(service, manager):
    return deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=at(TODAY, 9),
    )


@pytest.fixture
def in_force(proposed, other_manager):
    return reading.decide(
        proposed.pk,
        by=other_manager,
        given=DecideInput(reason="Agreed.", in_force_from=TODAY, review_on=TODAY + 14 * DAY),
        now=at(TODAY, 11),
    )


@pytest.fixture
def urgent(service, manager):
    return deciding.suspend_urgently(
        service.pk,
        by=manager,
        given=UrgentInput(summary="Two people were harmed."),
        now=at(TODAY, 22),
    )


def answers(**changes):
    """A checklist that is met, but for what is changed."""
    given = {
        criterion: lifting_rules.CriterionAnswer(
            True,
            "Seen.",
            review_on=TODAY + 60 * DAY if criterion == Criterion.MONITORING_PLAN else None,
        )
        for criterion in lifting_rules.JUDGED
    }
    return given | {Criterion[name.upper()]: answer for name, answer in changes.items()}


def mended(service, officer, day):
    """The one action that was agreed is closed and verified."""
    verifier, _ = User.objects.get_or_create(username="verifier")
    return Action.objects.create(
        service=service,
        text="Train staff",
        owner_name="Manager",
        agreed_on=day,
        agreed_by=officer,
        due_on=day,
        status="verified",
        closed_on=day,
        closed_by=officer,
        evidence="Certificates",
        verified_at=at(day),
        verified_by=verifier,
    )


def visit(service, officer, day, kind=VisitKind.MONITORING, outcome="good", **more):
    return Visit.objects.create(
        service=service,
        kind=kind,
        planned_for=day,
        visited_on=day,
        officer=officer,
        status=VisitStatus.COMPLETED,
        planned_at=at(day),
        planned_by=officer,
        completed_at=at(day),
        completed_by=officer,
        outcome=outcome,
        **({"score": 80 if outcome else None} | more),
    )


@pytest.fixture
def ready(in_force, service, officer):
    """In force for 40 days, with all mended and a good visit after everything."""
    mended(service, officer, TODAY + 20 * DAY)
    visit(service, officer, TODAY + 30 * DAY)
    return in_force


LATER = TODAY + 40 * DAY


def propose_lift(suspension, by, given=None, day=LATER):
    return lifting.propose_lift(
        suspension.pk,
        by=by,
        given=LiftInput(reason="Improved.", answers=given or answers()),
        now=at(day, 10),
    )


def lift(suspension, by, day=LATER, **more):
    given = DecideLiftInput(reason="Agreed.", **more)
    return reading.lift(suspension.pk, by=by, given=given, now=at(day, 12))


def kinds(suspension):
    about = Event.objects.filter(about_label="suspensions.suspension", about_id=str(suspension.pk))
    return list(about.order_by("pk").values_list("kind", flat=True))


class TestSuspending:
    def test_one_proposes_and_another_decides(self, in_force, manager, other_manager):
        assert in_force.status == SuspensionStatus.IN_FORCE
        assert (in_force.proposed_by, in_force.decided_by) == (manager, other_manager)
        assert kinds(in_force) == ["suspension.proposed", "suspension.decided"]
        assert [d.step for d in in_force.decisions.all()] == [
            DecisionKind.PROPOSED,
            DecisionKind.DECIDED,
        ]

    def test_refused_for_proposer(self, proposed, manager):
        with not_allowed("same-person"):
            reading.decide(
                proposed.pk,
                by=manager,
                given=DecideInput(reason="", in_force_from=TODAY, review_on=TODAY + DAY),
                now=at(TODAY),
            )
        with not_allowed("same-person"):
            reading.refuse(proposed.pk, by=manager, given=DecisionInput(reason=""), now=at(TODAY))

    def test_decision_by_telephone_keeps_three_times(self, proposed, other_manager):
        reading.decide(
            proposed.pk,
            by=other_manager,
            given=DecideInput(
                reason="By telephone.",
                in_force_from=TODAY + DAY,
                review_on=TODAY + 14 * DAY,
                decided_at=at(TODAY, 18),
            ),
            now=at(TODAY + DAY, 9),
        )
        last = proposed.decisions.last()
        assert (last.decided_at, last.in_force_from, last.recorded_at) == (
            at(TODAY, 18),
            TODAY + DAY,
            at(TODAY + DAY, 9),
        )

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"decided_at": at(TODAY, 8)}, "too-early", "decided_at"),
            ({"decided_at": at(TODAY, 13)}, "in-future", "decided_at"),
            ({"in_force_from": None}, "day-missing", "in_force_from"),
            ({"in_force_from": TODAY - DAY}, "before-decision", "in_force_from"),
            ({"review_on": None}, "review-missing", "review_on"),
            ({"review_on": TODAY}, "review-too-early", "review_on"),
            ({"planned_until": TODAY}, "ends-before-start", "planned_until"),
        ],
    )
    def test_times_that_cannot_be(self, proposed, other_manager, changes, code, field):
        given = DecideInput(
            reason="", **{"in_force_from": TODAY, "review_on": TODAY + DAY} | changes
        )
        with not_allowed(code, field):
            reading.decide(proposed.pk, by=other_manager, given=given, now=at(TODAY, 12))

    def test_an_incomplete_record_is_named_before_it_is_decided(
        self, service, manager, other_manager
    ):
        thin = deciding.propose(
            service.pk,
            by=manager,
            given=ProposalInput(kind=SuspensionKind.FULL, record=record.ProposalRecord("Unsafe.")),
            now=at(TODAY, 9),
        )
        with not_allowed("record-incomplete") as caught:
            reading.decide(
                thin.pk,
                by=other_manager,
                given=DecideInput(reason="", in_force_from=TODAY, review_on=TODAY + DAY),
                now=at(TODAY),
            )

        for missing in ("the reasons", "the evidence", "what the provider was told", "the welfare"):
            assert missing in str(caught.value)

    def test_refused_proposal_stays_in_the_record_and_is_nowhere_in_force(
        self, proposed, other_manager
    ):
        reading.refuse(
            proposed.pk,
            by=other_manager,
            given=DecisionInput(reason="An improvement plan first."),
            now=at(TODAY),
        )
        assert not Suspension.objects.in_force_on(TODAY).exists()
        assert [d.step for d in proposed.decisions.all()] == [
            DecisionKind.PROPOSED,
            DecisionKind.REFUSED,
        ]
        # Beside the question to the other manager, which asks nothing any more, nothing follows.
        assert not Job.objects.exclude(kind="suspensions.ask-to-decide").exists()

    def test_withdrawn_by_its_proposer(self, proposed, manager, other_manager):
        deciding.withdraw(
            proposed.pk, by=manager, given=ReasonInput(reason="Overtaken."), now=at(TODAY)
        )
        with not_allowed("wrong-state"):
            reading.decide(
                proposed.pk,
                by=other_manager,
                given=DecideInput(reason="", in_force_from=TODAY, review_on=TODAY + DAY),
                now=at(TODAY),
            )

    def test_second_proposal_is_refused_while_one_waits(self, proposed, service, manager, unit):
        with not_allowed("already-proposed"):
            deciding.propose(
                service.pk,
                by=manager,
                given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD, unit_id=unit.pk),
                now=at(TODAY),
            )

    def test_service_that_is_suspended_is_not_suspended_again(self, in_force, service, manager):
        with not_allowed("already-suspended"):
            deciding.propose(
                service.pk,
                by=manager,
                given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
                now=at(TODAY),
            )

    def test_closed_service_and_foreign_unit(self, service, unit, make_service, manager):
        closed = make_service("Birch", closed_on=TODAY, closed_reason="Sold")
        with not_allowed("service-closed"):
            deciding.propose(
                closed.pk,
                by=manager,
                given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
                now=at(TODAY),
            )
        other = make_service("Cedar")
        with not_allowed("foreign-unit", "unit"):
            deciding.propose(
                other.pk,
                by=manager,
                given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD, unit_id=unit.pk),
                now=at(TODAY),
            )

    def test_partial_needs_a_limit(self, service, manager):
        with not_allowed("limit-missing", "limit"):
            deciding.propose(
                service.pk,
                by=manager,
                given=ProposalInput(kind=SuspensionKind.PARTIAL, record=FULL_RECORD),
                now=at(TODAY),
            )

    def test_contracts_in_force_are_suspended_with_it(self, service, manager):
        now = Contract.objects.create(service=service, reference="A", starts_on=TODAY - DAY)
        Contract.objects.create(
            service=service, reference="B", starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY
        )
        made = deciding.propose(
            service.pk,
            by=manager,
            given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
            now=at(TODAY),
        )
        assert list(made.contracts.all()) == [now]

    def test_record_can_be_completed_until_it_is_decided_on(self, proposed, in_force, officer):
        with not_allowed("decided-on"):
            reading.complete(proposed.pk, by=officer, given=FULL_RECORD, now=at(TODAY))


class TestUrgent:
    def test_in_force_at_once_on_one_word(self, urgent, manager):
        assert urgent.status == SuspensionStatus.IN_FORCE
        assert urgent.decided_by is None
        assert urgent.confirm_due_on == TODAY + DAY
        assert list(Suspension.objects.in_force_on(TODAY)) == [urgent]
        assert list(Suspension.objects.awaiting_decision()) == [urgent]

    def test_confirmation_is_due_the_next_working_day(self, service, manager):
        friday = TODAY + 2 * DAY
        made = deciding.suspend_urgently(
            service.pk, by=manager, given=UrgentInput(summary="Harm."), now=at(friday, 23)
        )
        assert made.confirm_due_on == friday + 3 * DAY

    def test_unconfirmed_it_stays_in_force_overdue(self, urgent):
        late = TODAY + 30 * DAY
        assert list(Suspension.objects.in_force_on(late)) == [urgent]
        assert not Suspension.objects.overdue_confirmation(TODAY + DAY).exists()
        assert list(Suspension.objects.overdue_confirmation(TODAY + 2 * DAY)) == [urgent]

    def test_another_manager_confirms_a_complete_record(self, urgent, manager, other_manager):
        given, now = ConfirmInput(reason="Agreed.", review_on=TODAY + 14 * DAY), at(TODAY + DAY)
        with not_allowed("same-person"):
            reading.confirm(urgent.pk, by=manager, given=given, now=now)
        with not_allowed("record-incomplete"):
            reading.confirm(urgent.pk, by=other_manager, given=given, now=now)
        reading.complete(urgent.pk, by=manager, given=FULL_RECORD, now=at(TODAY + DAY, 8))
        with not_allowed("review-too-early", "review_on"):
            soon = ConfirmInput(reason="Agreed.", review_on=TODAY + DAY)
            reading.confirm(urgent.pk, by=other_manager, given=soon, now=now)
        confirmed = reading.confirm(urgent.pk, by=other_manager, given=given, now=now)
        assert confirmed.confirmed_by == other_manager
        assert not Suspension.objects.awaiting_decision().exists()
        with not_allowed("already-confirmed"):
            reading.confirm(urgent.pk, by=other_manager, given=given, now=now)

    def test_what_two_people_decided_is_not_confirmed(self, in_force, person):
        with not_allowed("not-urgent"):
            reading.end_unconfirmed(
                in_force.pk,
                by=person("Manager", "third"),
                given=DecisionInput(reason="No."),
                now=at(TODAY),
            )

    def test_not_confirmed_it_ends_that_day(self, urgent, manager, other_manager):
        given, now = DecisionInput(reason="The report was wrong."), at(TODAY + DAY)
        with not_allowed("same-person"):
            reading.end_unconfirmed(urgent.pk, by=manager, given=given, now=now)
        ended = reading.end_unconfirmed(urgent.pk, by=other_manager, given=given, now=now)
        assert (ended.status, ended.lifted_on) == (SuspensionStatus.LIFTED, TODAY + DAY)
        assert Suspension.objects.in_force_on(TODAY).count() == 1
        assert kinds(ended) == ["suspension.suspended_urgently", "suspension.ended_unconfirmed"]

    def test_lift_waits_for_confirmation(self, urgent, manager):
        with not_allowed("unconfirmed"):
            propose_lift(urgent, manager)

    def test_managers_are_asked_and_asked_again_while_nobody_confirms(
        self, urgent, other_manager, manager
    ):
        other_manager.email, manager.email = "decider@council.test", "proposer@council.test"
        other_manager.save()
        manager.save()
        assert alerting.ask_to_confirm(urgent.pk, now=at(TODAY, 22))
        assert alerting.ask_to_confirm(urgent.pk, now=at(TODAY + 2 * DAY, 8))
        assert [(m.subject, m.bcc) for m in mail.outbox] == [
            ("A suspension is waiting for you to confirm", ["decider@council.test"]),
            ("Overdue: a suspension has not been confirmed", ["decider@council.test"]),
        ]
        assert not any("Alder" in m.subject + m.body for m in mail.outbox)
        again = Job.objects.filter(kind="suspensions.ask-to-confirm").order_by("pk")
        assert [timezone.localdate(m.next_try_at) for m in again[1:]] == [
            TODAY + DAY,
            TODAY + 5 * DAY,
        ]
        reading.end_unconfirmed(
            urgent.pk, by=other_manager, given=DecisionInput(reason="No."), now=at(TODAY + 2 * DAY)
        )
        assert not alerting.ask_to_confirm(urgent.pk, now=at(TODAY + 3 * DAY))


class TestLifting:
    def test_proposed_by_one_lifted_by_another(self, ready, manager, other_manager):
        propose_lift(ready, manager)
        lifted = lift(ready, other_manager)
        assert (lifted.status, lifted.lifted_on) == (SuspensionStatus.LIFTED, LATER)
        assert lifted.review_on == TODAY + 60 * DAY
        assert list(Suspension.objects.in_force_on(LATER - DAY)) == [lifted]
        assert not Suspension.objects.in_force_on(LATER).exists()

    def test_lift_refused_for_proposer(self, ready, manager):
        propose_lift(ready, manager)
        with not_allowed("same-person"):
            lift(ready, manager)

    @pytest.mark.parametrize(
        "criterion",
        [*sorted(lifting_rules.OF_GROUND[""]), Criterion.CQC_VIEW, Criterion.MONITORING_PLAN],
    )
    def test_each_unmet_criterion_is_named(self, ready, manager, criterion):
        with not_allowed("criterion-unmet", f"{criterion}_override") as caught:
            propose_lift(
                ready,
                manager,
                answers() | {criterion: lifting_rules.CriterionAnswer(False, "Not yet.")},
            )
            assert f"“{criterion.label}”" in str(caught.value)

    def test_open_and_unverified_actions_block(self, ready, manager, service, officer, person):
        Action.objects.create(
            service=service,
            text="Train staff",
            owner_name="Manager",
            agreed_on=TODAY,
            agreed_by=officer,
            due_on=TODAY + DAY,
        )
        with not_allowed("criterion-unmet", "actions_verified_override"):
            propose_lift(ready, manager)
        criteria = lifting_rules.computed_criteria(ready, LATER)
        assert criteria[Criterion.ACTIONS_VERIFIED].evidence == "Actions: 1 open."

    def test_visit_must_follow_the_last_closure(self, ready, manager, service, officer, person):
        Action.objects.create(
            service=service,
            text="Train staff",
            owner_name="Manager",
            agreed_on=TODAY,
            agreed_by=officer,
            due_on=TODAY + DAY,
            status="verified",
            closed_on=TODAY + 30 * DAY,
            closed_by=officer,
            evidence="Certificates",
            verified_at=at(TODAY + 31 * DAY),
            verified_by=manager,
        )
        with not_allowed("criterion-unmet", "visit_after_override"):
            propose_lift(ready, manager)
        visit(service, officer, TODAY + 31 * DAY, VisitKind.SURGERY)
        assert not lifting_rules.computed_criteria(ready, LATER)[Criterion.VISIT_AFTER].is_met
        visit(service, officer, TODAY + 32 * DAY)
        propose_lift(ready, manager)

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"kind": VisitKind.SURGERY}, "No completed visit of the council"),
            ({"kind": VisitKind.ENTER_AND_VIEW}, "No completed visit of the council"),
            ({"outcome": ""}, "No completed visit of the council"),
            (
                {"outcome": "poor"},
                "Monitoring visit on 6 April 2026, after the suspension began: Poor.",
            ),
            ({"outcome": "requires_improvement"}, "Requires improvement."),
        ],
    )
    def test_only_a_visit_of_the_council_that_found_enough_counts(
        self, in_force, manager, service, officer, more, says
    ):
        visit(service, officer, TODAY + 26 * DAY, **more)
        answer = lifting_rules.computed_criteria(in_force, LATER)[Criterion.VISIT_AFTER]
        assert not answer.is_met
        assert says in answer.evidence

    def test_sheet_beside_an_audit_and_what_nobody_moderated_do_not_count(
        self, in_force, service, officer, manager
    ):
        def answer():
            return lifting_rules.computed_criteria(in_force, LATER)[Criterion.VISIT_AFTER]

        audit = visit(service, officer, TODAY + 26 * DAY, outcome="poor")
        visit(service, officer, TODAY + 26 * DAY, outcome="excellent", beside=audit)
        assert not answer().is_met
        audit.outcome = "good"
        audit.save()
        AuditReport.objects.create(
            visit=audit,
            status=ReportStatus.MODERATION,
            drafted_at=at(TODAY + 26 * DAY),
            drafted_by=officer,
            made_by=officer,
            drafted_outcome="good",
            standing_outcome="good",
        )
        assert not answer().is_met
        assert answer().evidence.endswith("Good in draft. Nobody has moderated its report yet.")

    def test_the_latest_visit_counts_with_its_outcome(self, in_force, service, officer):
        visit(service, officer, TODAY + 26 * DAY, outcome="poor")
        visit(service, officer, TODAY + 30 * DAY, outcome="good")
        answer = lifting_rules.computed_criteria(in_force, LATER)[Criterion.VISIT_AFTER]
        assert (answer.is_met, answer.evidence) == (
            True,
            "Monitoring visit on 10 April 2026, after the suspension began: Good.",
        )
        visit(service, officer, TODAY + 32 * DAY, outcome="poor")
        assert not lifting_rules.computed_criteria(in_force, LATER)[Criterion.VISIT_AFTER].is_met

    def test_what_nothing_shows_is_not_met_by_itself(self, in_force):
        """Neither that no action was agreed, nor weeks that went before the suspension."""
        first_day = lifting_rules.computed_criteria(in_force, TODAY)
        assert not any(answer.is_met for answer in first_day.values())
        evidence = first_day[Criterion.NO_NEW_HIGH_RISK].evidence
        assert "has not been in force for 4 weeks yet. They end on 8 April 2026." in evidence
        quiet = lifting_rules.computed_criteria(in_force, TODAY + 28 * DAY)
        assert quiet[Criterion.NO_NEW_HIGH_RISK].is_met
        assert not quiet[Criterion.ACTIONS_VERIFIED].is_met
        assert "No actions were agreed" in quiet[Criterion.ACTIONS_VERIFIED].evidence

    def test_new_high_risk_concern_blocks_for_the_set_time(self, ready, manager, service, officer):
        received = at(LATER - 28 * DAY + DAY)
        Concern.objects.create(
            reference="C-2026-0001",
            service=service,
            kind="quality",
            source="family",
            risk="high",
            received_at=received,
            respond_by=received + DAY,
            summary="A fall",
            recorded_at=received,
            recorded_by=officer,
        )
        with not_allowed("criterion-unmet", "no_new_high_risk_override"):
            propose_lift(ready, manager)
        propose_lift(ready, manager, day=LATER + DAY)

    def test_met_needs_evidence_and_a_plan_its_date(self, ready, manager):
        with not_allowed("evidence-missing", "cqc_view_evidence"):
            propose_lift(
                ready, manager, answers(cqc_view=lifting_rules.CriterionAnswer(True, "  "))
            )
        with not_allowed("plan-without-review", "review_on"):
            propose_lift(
                ready,
                manager,
                answers(monitoring_plan=lifting_rules.CriterionAnswer(True, "Monthly visits.")),
            )

    def test_override_stands_in_the_record(self, ready, manager, other_manager):
        propose_lift(
            ready,
            manager,
            answers(
                icb_view=lifting_rules.CriterionAnswer(False, "", "The ICB buys nothing there.")
            ),
        )
        lift(ready, other_manager)
        criterion = ready.lift_criteria.get(criterion=Criterion.ICB_VIEW)
        assert (criterion.is_met, criterion.override_reason, criterion.overridden_by) == (
            False,
            "The ICB buys nothing there.",
            manager,
        )
        event = Event.objects.get(kind="suspension.lift_proposed")
        assert event.after["overridden"] == ["icb_view"]

    def test_criterion_that_fell_since_the_proposal_blocks_until_overridden(
        self, ready, manager, other_manager, service, officer
    ):
        propose_lift(ready, manager)
        Action.objects.create(
            service=service,
            text="Repair",
            owner_name="Manager",
            agreed_on=LATER,
            agreed_by=officer,
            due_on=LATER,
        )
        with not_allowed("criterion-unmet", "actions_verified_override"):
            lift(ready, other_manager)
        lift(ready, other_manager, overrides={Criterion.ACTIONS_VERIFIED: "A door handle."})
        criterion = ready.lift_criteria.get(criterion=Criterion.ACTIONS_VERIFIED)
        assert (criterion.is_met, criterion.overridden_by) == (False, other_manager)

    def test_refused_lift_leaves_it_in_force_and_a_second_one_has_its_own_checklist(
        self, ready, manager, other_manager
    ):
        propose_lift(ready, manager)
        again = reading.refuse_lift(
            ready.pk, by=other_manager, given=DecisionInput(reason="Too early."), now=at(LATER, 12)
        )
        assert (again.status, again.lift_proposed_by) == (SuspensionStatus.IN_FORCE, None)
        propose_lift(ready, manager, day=LATER + DAY)
        assert {p.attempt for p in lifting_rules.recorded_criteria(ready)} == {2}
        assert ready.lift_criteria.count() == 2 * len(lifting_rules.criteria_for(ready))
        assert [d.step for d in ready.decisions.all()][-3:] == [
            DecisionKind.LIFT_PROPOSED,
            DecisionKind.LIFT_REFUSED,
            DecisionKind.LIFT_PROPOSED,
        ]

    def test_again_within_a_year_is_noticed(self, ready, manager, other_manager, service):
        propose_lift(ready, manager)
        first = lift(ready, other_manager)
        second = deciding.suspend_urgently(
            service.pk, by=manager, given=UrgentInput(summary="Again."), now=at(LATER + 90 * DAY)
        )
        assert steps.lifted_within_a_year(second, LATER + 90 * DAY, Policy()) == first
        assert steps.lifted_within_a_year(second, LATER + 365 * DAY, Policy()) is None


class TestNotification:
    def deliver(self):
        while queue.work():
            pass

    def test_recipients_with_an_address_are_notified_by_email_the_rest_by_hand(self, in_force):
        self.deliver()
        assert [m.to for m in mail.outbox] == [["manager@alder.test"]]
        assert "Alder House" in mail.outbox[0].body
        assert "Medicines" not in mail.outbox[0].body
        provider = in_force.recipients.get(kind="provider")
        assert (provider.state, provider.how) == ("Notified", "email")
        assert {p.state for p in in_force.recipients.exclude(kind="provider")} == {"Contact them"}

    def test_sent_once_however_often_the_task_runs(self, in_force):
        self.deliver()
        sending.notify_recipients(in_force.pk, NotificationKind.SUSPENSION, now=at(TODAY))
        for recipient in in_force.recipients.all():
            sending.notify_recipient(recipient.pk, now=at(TODAY))
        self.deliver()
        assert len(mail.outbox) == 1

    def test_everyone_notified_of_the_suspension_is_on_the_list_of_the_lift(
        self, ready, manager, other_manager, officer
    ):
        told = {"provider", "cqc"}
        for recipient in ready.recipients.filter(kind__in=told):
            notification.record_notified(
                recipient.pk, by=officer, notified_at=at(TODAY), how="telephone", now=at(LATER)
            )
        registered.add_recipient(
            by=officer,
            given=RegisteredRecipientInput(kind="cqc", name="CQC", email="cqc@example.test"),
            now=at(LATER, 9),
        )
        propose_lift(ready, manager)
        lift(ready, other_manager)
        of_lift = ready.recipients.filter(notification=NotificationKind.LIFT)
        assert {p.kind for p in of_lift} == told
        # Notified by telephone then, with an address on the register now.
        assert of_lift.get(kind="cqc").email == "cqc@example.test"
        assert (
            not ready.recipients.waiting().filter(notification=NotificationKind.SUSPENSION).exists()
        )
        self.deliver()
        assert of_lift.get(kind="provider").state == "Notified"
        assert "no longer in force from 20 April 2026" in mail.outbox[-1].body

    def test_recipient_notified_twice_is_refused_and_one_can_be_closed(self, in_force, officer):
        cqc = in_force.recipients.get(kind="cqc")
        given = {"by": officer, "notified_at": at(TODAY), "how": "telephone", "now": at(TODAY, 15)}
        notification.record_notified(cqc.pk, **given)
        with not_allowed("already-notified"):
            notification.record_notified(cqc.pk, **given)
        families = in_force.recipients.get(kind="families")
        notification.close_recipient(families.pk, by=officer, reason="Nobody lives there now.")
        assert families not in in_force.recipients.waiting()

    def test_recipient_added_later_is_notified_too(self, in_force, officer):
        recipient = record.RecipientInput(
            "authority", "Neighbourshire", "placements@neighbour.test"
        )
        notification.add_recipient(in_force.pk, by=officer, given=recipient, now=at(TODAY, 13))
        self.deliver()
        assert ["placements@neighbour.test"] in [m.to for m in mail.outbox]
        with not_allowed("already-listed", "name"):
            notification.add_recipient(in_force.pk, by=officer, given=recipient, now=at(TODAY, 13))


class TestMonitoring:
    def test_lead_is_handed_over_and_who_led_had_a_part_in_it(
        self, in_force, manager, officer, person
    ):
        def hand_over(lead, by=manager):
            given = LeadInput(lead_id=lead.pk, reason="On leave.")
            return monitoring.hand_over(in_force.pk, by=by, given=given, now=at(TODAY, 15))

        hand_over(officer)
        with not_allowed("leads-already", "lead"):
            hand_over(officer)
        with not_allowed("cannot-lead", "lead"):
            hand_over(person("Practitioner"))
        with not_allowed("permission-missing"):
            hand_over(person("Senior officer"), by=officer)
        handed = hand_over(person("Officer", "next"))
        assert handed.lead_officer.username == "next"
        assert in_force.progress.last().text == f"Lead officer: Next, after {officer}. On leave."
        assert {officer.pk, handed.lead_officer_id} <= handed.people_involved()

    def test_review_moves_the_next(self, in_force, officer):
        assert list(Suspension.objects.to_review(TODAY + 14 * DAY)) == [in_force]
        review = monitoring.record_review(
            in_force.pk,
            by=officer,
            given=ReviewInput(
                done_on=TODAY + 14 * DAY, outcome="Goes on.", next_on=TODAY + 28 * DAY
            ),
            now=at(TODAY + 14 * DAY),
        )
        assert review.due_on == TODAY + 14 * DAY
        assert not Suspension.objects.to_review(TODAY + 27 * DAY).exists()

    @pytest.mark.parametrize(
        ("done", "following", "code", "field"),
        [
            (TODAY + DAY, None, "next-missing", "next_on"),
            (TODAY + DAY, TODAY, "next-too-early", "next_on"),
            (TODAY - DAY, TODAY + DAY, "before-start", "done_on"),
            (TODAY + 9 * DAY, TODAY + 10 * DAY, "in-future", "done_on"),
        ],
    )
    def test_reviews_that_cannot_be(self, in_force, officer, done, following, code, field):
        with not_allowed(code, field):
            monitoring.record_review(
                in_force.pk,
                by=officer,
                given=ReviewInput(done_on=done, outcome="x", next_on=following),
                now=at(TODAY + 2 * DAY),
            )

    def test_progress_is_added_to_what_was_in_force_only(self, proposed, officer):
        with not_allowed("wrong-state"):
            monitoring.add_progress(
                proposed.pk,
                by=officer,
                given=ProgressInput(text="x", happened_on=TODAY),
                now=at(TODAY),
            )

    def test_name_is_exempt_until_marked_with_a_reason(self, in_force, other_manager, officer):
        with not_allowed("permission-missing"):
            record.mark_public(in_force.pk, by=officer, given=ReasonInput(reason="Known"))
        marked = record.mark_public(
            in_force.pk, by=other_manager, given=ReasonInput(reason="The provider announced it.")
        )
        assert marked.is_public_name
        assert not record.mark_exempt(in_force.pk, by=other_manager).is_public_name
