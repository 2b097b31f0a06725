import unicodedata

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from documents import text
from govuk.forms import GovForm, GovFormMixin
from tests.core.form_pages import form_classes
from tests.documents.texts import ODD, texts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "Sia\N{COMBINING CIRCUMFLEX ACCENT}n House",
            "Si\N{LATIN SMALL LETTER A WITH CIRCUMFLEX}n House",
        ),
        ("ZZ1 1ZZ\N{ZERO WIDTH SPACE}", "ZZ1 1ZZ"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}ZZ1\N{NO-BREAK SPACE}1ZZ", "ZZ1 1ZZ"),
        ("Ash\N{SOFT HYPHEN} Court\N{WORD JOINER}\N{HANGUL FILLER}", "Ash Court"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}esuoH mlE", "esuoH mlE"),
        ("line one\vline two", "line one line two"),
        ("tab\there,\r\nreturn\N{LINE SEPARATOR}there", "tab here, return there"),
        ("\uf0b7 first point", "\N{BULLET} first point"),
        ("nul\x00 bell\x07 escape\x1b", "nul bell escape"),
        ("half \ud83d of a pair", "half \N{REPLACEMENT CHARACTER} of a pair"),
        ("no letter \uffff", "no letter \N{REPLACEMENT CHARACTER}"),
        # Signs that somebody means stay as they are.
        ("O\N{SUBSCRIPT TWO} \N{CHECK MARK} \N{GRINNING FACE} 養老院", "O₂ ✓ 😀 養老院"),
        ("  O\N{RIGHT SINGLE QUOTATION MARK}Brien  House ", "O’Brien  House"),
    ],
)
def test_a_line_is_kept_as_any_reader_sees_it(typed, kept):
    assert text.clean_line(typed) == kept


def test_several_lines_keep_their_lines_and_tabs():
    typed = "One\r\ntwo\rthree\vfour\N{PARAGRAPH SEPARATOR}five\tsix  "
    assert text.clean(typed) == "One\ntwo\nthree\nfour\nfive\tsix  "


@pytest.mark.parametrize(
    "kept",
    [
        "می\N{ZERO WIDTH NON-JOINER}خواهم",  # Persian is spelt with it
        "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{STAFF OF AESCULAPIUS}",
    ],
)
def test_a_joiner_stays_where_it_shapes_its_neighbours(kept):
    assert text.clean_line(kept) == kept


@pytest.mark.parametrize(
    "typed", ["Ash\u200dCourt", "\u200cAsh Court", "Ash Court\u200d", "می\u200c"]
)
def test_a_joiner_goes_where_nobody_could_see_it(typed):
    assert "\u200c" not in text.clean_line(typed)
    assert "\u200d" not in text.clean_line(typed)


def test_a_flood_of_marks_is_cut_to_what_a_language_may_need():
    flood = "a" + "\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}" * 500_000
    assert len(text.clean(flood)) <= 1 + text.MOST_MARKS


@given(texts())
def test_cleaning_twice_changes_nothing(typed):
    for clean in (text.clean, text.clean_line):
        assert clean(clean(typed)) == clean(typed)


@given(texts())
def test_what_is_kept_has_nothing_that_nobody_sees_and_can_be_stored(typed):
    kept = text.clean(typed)
    assert unicodedata.is_normalized("NFC", kept)
    kept.encode()  # no half of a pair
    for letter in kept.replace("\n", "").replace("\t", ""):
        assert unicodedata.category(letter) != "Cc"
        assert letter in "\u200c\u200d" or not text.is_invisible(ord(letter))


@given(texts())
def test_a_line_is_one_line(typed):
    line = text.clean_line(typed)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_plain_text_is_kept_letter_by_letter(typed):
    assert text.clean(typed) == typed


class Question(GovForm):
    name = forms.CharField(max_length=10)
    email = forms.EmailField(required=False)
    story = forms.CharField(widget=forms.Textarea, required=False)
    day = forms.DateField(required=False)
    password = forms.CharField(widget=forms.PasswordInput, required=False)


def answered(**typed):
    form = Question({"name": "Elm", **typed})
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "odd", ["\N{ZERO WIDTH SPACE}", "\N{NO-BREAK SPACE}", "\N{WORD JOINER}", "\x00"]
)
def test_an_invisible_letter_is_no_error_in_any_box(odd):
    form = answered(
        name=f"{odd}Elm House{odd}",
        email=f"{odd}a@b.test{odd}",
        **{"day-day": f"9{odd}", "day-month": f"{odd}12", "day-year": f"2019{odd}"},
    )
    assert form.errors == {}
    assert form.cleaned_data["name"] == "Elm House"
    assert form.cleaned_data["email"] == "a@b.test"
    assert form.cleaned_data["day"].isoformat() == "2019-12-09"


def test_a_password_is_taken_as_it_is_typed():
    odd = "pa\N{ZERO WIDTH SPACE}ss\N{NO-BREAK SPACE}word\N{COMBINING ACUTE ACCENT}"
    assert answered(password=odd).cleaned_data["password"] == odd


def test_the_length_is_that_of_what_is_kept():
    accents = "a\N{COMBINING ACUTE ACCENT}" * 10
    assert answered(name=accents).errors == {}
    assert "10 characters or fewer" in str(answered(name=accents + "b").errors["name"])


def test_a_text_without_a_length_of_its_own_is_bounded_and_kept_on_the_page():
    long = "x" * (text.LONGEST + 1)
    form = answered(story=long)
    assert f"must be {text.LONGEST} characters or fewer" in str(form.errors["story"])
    assert form["story"].value() == long
    assert answered(story="x" * text.LONGEST).errors == {}


@given(st.lists(st.sampled_from(ODD), max_size=5).map("".join))
def test_every_answer_is_clean_whatever_is_typed(typed):
    form = answered(name="Elm", story=f"a{typed}")
    assert form.cleaned_data["story"] == text.clean(f"a{typed}").strip()


def test_every_form_of_the_product_asks_through_the_one_door():
    assert [
        name for name, form in form_classes().items() if not issubclass(form, GovFormMixin)
    ] == []
