"""Check digits of Thai ids and barcodes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import (
    format_thai_id,
    is_thai_id,
    mask_thai_id,
    plain_digits,
    thai_id_check_digit,
)

# Made up, with the right check digit; they belong to nobody.
SYNTHETIC_IDS = [
    "1234567890121",
    "1526018159086",
    "1301661318601",
    "1913909960308",
    "1824628194824",
    "1199351819091",
]


@pytest.mark.parametrize("digits", SYNTHETIC_IDS)
def test_valid_ids(digits: str) -> None:
    assert is_thai_id(digits)
    assert is_thai_id(format_thai_id(digits))
    assert thai_id_check_digit(digits[:12]) == int(digits[12])


@pytest.mark.parametrize(
    "text",
    ["1111111111111", "1234567890122", "123456789012", "12345678901210", "", "123456789012x"],
)
def test_invalid_ids(text: str) -> None:
    assert not is_thai_id(text)


def test_thai_digits_and_separators_are_understood() -> None:
    assert is_thai_id("๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑")
    assert plain_digits("๑-๒๓๔๕ ๖๗๘๙๐-๑๒-๑") == "1234567890121"


def test_written_forms() -> None:
    assert format_thai_id("1234567890121") == "1-2345-67890-12-1"
    assert mask_thai_id("1234567890121") == "1-2345-XXXXX-12-1"
    assert format_thai_id("12345") == "12345"
    assert "1" not in mask_thai_id("12345")


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_where_the_scheme_can(first: str, place: int, by: int) -> None:
    """The scheme's own blind spots: the third digit weighs 11, and two remainders share a 1."""
    digits = first + str(thai_id_check_digit(first))
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    if is_thai_id(wrong):
        assert place == 2 or wrong[12] == "1"
