"""Who else speaks in the close: rooms above the books hand their matters down here.

`pos/app.py` appoints them once, when the rooms are put together; the books know nobody by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from accounting.rules.attention import Attention, TieOut

Matters = Callable[[int, int], Iterator[Attention]]
"""(centre_id, period_id) → what needs a person before that month can be closed."""
Ties = Callable[[int, date], Iterator[TieOut]]
"""(centre_id, on) → control accounts beside their sub-ledgers at the end of a day."""


@dataclass(slots=True)
class _Appointed:
    matters: list[Matters] = field(default_factory=list)
    ties: list[Ties] = field(default_factory=list)


_appointed = _Appointed()


def appoint(matters: Sequence[Matters], ties: Sequence[Ties]) -> None:
    """Say who contributes; said once, at start."""
    _appointed.matters = list(matters)
    _appointed.ties = list(ties)


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield what every room has to say of a month."""
    for say in _appointed.matters:
        yield from say(centre_id, period_id)


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield the tie-outs of every room at the end of a day."""
    for say in _appointed.ties:
        yield from say(centre_id, on)
