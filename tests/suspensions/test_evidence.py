"""What is kept beside a suspension: changes, corrections, fairness, the people there, who was told
in which words, letters.
"""

import io
from datetime import timedelta

import pikepdf
import psycopg
import pytest
from django.core import mail
from django.utils import timezone

from administration.actions import cover as cover_actions
from administration.actions.cover import CoverInput
from core import cover as core_cover
from core.inputs import DecisionInput
from core.jobs import names, queue
from core.jobs.models import Job
from formal_steps.actions import steps
from formal_steps.actions.representations import (
    AnswerInput,
    AnswerReviewInput,
    AskReviewInput,
    ConsideredInput,
    RepresentationInput,
)
from formal_steps.models import Policy, ReviewOutcome, StepLetter
from formal_steps.rules import representations as fairness_rules
from notifications import rules
from notifications.actions import letters as made_letters
from notifications.actions import messages
from notifications.actions import registered_recipients as registered
from notifications.actions.messages import MessageInput
from notifications.actions.registered_recipients import RegisteredRecipientInput
from notifications.models import MessageTemplate, NotificationKind, RecipientKind
from providers.actions import funded_people
from providers.actions.funded_people import FundedPeopleInput
from providers.models import Funder
from suspensions import today
from suspensions.actions import (
    alerting,
    changing,
    deciding,
    letters,
    notification,
    people,
    record,
    representations,
    sending,
)
from suspensions.actions.changing import CorrectionInput, ExtensionInput, ScopeInput
from suspensions.actions.deciding import ConfirmInput, DecideInput, ProposalInput, UrgentInput
from suspensions.actions.people import MeetingInput, WelfareInput
from suspensions.figures import in_force as in_force_figures
from suspensions.models import (
    Alert,
    ChangeStatus,
    Correction,
    Criterion,
    DecisionKind,
    Level,
    Recipient,
    Suspension,
    SuspensionGround,
    SuspensionKind,
    SuspensionLetter,
)
from suspensions.rules import lifting
from suspensions.workflow.change import CHANGE
from tests.formal_steps.test_steps import decision, notice
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, address_of, at
from tests.suspensions.test_actions import (
    FULL_RECORD,
    LATER,
    answers,
    lift,
    mended,
    propose_lift,
    visit,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def deliver():
    while queue.work():
        pass


def deliver_that_night():
    """All that is due, the last day to confirm an urgent suspension still to come."""
    kinds = [kind for kind in names.KINDS.values() if kind is not names.ASK_TO_CONFIRM]
    while queue.work(kinds=kinds):
        pass


@pytest.fixture
def in_force(service, manager, other_manager) -> Suspension:
    made = deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=at(TODAY, 9),
    )
    given = DecideInput(reason="Agreed.", in_force_from=TODAY, review_on=TODAY + 14 * DAY)
    return reading.decide(made.pk, by=other_manager, given=given, now=at(TODAY, 11))


@pytest.fixture
def urgent(service, manager) -> Suspension:
    return deciding.suspend_urgently(
        service.pk, by=manager, given=UrgentInput(summary="Two were harmed."), now=at(TODAY, 22)
    )


