"""What differs by words, and the words of two people brought together."""

import time

import pytest

from core.differences import Kind, both, parts

BASE = "The home is clean. Staff are kind. Meals are late."


def test_difference_is_by_words_and_gives_both_texts_back():
    after = "The home is very clean. Staff are kind."
    found = parts(BASE, after)
    assert "".join(part.text for part in found if part.kind != Kind.ADDED).rstrip() == BASE
    assert "".join(part.text for part in found if part.kind != Kind.REMOVED).rstrip() == after
    assert (Kind.ADDED, "very ") in [(part.kind, part.text) for part in found]


@pytest.mark.parametrize(
    ("theirs", "mine", "expected"),
    [
        (f"{BASE} Call again.", f"In March: {BASE}", f"In March: {BASE} Call again."),
        (BASE, f"{BASE} More.", f"{BASE} More."),
        (f"{BASE} More.", BASE, f"{BASE} More."),
        (f"{BASE} More.", f"{BASE} More.", f"{BASE} More."),
        (
            BASE.replace("clean", "tidy"),
            BASE.replace("late", "cold"),
            BASE.replace("clean", "tidy").replace("late", "cold"),
        ),
    ],
)
def test_changes_in_different_places_are_both_kept(theirs, mine, expected):
    assert both(BASE, theirs, mine).text == expected
    assert both(BASE, theirs, mine).clean


def test_words_put_into_one_place_are_both_kept_theirs_first():
    merged = both(
        "Seen on the day.", "Seen on the day. Records gone.", "Seen on the day. Stock low."
    )
    assert merged.text == "Seen on the day. Records gone. Stock low."
    assert not merged.clean


def test_bringing_together_again_multiplies_nothing():
    merged = both("", "Alpha beta.", "Gamma delta.").text
    assert merged == "Alpha beta.\n\nGamma delta."
    assert both("", merged, "Gamma delta.").text == merged
    assert both("", "Alpha beta.", merged).text == merged
    # One tab after the other that writes on: the longer text holds the shorter.
    assert both("", "Alpha beta.", "Alpha beta. Gamma").text == "Alpha beta. Gamma"


def test_without_what_was_seen_no_word_is_lost():
    assert both(None, "Theirs.", "Mine.").text == "Theirs.\n\nMine."


@pytest.mark.parametrize("word", ["a ", "word "])
def test_the_longest_text_of_one_word_is_compared_at_once(word):
    text = (word * 20_000)[:20_000]
    started = time.monotonic()
    parts(text, text[: len(text) // 2] + "x " + text[len(text) // 2 :])
    parts(text, "b " * 10_000)
    # A bound against hanging, far above what it takes; not a measure.
    assert time.monotonic() - started < 20
