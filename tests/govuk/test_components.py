"""Each component: what it draws, that it escapes, and what it draws for nothing."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth.models import Group
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from govuk.lists import Column, ListPage

EVIL = "<i>Elm & Oak</i>"
ESCAPED = "&lt;i&gt;Elm &amp; Oak&lt;/i&gt;"


def drawn(source: str, **given: Any) -> str:
    return Template("{% load components govuk_tags %}" + source).render(Context(given)).strip()


@pytest.mark.parametrize(
    "source",
    [
        '{% link text "home" %}',
        '{% link "Change" "home" hidden=text %}',
        '{% link_to "/" text %}',
        '{% link_to "/" "Change" text %}',
        '{% button_link text "home" %}',
        "{% people names %}",
        '{% task_list tasks "Nothing" %}',
        "{% task_list none text %}",
        "{% page_header text %}",
        '{% page_header "Elm House" text %}',
        '{% page_header "Elm House" "" text %}',
        "{% notice %}{{ text }}{% endnotice %}",
        '{% notice "calm" text %}Since May.{% endnotice %}',
        "{% warning text %}",
        "{% lines names %}",
        '{% card text "letters" %}None.{% endcard %}',
        '{% card "Letters" "letters" %}{{ text }}{% endcard %}',
        "{% fold text %}Letter{% endfold %}",
        '{% fold "Letter" %}{{ text }}{% endfold %}',
        "{% row text %}1{% endrow %}",
        '{% row "Kind" %}{{ text }}{% endrow %}',
        '{% row "Kind" "/" text %}Full{% endrow %}',
        '{% row "Kind" "/" "Change" about=text %}Full{% endrow %}',
        "{% summary_list card=text %}{% endsummary_list %}",
        "{% rows pairs %}",
        "{% timeline_entry text %}{% endtimeline_entry %}",
        '{% timeline_entry "Lifted" text %}{% endtimeline_entry %}',
        '{% timeline_entry "Lifted" "Ana" at text %}{% endtimeline_entry %}',
        '{% timeline_entry "Lifted" %}{{ text }}{% endtimeline_entry %}',
        '{% table text "To" %}{% endtable %}',
        '{% table "Letters" text %}{% endtable %}',
        "{% cell text %}1{% endcell %}",
        '{% cell "To" %}{{ text }}{% endcell %}',
        "{% row_heading %}{{ text }}{% endrow_heading %}",
        "{% empty_state text %}",
        '{% empty_state "None." "/" text %}',
        "{% message_banner message 1 %}",
    ],
)
def test_each_escapes_what_it_is_given(source: str) -> None:
    html = drawn(
        source,
        text=EVIL,
        names=[EVIL],
        tasks=[{"label": EVIL, "url": "/"}],
        none=[],
        pairs=[("Kind", EVIL)],
        at=datetime(2019, 12, 9, 14, 30, tzinfo=UTC),
        message=Message(messages.SUCCESS, EVIL),
    )
    assert ESCAPED in html
    assert EVIL not in html


def test_a_link_is_told_apart_by_what_is_read_out_after_it() -> None:
    html = drawn('{% link "Change" "home" hidden="contract HC-1" %}')
    assert html == (
        f'<a class="govuk-link" href="{reverse("home")}">Change'
        '<span class="govuk-visually-hidden"> contract HC-1</span></a>'
    )
    assert drawn('{% link_to "/x/" "Change" %}') == '<a class="govuk-link" href="/x/">Change</a>'


def test_a_button_link_has_its_kind() -> None:
    assert 'class="govuk-button"' in drawn('{% button_link "Add" "home" %}')
    assert 'class="govuk-button govuk-button--warning"' in drawn(
        '{% button_link "Add" "home" kind="warning" %}'
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Ana"], "Ana"),
        (["Ana", "Ben"], "Ana and Ben"),
        (["Ana", "Ben", "Cai"], "Ana, Ben and Cai"),
    ],
)
def test_people_stand_in_a_row(names: list[str], words: str) -> None:
    assert drawn("{% people names %}", names=names) == words


def test_a_task_is_a_link_or_says_why_not_and_who() -> None:
    html = drawn(
        '{% task_list tasks "Nothing to do." %}',
        tasks=[
            {"label": "Decide", "url": "/decide/"},
            {"label": "Lift", "url": "/lift/", "why_not": "You proposed it.", "who": ["Ana"]},
        ],
    )
    assert '<a class="govuk-link" href="/decide/">Decide</a>' in html
    assert "/lift/" not in html
    assert "You proposed it." in html
    assert "Can be done by Ana." in html
    assert "Nothing to do." in drawn('{% task_list tasks "Nothing to do." %}', tasks=[])


def test_a_page_has_one_heading_with_its_caption_and_state() -> None:
    assert drawn('{% page_header "Elm House" %}') == ('<h1 class="govuk-heading-l">Elm House</h1>')
    html = drawn('{% status_tag "Closed" as state %}{% page_header "Elm House" "Service" state %}')
    assert html.index("govuk-caption-l") < html.index("<h1")
    assert html.endswith(">Closed</strong></h1>")


def test_a_notice_has_a_colour_and_may_have_a_heading() -> None:
    assert drawn("{% notice %} Wait. {% endnotice %}") == (
        '<div class="cq-notice"><p class="govuk-body">Wait.</p></div>'
    )
    html = drawn('{% notice "amber" "Suspended" %}Wait.{% endnotice %}')
    assert 'class="cq-notice cq-notice--amber"' in html
    assert '<h2 class="govuk-heading-m">Suspended</h2>' in html


def test_a_warning_is_read_out_as_one() -> None:
    assert '<span class="govuk-visually-hidden">Warning</span> Mind.' in drawn(
        '{% warning "Mind." %}'
    )


def test_lines_stand_one_below_the_other() -> None:
    assert drawn("{% lines names %}", names=["a", "b"]) == "a<br>b"
    assert drawn("{% lines names %}", names=[]) == ""


def test_a_card_is_named_by_its_heading() -> None:
    html = drawn('{% card "Letters" "letters" %} None. {% endcard %}')
    assert 'aria-labelledby="letters"' in html
    assert '<h2 class="govuk-heading-m" id="letters">Letters</h2>None.</section>' in html


def test_a_fold_shows_its_summary() -> None:
    html = drawn('{% fold "Write a letter" %} Dear {% endfold %}')
    assert '<span class="govuk-details__summary-text">Write a letter</span>' in html
    assert '<div class="govuk-details__text">Dear</div>' in html


def test_a_row_without_a_value_says_so() -> None:
    html = drawn('{% row "Beds" %}  {% endrow %}')
    assert "Not recorded" in html
    assert "govuk-summary-list__row--no-actions" in html
    assert ">0</dd>" in drawn('{% row "Beds" %}{{ beds }}{% endrow %}', beds=0)


def test_a_row_can_be_changed() -> None:
    html = drawn('{% row "Beds" "/beds/" %}4{% endrow %}')
    assert 'href="/beds/">Change<span class="govuk-visually-hidden"> beds</span></a></dd>' in html
    assert "no-actions" not in html


def test_pairs_are_rows_with_their_line_breaks() -> None:
    html = drawn("{% rows pairs %}", pairs=[("Beds", 0), ("Note", "a\nb"), ("Phone", None)])
    assert ">0</dd>" in html
    assert "a<br>b" in html
    assert html.count("Not recorded") == 1
    assert drawn("{% rows pairs %}", pairs=[]) == ""


def test_a_summary_list_may_be_framed() -> None:
    assert drawn("{% summary_list %}{% endsummary_list %}") == (
        '<dl class="govuk-summary-list"></dl>'
    )
    html = drawn('{% summary_list card="About" %}{% endsummary_list %}')
    assert '<h2 class="govuk-summary-card__title">About</h2>' in html


def test_what_happened_has_its_time_and_person() -> None:
    at = datetime(2019, 12, 9, 14, 30, tzinfo=UTC)
    html = drawn(
        '{% timeline %}{% timeline_entry "Lifted" "Ana" at %}Done.{% endtimeline_entry %}'
        "{% endtimeline %}",
        at=at,
    )
    assert f'<time datetime="{at.isoformat()}">9 December 2019 at 2:30pm</time>' in html
    assert "by Ana" in html
    assert '<div class="moj-timeline__description">Done.</div>' in html
    bare = drawn('{% timeline_entry "Lifted" %}{% endtimeline_entry %}')
    assert "byline" not in bare
    assert "<time" not in bare
    assert "description" not in bare


def test_a_table_names_its_columns_and_marks_its_numbers() -> None:
    html = drawn(
        '{% table "Letters" "To|Pages" "Pages" %}<tr></tr>{% endtable %}',
    )
    assert 'aria-label="Letters"' in html
    assert 'class="govuk-table__header">To</th>' in html
    assert 'class="govuk-table__header govuk-table__header--numeric">Pages</th>' in html
    assert "cq-wide" not in html
    assert "cq-wide" in drawn('{% table "Letters" "To" wide=True %}{% endtable %}')


def test_an_empty_cell_has_a_dash() -> None:
    assert drawn('{% cell "To" %}  {% endcell %}') == (
        '<td class="govuk-table__cell" data-label="To">–</td>'
    )
    assert "govuk-table__cell--numeric" in drawn('{% cell "N" numeric=True %}1{% endcell %}')
    assert drawn("{% row_heading %} Elm {% endrow_heading %}") == (
        '<th scope="row" class="govuk-table__header">Elm</th>'
    )


def test_an_empty_state_may_offer_a_way_on() -> None:
    assert "<a" not in drawn('{% empty_state "None yet." %}')
    assert '<a class="govuk-link" href="/add/">Add one</a>' in drawn(
        '{% empty_state "None yet." "/add/" "Add one" %}'
    )


@pytest.mark.parametrize(
    ("level", "role", "title"),
    [
        (messages.SUCCESS, "alert", "Success"),
        (messages.INFO, "region", "Important"),
        (messages.ERROR, "alert", "There is a problem"),
    ],
)
def test_a_message_says_what_came_of_it(level: int, role: str, title: str) -> None:
    html = drawn("{% message_banner message 2 %}", message=Message(level, "Saved."))
    assert f'role="{role}"' in html
    assert title in html
    assert "Saved." in html


LIST = '{% list_table page "Groups" none_yet=none_yet %}<tr></tr>{% endlist_table %}'
COLUMNS = [Column("name", "Name", ("name",)), Column("held", "Permissions", numeric=True)]


def group_list(address: str = "/groups/", per_page: int = 50) -> ListPage:
    request = RequestFactory().get(address)
    noun = ("group", "groups")
    rows = Group.objects.filter(name__startswith="Elm")
    return ListPage(request, rows, COLUMNS, "name", "groups", per_page, noun)


@pytest.mark.django_db
def test_a_list_has_its_count_files_sorting_and_pages() -> None:
    Group.objects.bulk_create(Group(name=f"Elm {place}") for place in range(3))
    html = drawn(LIST, page=group_list(per_page=2))
    assert "<strong>3 groups</strong>, 1 to 2 shown" in html
    assert "CSV" in html
    assert 'aria-sort="ascending"' in html
    assert 'aria-label="Page 2"' in html
    assert drawn(LIST, page=group_list()).count("Page 2") == 0


@pytest.mark.django_db
def test_an_empty_list_says_whether_there_is_none_or_none_that_matches() -> None:
    assert "There are no groups yet." in drawn(LIST, page=group_list())
    assert "Add the first." in drawn(LIST, page=group_list(), none_yet="Add the first.")
    filtered = SimpleNamespace(
        count=0,
        count_text="0 groups",
        active_filters=[object()],
        noun=("group", "groups"),
        request=SimpleNamespace(path="/groups/"),
    )
    html = drawn(LIST, page=filtered, none_yet="Add the first.")
    assert "No groups match these filters." in html
    assert '<a class="govuk-link" href="/groups/">Clear all filters</a>' in html