class TestChanges:
    def test_extension_is_proposed_by_one_and_agreed_by_another(
        self, in_force, manager, other_manager
    ):
        until = TODAY + 60 * DAY
        change = changing.propose_extension(
            in_force.pk,
            by=manager,
            given=ExtensionInput(until=until, reason="Not yet sustained."),
            now=at(TODAY, 12),
        )
        assert today.still_open(other_manager, TODAY).count == 1
        assert today.still_open(manager, TODAY).count == 0
        with not_allowed("same-person"):
            reading.agree_change(
                change.pk, by=manager, given=DecisionInput(reason="x"), now=at(TODAY, 13)
            )
        with not_allowed("change-waits"):
            changing.propose_extension(
                in_force.pk,
                by=other_manager,
                given=ExtensionInput(until=until, reason="x"),
                now=at(TODAY, 13),
            )
        reading.agree_change(
            change.pk, by=other_manager, given=DecisionInput(reason="Agreed."), now=at(TODAY, 13)
        )
        in_force.refresh_from_db()
        assert in_force.planned_until == until
        assert in_force.decisions.last().step == DecisionKind.EXTENDED
        assert list(Suspension.objects.planned_to_end_by(until)) == [in_force]
        assert list(Suspension.objects.in_force_on(until + DAY)) == [in_force]

    def test_past_days_keep_the_kind_that_it_was_of(self, in_force, manager, other_manager):
        in_force.recipients.update(notified_at=at(TODAY, 12), how="telephone")
        later = TODAY + 10 * DAY
        change = changing.propose_scope(
            in_force.pk,
            by=manager,
            given=ScopeInput(
                unit_id=None, kind=SuspensionKind.PARTIAL, limit="One a week", reason="Improving."
            ),
            now=at(later, 9),
        )
        reading.agree_change(
            change.pk, by=other_manager, given=DecisionInput(reason="Agreed."), now=at(later, 11)
        )
        before, after = (
            in_force_figures.by_type(later - DAY).rows[-1],
            in_force_figures.by_type(later).rows[-1],
        )
        assert (before.cells[1:], after.cells[1:]) == ((1, 0, 0, 1), (0, 1, 0, 1))
        told = in_force.recipients.filter(notification=NotificationKind.CHANGE)
        assert (
            told.count()
            == in_force.recipients.filter(notification=NotificationKind.SUSPENSION).count()
        )
        deliver()
        assert "full" in mail.outbox[0].body
        assert "One a week" in mail.outbox[0].body

    def test_a_unit_of_another_service_or_the_same_scope_is_refused(
        self, in_force, manager, make_service
    ):
        with not_allowed("no-change"):
            changing.propose_scope(
                in_force.pk,
                by=manager,
                given=ScopeInput(unit_id=None, kind=SuspensionKind.FULL, limit="", reason="x"),
                now=at(TODAY, 12),
            )
        with not_allowed("foreign-unit", "unit"):
            changing.propose_scope(
                in_force.pk,
                by=manager,
                given=ScopeInput(unit_id=987, kind=SuspensionKind.FULL, limit="", reason="x"),
                now=at(TODAY, 12),
            )

    def test_refused_and_withdrawn_change_nothing(self, in_force, manager, other_manager):
        given = ExtensionInput(until=TODAY + 60 * DAY, reason="x")
        change = changing.propose_extension(in_force.pk, by=manager, given=given, now=at(TODAY, 12))
        reading.refuse_change(
            change.pk, by=other_manager, given=DecisionInput(reason="Lift it."), now=at(TODAY, 13)
        )
        change = changing.propose_extension(in_force.pk, by=manager, given=given, now=at(TODAY, 12))
        changing.withdraw_change(change.pk, by=manager, now=at(TODAY, 14))
        in_force.refresh_from_db()
        assert in_force.planned_until is None
        assert [c.status for c in in_force.changes.all()] == [
            ChangeStatus.REFUSED,
            ChangeStatus.WITHDRAWN,
        ]

    def test_every_state_of_a_change_by_every_action_and_role(
        self, in_force, manager, other_manager, person
    ):
        change = changing.propose_extension(
            in_force.pk,
            by=manager,
            given=ExtensionInput(until=TODAY + 60 * DAY, reason="x"),
            now=at(TODAY, 12),
        )
        for status in ChangeStatus:
            change.status = status
            for action in ("agree", "refuse", "withdraw"):
                waits = status == ChangeStatus.PROPOSED
                ours = CHANGE.refusal(change, action, manager)
                assert (ours is None) == (waits and action == "withdraw"), (status, action)
                theirs = CHANGE.refusal(change, action, other_manager)
                assert (theirs is None) == (waits and action != "withdraw"), (status, action)
                for group in (
                    "Officer",
                    "Senior officer",
                    "Signatory",
                    "Practitioner",
                    "Administrator",
                ):
                    refusal = CHANGE.refusal(change, action, person(group))
                    assert refusal is not None
                    assert refusal.code == "permission-missing"

    def test_correction_stands_beside_the_record(self, in_force, officer):
        changing.correct(
            in_force.pk,
            by=officer,
            given=CorrectionInput(
                about="reasons", right="Four errors.", reason="Chart read again."
            ),
            now=at(TODAY, 15),
        )
        in_force.refresh_from_db()
        assert in_force.reasons == "Three errors in a week."
        made = Correction.objects.get()
        assert (made.said, made.right) == ("Three errors in a week.", "Four errors.")
        with not_allowed("not-correctable", "about"):
            changing.correct(
                in_force.pk,
                by=officer,
                given=CorrectionInput(about="status", right="x", reason="x"),
                now=at(TODAY, 15),
            )

    def test_before_the_decision_the_record_itself_is_changed(self, urgent, officer):
        with not_allowed("not-decided-on"):
            changing.correct(
                urgent.pk,
                by=officer,
                given=CorrectionInput(about="reasons", right="x", reason="x"),
                now=at(TODAY, 23),
            )


@pytest.mark.django_db(transaction=True)
def test_corrections_are_append_only_even_to_the_owner(in_force, officer, owner):
    changing.correct(
        in_force.pk,
        by=officer,
        given=CorrectionInput(about="reasons", right="x", reason="x"),
        now=at(TODAY, 15),
    )
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute("UPDATE suspensions_correction SET said = ''")


