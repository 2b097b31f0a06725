"""Numbers in addresses and from devices: digits that fit a column, or no number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.numbers import LARGEST_ID, is_measured, whole_number


@given(st.integers(0, LARGEST_ID))
def test_every_number_of_a_record_is_read(number: int):
    assert whole_number(str(number)) == number


@given(st.text())
def test_any_text_is_a_number_that_fits_or_none(text: str):
    found = whole_number(text, 2100)
    assert found is None or 0 <= found <= 2100


@pytest.mark.parametrize(
    "text", ["", None, "-1", "+1", "1.0", "²", "١٢", "１", " 1", "1\n", "9" * 5_000, str(2**63)]
)
def test_what_no_record_is_called_is_no_number(text: str | None):
    assert whole_number(text) is None


@pytest.mark.parametrize("text", ["12", "12.5", "-3", "0.25", ".5", "12.", "9999999999.99"])
def test_a_measured_number(text: str):
    assert is_measured(text)


@pytest.mark.parametrize(
    "text", ["1e19", "NaN", "Infinity", "1_000", "１２", "9" * 11, "1.234", ""]
)
def test_what_could_not_be_shown_in_its_box_again_is_no_measured_number(text: str):
    assert not is_measured(text)
