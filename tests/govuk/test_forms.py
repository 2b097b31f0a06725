import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from documents import dates
from govuk.fields import GovDateField, GovDateTimeField, SearchSelect, parse_time
from govuk.forms import GovForm, GovModelForm
from tests.govuk.pages import KitchenForm

pytestmark = [pytest.mark.urls("tests.govuk.pages"), pytest.mark.django_db]

RIGHT = {
    "name": "Elm House",
    "beds": "40",
    "email": "home@example.test",
    "kind": "full",
    "client_groups": ["older"],
    "starts_on-day": "9",
    "starts_on-month": "December",
    "starts_on-year": "2019",
    "decided_at": "2019-12-09T14:30",
    "opens": "2.30pm",
    "told": "no",
    "reason": "Staffing",
    "password": "secret",
    "sure": "on",
    "token": "t",
}


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.summary: list[str] = []
        self.described: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.described += str(found.get("aria-describedby") or "").split()
        if tag == "a" and str(found.get("href", "")).startswith("#") and "class" not in found:
            self.summary.append(str(found["href"])[1:])


def data(**changes: Any) -> MultiValueDict[str, Any]:
    merged = RIGHT | changes
    return MultiValueDict(
        {key: value if isinstance(value, list) else [value] for key, value in merged.items()}
    )


def kitchen(**changes: Any) -> KitchenForm:
    return KitchenForm(data(**changes), {"evidence": SimpleUploadedFile("plan.txt", b"x")})


def test_a_right_form_gives_python_values() -> None:
    form = kitchen()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["starts_on"] == date(2019, 12, 9)
    assert form.cleaned_data["decided_at"] == datetime(2019, 12, 9, 14, 30, tzinfo=UTC)
    assert f"{form.cleaned_data['opens']:%H:%M}" == "14:30"
    assert form.cleaned_data["told"] is False
    assert form.cleaned_data["photographs"] == []


def test_every_link_of_the_error_summary_leads_to_one_element(client: Client) -> None:
    html = client.post("/form/", {"kind": "partial"}).content.decode()
    found = Elements(html)
    assert len(found.summary) == 13
    assert all(found.ids.count(target) == 1 for target in found.summary), found.summary
    assert set(found.described) <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert html.count("There is a problem") == 1
    assert "<title>Error: Kitchen" in html


def test_a_page_without_errors_has_sound_ids(client: Client) -> None:
    found = Elements(client.get("/form/").content.decode())
    assert len(found.ids) == len(set(found.ids))
    assert set(found.described) <= set(found.ids)
    assert found.summary == []


def test_nothing_typed_is_lost(client: Client) -> None:
    typed = {
        "name": "<script>Elm</script>",
        "beds": "many",
        "starts_on-day": "31",
        "starts_on-month": "feb",
        "starts_on-year": "19",
        "decided_at-day": "9",
        "decided_at-time": "half past",
        "opens": "teatime",
        "kind": "partial",
        "limit": "few",
        "client_groups": "younger",
        "area": "area-7",
        "told": "yes",
        "reason": "R" * 250,
    }
    html = client.post("/form/", typed).content.decode()
    for name, text in typed.items():
        if name in ("kind", "told", "client_groups"):
            assert re.search(rf'value="{text}" checked', html), name
        elif name == "area":
            assert 'value="area-7" selected' in html
        elif name == "reason":
            assert f">{text}</textarea>" in html
        elif name == "name":
            assert "&lt;script&gt;Elm" in html
            assert "<script>Elm" not in html
        else:
            assert f'name="{name}" type="text" ' in html
            assert f'value="{text}"' in html
    assert "Reason must be 200 characters or fewer (it has 250)" in html


@pytest.mark.parametrize(
    ("typed", "message", "target"),
    [
        (("", "", ""), "Enter start date", "day"),
        (("9", "", ""), "Start date must include a month and year", "month"),
        (("9", "12", ""), "Start date must include a year", "year"),
        (("31", "2", "2019"), "Start date must be a real date", "day"),
        (("1", "13", "2019"), "Start date must be a real date", "month"),
        (("1", "smarch", "2019"), "Start date must be a real date", "month"),
        (("1", "1", "19"), "Start date must have a year of 4 numbers, like 2019", "year"),
        (("0", "1", "0000"), "Start date must be a real date", "day"),
        (("²", "1", "2019"), "Start date must be a real date", "day"),
        (("1", "marzipan", "2019"), "Start date must be a real date", "month"),
        (("1", "2", "9999"), "Check the year: the date must be on or before", "year"),
        (("1", "2", "0026"), "Check the year: the date must be on or after", "year"),
    ],
)
def test_a_wrong_date_says_which_box(
    client: Client, typed: tuple[str, ...], message: str, target: str
) -> None:
    boxes = dict(zip(("starts_on-day", "starts_on-month", "starts_on-year"), typed, strict=True))
    html = client.post("/form/", RIGHT | boxes).content.decode()
    assert re.search(rf'href="#id_starts_on-{target}">\s*{re.escape(message)}', html)


@pytest.mark.parametrize(
    "text",
    [
        "2019-12-09",
        "9 December 2019",
        "9/12/2019",
        "9 dec 2019",
        "9th December 2019",
        "9 Dec. 2019",
    ],
)
def test_a_date_may_come_in_one_piece(text: str) -> None:
    assert GovDateField().clean(text) == date(2019, 12, 9)


@pytest.mark.parametrize(
    "text", ["2019-12-09T14:30", "2019-12-09 14:30:07", "9 December 2019 2.30pm", "9/12/2019 1430"]
)
def test_a_day_and_time_may_come_in_one_piece(text: str) -> None:
    found = timezone.localtime(GovDateTimeField().clean(text))
    assert f"{found:%Y-%m-%d %H:%M}" == "2019-12-09 14:30"