class TestFairness:
    def put(self, suspension, officer, days=10, **more):
        given = {
            "clause": "Clause 14.2",
            "put": "Three errors.",
            "put_at": at(TODAY, 9),
            "answer_by": TODAY + days * DAY,
        }
        return representations.put_to_provider(
            suspension.pk,
            by=officer,
            given=RepresentationInput(**given | more),
            now=at(TODAY, 10),
        )

    def test_short_notice_is_flagged_and_says_why(self, in_force, officer):
        assert fairness_rules.unfair(in_force)[0].startswith("Nobody has recorded what was put")
        with not_allowed("short-without-reason", "short_reason") as refusal:
            self.put(in_force, officer, days=1)
        assert "1 working day, and the council gives 5" in refusal.value.message
        representation = self.put(in_force, officer, days=1, short_reason="People at risk.")
        assert (representation.is_short, representation.days_given) == (True, 1)
        flags = fairness_rules.unfair(in_force)
        assert "Short notice" in flags[0]
        assert "before the answer" in flags[1]

    def test_put_refused_for_times_that_cannot_be(self, in_force, officer):
        with not_allowed("in-future", "put_at"):
            self.put(in_force, officer, put_at=at(TODAY, 11))
        with not_allowed("answer-before-put", "answer_by"):
            self.put(in_force, officer, days=-1)

    def test_what_was_short_stays_so_when_the_council_sets_other_days(self, in_force, officer):
        representation = self.put(in_force, officer, days=1, short_reason="People at risk.")
        Policy.objects.create(pk=1, days_to_answer=1)
        representation.refresh_from_db()
        assert representation.is_short
        assert not self.put(in_force, officer, days=1).is_short

    def test_answer_is_recorded_once_and_considered(self, in_force, officer, manager):
        representation = self.put(in_force, officer)
        considered = ConsideredInput("It changes nothing.")
        with not_allowed("not-answered"):
            representations.consider_answer(
                representation.pk, by=manager, given=considered, now=at(TODAY, 13)
            )
        with not_allowed("before-put", "answered_at"):
            early = AnswerInput("We accept it.", at(TODAY, 8))
            representations.record_answer(
                representation.pk, by=officer, given=early, now=at(TODAY, 16)
            )
        given = {"given": AnswerInput("We accept it.", at(TODAY, 15)), "now": at(TODAY, 16)}
        with not_allowed("in-future", "answered_at"):
            representations.record_answer(
                representation.pk, by=officer, **given | {"now": at(TODAY, 14)}
            )
        representations.record_answer(representation.pk, by=officer, **given)
        assert any("was considered" in flag for flag in fairness_rules.unfair(in_force))
        with not_allowed("already-answered"):
            representations.record_answer(representation.pk, by=officer, **given)
        representations.consider_answer(
            representation.pk, by=manager, given=considered, now=at(TODAY, 13)
        )
        assert fairness_rules.unfair(in_force) == []
        with not_allowed("already-considered"):
            representations.consider_answer(
                representation.pk, by=manager, given=considered, now=at(TODAY, 13)
            )

    def test_review_is_by_someone_uninvolved_by_the_clock(self, in_force, officer, manager, person):
        uninvolved = person("Signatory")

        def ask(reviewer, day=TODAY):
            given = AskReviewInput(
                asked_on=day, grounds="The errors were the pharmacy's.", reviewer_id=reviewer.pk
            )
            return representations.ask_review(
                in_force.pk, by=officer, given=given, now=at(TODAY, 16)
            )

        with not_allowed("had-a-part", "reviewer"):
            ask(manager)
        with not_allowed("in-future", "asked_on"):
            ask(uninvolved, TODAY + DAY)
        with not_allowed("before-decision", "asked_on"):
            ask(uninvolved, TODAY - DAY)
        asked = ask(uninvolved)
        assert (
            asked.due_on == TODAY + 30 * DAY
        )  # twenty working days, Good Friday and Easter Monday among them
        assert not asked.is_late
        answer = {"given": AnswerReviewInput(ReviewOutcome.STANDS, "Right."), "now": at(TODAY, 17)}
        with not_allowed("not-the-reviewer"):
            representations.answer_review(asked.pk, by=officer, **answer)
        done = representations.answer_review(asked.pk, by=uninvolved, **answer)
        assert done.answered_on == TODAY
        with not_allowed("already-answered"):
            representations.answer_review(asked.pk, by=uninvolved, **answer)
        letter = in_force.letters.get(kind="review")
        assert letter.title == "Answer to your request for a review: Alder House"
        assert (letter.facts["outcome"], letter.facts["findings"]) == (
            "The decision stands",
            "Right.",
        )
        assert made_letters.make(SuspensionLetter, letter.pk, now=at(TODAY, 18))
        in_force.refresh_from_db()
        assert in_force.is_now_in_force

    def test_answer_refused_for_a_reviewer_who_had_a_part_since(self, in_force, officer, person):
        reviewer = person("Officer", "reviewer")
        given = AskReviewInput(asked_on=TODAY, grounds="x", reviewer_id=reviewer.pk)
        asked = representations.ask_review(in_force.pk, by=officer, given=given, now=at(TODAY, 16))
        Suspension.objects.filter(pk=in_force.pk).update(lead_officer=reviewer)
        with not_allowed("had-a-part"):
            representations.answer_review(
                asked.pk,
                by=reviewer,
                given=AnswerReviewInput(ReviewOutcome.STANDS, "x"),
                now=at(TODAY, 17),
            )

    def test_asked_after_the_days_of_the_letter_is_taken_and_flagged(
        self, in_force, officer, person
    ):
        late = TODAY + 30 * DAY
        given = AskReviewInput(asked_on=late, grounds="x", reviewer_id=person("Signatory").pk)
        asked = representations.ask_review(in_force.pk, by=officer, given=given, now=at(late))
        assert asked.is_late

    def test_review_refused_before_the_decision(self, service, manager, officer, person):
        made = deciding.propose(
            service.pk,
            by=manager,
            given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
            now=at(TODAY, 9),
        )
        given = AskReviewInput(asked_on=TODAY, grounds="x", reviewer_id=person("Signatory").pk)
        with not_allowed("wrong-state"):
            representations.ask_review(made.pk, by=officer, given=given, now=at(TODAY, 16))

    @pytest.mark.parametrize(
        "group", ["Signatory", "Committee clerk", "Practitioner", "Administrator"]
    )
    def test_record_of_fairness_refused_before_anything_is_looked_up(self, person, group):
        given = {"by": person(group), "now": at(TODAY)}
        with not_allowed("permission-missing"):
            representations.put_to_provider(
                0, given=RepresentationInput("x", "x", at(TODAY), TODAY), **given
            )
        with not_allowed("permission-missing"):
            representations.record_answer(0, given=AnswerInput("x", at(TODAY)), **given)
        with not_allowed("permission-missing"):
            representations.consider_answer(
                0, by=given["by"], given=ConsideredInput("x"), now=at(TODAY)
            )
        with not_allowed("permission-missing"):
            representations.ask_review(0, given=AskReviewInput(TODAY, "x", 0), **given)


