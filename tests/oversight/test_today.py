import pytest
from django.urls import reverse

TODAY = "/today/"
GROUPS = {
    "Officer": "My visits",
    "Manager": "Suspensions to decide",
    "Senior officer": "Concerns to answer",
    "Committee clerk": "Papers",
    "Administrator": "Changes at CQC",
}


@pytest.mark.parametrize("group", GROUPS)
def test_today_offers_each_group_its_own_cards_empty_ones_too(client_as, council, group):
    response = client_as(group).get(TODAY)
    assert GROUPS[group] in response.text
    quiet = {card.title: card.empty for card in response.context["quiet"]}
    assert all(empty in response.text.replace("&#x27;", "'") for empty in quiet.values())
    if group in ("Committee clerk", "Administrator"):
        assert "Suspensions" not in " ".join(quiet)
        assert "Concerns" not in " ".join(quiet)


def test_what_waits_comes_before_what_does_not(client_as, suspended, audited, concern):
    response = client_as("Officer").get(TODAY)
    waiting = {card.title: card for card in response.context["waiting"]}
    assert any("visits" in title.lower() for title in waiting)
    assert any("concerns" in title.lower() for title in waiting)
    urgent = [card.urgent for card in response.context["waiting"]]
    assert urgent == sorted(urgent, reverse=True)


def test_manager_is_asked_to_decide_what_another_proposed(client_as, service, person, now):
    from suspensions.models import Suspension

    proposal = Suspension.objects.create(
        service=service,
        kind="full",
        summary="One sentence",
        proposed_by=person("Manager", "first.manager"),
        proposed_at=now,
    )
    url = reverse("suspensions:view-suspension", args=[proposal.pk])
    assert url in client_as("Manager", "second.manager").get(TODAY).text
    assert url not in client_as("Manager", "first.manager").get(TODAY).text
    assert url not in client_as("Practitioner").get(TODAY).text


def test_person_with_no_card_is_shown_the_way(client_as, council):
    assert client_as("Practitioner").get(TODAY).status_code == 200


def test_home_leads_to_today(client_as, council):
    assert client_as("Officer").get("/")["Location"] == reverse("oversight:today")
