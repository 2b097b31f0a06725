"""An e-mail to a recipient either goes or is shown as not sent, whatever kept it from going."""

from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from core.models import Event
from notifications.models import NotificationKind
from suspensions.actions import deciding, notification, record, sending
from suspensions.actions.deciding import DecideInput, ProposalInput
from suspensions.actions.notification import NotifiedInput
from suspensions.actions.sending import NotSentError
from suspensions.models import Recipient, Suspension, SuspensionKind
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at
from tests.suspensions.test_actions import FULL_RECORD

TRANSIENT = [SMTPServerDisconnected("gone"), SMTPException("no"), OSError("no"), RuntimeError("no")]
FOR_GOOD = [
    SMTPRecipientsRefused({"manager@alder.test": (550, b"unknown")}),
    ValueError("a header"),
    UnicodeEncodeError("ascii", "ä", 0, 1, "an address"),
]


class Failing(BaseEmailBackend):
    """Mail that fails in the way that the test wants."""

    error: Exception | None = None

    def send_messages(self, email_messages):
        if self.error is not None:
            raise self.error
        return 0


@pytest.fixture
def failing(settings):
    def fail(error):
        settings.EMAIL_BACKEND = "tests.suspensions.test_notification.Failing"
        Failing.error = error

    return fail


@pytest.fixture
def in_force(service, manager, other_manager) -> Suspension:
    made = deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=at(TODAY, 9),
    )
    given = DecideInput(reason="Agreed.", in_force_from=TODAY, review_on=TODAY + timedelta(days=14))
    return reading.decide(made.pk, by=other_manager, given=given, now=at(TODAY, 11))


@pytest.fixture
def provider(in_force) -> Recipient:
    return in_force.recipients.get(kind="provider")