class TestPeople:
    def test_other_authorities_with_people_there_are_notified(self, service, officer, manager):
        def count(**given):
            return funded_people.count_people(
                service.pk,
                by=officer,
                given=FundedPeopleInput(counted_on=TODAY, **given),
                now=at(TODAY),
            )

        count(funder=Funder.COUNCIL, people=9)
        with not_allowed("authority-missing", "name"):
            count(funder=Funder.AUTHORITY, people=2)
        other = {
            "funder": Funder.AUTHORITY,
            "name": "Neighbourshire",
            "email": "placements@neighbour.test",
        }
        count(people=2, **other)
        count(people=3, **other)
        assert service.funded_people.get(name="Neighbourshire").people == 3
        assert record.RecipientInput(
            "authority", "Neighbourshire", "placements@neighbour.test"
        ) in record.usual_recipients(service)
        count(people=0, **other)
        assert not any(
            recipient.kind == RecipientKind.AUTHORITY
            for recipient in record.usual_recipients(service)
        )

    def test_count_refused_for_a_day_to_come(self, service, officer):
        given = FundedPeopleInput(Funder.COUNCIL, 9, TODAY + DAY)
        with not_allowed("in-future", "counted_on"):
            funded_people.count_people(service.pk, by=officer, given=given, now=at(TODAY))

    def test_welfare_check_counts_who_was_seen(self, in_force, officer):
        def check(**more):
            given = {"done_on": TODAY, "living_there": 20, "seen": 20, "found": "Calm."} | more
            return people.check_welfare(
                in_force.pk, by=officer, given=WelfareInput(**given), now=at(TODAY, 15)
            )

        with not_allowed("more-seen-than-live", "seen"):
            check(seen=21)
        with not_allowed("in-future", "done_on"):
            check(done_on=TODAY + DAY)
        with not_allowed("next-too-early", "next_on"):
            check(next_on=TODAY)
        assert check().seen == 20

    def test_meeting_keeps_who_came_and_what_was_agreed(self, in_force, officer):
        def hold(**more):
            given = {
                "kind": "strategy",
                "held_at": at(TODAY, 14),
                "chair": "A manager",
                "attended": "A person, CQC\n\nAnother, ICB",
                "minutes": "Went through the plan.",
            }
            return people.hold_meeting(
                in_force.pk, by=officer, given=MeetingInput(**given | more), now=at(TODAY, 15)
            )

        assert hold().people == ["A person, CQC", "Another, ICB"]
        with not_allowed("in-future", "held_at"):
            hold(held_at=at(TODAY, 16))
        with not_allowed("next-too-early", "next_on"):
            hold(next_on=TODAY)

    def test_what_was_never_in_force_has_no_checks_and_no_meetings(self, service, manager, officer):
        made = deciding.propose(
            service.pk,
            by=manager,
            given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
            now=at(TODAY, 9),
        )
        with not_allowed("wrong-state"):
            people.check_welfare(
                made.pk, by=officer, given=WelfareInput(TODAY, 20, 20, "Calm."), now=at(TODAY, 15)
            )
        with not_allowed("wrong-state"):
            meeting = MeetingInput("strategy", at(TODAY, 14), "Me", "You", "x")
            people.hold_meeting(made.pk, by=officer, given=meeting, now=at(TODAY, 15))
        with not_allowed("wrong-state"):
            notification.notify_rest(made.pk, by=officer)


