"""From a form to its action: every answer arrives, a refusal stands by its field, and a field in
one place only fails loudly.
"""

from datetime import timedelta

import pytest
from django import forms
from django.utils import timezone

from administration.actions import cover as cover_actions
from administration.actions.cover import CoverInput
from core.models import Cover
from notifications.actions import registered_recipients as registered
from notifications.actions.registered_recipients import RegisteredRecipientInput
from notifications.models import RegisteredRecipient
from providers.models import Contract
from suspensions.actions import changing, deciding
from suspensions.actions.changing import ScopeInput
from suspensions.actions.deciding import DecideInput, ProposalInput, UrgentInput
from suspensions.forms.monitoring import ProgressForm
from suspensions.models import ChangeStatus, Suspension, SuspensionKind
from tests.suspensions import reading
from tests.suspensions.conftest import address_of
from tests.suspensions.test_actions import FULL_RECORD

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def url(name, *args):
    return address_of(name, *args)


def codes(response):
    """The codes of the refusals that the form shows, by field."""
    errors = response.context["form"].errors.as_data()
    return {field: [error.code for error in found] for field, found in errors.items()}


@pytest.fixture
def as_proposer(client_as):
    return client_as("Manager", "proposer")


@pytest.fixture
def in_force(service, manager, other_manager):
    then = timezone.now() - 49 * DAY
    made = deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=then,
    )
    given = DecideInput(
        reason="Agreed.", in_force_from=timezone.localdate(then), review_on=timezone.localdate()
    )
    return reading.decide(made.pk, by=other_manager, given=given, now=then)


def test_every_answer_of_a_proposal_arrives(as_proposer, service, unit, officer):
    today = timezone.localdate()
    contract = Contract.objects.create(service=service, reference="A", starts_on=today - DAY)
    notified_at = (timezone.localtime() - DAY).strftime("%Y-%m-%dT%H:%M")
    sent = {
        "unit": unit.pk,
        "kind": "partial",
        "limit": "Two a week.",
        "ground": "medicines",
        "summary": "Medicines.",
        "reasons": "Errors.",
        "evidence": "A visit.",
        "provider_notified_at": notified_at,
        "provider_notified": "By telephone.",
        "provider_answer": "They accept it.",
        "welfare": "All seen.",
        "meetings": "One.",
        "quiet_weeks": "7",
        "contracts": [contract.pk],
        "lead_officer": officer.pk,
        "recipients": ["0"],
        "authorities": "Neighbourshire",
    }
    as_proposer.post(url("propose-for-service", service.pk), sent)
    made = Suspension.objects.get()
    plain = ("kind", "limit", "ground", "summary", "reasons", "evidence", "provider_notified")
    plain += ("provider_answer", "welfare", "meetings")
    assert {name: getattr(made, name) for name in plain} == {name: sent[name] for name in plain}
    assert timezone.localtime(made.provider_notified_at).strftime("%Y-%m-%dT%H:%M") == notified_at
    assert (made.unit, made.quiet_weeks, made.lead_officer) == (unit, 7, officer)
    assert list(made.contracts.all()) == [contract]
    assert [recipient.name for recipient in made.recipients.all()] == [
        "Alder Care",
        "Neighbourshire",
    ]


def test_whoever_is_asked_to_confirm_is_kept(as_proposer, service, other_manager):
    sent = {
        "kind": "full",
        "summary": "Harm.",
        "in_force_from": timezone.localdate().isoformat(),
        "confirmer": other_manager.pk,
    }
    as_proposer.post(url("suspend-service-now", service.pk), sent)
    assert Suspension.objects.get().confirmer == other_manager


def test_another_scope_arrives_whole_and_can_be_withdrawn(as_proposer, in_force):
    same = {"kind": "full", "limit": "", "reason": "Kept words."}
    refused = as_proposer.post(url("propose-scope", in_force.pk), same)
    assert codes(refused) == {"__all__": ["no-change"]}
    assert "Kept words." in refused.text
    as_proposer.post(url("propose-scope", in_force.pk), same | {"kind": "partial", "limit": "One."})
    change = in_force.changes.get()
    assert (change.unit, change.kind, change.limit, change.reason) == (
        None,
        "partial",
        "One.",
        "Kept words.",
    )
    done = as_proposer.post(url("withdraw-change", change.pk), follow=True)
    assert "The proposed change has been withdrawn." in done.text
    change.refresh_from_db()
    assert change.status == ChangeStatus.WITHDRAWN


def test_refusal_stands_by_its_field_with_what_was_typed(as_proposer, in_force):
    sent = {"until": timezone.localdate().isoformat(), "reason": "Kept words."}
    refused = as_proposer.post(url("propose-extension", in_force.pk), sent)
    assert codes(refused) == {"until": ["not-after-today"]}
    assert "Kept words." in refused.text


def test_what_cannot_be_done_at_all_is_said_in_place_of_the_form(as_proposer, service, manager):
    urgent = deciding.suspend_urgently(
        service.pk, by=manager, given=UrgentInput(summary="Harm."), now=timezone.now()
    )
    page = as_proposer.get(url("propose-scope", urgent.pk))
    assert page.context["why_not"].code == "unconfirmed"
    assert 'name="reason"' not in page.text


def test_change_of_one_that_was_lifted_is_not_agreed(in_force, manager, other_manager, client_as):
    given = ScopeInput(unit_id=None, kind=SuspensionKind.PARTIAL, limit="One.", reason="x")
    change = changing.propose_scope(in_force.pk, by=manager, given=given, now=timezone.now())
    today = timezone.localdate()
    lifted = {"lift_proposed_by": manager, "lift_proposed_at": timezone.now(), "lifted_on": today}
    lifted |= {"lift_decided_by": other_manager, "lift_decided_at": timezone.now()}
    Suspension.objects.filter(pk=in_force.pk).update(
        status="lifted", lift_recorded_at=timezone.now(), **lifted
    )
    answer = {
        "decision": "agree",
        "reason": "Yes.",
        "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    refused = reading.post(client_as("Manager", "decider"), url("decide-change", change.pk), answer)
    assert codes(refused) == {"__all__": ["not-in-force"]}


def test_cover_and_contact_end_once_each(as_proposer, manager, other_manager):
    today, now = timezone.localdate(), timezone.now()
    given = CoverInput(
        person_id=manager.pk, deputy_id=other_manager.pk, from_on=today, until_on=today
    )
    cover = cover_actions.set_cover(by=manager, given=given, now=now)
    contact = registered.add_recipient(
        by=manager, given=RegisteredRecipientInput(kind="icb", name="ICB"), now=now
    )
    assert "The cover has ended." in as_proposer.post(url("end-cover", cover.pk), follow=True).text
    assert codes(as_proposer.post(url("end-cover", cover.pk))) == {"__all__": ["already-ended"]}
    assert (
        "ICB has been removed from the register."
        in as_proposer.post(url("notifications:close-recipient", contact.pk), follow=True).text
    )
    assert codes(as_proposer.post(url("notifications:close-recipient", contact.pk))) == {
        "__all__": ["off-register"]
    }
    assert Cover.objects.get().ended_by == RegisteredRecipient.objects.get().closed_by == manager


def test_field_that_no_action_takes_fails_loudly():
    class Longer(ProgressForm):
        weather = forms.CharField()

    sent = {
        "kind": "note",
        "happened_on": timezone.localdate().isoformat(),
        "text": "x",
        "weather": "Rain",
    }
    form = Longer(sent)
    assert form.is_valid(), form.errors
    with pytest.raises(TypeError, match="weather"):
        form.to_input()
