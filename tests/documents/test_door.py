"""Whatever way a text comes in, it is kept as any reader sees it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import CouncilProfile, District, User
from providers.models import Provider, Service
from providers.vocabulary import ClientGroup, ServiceType
from ratings.cqc.parse import parse_location
from tests.documents.texts import ODD

ZWSP = "\N{ZERO WIDTH SPACE}"
MAC = "Sia\N{COMBINING CIRCUMFLEX ACCENT}n"
KEPT = "Si\N{LATIN SMALL LETTER A WITH CIRCUMFLEX}n"


@pytest.mark.django_db
def test_a_service_pasted_from_a_web_page_is_the_service_that_it_looks_like(client_as, council):
    provider = Provider.objects.create(name="Alder Care")
    typed = {
        "provider": provider.pk,
        "name": f"{ZWSP}{MAC}\N{NO-BREAK SPACE}Court{ZWSP}",
        "service_type": ServiceType.RESIDENTIAL_HOME.value,
        "client_group": ClientGroup.AGEING_WELL.value,
        "district": District.objects.get(name="Northmarsh").pk,
        "postcode": f"NG2\N{NO-BREAK SPACE}7QP{ZWSP}",
        "beds": "10",
    }
    answer = client_as("Officer").post(reverse("providers:add-service"), typed)
    assert answer.status_code == 302, answer.context["form"].errors
    service = Service.objects.get()
    assert (service.name, service.postcode) == (f"{KEPT} Court", "NG2 7QP")


def test_a_payload_of_cqcs_is_read_in_one_line_of_composed_letters():
    record = parse_location(
        {"locationId": f"1-1{ZWSP}", "name": f"{MAC}\r\nHouse\x00", "postalCode": "NG2\xa07QP"}
    )
    assert (record.location_id, record.name, record.postcode) == ("1-1", f"{KEPT} House", "NG2 7QP")


@pytest.mark.parametrize("odd", ODD)
def test_no_letter_of_a_payload_stops_the_reading(odd):
    payload = json.loads(json.dumps({"locationId": "1-1", "name": f"Elm {odd} House"}))
    parse_location(payload).name.encode()


@pytest.mark.django_db
def test_a_council_is_begun_under_the_name_that_is_seen(monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", "correct horse battery staple")
    given = ["--email", f"a@b.test{ZWSP}", "--password-from", "FIRST_PASSWORD"]
    with pytest.raises(CommandError, match="100"):
        call_command("begin", "--council", "x" * 101, "--username", "ada", *given)
    call_command(
        "begin",
        "--council",
        f"{MAC}shire{ZWSP}",
        "--username",
        f"{ZWSP}ada",
        *given,
        stdout=StringIO(),
    )
    assert CouncilProfile.current().name == f"{KEPT}shire"
    assert User.objects.get().username == "ada"
