"""What a line of opening stock says of its lot: the number it had, the part agreed for it. Pure.

What must stay true: a number of our own series is never taken from a file, for it is somebody
else's lot, or will be.
"""

from __future__ import annotations

import re
from typing import Protocol

from core import figures_in
from core.errors import N_, DomainError
from inventory.rules.opening_tables import Line

OWN_LOT = re.compile(r"L[0-9]{4}-[0-9]{5,}")
"""Lots' numbers of our own series: none of these is taken from a file."""


class Refuse(Protocol):
    """Names what is wrong with a column of a line."""

    def __call__(self, column: str, words: str, /, **facts: object) -> None: ...


def split_of(line: Line, consigned: bool, refuse: Refuse) -> int | None:
    """Return the part agreed for these goods, in 1/10,000; None: what is in force."""
    said = line.text.get("split", "")
    if not said:
        return None
    if not consigned:
        refuse(
            "split", N_("Only goods on consignment are shared. Leave the producer's part empty.")
        )
        return None
    try:
        points = figures_in.satang(said.removesuffix("%"))
    except DomainError:
        points = -1
    if 0 <= points <= 10_000:
        return points
    refuse("split", N_("“%(cell)s” is not a percentage from 0 to 100."), cell=said)
    return None
