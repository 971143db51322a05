"""Running numbers of the registers (members, producers), around numbers given by hand."""

from __future__ import annotations

from collections.abc import Callable

from core.numbering import next_numbers

NO_YEAR = 0
"""A register's numbers never begin anew with the year."""


def next_free(centre_id: int, series: str, is_taken: Callable[[int, str], bool]) -> str:
    """Return the next number of a register that nobody was given by hand before."""
    while True:
        number = f"{next_numbers(centre_id, [(series, NO_YEAR)])[0]:05d}"
        if not is_taken(centre_id, number):
            return number
