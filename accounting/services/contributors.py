"""Who else speaks in the close: rooms above the books hand their matters down here.

`pos/app.py` appoints them once, when the rooms are put together; the books know nobody by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from accounting.rules.attention import Attention, TieOut
from core.appointed import Appointed

Matters = Callable[[int, int], Iterator[Attention]]
"""(centre_id, period_id) → what needs a person before that month can be closed."""
Ties = Callable[[int, date], Iterator[TieOut]]
"""(centre_id, on) → control accounts beside their sub-ledgers at the end of a day."""

MATTERS: Appointed[Matters] = Appointed()
TIES: Appointed[Ties] = Appointed()


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield what every room has to say of a month."""
    for say in MATTERS:
        yield from say(centre_id, period_id)


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield the tie-outs of every room at the end of a day."""
    for say in TIES:
        yield from say(centre_id, on)
