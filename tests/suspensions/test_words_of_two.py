"""What a page shows whoever decides, or saves, over words that somebody changed meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.actions import correcting
from concerns.models import Concern
from core import versions
from formal_steps.actions import steps
from providers.models import Contract
from suspensions.actions import deciding
from suspensions.actions.deciding import ProposalInput
from suspensions.models import SuspensionKind, SuspensionStatus
from tests.formal_steps.test_steps import notice
from tests.suspensions import reading
from tests.suspensions.test_actions import FULL_RECORD

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"suspensions:{name}", args=args)


@pytest.fixture
def proposed(service, manager):
    return deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=timezone.now() - DAY,
    )


@pytest.fixture
def step(service, manager):
    day = timezone.localdate()
    return steps.propose(
        service.pk, by=manager, given=notice(day + 30 * DAY), now=timezone.now() - DAY
    )


def answer(**more):
    today = timezone.localdate()
    return {
        "decision": "in_force",
        "in_force_from": today.isoformat(),
        "review_on": (today + 14 * DAY).isoformat(),
        "reason": "Agreed on what I read.",
        "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    } | more


def recorded(service, officer, number):
    return Concern.objects.create(
        reference=f"C-2026-000{number}",
        service=service,
        risk="low",
        respond_by=timezone.now() + DAY,
        kind="quality",
        source="family",
        summary="Late rounds.",
        received_at=timezone.now() - DAY,
        recorded_at=timezone.now() - DAY,
        recorded_by=officer,
    )


def record_as_shown(client, address):
    """What a browser would send back of the form as it stands."""
    form = client.get(address).context["form"]
    sent = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value not in (None, "") and name not in ("concerns", "contracts"):
            sent[name] = getattr(value, "pk", value)
    return sent


def test_decision_shows_what_is_different_and_is_about_what_stands_then(
    client_as, proposed, officer, other_manager
):
    decider, address = client_as("Manager", "decider"), url("decide-suspension", proposed.pk)
    seen = decider.get(address).context["form"]["seen"].value()
    reading.complete(
        proposed.pk,
        by=officer,
        given=replace(FULL_RECORD, reasons="Four errors in a week."),
        now=timezone.now(),
    )
    refused = decider.post(address, answer(seen=seen))
    form = refused.context["form"]
    assert form.errors.as_data()["__all__"][0].code == "stale-version"
    assert [one.label for one in form.meanwhile.others] == ["Reasons"]
    assert ">removed: </span>Three<" in refused.text
    assert ">added: </span>Four<" in refused.text
    assert "Agreed on what I read." in refused.text
    proposed.refresh_from_db()
    assert proposed.status == SuspensionStatus.PROPOSED
    # The page that is shown then is about what stands now.
    done = decider.post(address, answer(seen=form["seen"].value()), follow=True)
    assert "is suspended." in done.text


def test_page_tells_who_wrote_what_and_what_stood_before(client_as, proposed, officer, manager):
    reading.complete(
        proposed.pk,
        by=officer,
        given=replace(FULL_RECORD, reasons="Four errors in a week."),
        now=timezone.now(),
    )
    page = client_as("Officer", "officer").get(url("view-suspension", proposed.pk))
    told = page.context["told"]
    assert [one.version.by for one in told] == [officer, manager]
    assert [change.before for change in told[0].changes] == ["Three errors in a week."]
    assert "Who wrote the record, and its earlier words" in page.text


def test_what_the_others_wrote_is_never_written_over_in_silence(client_as, proposed, person):
    one, other = client_as("Officer", "one"), client_as("Officer", "other")
    address = url("complete-record", proposed.pk)
    mine, theirs = record_as_shown(one, address), record_as_shown(other, address)
    other.post(address, theirs | {"evidence": "The rota.", "welfare": "All seen on 9 March."})
    refused = one.post(address, mine | {"evidence": "The charts.", "reasons": "An hour of words."})
    form = refused.context["form"]
    assert [clash.label for clash in form.meanwhile.clashes] == ["Evidence"]
    assert [changed.label for changed in form.meanwhile.taken] == [
        "Welfare of the people living there"
    ]
    sent = {name: form.data[name] for name in form.data}
    sent |= dict(form.meanwhile.hidden) | {"keep-evidence": "mine"}
    assert one.post(address, sent).status_code == 302
    proposed.refresh_from_db()
    assert (proposed.reasons, proposed.evidence, proposed.welfare) == (
        "An hour of words.",
        "The charts.",
        "All seen on 9 March.",
    )
    kept = [version.fields["evidence"] for version in versions.history(proposed)]
    assert kept == ["Visit of 2 March.", "The rota.", "The charts."]


def test_proposed_formal_step_is_changed_by_who_has_seen_it(client_as, step, officer):
    one, other = client_as("Officer", "one"), client_as("Officer", "other")
    address = reverse("formal_steps:complete-formal-step", args=[step.pk])
    mine, theirs = record_as_shown(one, address), record_as_shown(other, address)
    assert other.post(address, theirs | {"reasons": "Other reasons."}).status_code == 302
    refused = one.post(address, mine | {"reasons": "Reasons of mine."})
    assert [clash.label for clash in refused.context["form"].meanwhile.clashes] == ["Reasons"]
    step.refresh_from_db()
    assert step.reasons == "Other reasons."
    page = one.get(reverse("formal_steps:view-formal-step", args=[step.pk]))
    assert "Who wrote the record, and its earlier words" in page.text


def test_whoever_could_decide_is_told_before_they_write(client_as, proposed):
    said = "another manager must decide this suspension."
    address = url("complete-record", proposed.pk)
    assert said in client_as("Manager", "decider").get(address).text
    assert said not in client_as("Officer", "officer").get(address).text
    assert said not in client_as("Manager", "proposer").get(address).text


def test_lift_is_withdrawn_on_a_page_of_its_own(client_as, row, manager):
    made = row(SuspensionStatus.LIFT_PROPOSED)
    address = url("withdraw-lift", made.pk)
    assert "nobody else can withdraw it" in client_as("Manager", "decider").get(address).text
    done = client_as("Manager", "proposer").post(address, {"reason": "Too early."}, follow=True)
    assert "The proposed lift has been withdrawn." in done.text


def test_saving_the_rest_keeps_a_lead_who_left_and_a_contract_that_ended(
    client_as, proposed, person
):
    left = person("Officer", "left")
    today = timezone.localdate()
    contract = Contract.objects.create(
        service=proposed.service, reference="C-1", starts_on=today - 400 * DAY
    )
    proposed.lead_officer = left
    proposed.save()
    proposed.contracts.add(contract)
    left.is_active = False
    left.save()
    contract.ends_on = today - 30 * DAY
    contract.save()
    client, address = client_as("Officer", "officer"), url("complete-record", proposed.pk)
    shown = client.get(address).context["form"]
    assert list(shown.get_initial_for_field(shown.fields["contracts"], "contracts")) == [contract]
    sent = record_as_shown(client, address) | {"welfare": "All seen on 9 March."}
    assert client.post(address, sent | {"contracts": [contract.pk]}).status_code == 302
    proposed.refresh_from_db()
    assert (proposed.welfare, proposed.lead_officer) == ("All seen on 9 March.", left)
    assert list(proposed.contracts.all()) == [contract]


def test_new_proposal_offers_no_contract_that_ended_and_nobody_who_left(client_as, service, person):
    today, left = timezone.localdate(), person("Officer", "left")
    Contract.objects.create(
        service=service,
        reference="C-1",
        starts_on=today - 400 * DAY,
        ends_on=today - 30 * DAY,
    )
    service.lead_officer = left
    service.save()
    left.is_active = False
    left.save()
    client = client_as("Manager", "proposer")
    fields = client.get(url("propose-for-service", service.pk)).context["form"].fields
    assert "contracts" not in fields
    assert left not in fields["lead_officer"].queryset
    address = reverse("formal_steps:propose-formal-step", args=[service.pk])
    fields = client.get(address).context["form"].fields
    assert "contract" not in fields
    assert left not in fields["lead_officer"].queryset


def test_record_offers_no_concern_that_was_merged_into_another(client_as, proposed, officer):
    kept, merged = (recorded(proposed.service, officer, n) for n in (1, 2))
    client, address = client_as("Officer", "other"), url("complete-record", proposed.pk)
    offered = client.get(address).context["form"].fields["concerns"].queryset
    assert set(offered) == {kept, merged}
    given = correcting.MergeInput(kept.pk)
    correcting.merge(merged.pk, by=officer, given=given, now=timezone.now())
    assert list(client.get(address).context["form"].fields["concerns"].queryset) == [kept]