class TestUrgentRoute:
    def test_own_teams_are_notified_at_once_and_the_rest_when_somebody_says_so(
        self, service, manager, other_manager, officer
    ):
        for name in ("Out of hours", "Brokerage", "Hospital discharge"):
            registered.add_recipient(
                by=officer,
                given=RegisteredRecipientInput(
                    kind="own_team", name=name, email=f"{name[:3].lower()}@council.test"
                ),
                now=at(TODAY),
            )
        made = deciding.suspend_urgently(
            service.pk, by=manager, given=UrgentInput(summary="Harm."), now=at(TODAY, 22)
        )
        deliver_that_night()
        to = {address for m in mail.outbox for address in m.to if m.to}
        teams = {"out@council.test", "bro@council.test", "hos@council.test"}
        assert teams <= to
        assert "manager@alder.test" not in to
        notification.notify_rest(made.pk, by=officer)
        deliver()
        assert "manager@alder.test" in {address for m in mail.outbox for address in m.to}

    def test_confirming_tells_whoever_is_left(self, urgent, manager, other_manager):
        deliver_that_night()
        reading.complete(urgent.pk, by=manager, given=FULL_RECORD, now=at(TODAY + DAY, 8))
        given = ConfirmInput(reason="Agreed.", review_on=TODAY + 14 * DAY)
        reading.confirm(urgent.pk, by=other_manager, given=given, now=at(TODAY + DAY))
        deliver()
        assert urgent.recipients.get(kind="provider").state == "Notified"

    def test_provider_notified_before_confirmation_gets_the_whole_letter_after_it(
        self, urgent, manager, other_manager, officer
    ):
        notification.notify_rest(urgent.pk, by=officer)
        deliver()
        first = urgent.letters.get(recipient__kind="provider")
        assert first.facts["evidence"] == ""
        assert first.facts["unconfirmed"] == "12 March 2026"
        reading.complete(urgent.pk, by=manager, given=FULL_RECORD, now=at(TODAY + DAY, 8))
        given = ConfirmInput(reason="Agreed.", review_on=TODAY + 14 * DAY)
        reading.confirm(urgent.pk, by=other_manager, given=given, now=at(TODAY + 2 * DAY))
        deliver()
        again = urgent.recipients.get(notification=NotificationKind.CONFIRMED)
        assert (again.kind, again.state) == ("provider", "Notified")
        assert again.letters.get().facts["evidence"] == "Visit of 2 March."
        assert again.letters.get().facts["confirmed"] == "13 March 2026"
        # Ten working days from the confirmation.
        assert again.letters.get().facts["ask_by"] == "27 March 2026"
        assert mail.outbox[-1].subject == "A suspension has been confirmed: Alder House"
        assert mail.outbox[-1].attachments

    def test_letter_that_could_not_be_sent_is_written_anew_on_confirmation(
        self, urgent, manager, other_manager, officer
    ):
        notification.notify_rest(urgent.pk, by=officer)
        sending.notify_recipients(urgent.pk, NotificationKind.SUSPENSION, now=at(TODAY, 23))
        reading.complete(urgent.pk, by=manager, given=FULL_RECORD, now=at(TODAY + DAY, 8))
        given = ConfirmInput(reason="Agreed.", review_on=timezone.localdate() + DAY)
        reading.confirm(urgent.pk, by=other_manager, given=given, now=timezone.now())
        provider = urgent.recipients.get(kind="provider")
        assert [letter.facts["evidence"] for letter in provider.letters.all()] == [
            "Visit of 2 March.",
            "",
        ]

    def test_managers_then_the_deputy_then_the_director(self, urgent, other_manager, person):
        deputy, director = person("Manager", "deputy"), person("Signatory", "director")
        stand_in = person("Manager", "stand-in")
        Policy.objects.create(pk=1, deputy=deputy, director=director)
        cover_actions.set_cover(
            by=deputy,
            given=CoverInput(
                person_id=other_manager.pk,
                deputy_id=stand_in.pk,
                from_on=TODAY,
                until_on=TODAY + DAY,
            ),
            now=at(TODAY, 8),
        )
        due = TODAY + DAY
        moments = [at(TODAY, 22), at(due, 8), at(due, 12), at(due + DAY, 8)]
        for number, moment in enumerate(moments):
            assert alerting.ask_to_confirm(urgent.pk, now=moment)
            if number < 3:
                again = Job.objects.filter(kind="suspensions.ask-to-confirm").latest("pk")
                assert again.next_try_at == moments[number + 1]
        levels = list(Alert.objects.values_list("level", flat=True))
        assert levels == [Level.MANAGERS, Level.MANAGERS, Level.DEPUTY, Level.DIRECTOR]
        assert director.email in mail.outbox[-1].bcc
        assert today.to_decide(director, due).count == 0
        assert today.to_decide(director, due + DAY).count == 1
        assert director.email not in mail.outbox[2].bcc
        assert stand_in.email in mail.outbox[0].bcc
        assert "Proposer" not in Alert.objects.last().people

    def test_cover_is_by_someone_who_can_decide_and_is_there(
        self, manager, other_manager, officer, person
    ):
        third = person("Manager", "third")

        def cover_of(away, deputy, until_on=TODAY + 7 * DAY):
            given = CoverInput(
                person_id=away.pk, deputy_id=deputy.pk, from_on=TODAY, until_on=until_on
            )
            return cover_actions.set_cover(by=manager, given=given, now=at(TODAY))

        with not_allowed("cannot-decide", "deputy"):
            cover_of(manager, officer)
        with not_allowed("same-person", "deputy"):
            cover_of(manager, manager)
        with not_allowed("ends-before-start", "until_on"):
            cover_of(manager, other_manager, until_on=TODAY - DAY)
        cover = cover_of(manager, other_manager)
        with not_allowed("deputy-away", "deputy"):
            cover_of(third, manager)
        with not_allowed("stands-in", "person"):
            cover_of(other_manager, third)
        with not_allowed("already-covered", "person"):
            cover_of(manager, third)
        assert core_cover.names_with_cover((manager,), TODAY) == [
            "Proposer (away until 18 March 2026: Decider)"
        ]
        cover_actions.end_cover(cover.pk, by=manager, now=at(TODAY, 12))
        assert core_cover.names_with_cover((manager,), TODAY) == ["Proposer"]

    def test_nobody_is_asked_to_confirm_their_own(self, service, manager):
        with not_allowed("same-person", "confirmer"):
            deciding.suspend_urgently(
                service.pk,
                by=manager,
                given=UrgentInput(summary="Harm.", confirmer_id=manager.pk),
                now=at(TODAY),
            )


