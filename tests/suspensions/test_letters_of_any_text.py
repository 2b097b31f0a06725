"""Whatever was written of a suspension, its letters are made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import text
from notifications import letters
from notifications.actions.letters import make
from notifications.models import RecipientKind
from providers.models import ServiceUnit
from reports import scan
from suspensions.actions import deciding
from suspensions.actions.deciding import UrgentInput
from suspensions.actions.letters import write_letter
from suspensions.models import Suspension, SuspensionLetter
from tests.documents.test_printing import assert_can_be_read, words_outside_the_margins
from tests.documents.texts import cases, texts
from tests.suspensions.conftest import TODAY, address_of, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def suspend(service, manager):
    """Suspend at once; the letter to the provider is then made."""

    def at_once(summary: str, at_service=service, unit=None) -> SuspensionLetter:
        made = deciding.suspend_urgently(
            at_service.pk,
            by=manager,
            given=UrgentInput(summary=text.clean(summary), unit_id=unit and unit.pk),
            now=at(TODAY, 22),
        )
        provider = made.recipients.get(kind=RecipientKind.PROVIDER)
        letter = write_letter(provider.pk, by=manager, now=at(TODAY, 22))
        make(SuspensionLetter, letter.pk, now=at(TODAY, 23))
        letter.refresh_from_db()
        return letter

    return at_once


@pytest.mark.parametrize("case", cases())
def test_one_letter_that_a_font_lacks_does_not_stop_the_providers_letter(suspend, case):
    letter = suspend(case)
    assert letter.failed == ""
    assert letter.state == "Ready"
    read = " ".join("\n".join(scan._poppler(bytes(letter.content))).split())
    assert " ".join(text.clean(case).split()) in read
    assert_can_be_read(bytes(letter.content))


def test_names_as_long_as_they_may_be_stop_neither_the_suspension_nor_its_letter(
    suspend, make_service
):
    home = make_service(name="H" * 200)
    home.provider.name = "P" * 200
    home.provider.save()
    letter = suspend("Harm.", home, ServiceUnit.objects.create(service=home, name="U" * 100))
    assert letter.state == "Ready"
    assert letter.title.endswith("U" * 100)
    assert words_outside_the_margins(bytes(letter.content)) == []


def test_names_in_the_list_of_authorities_are_never_cut(client_as, service, manager):
    page = address_of("propose-for-service", service.pk)
    answer = client_as("Manager", "proposer").post(page, {"authorities": f"Derby\n{'A' * 201}"})
    [said] = answer.context["form"].errors["authorities"]
    assert "200 characters or fewer" in said
    assert not Suspension.objects.exists()


@pytest.mark.deep
def test_any_text_that_may_be_entered_is_printed_in_every_kind_of_letter(suspend):
    facts = suspend("Harm.").facts
    kinds = ("suspension", "change", "lift", "step")
    more = {
        "required": "",
        "due_on": "9 May 2026",
        "change": "",
        "change_before": "",
        "contract": "",
        "termination": False,
    }

    @given(texts(), texts(), st.sampled_from(kinds), st.booleans())
    def printed(typed: str, name: str, kind: str, to_provider: bool) -> None:
        said, named = text.clean(typed), text.clean_line(name) or "Elm House"
        told = facts | more | {"kind": kind, "to_provider": to_provider, "scope": named}
        told |= dict.fromkeys(("summary", "reasons", "evidence", "limit", "required"), said)
        told |= {"clause": text.clean_line(typed), "name": named, "address": said, "change": said}
        letter = SuspensionLetter(kind=kind, title=f"A letter: {named}"[:400], facts=told)
        content = letters.content_of(letter)
        assert_can_be_read(content)

    printed()
