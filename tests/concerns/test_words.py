"""What the pages say of a concern in one phrase."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from concerns.models import Concern, Targets
from concerns.rules import response_times
from concerns.templatetags import concern_tags

RECEIVED = datetime(2026, 3, 2, 10, tzinfo=UTC)


def concern(**also: object) -> Concern:
    values = {"pk": 7, "reference": "C-2026-0007", "kind": "quality", "status": "open"}
    times = {"received_at": RECEIVED, "respond_by": RECEIVED + timedelta(hours=4)}
    return Concern(**(values | times | also))


@pytest.mark.parametrize(
    ("answered_after", "long", "short"),
    [
        (None, "Due by 2 March 2026 at 2pm", "2 Mar 2026, 2pm"),
        (2, "2 March 2026 at midday, in time", "Given 2 Mar 2026"),
        (6, "2 March 2026 at 4pm, late: due by 2 March 2026 at 2pm", "Given 2 Mar 2026, late"),
    ],
)
def test_the_first_response_is_said_in_one_phrase(
    answered_after: int | None, long: str, short: str
) -> None:
    at = None if answered_after is None else RECEIVED + timedelta(hours=answered_after)
    about = concern(first_response_at=at)
    assert about.response_in_words == long
    assert concern_tags.concern_response(about, RECEIVED) == short


def test_overdue_is_said_only_of_an_open_concern_without_a_response() -> None:
    later = RECEIVED + timedelta(days=9)
    assert "Overdue" in concern_tags.concern_response(concern(), later)
    assert "First response overdue" in concern_tags.concern_status(concern(), later)
    answered = concern(first_response_at=RECEIVED)
    assert "verdue" not in concern_tags.concern_status(answered, later)
    closed = concern(status="closed", outcome="partly")
    assert not closed.is_late_at(later)
    assert closed.status_in_words == "Closed: partly substantiated"


def test_the_enquiry_is_said_with_its_outcome() -> None:
    assert concern(section_42="open").section_42_in_words == "Enquiry open"
    ended = concern(section_42="concluded", section_42_outcome="inconclusive")
    assert ended.section_42_in_words == "Enquiry concluded: inconclusive"


def test_response_times_begin_with_the_greatest_risk() -> None:
    assert response_times(Targets(hours_very_high=1))[0] == ("very high", "1 working hour")


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["list-concerns", "list-contacts"])
def test_an_empty_list_says_why_and_how_to_go_on(client_as: Callable, page: str) -> None:
    url = reverse(f"concerns:{page}")
    officer = client_as("Officer")
    assert officer.get(url).context["nothing"]["url"] == ""
    assert officer.get(f"{url}?q=nobody").context["nothing"]["url"] == url
