"""An e-mail to a party either goes or is shown as not sent, whatever kept it from going."""

from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from core.models import Event
from suspensions.actions import deciding, record, telling
from suspensions.actions.deciding import DecideInput, ProposalInput
from suspensions.actions.telling import NotSentError, ToldInput
from suspensions.models import Kind, Party, Suspension, Telling
from tests.refusals import not_allowed
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
        settings.EMAIL_BACKEND = "tests.suspensions.test_telling.Failing"
        Failing.error = error

    return fail


@pytest.fixture
def in_force(service, manager, other_manager) -> Suspension:
    made = deciding.propose(
        service.pk, by=manager, given=ProposalInput(kind=Kind.FULL, record=FULL_RECORD), now=at(TODAY, 9)
    )
    given = DecideInput(reason="Agreed.", in_force_from=TODAY, review_on=TODAY + timedelta(days=14))
    return deciding.decide(made.pk, by=other_manager, given=given, now=at(TODAY, 11))


@pytest.fixture
def provider(in_force) -> Party:
    return in_force.parties.get(kind="provider")


@pytest.mark.django_db(transaction=True)
class TestFailing:
    @pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: type(error).__name__)
    def test_failure_is_raised_shown_and_tried_again(self, provider, failing, error):
        failing(error)
        for tries in (1, 2):
            with pytest.raises(NotSentError, match=type(error).__name__):
                telling.tell_party(provider.pk, now=at(TODAY, 12))
            provider.refresh_from_db()
            assert (provider.tries, provider.failures, provider.told_at) == (tries, tries, None)
            assert provider.state == "Failed: will be tried again"

    @pytest.mark.parametrize("error", FOR_GOOD, ids=lambda error: type(error).__name__)
    def test_what_no_other_try_mends_is_to_be_told_by_hand_at_once(self, provider, failing, error):
        failing(error)
        with pytest.raises(NotSentError):
            telling.tell_party(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert (provider.state, provider.told_at) == ("Failed: tell by hand", None)

    @pytest.mark.parametrize("email", ["no address", "two@at@signs", "ä\nb@alder.test", " "])
    def test_malformed_address_is_a_failure(self, provider, settings, email):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
        Party.objects.filter(pk=provider.pk).update(email=email)
        with pytest.raises(NotSentError):
            telling.tell_party(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert (provider.told_at, provider.failures) == (None, 1)
        assert provider.state.startswith("Failed")

    def test_email_that_the_server_took_for_nobody_is_not_recorded_as_sent(self, provider, failing):
        failing(None)
        with pytest.raises(NotSentError):
            telling.tell_party(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert (provider.told_at, provider.state) == (None, "Failed: will be tried again")

    def test_letter_that_cannot_be_made_is_a_failure_of_its_message(self, in_force, provider, monkeypatch):
        def cannot(_letter):
            raise RuntimeError("no fonts")

        telling.tell_partners(in_force.pk, Telling.SUSPENSION, now=at(TODAY, 12))
        monkeypatch.setattr("suspensions.letters.content_of", cannot)
        with pytest.raises(NotSentError, match="RuntimeError"):
            telling.tell_party(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert provider.state == "Failed: will be tried again"

    def test_success_after_a_failure_says_nothing_of_a_cut_off_try(self, provider, failing, settings):
        failing(OSError("no"))
        with pytest.raises(NotSentError):
            telling.tell_party(provider.pk, now=at(TODAY, 12))
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert telling.tell_party(provider.pk, now=at(TODAY, 13))
        provider.refresh_from_db()
        assert provider.outcome == "Sent to manager@alder.test"
        assert not telling.tell_party(provider.pk, now=at(TODAY, 14))
        assert len(mail.outbox) == 1

    def test_a_try_that_was_cut_off_is_seen_and_said(self, in_force, provider):
        telling.tell_partners(in_force.pk, Telling.SUSPENSION, now=at(TODAY, 12))
        # The worker died between sending and recording: the try is counted, and nothing else is.
        with connection.cursor() as cursor:
            cursor.execute("UPDATE suspensions_party SET tries = 1 WHERE id = %s", [provider.pk])
        assert telling.tell_party(provider.pk, now=timezone.now())
        provider.refresh_from_db()
        assert provider.tries == 2
        assert "may have arrived twice" in provider.outcome
        assert not telling.tell_party(provider.pk, now=timezone.now())
        assert len(mail.outbox) == 1

    def test_party_that_was_closed_is_left_alone(self, provider, officer):
        telling.close_party(provider.pk, by=officer, reason="It closed.")
        assert not telling.tell_party(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert provider.tries == 0

    def test_given_up_says_what_to_do_once_and_a_person_tells_them(self, provider, failing, officer):
        failing(OSError("no"))
        with pytest.raises(NotSentError):
            telling.tell_party(provider.pk, now=at(TODAY, 12))
        for hour in (13, 14):
            telling.give_up_party(provider.pk, now=at(TODAY, hour))
            provider.refresh_from_db()
            assert provider.state == "Failed: tell by hand"
            assert provider.outcome == "Not sent: tell them by hand. The e-mail failed: OSError"
        assert Event.objects.filter(kind="suspension.telling_failed").count() == 1
        telling.record_told(provider.pk, by=officer, told_at=at(TODAY), how="telephone", now=at(TODAY, 15))
        telling.give_up_party(provider.pk, now=at(TODAY, 16))
        provider.refresh_from_db()
        assert (provider.state, provider.told_by) == ("Told", officer)


@pytest.mark.django_db
class TestGivingUp:
    def test_one_whose_every_try_was_cut_off_may_have_arrived(self, provider):
        Party.objects.filter(pk=provider.pk).update(tries=3)
        telling.give_up_party(provider.pk, now=at(TODAY, 12))
        provider.refresh_from_db()
        assert provider.state == "Failed: tell by hand"
        assert "may have arrived" in provider.outcome

    def test_partners_whose_emails_were_never_promised_are_told_by_hand(self, in_force, provider, officer):
        icb = in_force.parties.get(kind="icb")
        Party.objects.filter(pk=icb.pk).update(email="icb@example.test")
        for _ in range(2):
            telling.give_up_partners(in_force.pk, Telling.SUSPENSION, ["icb"], now=at(TODAY, 12))
        states = {party.kind: party.state for party in in_force.parties.filter(kind__in=["icb", "provider"])}
        assert states == {"icb": "Failed: tell by hand", "provider": "E-mail to be sent"}
        telling.give_up_partners(in_force.pk, Telling.SUSPENSION, now=at(TODAY, 13))
        provider.refresh_from_db()
        assert provider.state == "Failed: tell by hand"
        assert in_force.parties.get(kind="cqc").state == "To be told by hand"

    def test_another_address_starts_anew(self, provider, officer):
        telling.give_up_party(provider.pk, now=at(TODAY, 12))
        telling.email_party(provider.pk, by=officer, email="other@alder.test")
        assert telling.tell_party(provider.pk, now=at(TODAY, 13))
        provider.refresh_from_db()
        assert provider.outcome == "Sent to other@alder.test"


@pytest.mark.django_db
class TestByHand:
    @pytest.mark.parametrize(
        ("given", "state"),
        [
            (ToldInput("told", told_at=at(TODAY), how="telephone"), "Told"),
            (ToldInput("email", email="cqc@example.test"), "E-mail to be sent"),
            (ToldInput("close", closed_reason="CQC proposed it."), "Closed"),
        ],
        ids=lambda given: getattr(given, "what", ""),
    )
    def test_settled_in_one_of_three_ways(self, in_force, officer, given, state):
        cqc = in_force.parties.get(kind="cqc")
        assert telling.settle_party(cqc.pk, by=officer, given=given, now=at(TODAY, 15)).state == state

    def test_told_refused_without_a_time_and_for_one_to_come(self, in_force, officer):
        cqc = in_force.parties.get(kind="cqc")
        with not_allowed("when-missing", "told_at"):
            telling.settle_party(cqc.pk, by=officer, given=ToldInput("told"), now=at(TODAY, 15))
        with not_allowed("in-future", "told_at"):
            late = ToldInput("told", told_at=at(TODAY, 16), how="letter")
            telling.settle_party(cqc.pk, by=officer, given=late, now=at(TODAY, 15))

    def test_refused_without_the_right(self, in_force, person):
        signatory = person("Signatory")
        party = in_force.parties.get(kind="cqc")
        with not_allowed("permission-missing"):
            telling.settle_party(party.pk, by=signatory, given=ToldInput("close"), now=at(TODAY))
        with not_allowed("permission-missing"):
            telling.email_party(party.pk, by=signatory, email="cqc@example.test")
        with not_allowed("permission-missing"):
            telling.close_party(party.pk, by=signatory, reason="x")
        with not_allowed("permission-missing"):
            telling.add_party(in_force.pk, by=signatory, given=record.ToTell("icb", "ICB"))
        with not_allowed("permission-missing"):
            telling.tell_rest(in_force.pk, by=signatory)

    def test_proposer_adds_to_a_proposal_and_an_officer_only_from_its_beginning(
        self, service, manager, officer
    ):
        made = deciding.propose(
            service.pk, by=manager, given=ProposalInput(kind=Kind.FULL, record=FULL_RECORD), now=at(TODAY, 9)
        )
        given = record.ToTell("authority", "Neighbourshire")
        with not_allowed("wrong-state"):
            telling.add_party(made.pk, by=officer, given=given)
        assert telling.add_party(made.pk, by=manager, given=given).telling == Telling.SUSPENSION
