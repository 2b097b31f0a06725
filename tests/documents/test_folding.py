"""One folding for search, pickers, lists, duplicates and the scan."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import folding

CASES = Path(__file__).parent.parent / "data" / "names" / "search-names.csv"
with CASES.open(encoding="utf-8") as file:
    TYPED = [tuple(row.values()) for row in csv.DictReader(file)]

APOSTROPHES = "'’‘ʼ´`′＇"
INVISIBLE = "\u200b\u200d\u00ad\u2060\ufeff"
NAMES = (
    "O'Brien House",
    "Ash & Elm House",
    "St Mary's Lodge",
    "Llŷn Fawr",
    "Bjørnvik",
    "Łódź Court",
    "Æthelred's",
    "Weiße Rose",
    "The Elms Care Home",
)


def is_found(typed: str, name: str) -> bool:
    return any(each in folding.letters_and_digits(name) for each in folding.spellings(typed))


@pytest.mark.parametrize(("name", "typed", "must"), TYPED)
def test_name_is_found_as_it_is_typed(name, typed, must):
    assert is_found(typed, name) == (must == "yes")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("St Mary's", "Saint Marys"),
        ("Saint Mary's", "st. mary"),
        ("Saint Mary's", "sain"),
        ("StMary's", "St Mary"),
        ("St Mary's", "stmary"),
        ("Stanley House", "St"),
        ("All Saints", "all saint"),
        ("Oak + Ash", "oak&ash"),
        ("Oak and Ash", "Oak ＋ Ash"),
        ("Elmwood", "Elm Wood"),
        ("Elm-Wood", "elmwood"),
        ("Mimosa Integrated Care", "mimosa"),
        ("Oʼbrien", "obrien"),
    ],
)
def test_other_spellings_are_found(name, typed):
    assert is_found(typed, name)


@pytest.mark.parametrize(
    ("name", "typed"), [("Elm House", "Oak"), ("Ash House", "Ash Court"), ("St Mary's", "St Anne")]
)
def test_other_names_are_not_found(name, typed):
    assert not is_found(typed, name)


def test_every_latin_letter_with_a_mark_is_the_letter_without():
    marked = [
        chr(code)
        for code in range(0x10000)
        if " WITH " in (name := unicodedata.name(chr(code), ""))
        and name.startswith(("LATIN SMALL LETTER ", "LATIN CAPITAL LETTER "))
        # Turned, open and reversed letters are letters of their own.
        and len(name.partition("LETTER ")[2].partition(" WITH")[0]) <= 2
    ]
    assert len(marked) > 700
    assert [letter for letter in marked if not folding.letters_and_digits(letter).isascii()] == []


def test_lists_have_the_order_of_the_alphabet_word_by_word():
    names = ["Zeta House", "Éire Lodge", "elmfield house", "Ashby House", "Ash House", "'Aster'"]
    expected = ["Ash House", "Ashby House", "'Aster'", "Éire Lodge", "elmfield house", "Zeta House"]
    assert sorted(names, key=folding.name_key) == expected


def test_email_addresses_that_may_be_two_peoples_are_two():
    assert folding.address_key("J.Smith@Example.TEST ") == folding.address_key(
        "j.smith@example.test"
    )
    assert folding.address_key("j.smith@example.test") != folding.address_key("jsmith@example.test")


@st.composite
def respelt(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and the same name as another device, another writer or another program spells it."""
    name = draw(st.sampled_from(NAMES))
    other = []
    for letter in name:
        if letter == "'":
            letter = draw(st.sampled_from(["", *APOSTROPHES]))
        elif letter == "&":
            letter = draw(st.sampled_from(["&", "+", "and", " AND ", "＆"]))
        elif letter == " ":
            letter = draw(st.sampled_from([" ", "  ", "\u00a0", "-", "\t"]))
        elif draw(st.booleans()):
            letter = draw(st.sampled_from([letter.upper(), letter.lower()]))
        other.append(letter + draw(st.sampled_from(["", "", "", *INVISIBLE])))
    form = draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    return name, unicodedata.normalize(form, "".join(other))


@given(respelt())
def test_every_spelling_of_a_name_has_its_key(names):
    name, other = names
    assert set(folding.spellings(other)) == set(folding.spellings(name))
    assert is_found(other, name)


@given(st.text(max_size=200))
def test_key_of_a_key_is_the_key(text):
    key = folding.name_key(text)
    assert len(key) <= folding.LONGEST_KEY
    assert folding.name_key(key) == key


@given(st.text(max_size=40), st.text(max_size=40))
def test_part_of_a_name_is_found_in_it(one, two):
    # Letters that change with their neighbours are left to the key of the whole name.
    assert is_found(one, f"{one} {two}")


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_pattern_finds_a_text_as_another_device_writes_it(text):
    other = text.replace("'", "’").replace("a", "á").replace("A", "Ǎ")
    for written in (text, text.upper(), other):
        assert re.search(folding.pattern(text), f"before {written} after")
