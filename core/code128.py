"""Code 128 (ISO/IEC 15417), sets B and C: what a label's barcode is made of.

What must stay true: the same text always gives the same bars; pairs of digits take one symbol where
that is shorter. Pure.
"""

from __future__ import annotations

import re
from itertools import pairwise

_PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232"
).split()
"""Of each symbol 0-105 the widths of bar, space, bar, space, bar, space, in modules."""

_STOP = "2331112"
_TO_C, _TO_B = 99, 100
_START_B, _START_C = 104, 105
_MODULUS = 103
_FIRST, _LAST = " ", "~"
_DIGITS = re.compile("[0-9]+")
_RUN_WITHIN, _RUN_AT_EDGE = 6, 4
"""So many digits in a row are shorter in set C, the switches counted."""


def widths(text: str) -> tuple[int, ...]:
    """Return the widths in modules of bar, space, bar … bar; printable ASCII only."""
    assert text, "a barcode of nothing"
    assert all(_FIRST <= char <= _LAST for char in text), f"{text!r} is not printable ASCII"
    symbols = _symbols(text)
    check = symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols[1:], 1))
    patterns = [_PATTERNS[symbol] for symbol in (*symbols, check % _MODULUS)]
    return tuple(int(width) for width in "".join([*patterns, _STOP]))


def _symbols(text: str) -> list[int]:
    """Return start symbol, data and switches, without the check symbol."""
    symbols: list[int] = []
    in_c = False
    for start, end in pairwise(_cuts(text)):
        part = text[start:end]
        pairs = (start, end) in _runs(text)
        if not symbols:
            symbols.append(_START_C if pairs else _START_B)
        elif pairs != in_c:
            symbols.append(_TO_C if pairs else _TO_B)
        in_c = pairs
        if pairs:
            symbols += [int(part[place : place + 2]) for place in range(0, len(part), 2)]
        else:
            symbols += [ord(char) - ord(_FIRST) for char in part]
    return symbols


def _cuts(text: str) -> list[int]:
    """Return where runs for set C begin and end, with the ends of the text."""
    edges = {0, len(text)}
    for run in _runs(text):
        edges |= set(run)
    return sorted(edges)


def _runs(text: str) -> set[tuple[int, int]]:
    """Return the stretches of digits that set C writes shorter, each of even length."""
    found = set()
    for run in _DIGITS.finditer(text):
        start, end = run.span()
        at_edge = start == 0 or end == len(text)
        if end - start < (_RUN_AT_EDGE if at_edge else _RUN_WITHIN):
            continue
        # An odd digit stays in set B: the first one, or the last when set C starts the symbol.
        odd = (end - start) % 2
        found.add((start, end - odd) if start == 0 else (start + odd, end))
    return found