@pytest.mark.django_db(transaction=True)
class TestFailing:
    @pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: type(error).__name__)
    def test_failure_is_raised_shown_and_tried_again(self, provider, failing, error):
        failing(error)
        for tries in (1, 2):
            with pytest.raises(NotSentError, match=type(error).__name__):
                sending.notify_recipient(provider.pk, now=at(TODAY, 12))
            provider.refresh_from_db()
            assert (provider.tries, provider.failures, provider.notified_at) == (tries, tries, None)
            assert provider.state == "Email failed, we will try again"

    @pytest.mark.parametrize("error", FOR_GOOD, ids=lambda error: type(error).__name__)
    def test_recipient_of_what_no_other_try_mends_is_to_be_notified_by_hand_at_once(
        self, provider, failing, error
    ):
        failing(error)
        with pytest.raises(NotSentError):
            sending.notify_recipient(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert (provider.state, provider.notified_at) == ("Email failed, contact them", None)

    @pytest.mark.parametrize("email", ["no address", "two@at@signs", "ä\nb@alder.test", " "])
    def test_malformed_address_is_a_failure(self, provider, settings, email):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
        Recipient.objects.filter(pk=provider.pk).update(email=email)
        with pytest.raises(NotSentError):
            sending.notify_recipient(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert (provider.notified_at, provider.failures) == (None, 1)
        assert provider.state.startswith("Email failed")

    def test_email_that_the_server_took_for_nobody_is_not_recorded_as_sent(self, provider, failing):
        failing(None)
        with pytest.raises(NotSentError):
            sending.notify_recipient(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert (provider.notified_at, provider.state) == (None, "Email failed, we will try again")

    def test_letter_that_cannot_be_made_is_a_failure_of_its_message(
        self, in_force, provider, monkeypatch
    ):
        def cannot(_letter):
            raise RuntimeError("no fonts")

        sending.notify_recipients(in_force.pk, NotificationKind.SUSPENSION, now=at(TODAY, 12))
        monkeypatch.setattr("suspensions.mail.content_of", cannot)
        with pytest.raises(NotSentError, match="RuntimeError"):
            sending.notify_recipient(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert provider.state == "Email failed, we will try again"

    def test_success_after_a_failure_says_nothing_of_a_cut_off_try(
        self, provider, failing, settings
    ):
        failing(OSError("no"))
        with pytest.raises(NotSentError):
            sending.notify_recipient(provider.pk, now=at(TODAY, 12))
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert sending.notify_recipient(provider.pk, now=at(TODAY, 13))
        provider.refresh_from_db()
        assert provider.outcome == "Sent to manager@alder.test"
        assert not sending.notify_recipient(provider.pk, now=at(TODAY, 14))
        assert len(mail.outbox) == 1

    def test_a_try_that_was_cut_off_is_seen_and_said(self, in_force, provider):
        sending.notify_recipients(in_force.pk, NotificationKind.SUSPENSION, now=at(TODAY, 12))
        # The worker died between sending and recording: the try is counted, and nothing else is.
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE suspensions_recipient SET tries = 1 WHERE id = %s", [provider.pk]
            )
        assert sending.notify_recipient(provider.pk, now=timezone.now())
        provider.refresh_from_db()
        assert provider.tries == 2
        assert "may have arrived twice" in provider.outcome
        assert not sending.notify_recipient(provider.pk, now=timezone.now())
        assert len(mail.outbox) == 1

    def test_recipient_that_was_closed_is_left_alone(self, provider, officer):
        notification.close_recipient(provider.pk, by=officer, reason="It closed.")
        assert not sending.notify_recipient(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert provider.tries == 0

    def test_given_up_says_what_to_do_once_and_a_person_tells_them(
        self, provider, failing, officer
    ):
        failing(OSError("no"))
        with pytest.raises(NotSentError):
            sending.notify_recipient(provider.pk, now=at(TODAY, 12))
        for hour in (13, 14):
            sending.give_up_recipient(provider.pk, now=at(TODAY, hour))
            provider.refresh_from_db()
            assert provider.state == "Email failed, contact them"
            assert provider.outcome == "Not sent: contact them. The email failed: OSError"
        assert Event.objects.filter(kind="suspension.notification_failed").count() == 1
        notification.record_notified(
            provider.pk, by=officer, notified_at=at(TODAY), how="telephone", now=at(TODAY, 15)
        )
        sending.give_up_recipient(provider.pk, now=at(TODAY, 16))
        provider.refresh_from_db()
        assert (provider.state, provider.notified_by) == ("Notified", officer)


@pytest.mark.django_db
class TestGivingUp:
    def test_one_whose_every_try_was_cut_off_may_have_arrived(self, provider):
        Recipient.objects.filter(pk=provider.pk).update(tries=3)
        sending.give_up_recipient(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert provider.state == "Email failed, contact them"
        assert "may have arrived" in provider.outcome

    def test_recipients_whose_emails_were_never_promised_are_notified_by_hand(
        self, in_force, provider, officer
    ):
        icb = in_force.recipients.get(kind="icb")
        Recipient.objects.filter(pk=icb.pk).update(email="icb@example.test")
        for _ in range(2):
            sending.give_up_notifications(
                in_force.pk, NotificationKind.SUSPENSION, ["icb"], now=at(TODAY, 12)
            )
        states = {
            recipient.kind: recipient.state
            for recipient in in_force.recipients.filter(kind__in=["icb", "provider"])
        }
        assert states == {"icb": "Email failed, contact them", "provider": "Email to be sent"}
        sending.give_up_notifications(in_force.pk, NotificationKind.SUSPENSION, now=at(TODAY, 13))
        provider.refresh_from_db()
        assert provider.state == "Email failed, contact them"
        assert in_force.recipients.get(kind="cqc").state == "Contact them"

    def test_another_address_starts_anew(self, provider, officer):
        sending.give_up_recipient(provider.pk, now=at(TODAY, 12))
        notification.email_recipient(provider.pk, by=officer, email="other@alder.test")
        assert sending.notify_recipient(provider.pk, now=at(TODAY, 13))
        provider.refresh_from_db()
        assert provider.outcome == "Sent to other@alder.test"


@pytest.mark.django_db
class TestByHand:
    @pytest.mark.parametrize(
        ("given", "state"),
        [
            (NotifiedInput("told", notified_at=at(TODAY), how="telephone"), "Notified"),
            (NotifiedInput("email", email="cqc@example.test"), "Email to be sent"),
            (NotifiedInput("close", closed_reason="CQC proposed it."), "Closed"),
        ],
        ids=lambda given: getattr(given, "what", ""),
    )
    def test_settled_in_one_of_three_ways(self, in_force, officer, given, state):
        cqc = in_force.recipients.get(kind="cqc")
        assert (
            notification.settle_recipient(cqc.pk, by=officer, given=given, now=at(TODAY, 15)).state
            == state
        )

    def test_notified_refused_without_a_time_and_for_one_to_come(self, in_force, officer):
        cqc = in_force.recipients.get(kind="cqc")
        with not_allowed("when-missing", "notified_at"):
            notification.settle_recipient(
                cqc.pk, by=officer, given=NotifiedInput("told"), now=at(TODAY, 15)
            )
        with not_allowed("in-future", "notified_at"):
            late = NotifiedInput("told", notified_at=at(TODAY, 16), how="letter")
            notification.settle_recipient(cqc.pk, by=officer, given=late, now=at(TODAY, 15))

    def test_refused_without_the_right(self, in_force, person):
        signatory = person("Signatory")
        recipient = in_force.recipients.get(kind="cqc")
        with not_allowed("permission-missing"):
            notification.settle_recipient(
                recipient.pk, by=signatory, given=NotifiedInput("close"), now=at(TODAY)
            )
        with not_allowed("permission-missing"):
            notification.email_recipient(recipient.pk, by=signatory, email="cqc@example.test")
        with not_allowed("permission-missing"):
            notification.close_recipient(recipient.pk, by=signatory, reason="x")
        with not_allowed("permission-missing"):
            notification.add_recipient(
                in_force.pk, by=signatory, given=record.RecipientInput("icb", "ICB"), now=at(TODAY)
            )
        with not_allowed("permission-missing"):
            notification.notify_rest(in_force.pk, by=signatory)

    def test_proposer_adds_to_a_proposal_and_an_officer_only_from_its_beginning(
        self, service, manager, officer
    ):
        made = deciding.propose(
            service.pk,
            by=manager,
            given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
            now=at(TODAY, 9),
        )
        given = record.RecipientInput("authority", "Neighbourshire")
        with not_allowed("wrong-state"):
            notification.add_recipient(made.pk, by=officer, given=given, now=at(TODAY))
        assert (
            notification.add_recipient(made.pk, by=manager, given=given, now=at(TODAY)).notification
            == NotificationKind.SUSPENSION
        )
