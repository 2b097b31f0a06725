"""What one manager proposes is put before the others by email and on Today, with a day; and who is
to know of a suspension is told, or it is said that they are not.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from core.calendar import add_working_days
from core.inputs import DecisionInput
from core.jobs import queue
from core.jobs.models import Job, JobState
from core.models import Event
from formal_steps.models import FormalStep
from notifications.models import NotificationKind
from providers.models import FundedPeople
from suspensions import today
from suspensions.actions import alerting, asking, changing, deciding, notification
from suspensions.actions.changing import ExtensionInput
from suspensions.actions.record import RecipientInput
from suspensions.models import Recipient
from suspensions.rules.notification import not_listed
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at
from tests.suspensions.test_actions import (
    LATER,
    in_force,
    propose_lift,
    proposed,
    ready,
    urgent,
)

__all__ = ["in_force", "proposed", "ready", "urgent"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ASKS = "suspensions.ask-to-decide"


def asked(suspension):
    return Job.objects.filter(kind=ASKS, about_id=suspension.pk).order_by("pk")


def ask(job, now):
    return asking.ask_to_decide(*job.args, now=now)


class TestProposals:
    def test_a_proposal_is_put_before_the_other_managers_and_names_no_service(
        self, proposed, manager, other_manager
    ):
        [job] = asked(proposed)
        assert ask(job, at(TODAY, 9))
        [sent] = mail.outbox
        assert sent.bcc == [other_manager.email]
        assert "Decide it by 13 March 2026" in sent.body
        assert "Alder" not in sent.subject + sent.body

    def test_it_is_asked_again_on_the_last_morning_and_each_working_morning_after(
        self, proposed, other_manager
    ):
        [job] = asked(proposed)
        due = add_working_days(TODAY, 2)
        moments = [at(TODAY, 9), at(due, 8), at(add_working_days(due, 1), 8)]
        for number, moment in enumerate(moments):
            assert ask(job, moment)
            assert asked(proposed).last().next_try_at == (
                moments[number + 1] if number < 2 else at(add_working_days(due, 2), 8)
            )
        assert [each.subject.startswith("Overdue") for each in mail.outbox] == [False, False, True]

    def test_nobody_is_asked_for_what_was_decided_meanwhile(self, in_force):
        [job] = asked(in_force)
        assert not ask(job, at(TODAY, 12))
        assert not mail.outbox

    def test_a_lift_and_a_change_are_asked_for_too(self, ready, manager, other_manager):
        given = ExtensionInput(until=LATER + 30 * DAY, reason="Not yet.")
        changing.propose_extension(ready.pk, by=manager, given=given, now=at(LATER, 9))
        propose_lift(ready, manager)
        _decided, change, lift = asked(ready)
        assert (change.args[1], lift.args[1]) == ("change", "lift")
        assert ask(change, at(LATER, 10))
        assert ask(lift, at(LATER, 10))
        card = today.to_decide(other_manager, LATER)
        [item] = card.items
        assert item.note == "Lift proposed, decide by 22 April 2026"
        assert today.to_decide(other_manager, LATER + 10 * DAY).items[0].late
        [waiting] = today.still_open(other_manager, LATER).items
        assert waiting.note.startswith("Change to decide by 22 April 2026")

    def test_nobody_to_ask_is_said_on_the_page_until_it_is_decided(
        self, proposed, manager, other_manager, client_as
    ):
        type(other_manager).objects.filter(pk=other_manager.pk).update(email="")
        queue.work()
        [job] = asked(proposed)
        assert (job.state, job.error) == (
            JobState.GIVEN_UP,
            "Nobody who can decide has an email address.",
        )
        page = client_as("Manager", "decider").get(
            reverse("suspensions:view-suspension", args=[proposed.pk])
        )
        assert "ask another manager yourself" in page.text
        assert "Another manager was to decide it by 13 March 2026" in page.text
        reading.refuse(
            proposed.pk, by=other_manager, given=DecisionInput(reason="No."), now=at(TODAY, 12)
        )
        assert not Job.objects.about(proposed).not_done().exists()

    def test_a_formal_step_is_asked_for_too(self, service, manager, other_manager):
        from formal_steps.actions import asking as steps_asking

        step = FormalStep.objects.create(
            service=service,
            step_type="default_notice",
            status="proposed",
            summary="Calls were missed.",
            reasons="Two calls in a week.",
            evidence="The log.",
            required="No call is missed.",
            due_on=TODAY + 30 * DAY,
            proposed_by=manager,
            proposed_at=at(TODAY, 9),
        )
        assert steps_asking.ask_to_decide(step.pk, now=at(TODAY, 10))
        [sent] = mail.outbox
        assert sent.bcc == [other_manager.email]
        again = Job.objects.get(kind="formal_steps.ask-to-decide")
        assert again.next_try_at == at(add_working_days(TODAY, 2), 8)


class TestTold:
    def test_who_places_people_tonight_and_cqc_are_told_at_once(self, service, manager):
        FundedPeople.objects.create(
            service=service,
            funder="authority",
            name="Modelshire",
            email="out@modelshire.test",
            people=3,
            counted_on=TODAY,
            by=manager,
        )
        made = deciding.suspend_urgently(
            service.pk,
            by=manager,
            given=deciding.UrgentInput(summary="Harm."),
            now=at(TODAY, 22),
        )
        job = Job.objects.get(kind="suspensions.notify-recipients")
        assert job.args[2] == ["own_team", "authority", "cqc"]
        provider = made.recipients.get(kind="provider")
        assert provider.state == "Email to be sent by noon on 12 March 2026"
        assert made.recipients.get(kind="authority").state == "Email to be sent"

    def test_the_rest_are_told_at_noon_of_the_last_day_whether_or_not_somebody_confirms(
        self, urgent, other_manager
    ):
        before = Job.objects.filter(kind="suspensions.notify-recipients").count()
        assert alerting.ask_to_confirm(urgent.pk, now=at(TODAY + DAY, 8))
        assert Job.objects.filter(kind="suspensions.notify-recipients").count() == before
        assert alerting.ask_to_confirm(urgent.pk, now=at(TODAY + DAY, 12))
        job = Job.objects.filter(kind="suspensions.notify-recipients").latest("pk")
        assert job.args == [urgent.pk, NotificationKind.SUSPENSION.value]
        assert "is notified now" in mail.outbox[-1].body

    def test_one_added_recipient_does_not_set_off_the_rest_of_an_unconfirmed_one(
        self, urgent, officer
    ):
        before = Job.objects.filter(kind="suspensions.notify-recipients").count()
        given = RecipientInput("healthwatch", "Healthwatch Modelshire", "hw@example.test")
        notification.add_recipient(urgent.pk, by=officer, given=given, now=at(TODAY, 12))
        assert Job.objects.filter(kind="suspensions.notify-recipients").count() == before
        given = RecipientInput("authority", "Modelshire", "out@modelshire.test")
        notification.add_recipient(urgent.pk, by=officer, given=given, now=at(TODAY, 12))
        assert Job.objects.filter(kind="suspensions.notify-recipients").count() == before
        job = Job.objects.get(kind="suspensions.notify-recipient")
        assert job.args == [urgent.recipients.get(name="Modelshire").pk]

    def test_an_authority_that_is_counted_afterwards_stands_on_the_page_and_on_today(
        self, in_force, manager, client_as, officer
    ):
        page = reverse("suspensions:view-suspension", args=[in_force.pk])
        client = client_as("Manager", "proposer")
        assert "Nobody has recorded who pays for the people here" in client.get(page).text
        FundedPeople.objects.create(
            service=in_force.service,
            funder="authority",
            name="St. Helens Council",
            people=3,
            counted_on=TODAY,
            by=manager,
        )
        assert "St. Helens Council has people here and is not on the list" in client.get(page).text
        notes = [item.note for item in today.still_open(manager, TODAY).items]
        assert "Not on the list of recipients: St. Helens Council" in notes
        # As somebody else spells it.
        given = RecipientInput("authority", "St Helens council", "")
        notification.add_recipient(in_force.pk, by=officer, given=given, now=at(TODAY, 13))
        assert not_listed([in_force]) == {}
        assert Recipient.objects.filter(kind="authority").count() == 1

    def test_whoever_proposed_is_not_asked_and_who_stands_in_is(self, proposed, manager, person):
        assert manager not in asking.people_to_ask(
            next(iter(asking.waiting.what_waits(proposed, ()))), at(TODAY, 10)
        )

    def test_a_proposal_that_was_decided_is_not_decided_again(self, in_force, other_manager):
        given = DecisionInput(reason="No.")
        with not_allowed("wrong-state"):
            reading.refuse(in_force.pk, by=other_manager, given=given, now=at(TODAY, 13))
        assert not Event.objects.filter(kind="suspension.asked_to_decide").exists()
