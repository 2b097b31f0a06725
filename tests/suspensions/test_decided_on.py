"""A decision is about the words that were read, and is made by nobody who wrote them."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from core.inputs import DecisionInput, ReasonInput
from core.jobs.models import Job
from formal_steps.actions import letters as step_letters
from formal_steps.actions import representations as step_representations
from formal_steps.actions import steps
from formal_steps.actions.representations import (
    AnswerInput,
    AnswerReviewInput,
    AskReviewInput,
    ConsideredInput,
    RepresentationInput,
)
from formal_steps.models import FormalStepOutcome, ReviewOutcome
from formal_steps.workflow import FORMAL_STEP
from suspensions.actions import (
    changing,
    deciding,
    letters,
    lifting,
    monitoring,
    notification,
    record,
    representations,
)
from suspensions.actions.changing import ExtensionInput, ScopeInput
from suspensions.actions.deciding import ConfirmInput, DecideInput
from suspensions.actions.lifting import DecideLiftInput
from suspensions.actions.monitoring import ProgressInput, ReviewInput
from suspensions.models import DecisionKind, Suspension, SuspensionKind, SuspensionStatus
from suspensions.rules.steps import SEE
from suspensions.views.tasks import who_can
from suspensions.workflow.change import CHANGE
from suspensions.workflow.suspension import SUSPENSION
from tests.formal_steps.test_steps import decision, notice
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at
from tests.suspensions.test_actions import (
    DAY,
    FULL_RECORD,
    LATER,
    answers,
    in_force,
    propose_lift,
    proposed,
    ready,
    urgent,
)

__all__ = ["in_force", "proposed", "ready", "urgent"]
pytestmark = pytest.mark.django_db
DECIDE = DecideInput(reason="Agreed.", in_force_from=TODAY, review_on=TODAY + 14 * DAY)
NO = DecisionInput(reason="No.")


@pytest.fixture
def third_manager(person):
    return person("Manager", "third")


def rewrite(suspension, by, **words):
    """The record as that person leaves it."""
    given = replace(FULL_RECORD, **words)
    return reading.complete(suspension.pk, by=by, given=given, now=at(TODAY, 10))


class TestWhatWasRead:
    def test_decision_refused_over_reasons_rewritten_meanwhile(
        self, proposed, officer, other_manager
    ):
        seen = reading.seen(SUSPENSION, proposed.pk)
        rewrite(proposed, officer, reasons="Other reasons altogether.")
        for act, given in ((deciding.decide, DECIDE), (deciding.refuse, NO)):
            with not_allowed("stale-version"):
                act(
                    proposed.pk,
                    by=other_manager,
                    given=replace(given, seen=seen),
                    now=at(TODAY, 11),
                )
        proposed.refresh_from_db()
        assert proposed.status == SuspensionStatus.PROPOSED
        made = reading.decide(proposed.pk, by=other_manager, given=DECIDE, now=at(TODAY, 11))
        assert made.status == SuspensionStatus.IN_FORCE

    def test_decision_refused_without_saying_what_was_read(self, proposed, other_manager):
        with not_allowed("stale-version"):
            deciding.decide(proposed.pk, by=other_manager, given=DECIDE, now=at(TODAY, 11))

    def test_what_the_provider_answered_meanwhile_was_not_read(
        self, proposed, officer, other_manager
    ):
        seen = reading.seen(SUSPENSION, proposed.pk)
        put(proposed, officer)
        with not_allowed("stale-version"):
            deciding.decide(
                proposed.pk, by=other_manager, given=replace(DECIDE, seen=seen), now=at(TODAY, 11)
            )

    def test_confirmation_and_end_refused_over_a_record_completed_meanwhile(
        self, urgent, officer, other_manager
    ):
        rewrite(urgent, officer)
        seen, now = reading.seen(SUSPENSION, urgent.pk), at(TODAY + DAY, 11)
        rewrite(urgent, officer, evidence="Another visit.")
        confirmed = ConfirmInput(reason="Right.", review_on=TODAY + 14 * DAY, seen=seen)
        with not_allowed("stale-version"):
            deciding.confirm(urgent.pk, by=other_manager, given=confirmed, now=now)
        with not_allowed("stale-version"):
            deciding.end_unconfirmed(
                urgent.pk, by=other_manager, given=replace(NO, seen=seen), now=now
            )
        confirmed = replace(confirmed, seen=reading.seen(SUSPENSION, urgent.pk))
        assert deciding.confirm(urgent.pk, by=other_manager, given=confirmed, now=now).confirmed_by

    def test_lift_refused_over_another_proposal_to_lift(
        self, ready, manager, other_manager, third_manager
    ):
        propose_lift(ready, manager)
        seen = reading.seen(SUSPENSION, ready.pk)
        reading.refuse_lift(ready.pk, by=other_manager, given=NO, now=at(LATER, 11))
        propose_lift(ready, manager, answers(cqc_view=answered("By telephone this time.")))
        for act in (lifting.lift, lifting.refuse_lift):
            with not_allowed("stale-version"):
                act(
                    ready.pk,
                    by=third_manager,
                    given=DecideLiftInput(reason="Agreed.", seen=seen),
                    now=at(LATER, 12),
                )

    def test_change_refused_over_an_answer_of_the_provider(
        self, in_force, manager, officer, other_manager
    ):
        change = changing.propose_extension(
            in_force.pk, by=manager, given=ExtensionInput(TODAY + 60 * DAY, "x"), now=at(TODAY, 12)
        )
        seen = reading.seen(CHANGE, change.pk)
        put(in_force, officer)
        for act in (changing.agree_change, changing.refuse_change):
            with not_allowed("stale-version"):
                act(change.pk, by=other_manager, given=replace(NO, seen=seen), now=at(TODAY, 14))
        assert reading.agree_change(change.pk, by=other_manager, given=NO, now=at(TODAY, 14))

    def test_formal_step_refused_over_an_answer_of_the_provider(
        self, service, manager, officer, other_manager
    ):
        step = steps.propose(service.pk, by=manager, given=notice(), now=at(TODAY, 9))
        seen, now = reading.seen(FORMAL_STEP, step.pk), at(TODAY, 11)
        put_step(step, officer)
        for what in ("issue", "refuse"):
            with not_allowed("stale-version"):
                steps.decide(
                    step.pk,
                    by=other_manager,
                    given=decision(at(TODAY, 11), what, seen=seen),
                    now=now,
                )
        assert reading.decide_step(step.pk, by=other_manager, given=decision(now), now=now)


class TestWhoWroteIt:
    @pytest.mark.parametrize("part", ["summary", "reasons", "evidence"])
    def test_decision_refused_for_whoever_wrote_the_reasons(
        self, proposed, other_manager, third_manager, part
    ):
        rewrite(proposed, other_manager, **{part: "In words of my own."})
        for act, given in ((reading.decide, DECIDE), (reading.refuse, NO)):
            with not_allowed("wrote-it"):
                act(proposed.pk, by=other_manager, given=given, now=at(TODAY, 11))
        proposed.refresh_from_db()
        assert who_can(proposed, "refuse") == (third_manager,)
        assert reading.decide(proposed.pk, by=third_manager, given=DECIDE, now=at(TODAY, 11))

    def test_whoever_wrote_them_first_still_does_not_decide(self, proposed, officer, other_manager):
        rewrite(proposed, other_manager, reasons="In words of my own.")
        rewrite(proposed, officer, reasons="In words of my own!")
        with not_allowed("wrote-it"):
            reading.decide(proposed.pk, by=other_manager, given=DECIDE, now=at(TODAY, 11))

    def test_whoever_wrote_of_the_welfare_alone_decides(self, proposed, other_manager):
        rewrite(proposed, other_manager, welfare="All seen again.")
        assert reading.decide(proposed.pk, by=other_manager, given=DECIDE, now=at(TODAY, 11))

    def test_urgent_confirmed_or_ended_by_nobody_who_completed_its_reasons(
        self, urgent, other_manager, third_manager
    ):
        rewrite(urgent, other_manager)
        now = at(TODAY + DAY, 11)
        confirmed = ConfirmInput(reason="Right.", review_on=TODAY + 14 * DAY)
        with not_allowed("wrote-it"):
            reading.confirm(urgent.pk, by=other_manager, given=confirmed, now=now)
        with not_allowed("wrote-it"):
            reading.end_unconfirmed(urgent.pk, by=other_manager, given=NO, now=now)
        assert reading.confirm(urgent.pk, by=third_manager, given=confirmed, now=now)

    def test_database_refuses_a_decision_by_an_author(self, in_force, officer, urgent_row):
        for pk, fields, name in (
            (in_force.pk, ("decided_by",), "suspension_decided_by_no_author"),
            (urgent_row.pk, ("confirmed_by",), "suspension_confirmed_by_no_author"),
        ):
            Suspension.objects.filter(pk=pk).update(reasons_by=[officer.pk])
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Suspension.objects.filter(pk=pk).update(**dict.fromkeys(fields, officer))

    def test_database_refuses_an_end_or_a_formal_step_by_an_author(
        self, service, row, manager, other_manager
    ):
        ended = row(
            SuspensionStatus.LIFTED,
            lifted_on=TODAY,
            is_urgent=True,
            decided_by=None,
            confirm_due_on=TODAY,
            lift_proposed_by=None,
            lift_proposed_at=None,
        )
        with (
            pytest.raises(IntegrityError, match="suspension_ended_by_no_author"),
            transaction.atomic(),
        ):
            Suspension.objects.filter(pk=ended.pk).update(reasons_by=[other_manager.pk])
        step, now = (
            steps.propose(service.pk, by=manager, given=notice(), now=at(TODAY, 9)),
            at(TODAY, 11),
        )
        made = reading.decide_step(step.pk, by=other_manager, given=decision(now), now=now)
        with (
            pytest.raises(IntegrityError, match="formal_step_decided_by_no_author"),
            transaction.atomic(),
        ):
            type(made).objects.filter(pk=made.pk).update(reasons_by=[other_manager.pk])


def test_decision_says_what_else_its_decider_did(proposed, manager, other_manager, third_manager):
    """Whoever put it to the provider may decide, and the record says that they did."""
    put(proposed, other_manager)
    rewrite(proposed, other_manager, welfare="All seen again.")
    made = reading.decide(proposed.pk, by=other_manager, given=DECIDE, now=at(TODAY, 11))
    assert made.decisions.last().took_part == "wrote in the record, put it to the provider"
    change = changing.propose_extension(
        made.pk, by=manager, given=ExtensionInput(TODAY + 60 * DAY, "x"), now=at(TODAY, 12)
    )
    reading.agree_change(change.pk, by=third_manager, given=NO, now=at(TODAY, 14))
    assert made.decisions.last().took_part == ""


class TestWithdrawing:
    def test_proposal_change_and_step_withdrawn_by_their_proposer_alone(
        self, proposed, service, manager, other_manager
    ):
        why = ReasonInput(reason="Overtaken.")
        with not_allowed("not-the-proposer"):
            deciding.withdraw(proposed.pk, by=other_manager, given=why, now=at(TODAY, 11))
        step = steps.propose(service.pk, by=manager, given=notice(), now=at(TODAY, 9))
        with not_allowed("not-the-proposer"):
            steps.withdraw(step.pk, by=other_manager, given=why, now=at(TODAY, 11))
        reading.decide(proposed.pk, by=other_manager, given=DECIDE, now=at(TODAY, 11))
        change = changing.propose_extension(
            proposed.pk, by=manager, given=ExtensionInput(TODAY + 60 * DAY, "x"), now=at(TODAY, 12)
        )
        with not_allowed("not-the-proposer"):
            changing.withdraw_change(change.pk, by=other_manager, now=at(TODAY, 13))
        assert changing.withdraw_change(change.pk, by=manager, now=at(TODAY, 13))

    def test_lift_withdrawn_by_its_proposer_alone(self, ready, manager, other_manager):
        propose_lift(ready, manager)
        why = ReasonInput(reason="Another concern came in.")
        with not_allowed("not-the-proposer"):
            lifting.withdraw_lift(ready.pk, by=other_manager, given=why, now=at(LATER, 11))
        back = lifting.withdraw_lift(ready.pk, by=manager, given=why, now=at(LATER, 11))
        assert (back.status, back.lift_proposed_by) == (SuspensionStatus.IN_FORCE, None)
        last = back.decisions.last()
        assert (last.step, last.reason) == (DecisionKind.LIFT_WITHDRAWN, why.reason)
        assert propose_lift(ready, other_manager).is_lift_proposed
        assert {criterion.attempt for criterion in ready.lift_criteria.all()} == {1, 2}


class TestInvolved:
    """Whoever had a part does not review."""

    def ask(self, suspension, by, reviewer):
        given = AskReviewInput(asked_on=TODAY, grounds="x", reviewer_id=reviewer.pk)
        return representations.ask_review(suspension.pk, by=by, given=given, now=at(TODAY, 18))

    def test_review_refused_for_whoever_had_a_part(
        self, proposed, officer, manager, other_manager, third_manager, person
    ):
        wrote, considered, reviewed, noted = (person("Officer", f"o{n}") for n in range(4))
        rewrite(proposed, wrote, welfare="Seen again.")
        row = put(proposed, officer)
        suspension = reading.decide(proposed.pk, by=other_manager, given=DECIDE, now=at(TODAY, 11))
        answer = AnswerInput(answer="They accept it.", answered_at=at(TODAY, 11))
        representations.record_answer(row.pk, by=officer, given=answer, now=at(TODAY, 12))
        representations.consider_answer(
            row.pk, by=considered, given=ConsideredInput("Weighed."), now=at(TODAY, 12)
        )
        monitoring.record_review(
            suspension.pk,
            by=reviewed,
            given=ReviewInput(done_on=TODAY, outcome="Goes on.", next_on=TODAY + DAY),
            now=at(TODAY, 13),
        )
        monitoring.add_progress(
            suspension.pk, by=noted, given=ProgressInput("Seen.", TODAY), now=at(TODAY, 13)
        )
        change = changing.propose_extension(
            suspension.pk,
            by=third_manager,
            given=ExtensionInput(TODAY + 60 * DAY, "x"),
            now=at(TODAY, 13),
        )
        changing.withdraw_change(change.pk, by=third_manager, now=at(TODAY, 14))
        clerk = person("Officer", "clerk")
        for someone in (wrote, officer, considered, reviewed, noted, manager, third_manager):
            with not_allowed("had-a-part", "reviewer"):
                self.ask(suspension, clerk, someone)
        # Who wrote the request down has no part in what it is about.
        self.ask(suspension, clerk, person("Signatory"))
        first = self.ask(suspension, clerk, clerk)
        representations.answer_review(
            first.pk,
            by=clerk,
            given=AnswerReviewInput(ReviewOutcome.STANDS, "Right."),
            now=at(TODAY, 19),
        )
        with not_allowed("had-a-part", "reviewer"):
            self.ask(suspension, officer, clerk)

    @pytest.mark.parametrize("group", ["Practitioner", "Administrator", "Committee clerk"])
    def test_review_refused_for_whoever_cannot_read_it(
        self, in_force, service, officer, manager, other_manager, person, group
    ):
        someone = person(group)
        assert not someone.has_perms(SEE)
        with not_allowed("cannot-review", "reviewer"):
            self.ask(in_force, officer, someone)
        step, now = (
            steps.propose(service.pk, by=manager, given=notice(), now=at(TODAY, 9)),
            at(TODAY, 11),
        )
        reading.decide_step(step.pk, by=other_manager, given=decision(now), now=now)
        given = AskReviewInput(asked_on=TODAY, grounds="x", reviewer_id=someone.pk)
        with not_allowed("cannot-review", "reviewer"):
            step_representations.ask_review(step.pk, by=officer, given=given, now=at(TODAY, 12))

    def test_review_refused_for_whoever_has_left(self, in_force, officer, person):
        left = person("Senior officer", "left")
        left.is_active = False
        left.save()
        with not_allowed("cannot-review", "reviewer"):
            self.ask(in_force, officer, left)


class TestTheWorkflowIsAsked:
    def test_nothing_is_put_about_what_was_withdrawn(self, proposed, service, manager, officer):
        deciding.withdraw(proposed.pk, by=manager, given=ReasonInput("x"), now=at(TODAY, 9))
        with not_allowed("wrong-state"):
            put(proposed, officer)
        given = AskReviewInput(asked_on=TODAY, grounds="x", reviewer_id=officer.pk)
        with not_allowed("wrong-state"):
            representations.ask_review(proposed.pk, by=officer, given=given, now=at(TODAY, 12))
        step = steps.propose(service.pk, by=manager, given=notice(), now=at(TODAY, 9))
        steps.withdraw(step.pk, by=manager, given=ReasonInput("x"), now=at(TODAY, 9))
        with not_allowed("wrong-state"):
            put_step(step, officer)
        with not_allowed("wrong-state"):
            step_representations.ask_review(step.pk, by=officer, given=given, now=at(TODAY, 12))

    def test_letter_refused_of_a_step_closed_since_its_page_was_shown(
        self, service, manager, other_manager, officer
    ):
        step, now = (
            steps.propose(service.pk, by=manager, given=notice(), now=at(TODAY, 9)),
            at(TODAY, 11),
        )
        shown = reading.decide_step(step.pk, by=other_manager, given=decision(now), now=now)
        ended = steps.CloseStepInput(FormalStepOutcome.MET, TODAY, "Seen.")
        steps.close(step.pk, by=manager, given=ended, now=at(TODAY, 12))
        with not_allowed("wrong-state"):
            step_letters.write_letter(shown.pk, by=officer, now=at(TODAY, 13))

    def test_letter_says_what_stands_and_not_what_the_page_showed(
        self, in_force, officer, manager, other_manager
    ):
        shown = in_force.recipients.get(kind="cqc")
        assert shown.suspension.kind == SuspensionKind.FULL
        change = changing.propose_scope(
            in_force.pk,
            by=manager,
            given=ScopeInput(None, SuspensionKind.PARTIAL, "One a week", "x"),
            now=at(TODAY, 12),
        )
        reading.agree_change(change.pk, by=other_manager, given=NO, now=at(TODAY, 13))
        letter = letters.write_letter(shown.pk, by=officer, now=at(TODAY, 14))
        assert "One a week" in str(letter.facts)


def test_recipient_added_to_an_unconfirmed_suspension_has_nobody_else_notified(urgent, officer):
    jobs = Job.objects.filter(kind__startswith="suspensions.notify")
    before = set(jobs.values_list("pk", flat=True))
    by_hand = record.RecipientInput("authority", "Neighbourshire")
    notification.add_recipient(urgent.pk, by=officer, given=by_hand, now=at(TODAY, 23))
    assert set(jobs.values_list("pk", flat=True)) == before
    given = record.RecipientInput("authority", "Westshire", "west@example.test")
    added = notification.add_recipient(urgent.pk, by=officer, given=given, now=at(TODAY, 23))
    new = jobs.exclude(pk__in=before)
    assert [(job.kind, job.args) for job in new] == [("suspensions.notify-recipient", [added.pk])]


def test_proposed_recipient_is_notified_with_the_decision(proposed, manager):
    given = record.RecipientInput("authority", "Westshire", "west@example.test")
    notification.add_recipient(proposed.pk, by=manager, given=given, now=at(TODAY, 10))
    assert not Job.objects.filter(kind__startswith="suspensions.notify").exists()


@pytest.fixture
def urgent_row(row, other_manager, make_service):
    return row(
        service=make_service("Birch House"),
        is_urgent=True,
        confirm_due_on=TODAY,
        decided_by=None,
        confirmed_by=other_manager,
        confirmed_at=at(TODAY, 11),
    )


def answered(evidence):
    from suspensions.rules.lifting import CriterionAnswer

    return CriterionAnswer(True, evidence)


REPRESENTATION = RepresentationInput("Clause 14.2", "Three errors.", at(TODAY, 9), TODAY + 10 * DAY)


def put(suspension, by):
    return representations.put_to_provider(
        suspension.pk, by=by, given=REPRESENTATION, now=at(TODAY, 10)
    )


def put_step(step, by):
    return step_representations.put_to_provider(
        step.pk, by=by, given=REPRESENTATION, now=at(TODAY, 10)
    )