class TestMessages:
    def test_own_words_with_the_facts_filled_in(self, in_force, manager):

        def set_words(kind, subject, body):
            given = MessageInput(notification="suspension", kind=kind, subject=subject, body=body)
            return messages.set_message(by=manager, given=given, now=at(TODAY))

        with not_allowed("unknown-fact", "body"):
            set_words("", "x", "{reasons}")
        with not_allowed("lone-brace", "subject"):
            set_words("", "{x", "x")
        set_words("", "Stop: {scope}", "To {recipient}")
        set_words("provider", "{service}\nfrom {from}", "Dear {recipient}, ask {contact}.")
        deliver()
        message = mail.outbox[0]
        assert message.subject == "Alder House from 11 March 2026"
        assert message.body.startswith("Dear Alder Care, ask Person Two, 01632 960000")

    def test_a_fact_that_looks_like_a_name_is_not_filled_in_again(self):
        assert (
            rules.filled_in("{recipient}", {"recipient": "{service}", "service": "x"})
            == "{service}"
        )

    def test_provider_gets_its_letter_with_the_reasons_and_nobody_else_does(
        self, in_force, officer
    ):
        notification.email_recipient(
            in_force.recipients.get(kind="cqc").pk, by=officer, email="cqc@example.test"
        )
        deliver()
        attached = {m.to[0]: [name for name, _content, _type in m.attachments] for m in mail.outbox}
        assert attached == {"manager@alder.test": ["letter.pdf"], "cqc@example.test": []}

    def test_register_stands_in_place_of_the_usual_ones(self, service, make_service, officer):
        given = {"by": officer, "now": at(TODAY)}
        registered.add_recipient(
            given=RegisteredRecipientInput(
                kind="icb", name="ICB quality team", email="icb@example.test"
            ),
            **given,
        )
        mine = registered.add_recipient(
            given=RegisteredRecipientInput(
                kind="families", name="Families' group", service_id=service.pk
            ),
            **given,
        )
        with not_allowed("on-register", "name"):
            registered.add_recipient(
                given=RegisteredRecipientInput(kind="icb", name="ICB quality team"), **given
            )
        names = [recipient.name for recipient in record.usual_recipients(service)]
        assert "ICB quality team" in names
        assert "Integrated care board" not in names
        assert "Families' group" not in [
            p.name for p in record.usual_recipients(make_service("Birch House"))
        ]
        registered.close_recipient(mine.pk, by=officer, now=at(TODAY))
        assert "Residents and families" in [p.name for p in record.usual_recipients(service)]

    def test_record_stays_open_until_everyone_is_notified_of_the_lift(
        self, in_force, service, manager, other_manager, officer
    ):
        mended(service, officer, TODAY + 20 * DAY)
        visit(service, officer, TODAY + 30 * DAY)
        cqc = in_force.recipients.get(kind="cqc")
        notification.record_notified(
            cqc.pk, by=officer, notified_at=at(TODAY, 12), how="telephone", now=at(TODAY, 13)
        )
        propose_lift(in_force, manager)
        lift(in_force, other_manager)
        assert list(Suspension.objects.open_records()) == [in_force]
        card = today.still_open(manager, LATER)
        assert [item.note for item in card.items] == ["Ended: not everyone has been notified"]
        [recipient] = in_force.recipients.filter(notification=NotificationKind.LIFT, kind="cqc")
        notification.close_recipient(recipient.pk, by=officer, reason="CQC proposed it.")
        assert not Suspension.objects.open_records().exists()


