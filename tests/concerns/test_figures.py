"""Figures of concerns, worked by hand, and the pages that show what is behind each number."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import actions, figures
from concerns.models import Concern, Targets
from core.models import Event, User
from figures.figure import Figure, Share
from providers.models import Service

pytestmark = pytest.mark.django_db
AS_AT = date(2026, 3, 16)


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def record(service: Callable[..., Service], person: Callable[..., User]) -> Callable[..., Concern]:
    def make(
        received: str, risk: str = "high", kind: str = "quality", service_type: str = "home_care"
    ) -> Concern:
        return actions.record_concern(
            by=person("Officer"),
            given=actions.ConcernInput(
                service_id=service(service_type=service_type).pk,
                kind=kind,
                source="family",
                risk=risk,
                received_at=at(received),
                summary="Calls come late.",
            ),
            now=at(received),
        )

    return make


@pytest.fixture
def story(record: Callable[..., Concern], person: Callable[..., User]) -> dict[str, Concern]:
    """January: answered in time and closed in February. February: answered late, open. March: one
    still has time, one has not.
    """
    officer = person("Officer")
    january = record("2026-01-12T10:00")
    actions.respond(
        january.pk,
        by=officer,
        given=actions.RespondInput(at("2026-01-12T12:00"), "Rang."),
        now=at("2026-01-12T12:00"),
    )
    actions.close(
        january.pk,
        by=officer,
        given=actions.CloseInput("partly", "Put right."),
        now=at("2026-02-10T12:00"),
    )
    february = record("2026-02-02T10:00", kind="complaint", service_type="day_care")
    actions.respond(
        february.pk,
        by=officer,
        given=actions.RespondInput(at("2026-02-05T12:00"), "Wrote."),
        now=at("2026-02-05T12:00"),
    )
    late = record("2026-03-02T10:00", risk="very_high")
    running = record("2026-03-16T15:00", risk="low")
    return {"january": january, "february": february, "late": late, "running": running}


def by_month(figure: Figure) -> dict[object, dict[str, object]]:
    keys = [column.key for column in figure.columns]
    return {row.cells[0]: dict(zip(keys[1:], row.cells[1:], strict=True)) for row in figure.rows}


def test_open_at_the_end_of_each_month_by_risk(story: dict[str, Concern]) -> None:
    figure = figures.open_concerns(AS_AT)
    rows = by_month(figure)
    assert next(iter(rows)) == "30 April 2025"
    assert len(rows) == 12
    assert rows["31 January 2026"] == {"very_high": 0, "high": 1, "medium": 0, "low": 0, "all": 1}
    assert rows["28 February 2026"] == {"very_high": 0, "high": 1, "medium": 0, "low": 0, "all": 1}
    assert rows["16 March 2026"] == {"very_high": 1, "high": 1, "medium": 0, "low": 1, "all": 3}
    behind = dict(figure.rows[-2].behind)
    assert behind["high"] == (str(story["february"].pk),)


def test_received_by_month_sector_and_reason(story: dict[str, Concern]) -> None:
    rows = by_month(figures.received_concerns(AS_AT))
    assert rows["January 2026"]["type-home_care"] == rows["January 2026"]["kind-quality"] == 1
    assert rows["February 2026"]["type-day_care"] == rows["February 2026"]["kind-complaint"] == 1
    assert rows["February 2026"]["type-home_care"] == 0
    assert rows["March 2026"]["all"] == 2


def test_received_by_the_councils_groups(
    story: dict[str, Concern], client_as: Callable[..., Client]
) -> None:
    figure = figures.received_concerns(AS_AT, by_group=True)
    january = by_month(figure)["January 2026"]
    assert january["group-community"] == january["all"] == 1
    assert january["group-ageing_well_homes"] == 0
    assert not any(column.key.startswith("type-") for column in figure.columns)
    page = client_as("Officer").get(
        reverse("figures:list-rows", args=["concerns-received"]),
        {
            "as_at": AS_AT.isoformat(),
            "groups": "on",
            "row": "January 2026",
            "column": "group-community",
        },
    )
    assert [concern.pk for concern in page.context["page"]] == [story["january"].pk]


def test_answered_in_time_counts_what_is_known(story: dict[str, Concern]) -> None:
    rows = by_month(figures.answered_in_time(AS_AT))
    assert rows["January 2026"]["all"] == Share(1, 1)
    assert rows["February 2026"]["all"] == Share(0, 1)
    assert rows["March 2026"]["all"] == Share(0, 1), "one whose clock still runs does not count yet"
    assert rows["March 2026"]["low"] == Share(0, 0)
    # In time on the day that it is true of: what was answered later had not been answered then.
    earlier = by_month(figures.answered_in_time(date(2026, 1, 11)))
    assert earlier["January 2026"]["all"] == Share(0, 0)


def test_every_number_leads_to_the_concerns_behind_it(
    client_as: Callable[..., Client], story: dict[str, Concern]
) -> None:
    client = client_as("Officer")
    for name, compute in (
        ("concerns-open", figures.open_concerns),
        ("concerns-received", figures.received_concerns),
        ("concerns-in-time", figures.answered_in_time),
    ):
        page = client.get(reverse("figures:view-figure", args=[name]), {"as_at": AS_AT.isoformat()})
        links = re.findall(r'href="(/concerns/\?[^"]+)"', page.content.decode())
        counts = [
            len(ids)
            for row in compute(AS_AT).rows
            for _, ids in sorted(
                row.behind, key=lambda pair: [c.key for c in compute(AS_AT).columns].index(pair[0])
            )
            if ids
        ]
        found = [
            client.get(link.replace("&amp;", "&")).context["page"].count
            for link in links
            if "export" not in link
        ]
        assert found == counts, name


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_figure_comes_as_a_file(
    client_as: Callable[..., Client], story: dict[str, Concern], kind: str
) -> None:
    page = client_as("Officer").get(
        reverse("figures:view-figure", args=["concerns-in-time"]), {"export": kind}
    )
    assert page.status_code == 200
    assert f".{kind}" in page["Content-Disposition"]


def test_figures_are_exempt(client_as: Callable[..., Client], council: object) -> None:
    assert (
        client_as("Committee clerk")
        .get(reverse("figures:list-area", args=["concerns"]))
        .status_code
        == 403
    )
    assert (
        client_as("Officer").get(reverse("figures:list-area", args=["concerns"])).status_code == 200
    )
    assert (
        client_as("Officer").get(reverse("figures:view-figure", args=["nothing"])).status_code
        == 404
    )


def test_manager_sets_the_targets(
    client_as: Callable[..., Client], record: Callable[..., Concern]
) -> None:
    url = reverse("concerns:change-targets")
    assert client_as("Officer").get(url).status_code == 403
    values = {
        "hours_very_high": 2,
        "hours_high": 6,
        "hours_medium": 16,
        "hours_low": 40,
        "in_time_percent": 95,
    }
    times = {"day_starts": "08:30", "day_ends": "17:30"}
    wrong = client_as("Manager").post(url, {**values, **times, "hours_high": 1})
    assert list(wrong.context["form"].errors) == ["hours_very_high"]
    for group in ("Administrator", "Manager"):
        assert client_as(group).post(url, {**values, **times}).status_code == 302
    assert Targets.current().hours_low == 40
    assert record("2026-03-02T10:00").respond_by == at("2026-03-02T16:00")
    event = Event.objects.filter(kind="concern_targets.changed").latest("pk")
    assert event.after["in_time_percent"] == "95"


def test_investigation_log_stands_on_the_concern(
    client_as: Callable[..., Client], record: Callable[..., Concern]
) -> None:
    concern = record("2026-03-02T10:00")
    client = client_as("Officer")
    url = reverse("concerns:add-to-log", args=[concern.pk])
    # A name stops nobody; it is underlined where it stands.
    assert client.post(url, {"text": "Mrs Smith rang."}).status_code == 302
    assert client.post(url, {"text": "Rotas of the week read: nine calls late."}).status_code == 302
    page = client.get(reverse("concerns:view-concern", args=[concern.pk]))
    assert "nine calls late" in page.content.decode()
    told = [str(event.after) for event in Event.objects.filter(kind="concern.logged")]
    assert "nine" not in " ".join(told)


def test_contacts_have_a_list_of_their_own(
    client_as: Callable[..., Client], service: Callable[..., Service]
) -> None:
    client = client_as("Officer")
    now = timezone.localtime() - timedelta(minutes=5)
    sent = {
        "service": service().pk,
        "kind": "call",
        "with_whom": "service",
        "note": "Asked for the rota.",
    }
    sent["happened_at"] = f"{now:%Y-%m-%dT%H:%M}"
    assert client.post(reverse("concerns:log-contact"), sent).status_code == 302
    page = client.get(reverse("concerns:list-contacts"), {"q": "rota"})
    assert "Asked for the rota." in page.content.decode()
    assert client.get(reverse("concerns:list-contacts"), {"export": "csv"}).status_code == 200
