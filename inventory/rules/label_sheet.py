"""Where labels stand on a sheet that may have been begun before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

ACROSS, DOWN = 3, 8
PER_SHEET = ACROSS * DOWN

T = TypeVar("T")


def sheets(labels: Sequence[T], start: int) -> list[list[T | None]]:
    """Return full sheets of places, row by row, empty (None) before `start` and after the last.

    `start` is the first free place of the first sheet, counted from 1.
    """
    assert 1 <= start <= PER_SHEET
    places: list[T | None] = [*[None] * (start - 1), *labels]
    places += [None] * (-len(places) % PER_SHEET)
    return [places[at : at + PER_SHEET] for at in range(0, len(places), PER_SHEET)]