class TestLetters:
    def test_providers_letter_says_all_that_it_has_to(self, in_force, officer):
        TestFairness().put(in_force, officer)
        provider = in_force.recipients.get(kind="provider")
        letter = letters.write_letter(provider.pk, by=officer, now=at(TODAY, 12))
        assert made_letters.make(SuspensionLetter, letter.pk, now=at(TODAY, 12))
        letter.refresh_from_db()
        facts = letter.facts
        assert facts["clause"] == "Clause 14.2"
        assert facts["reasons"] == "Three errors in a week."
        assert facts["evidence"] == "Visit of 2 March."
        assert Criterion.CQC_VIEW.label in facts["lifts"]
        assert facts["review_on"] == "25 March 2026"
        assert (facts["ask_by"], facts["review_days"]) == ("25 March 2026", 20)
        with (
            pikepdf.open(io.BytesIO(bytes(letter.content))) as opened,
            opened.open_metadata() as metadata,
        ):
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Suspension of new placements: Alder House"
            assert opened.Root.MarkInfo.Marked

    def test_letter_that_the_worker_gave_up_says_so(self, in_force, officer):
        letter = letters.write_letter(
            in_force.recipients.get(kind="cqc").pk, by=officer, now=at(TODAY, 12)
        )
        for _ in range(2):
            made_letters.give_up(SuspensionLetter, letter.pk)
        letter.refresh_from_db()
        assert letter.failed.startswith("The letter could not be made")
        assert made_letters.make(SuspensionLetter, letter.pk, now=at(TODAY, 13))
        letter.refresh_from_db()
        assert letter.failed == ""
        made_letters.give_up(SuspensionLetter, letter.pk)
        letter.refresh_from_db()
        assert letter.failed == ""

    def test_letter_refused_without_the_right_or_of_what_was_never_in_force(
        self, service, manager, officer, in_force, person
    ):
        recipient = in_force.recipients.get(kind="cqc")
        with not_allowed("permission-missing"):
            letters.write_letter(recipient.pk, by=person("Signatory"), now=at(TODAY, 12))
        Suspension.objects.filter(pk=in_force.pk).update(
            status="proposed",
            decided_by=None,
            decided_at=None,
            decision_recorded_at=None,
            in_force_from=None,
        )
        with not_allowed("wrong-state"):
            letters.write_letter(recipient.pk, by=officer, now=at(TODAY, 12))

    def test_other_letters_give_no_reasons(self, in_force, officer):
        letter = letters.write_letter(
            in_force.recipients.get(kind="cqc").pk, by=officer, now=at(TODAY, 12)
        )
        assert "errors" not in str(letter.facts)

    def test_letter_of_a_formal_step_is_made_whatever_letters_it_has(
        self, service, manager, other_manager
    ):
        for summary in ("Records are not kept.", "Records \U0001f4a9"):
            step = steps.propose(
                service.pk, by=manager, given=notice(summary=summary), now=at(TODAY, 9)
            )
            now = at(TODAY, 11)
            reading.decide_step(step.pk, by=other_manager, given=decision(now), now=now)
            letter = step.letters.get()
            assert made_letters.make(StepLetter, letter.pk, now=at(TODAY, 12))
            letter.refresh_from_db()
            assert letter.failed == ""


class TestChecklistByGround:
    @pytest.mark.parametrize("ground", ["", *SuspensionGround])
    def test_criteria_depend_on_what_it_is_about(self, in_force, ground):
        in_force.ground = ground
        criteria = lifting.criteria_for(in_force)
        assert set(lifting.COMPUTED) <= set(criteria)
        assert Criterion.PROVIDER_HEARD in criteria
        assert (Criterion.MEDICINES_SAFE in criteria) == (ground == SuspensionGround.MEDICINES)
        assert (Criterion.BUSINESS_SOUND in criteria) == (ground == SuspensionGround.BUSINESS)
        assert (Criterion.ENQUIRIES_CLOSED in criteria) == (ground == SuspensionGround.SAFEGUARDING)
        assert (Criterion.STAFF_ENOUGH in criteria) == (ground == SuspensionGround.STAFFING)

    def test_a_criterion_of_its_ground_blocks_by_name(self, in_force, service, officer, manager):
        Suspension.objects.filter(pk=in_force.pk).update(ground=SuspensionGround.MEDICINES)
        mended(service, officer, TODAY + 20 * DAY)
        visit(service, officer, TODAY + 30 * DAY)
        with not_allowed("criterion-unmet", "medicines_safe_override"):
            propose_lift(in_force, manager, answers(medicines_safe=lifting.CriterionAnswer(False)))
        propose_lift(in_force, manager)
        assert in_force.lift_criteria.filter(criterion=Criterion.MEDICINES_SAFE).exists()
        assert not in_force.lift_criteria.filter(criterion=Criterion.NO_RELIANCE).exists()