def test_a_time_that_the_clocks_left_out_is_said_by_the_box_of_the_time() -> None:
    with pytest.raises(ValidationError, match="the clocks went forward") as refused:
        GovDateTimeField().clean("2026-03-29T01:30")
    assert refused.value.error_list[0].params == {"boxes": ["time"]}


def test_a_range_is_that_of_the_fields_name_and_a_count_fits_its_column() -> None:
    class Opening(GovForm):
        date_ranges = {"opened_on": dates.LASTING}
        opened_on = forms.DateField()
        asked_on = forms.DateField()
        places = forms.IntegerField()

    form = Opening({"opened_on": "1948-07-05", "asked_on": "1948-07-05", "places": "9" * 12})
    assert set(form.errors) == {"asked_on", "places"}
    assert form.errors["places"] == ["Places must be 32767 or less"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:30", "14:30"),
        ("2.30pm", "14:30"),
        ("2 pm", "14:00"),
        ("12am", "00:00"),
        ("12:15 pm", "12:15"),
        ("noon", "12:00"),
        ("1430", "14:30"),
        ("25:00", None),
        ("13pm", None),
        ("7", None),
        ("x", None),
    ],
)
def test_times_are_read_as_people_write_them(text: str, expected: str | None) -> None:
    found = parse_time(text)
    assert (f"{found:%H:%M}" if found else None) == expected


def test_messages_say_what_to_do() -> None:
    errors = KitchenForm({}).errors
    assert errors["name"] == ["Enter name"]
    assert errors["kind"] == ["Select kind"]
    assert errors["told"] == ["Answer “Has the provider been told?”"]
    assert errors["evidence"] == ["Upload evidence"]
    assert errors["sure"] == ["Select “I have read the guidance” to continue"]
    assert kitchen(beds="0").errors["beds"] == ["Beds must be 1 or more"]
    assert kitchen(beds="x").errors["beds"] == ["Beds must be a whole number, like 12"]
    assert kitchen(kind="x").errors["kind"] == ["Choose kind from the list"]


def test_a_few_required_choices_become_radios_and_many_stay_a_list() -> None:
    form = KitchenForm()
    assert isinstance(form.fields["kind"].widget, forms.RadioSelect)
    assert isinstance(form.fields["area"].widget, forms.Select)
    assert isinstance(form.fields["client_groups"].widget, forms.CheckboxSelectMultiple)
    assert form.fields["area"].label == "Area (optional)"
    assert form.fields["limit"].label == "Placements a week"


def test_line_ends_count_once() -> None:
    assert kitchen(reason="a\r\n" * 100).is_valid()


def test_a_general_error_stands_without_a_link(client: Client) -> None:
    html = client.post("/form/", RIGHT | {"name": "clash"}).content.decode()
    assert "Another home has this name and postcode" in html


class GroupForm(GovModelForm):
    class Meta:
        model = Group
        fields = ["name", "permissions"]


def test_a_model_form_saves_and_own_messages_stay() -> None:
    class Own(GovForm):
        name = forms.CharField(error_messages={"required": "Say who"})
        on = forms.DateField(error_messages={"required": "Say when"})

    form = GroupForm({"name": "Testers"})
    assert form.is_valid(), form.errors
    assert form.save().name == "Testers"
    assert Own({}).errors == {"name": ["Say who"], "on": ["Say when"]}


def test_crispy_draws_forms_without_the_mixin_and_formsets(client: Client) -> None:
    from crispy_forms.utils import render_crispy_form

    class Bare(forms.Form):
        name = forms.CharField()
        on = forms.DateField()

    html = render_crispy_form(Bare({}))
    assert "govuk-error-summary" in html
    assert 'id="id_name"' in html
    formset = forms.formset_factory(GroupForm, extra=2, can_delete=True)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "x" * 200}
    )
    html = render_crispy_form(formset)
    assert 'href="#id_form-0-name"' in html
    assert 'name="form-TOTAL_FORMS"' in html
    assert 'name="form-1-DELETE"' in html


def test_a_choice_of_nothing_still_has_somewhere_for_its_error_to_lead() -> None:
    from crispy_forms.utils import render_crispy_form

    class Empty(GovForm):
        one = forms.ModelChoiceField(queryset=Group.objects.none(), widget=forms.RadioSelect)
        several = forms.ModelMultipleChoiceField(queryset=Group.objects.none())

    found = Elements(render_crispy_form(Empty({})))
    assert found.summary == ["id_one", "id_several"]
    assert set(found.summary) <= set(found.ids)


def test_two_records_of_one_name_are_told_apart_in_a_searched_list() -> None:
    from govuk.draw import draw_field

    class Choose(GovForm):
        home = forms.ChoiceField(
            choices=[(str(n), "Elm House") for n in range(30)], widget=SearchSelect
        )

    html = draw_field(Choose()["home"])
    assert 'data-module="carequality-search-select"' in html
    assert "Elm House (record 29)" in html


def test_lines_typed_into_a_revealed_box_come_back_as_they_were() -> None:
    class Revealing(GovForm):
        reveals = {"kind": {"other": ["why"]}}
        kind = forms.ChoiceField(choices=[("one", "One"), ("other", "Other")])
        why = forms.CharField(required=False, widget=forms.Textarea)

    class Texts(HTMLParser):
        text: str | None = None
        inside = False

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.inside = tag == "textarea"

        def handle_data(self, data: str) -> None:
            if self.text is None and self.inside:
                self.text = data

    form = Revealing({"kind": "other", "why": "One\nTwo <b>\n\n  Three"})
    texts = Texts()
    texts.feed(render_crispy_form(form))
    assert texts.text == "One\nTwo <b>\n\n  Three"
