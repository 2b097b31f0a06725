"""A closed service is neither free to place nor told that placements can begin again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core.inputs import DecisionInput, ReasonInput
from core.jobs import queue
from notifications.models import LetterKind, MessageTemplate, NotificationKind
from providers import placement
from providers.actions import services as services_actions
from providers.actions.services import ReopeningInput
from providers.models import Contract, PastClosure, Service
from providers.placement import PlacementAnswer
from suspensions import letters
from suspensions.actions import closing, deciding, lifting
from suspensions.actions.deciding import ConfirmInput, DecideInput
from suspensions.figures.in_force import by_district, by_type, share_of_contracted
from suspensions.figures.papers import suspensions_in_force
from suspensions.figures.time import flow, monthly
from suspensions.mail import ONLY_ENDED, words_for
from suspensions.models import DecisionKind, Recipient, Suspension, SuspensionStatus
from suspensions.rules import notification
from suspensions.today import still_open
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def close(service, day=TODAY) -> None:
    Service.objects.filter(pk=service.pk).update(closed_on=day)
    service.refresh_from_db()


@pytest.fixture
def told(row, service):
    """In force, with CQC notified of it and the families not yet."""
    held = row(from_on=TODAY - 40 * DAY)
    told = {"notified_at": at(TODAY - 39 * DAY), "how": "email", "outcome": "Sent"}
    held.recipients.create(
        notification="suspension", kind="cqc", name="CQC", email="cqc@cqc.test", **told
    )
    held.recipients.create(notification="suspension", kind="families", name="Families")
    close(service)
    return Suspension.objects.get(pk=held.pk)


def end(suspension, by, **more) -> Suspension:
    given = DecisionInput(reason="The home has closed.", **more)
    return closing.end_closed(suspension.pk, by=by, given=given, now=at(TODAY, 15))


class TestEnd:
    def test_ended_by_another_manager_without_a_lift(self, told, manager, other_manager):
        with not_allowed("same-person"):
            end(told, manager)
        ended = end(told, other_manager)
        assert (ended.status, ended.lifted_on) == (SuspensionStatus.LIFTED, TODAY)
        assert ended.status_in_words == "Ended, service closed"
        assert ended.decisions.last().step == DecisionKind.ENDED_CLOSED

    def test_officer_may_not(self, told, officer):
        with not_allowed("permission-missing"):
            end(told, officer)

    def test_refused_for_a_service_that_is_open(self, row, other_manager):
        with not_allowed("service-open"):
            end(row(), other_manager)

    def test_those_told_are_told_that_it_closed(self, told, other_manager):
        end(told, other_manager)
        while queue.work():
            pass
        assert [each.to for each in mail.outbox] == [["cqc@cqc.test"]]
        assert mail.outbox[0].subject == "Service closed: Alder House"
        for words in (mail.outbox[0].subject, mail.outbox[0].body):
            assert "again" not in words
        assert "closed on 11 March 2026" in mail.outbox[0].body
        # Whoever had not been told of the suspension has nothing more to hear of it.
        assert told.recipients.get(kind="families").closed_reason

    def test_letter_says_that_it_closed(self, told, other_manager):
        ended = end(told, other_manager)
        one = ended.recipients.create(
            notification=NotificationKind.CLOSURE, kind="provider", name="Alder Care"
        )
        facts = letters.facts_for_recipient(one, at(TODAY, 16))
        assert facts["kind"] == LetterKind.CLOSURE
        assert letters.title_of(facts) == "Suspension ended, service closed: Alder House"

    def test_who_hears_of_it_later_hears_of_the_end_in_the_same_words(self, told, other_manager):
        ended = end(told, other_manager)
        assert notification.notification_of_end(ended) == NotificationKind.CLOSURE

    def test_a_lift_that_waits_falls(self, row, service, manager, other_manager):
        held = row(SuspensionStatus.LIFT_PROPOSED, from_on=TODAY - DAY)
        close(service)
        Suspension.objects.filter(pk=held.pk).update(lift_proposed_by=other_manager)
        assert end(held, other_manager).lift_proposed_by is None

    def test_today_asks_the_managers_for_it(self, told, manager, officer):
        assert "The service has closed: end the suspension" in [
            item.note for item in still_open(manager, TODAY).items
        ]
        assert not still_open(officer, TODAY).items

    def test_page(self, client_as, told):
        close(told.service, timezone.localdate())
        decider = client_as("Manager", "decider")
        page = decider.get(reverse("suspensions:view-suspension", args=[told.pk])).text
        url = reverse("suspensions:end-closed-service", args=[told.pk])
        assert url in page
        assert "Propose to lift" not in page
        sent = {"reason": "", "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
        assert decider.post(url, sent).context["form"].errors["reason"]
        done = decider.post(url, {**sent, "reason": "It has closed."}, follow=True)
        assert "The suspension has ended." in done.text
        assert "Ended, service closed" in done.text
        own = client_as("Manager", "proposer").get(url).text
        assert "already" in own or "another manager" in own or "lifted" in own


class TestNothingElse:
    """What is begun, confirmed, changed or lifted at a closed service sends words that are not
    true.
    """

    def test_proposal_is_refused_and_not_decided(self, row, service, other_manager):
        whole = dict.fromkeys(("reasons", "evidence", "provider_notified", "welfare"), "Words.")
        held = row(SuspensionStatus.PROPOSED, from_on=TODAY - DAY, **whole)
        held.recipients.create(notification="suspension", kind="cqc", name="CQC")
        close(service)
        given = DecideInput(reason="Yes.", in_force_from=TODAY, review_on=TODAY + 9 * DAY)
        with not_allowed("service-closed"):
            reading.decide(held.pk, by=other_manager, given=given, now=at(TODAY, 15))
        refused = DecisionInput(reason="It has closed.")
        reading.refuse(held.pk, by=other_manager, given=refused, now=at(TODAY, 15))

    def test_proposal_does_not_begin_after_the_closing(self, row, service, other_manager):
        whole = dict.fromkeys(("reasons", "evidence", "provider_notified", "welfare"), "Words.")
        held = row(SuspensionStatus.PROPOSED, from_on=TODAY - DAY, **whole)
        held.recipients.create(notification="suspension", kind="cqc", name="CQC")
        close(service, TODAY + 3 * DAY)
        given = DecideInput(reason="Yes.", in_force_from=TODAY + 5 * DAY, review_on=TODAY + 9 * DAY)
        with not_allowed("service-closed"):
            reading.decide(held.pk, by=other_manager, given=given, now=at(TODAY, 15))

    def test_urgent_one_is_neither_confirmed_nor_ended_unconfirmed(
        self, row, service, other_manager
    ):
        urgent = {"is_urgent": True, "confirm_due_on": TODAY + DAY, "decided_by": None}
        held = row(from_on=TODAY - DAY, **urgent)
        close(service)
        confirm = ConfirmInput(reason="Yes.", review_on=TODAY + 9 * DAY)
        with not_allowed("service-closed"):
            reading.confirm(held.pk, by=other_manager, given=confirm, now=at(TODAY, 15))
        unconfirmed = DecisionInput(reason="No.")
        with not_allowed("service-closed"):
            reading.end_unconfirmed(held.pk, by=other_manager, given=unconfirmed, now=at(TODAY, 15))
        assert end(held, other_manager).is_ended_by_closure

    def test_lift_is_neither_proposed_nor_decided(self, row, service, manager, other_manager):
        held = row(SuspensionStatus.LIFT_PROPOSED, from_on=TODAY - DAY)
        close(service)
        given = lifting.DecideLiftInput(reason="Yes.")
        with not_allowed("service-closed"):
            reading.lift(held.pk, by=other_manager, given=given, now=at(TODAY, 15))
        refused = DecisionInput(reason="It has closed.")
        reading.refuse_lift(held.pk, by=other_manager, given=refused, now=at(TODAY, 15))
        proposal = lifting.LiftInput(reason="Improved.", answers={})
        with not_allowed("service-closed"):
            lifting.propose_lift(held.pk, by=manager, given=proposal, now=at(TODAY, 16))


class TestReopened:
    @pytest.fixture
    def reopened(self, told, other_manager, person) -> Suspension:
        ended = end(told, other_manager)
        services_actions.reopen_service(
            told.service_id,
            by=person("Manager", "closer"),
            given=ReopeningInput(reopened_on=TODAY + 5 * DAY, reason="A new owner."),
            today=TODAY + 5 * DAY,
        )
        return ended

    def answer(self, suspension, day) -> PlacementAnswer:
        return placement.status_of(suspension.service_id, day).answer

    def test_asks_until_two_managers_have_decided_again(
        self, reopened, service, manager, other_manager
    ):
        assert self.answer(reopened, TODAY + 6 * DAY) == PlacementAnswer.ASK
        from suspensions.actions.deciding import ProposalInput
        from suspensions.models import SuspensionKind
        from tests.suspensions.test_actions import FULL_RECORD

        again = deciding.propose(
            service.pk,
            by=manager,
            given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
            now=at(TODAY + 6 * DAY),
        )
        assert self.answer(reopened, TODAY + 6 * DAY) == PlacementAnswer.ASK
        deciding.withdraw(
            again.pk, by=manager, given=ReasonInput(reason="No."), now=at(TODAY + 6 * DAY, 11)
        )
        assert self.answer(reopened, TODAY + 6 * DAY) == PlacementAnswer.ASK
        again = deciding.propose(
            service.pk,
            by=manager,
            given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
            now=at(TODAY + 6 * DAY, 12),
        )
        refused = DecisionInput(reason="The new owner has mended it.")
        reading.refuse(again.pk, by=other_manager, given=refused, now=at(TODAY + 6 * DAY, 13))
        assert self.answer(reopened, TODAY + 6 * DAY) == PlacementAnswer.OPEN


class TestWordsOfALift:
    """No words say that placements can begin again where something else still stands."""

    @pytest.fixture
    def lifted(self, row) -> Recipient:
        held = row(SuspensionStatus.LIFTED, from_on=TODAY - 40 * DAY, lifted_on=TODAY)
        return held.recipients.create(notification="lift", kind="cqc", name="CQC", email="a@b.test")

    def test_nothing_else_stands(self, lifted):
        subject, body = words_for(lifted)
        assert subject == "Placements can begin again: Alder House"
        assert "does not mean" not in body

    def test_another_suspension_goes_on(self, lifted, row, unit):
        row(unit=unit, from_on=TODAY)
        subject, body = words_for(lifted)
        assert subject == f"{ONLY_ENDED}: Alder House"
        assert "This does not mean that placements can begin again." in body
        assert "Do not place in Rose unit." in body
        assert letters.facts_for_recipient(lifted, at(TODAY))["still_stands"]

    def test_words_of_the_council_say_it_too(self, lifted, row, unit, manager):
        row(unit=unit, from_on=TODAY)
        MessageTemplate.objects.create(
            notification="lift",
            subject="Placements may begin again",
            body="All is well at {service}.",
            changed_by=manager,
            changed_at=at(TODAY),
        )
        subject, body = words_for(lifted)
        assert "again" not in subject
        assert body.startswith("This does not mean that placements can begin again.")


class TestFigures:
    """Figures of suspensions leave out the days on which a service was closed."""

    @pytest.fixture
    def council_of_four(self, make_service, row):
        """Open, closed, closes ahead, closed once and reopened: all suspended, all contracted."""
        made = {}
        for name in ("Open", "Closed", "Closing", "Reopened"):
            made[name] = make_service(f"{name} House")
            Contract.objects.create(service=made[name], reference=name, starts_on=TODAY - 400 * DAY)
            row(service=made[name], from_on=TODAY - 40 * DAY)
        close(made["Closed"], TODAY - 5 * DAY)
        close(made["Closing"], TODAY + 5 * DAY)
        PastClosure.objects.create(
            service=made["Reopened"], closed_on=TODAY - 20 * DAY, reopened_on=TODAY - 10 * DAY
        )
        return made

    def count(self, figure, column="services"):
        keys = [each.key for each in figure.columns]
        return figure.rows[-1].cells[keys.index(column)]

    @pytest.mark.parametrize(
        ("days", "expected"), [(-40, 4), (-21, 4), (-20, 3), (-10, 4), (-5, 3), (0, 3), (5, 2)]
    )
    def test_tables_by_type_by_district_of_the_share_and_of_papers_agree(
        self, council_of_four, days, expected
    ):
        day = TODAY + days * DAY
        assert self.count(by_type(day)) == expected
        assert self.count(by_district(day)) == expected
        assert self.count(share_of_contracted(day), "suspended") == expected
        assert sum(row.cells[1] for row in suspensions_in_force(day).rows) == expected

    def test_flow_adds_up_over_closings_and_reopenings(self, council_of_four):
        # On both sides of each beginning, closing and reopening.
        days = (-41, -40, -21, -20, -11, -10, -6, -5, 4, 5)
        for first in days:
            for last in (day for day in days if day >= first):
                figure = flow(TODAY + last * DAY, TODAY + first * DAY)
                _, before, opened, ended, after, _ = figure.rows[-1].cells
                assert before + opened - ended == after, (first, last)

    def test_ended_and_opened_again_in_the_month(self, council_of_four):
        keys = [each.key for each in monthly(TODAY).columns]
        cells = dict(zip(keys, monthly(TODAY, months=1).rows[-1].cells, strict=True))
        assert (cells["services"], cells["ended"]) == (3, 1)

    def test_behind_a_number_of_services_stand_the_services(self, row, service, unit):
        other = service.units.create(name="Lily unit")
        row(unit=unit)
        row(unit=other)
        for figure, column in (
            (by_type(TODAY), "services"),
            (by_district(TODAY), "services"),
            (monthly(TODAY), "services"),
        ):
            shown = dict(figure.rows[-1].behind)[column]
            assert shown == (str(service.pk),), figure.name
            assert self.count(figure, column) == 1