class TestPages:
    def url(self, name, *args):
        return address_of(name, *args)

    def test_what_an_officer_adds_stands_on_the_page(self, client_as, in_force):
        officer, manager, decider = (
            client_as("Officer"),
            client_as("Manager", "proposer"),
            client_as("Manager", "decider"),
        )
        now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        day = timezone.localdate()
        representation = {
            "clause": "14.2",
            "put": "Three errors were put.",
            "put_at": now,
            "answer_by": day.isoformat(),
        }
        put_url = self.url("put-to-provider", in_force.pk)
        wrong = officer.post(put_url, representation)
        assert (
            wrong.context["form"].errors.as_data()["short_reason"][0].code == "short-without-reason"
        )
        assert "Three errors were put." in wrong.text
        officer.post(put_url, representation | {"short_reason": "At risk."})
        answer_url = self.url("record-answer", in_force.representations.get().pk)
        officer.post(answer_url, {"answer": "Accepted by them.", "answered_at": now})
        officer.post(answer_url, {"considered": "Nothing changes."})
        officer.post(
            self.url("check-welfare", in_force.pk),
            {"done_on": day.isoformat(), "living_there": "20", "seen": "19", "found": "One away."},
        )
        officer.post(
            self.url("hold-meeting", in_force.pk),
            {
                "kind": "families",
                "held_at": now,
                "chair": "Me",
                "attended": "14 relatives",
                "minutes": "They asked.",
            },
        )
        officer.post(
            self.url("providers:count-people", in_force.service_id),
            {"funder": "council", "people": "12", "counted_on": day.isoformat()},
        )
        officer.post(
            self.url("add-correction", in_force.pk),
            {"about": "evidence", "right": "Visit of 3 March.", "reason": "Diary."},
        )
        manager.post(
            self.url("propose-extension", in_force.pk),
            {"until": (day + 60 * DAY).isoformat(), "reason": "Goes on."},
        )
        change = in_force.changes.get()
        reading.post(
            decider,
            self.url("decide-change", change.pk),
            {"decision": "agree", "reason": "Yes.", "decided_at": now},
        )
        letter_url = self.url("write-letter", in_force.recipients.first().pk)
        assert officer.get(letter_url).status_code == 405
        officer.post(letter_url)
        deliver()
        page = officer.get(self.url("view-suspension", in_force.pk)).text
        for words in (
            "Short notice",
            "Accepted by them.",
            "Nothing changes.",
            "19 of 20 people seen",
            "14 relatives",
            "This council 12",
            "Visit of 3 March.",
            "Planned to end by",
            "letter about a suspension (PDF)",
        ):
            assert words in page, words
        letter = SuspensionLetter.objects.filter(suspension=in_force).latest("pk")
        file = officer.get(self.url("download-letter", letter.pk))
        assert file.content.startswith(b"%PDF")

    def test_settings_cover_register_and_messages(self, client_as, service, person, other_manager):
        manager, officer = client_as("Manager", "proposer"), client_as("Officer")
        settings = {
            "default_notices": "3",
            "default_notice_days": "365",
            "days_to_answer": "7",
            "days_to_ask": "10",
            "days_to_review": "20",
            "again_days": "365",
            "deputy": other_manager.pk,
        }
        assert (
            manager.post(self.url("formal_steps:change-policy"), settings, follow=True).status_code
            == 200
        )
        assert Policy.current().default_notices == 3
        assert officer.get(self.url("formal_steps:change-policy")).status_code == 403
        this_day = timezone.localdate()
        cover = {
            "person": person("Manager", "proposer").pk,
            "deputy": other_manager.pk,
            "from_on": this_day.isoformat(),
            "until_on": (this_day - DAY).isoformat(),
        }
        assert (
            "must be the first day away or later" in manager.post(self.url("set-cover"), cover).text
        )
        page = manager.post(
            self.url("set-cover"), cover | {"until_on": this_day.isoformat()}, follow=True
        )
        assert "stands in" in page.text
        officer.post(
            self.url("notifications:add-recipient"),
            {"kind": "icb", "name": "ICB team", "email": "icb@example.test", "service": ""},
        )
        words = {"notification": "lift", "kind": "", "subject": "Again: {scope}", "body": "{wrong}"}
        wrong = manager.post(self.url("notifications:change-message"), words)
        assert wrong.context["form"].errors.as_data()["body"][0].code == "unknown-fact"
        manager.post(self.url("notifications:change-message"), words | {"body": "You can place."})
        assert MessageTemplate.objects.get().subject == "Again: {scope}"
        page = officer.get(self.url("notifications:list-recipients")).text
        assert "ICB team" in page
        assert "Again: {scope}" in page

    def test_page_prompts_when_it_was_suspended_within_a_year(
        self, client_as, service, in_force, manager
    ):
        Suspension.objects.filter(pk=in_force.pk).update(
            status="lifted",
            lifted_on=timezone.localdate() - DAY,
            lift_proposed_by=manager,
            lift_proposed_at=at(LATER),
            lift_decided_by=in_force.decided_by,
            lift_decided_at=at(LATER),
            lift_recorded_at=at(LATER),
        )
        client = client_as("Manager", "proposer")
        for name in ("propose-for-service", "suspend-service-now"):
            assert "suspended before" in client.get(self.url(name, service.pk)).text
        assert Recipient.objects.exists()
