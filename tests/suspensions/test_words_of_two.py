"""What a page shows whoever decides, or saves, over words that somebody changed meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import versions
from formal_steps.actions import steps
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
    assert ">removed: </span>Three " in refused.text
    assert ">added: </span>Four " in refused.text
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
