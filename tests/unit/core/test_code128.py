"""Bars of Code 128 against known symbols, and read back by a reader of their own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.code128 import _PATTERNS, widths

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
LOT_NO = st.from_regex(r"L25[0-9]{2}-[0-9]{5,7}", fullmatch=True)


def modules(text: str) -> str:
    """Write the bars as 1 and the spaces as 0."""
    return "".join("01"[place % 2 == 0] * width for place, width in enumerate(widths(text)))


def read(bars: tuple[int, ...]) -> str:
    """Read a symbol as a scanner does: start, check symbol, sets, stop."""
    assert bars[-7:] == (2, 3, 3, 1, 1, 1, 2)
    rest = bars[:-7]
    assert len(rest) % 6 == 0
    symbols = [
        _PATTERNS.index("".join(map(str, rest[place : place + 6])))
        for place in range(0, len(rest), 6)
    ]
    *data, check = symbols
    assert (data[0] + sum(place * one for place, one in enumerate(data[1:], 1))) % 103 == check
    in_c, text = data[0] == 105, ""
    assert data[0] in (104, 105)
    for one in data[1:]:
        if one == (100 if in_c else 99):
            in_c = not in_c
        else:
            text += f"{one:02d}" if in_c else chr(one + 32)
    return text


def test_every_symbol_is_three_bars_and_three_spaces_of_eleven_modules() -> None:
    assert len(set(_PATTERNS)) == 106
    for pattern in _PATTERNS:
        assert re.fullmatch("[1-4]{6}", pattern)
        digits = [int(width) for width in pattern]
        assert sum(digits) == 11
        # The standard's own check on each symbol: its bars are an even number of modules.
        assert sum(digits[::2]) % 2 == 0


def test_known_symbols() -> None:
    """Bars as other makers of barcodes print them."""
    assert modules("Wikipedia") == "".join(
        (
            *("11010010000", "11101000110", "10000110100", "11000010010", "10000110100"),
            *("10100111100", "10110010000", "10000100110", "10000110100", "10010110000"),
            *("11110010010", "1100011101011"),
        )
    )
    assert modules("1234").startswith("".join(("11010011100", "10110011100", "10001011000")))


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("L2569-00012", 11),  # B L 2 5 6 9 - 0 [C] 00 12
        ("0812345678", 6),
        ("123", 4),
        ("12345", 5),
        ("A123456B", 8),
        ("A1234B", 7),
    ],
)
def test_digits_are_paired_where_it_is_shorter(text: str, symbols: int) -> None:
    assert sum(widths(text)) == (symbols + 1) * 11 + 13
    assert read(widths(text)) == text


@given(st.one_of(PRINTABLE, LOT_NO, st.text("0123456789-", min_size=1)))
def test_what_is_written_is_read(text: str) -> None:
    assert read(widths(text)) == text


@pytest.mark.parametrize("text", ["", "แยม", "a\n"])
def test_other_texts_have_no_bars(text: str) -> None:
    with pytest.raises(AssertionError):
        widths(text)
