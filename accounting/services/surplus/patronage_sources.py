"""Who says what members bought and delivered: rooms above the books hand it down here.

`pos/app.py` appoints them once, when the rooms are put together; the books know nobody by name.
What must stay true: a source counts each document in the year of its business date, returns below
zero, and what it lists for one member adds up to what it counts for that member.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accounting.rules.periods import Span
from core.appointed import Appointed

PURCHASES, DELIVERIES = "purchases", "deliveries"


@dataclass(frozen=True, slots=True)
class Counted:
    """What one document counts for a member in one group of goods; returns below zero."""

    source_type: str
    source_id: UUID
    number: str
    on: date
    group: str
    satang: int
    late: bool = False


@dataclass(frozen=True, slots=True)
class LateOne:
    """A document that counts in the year but was entered late."""

    source_type: str
    source_id: UUID
    number: str
    on: date
    recorded_on: date
    member_id: UUID | None
    satang: int


@dataclass(frozen=True, slots=True)
class Since:
    """Documents of the year entered after a moment: how many, and some of their numbers."""

    count: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One room's account of patronage."""

    kind: str
    """`purchases` or `deliveries`."""
    sums: Callable[[int, Span], Iterator[tuple[UUID, str, int]]]
    """(centre_id, days) → member, group of goods, net satang; a member may come more than once."""
    documents: Callable[[int, Span, Collection[UUID]], Sequence[Counted]]
    """(centre_id, days, memberships of one person) → every document counted, by day."""
    late: Callable[[int, Span], Sequence[LateOne]]
    since: Callable[[int, Span, datetime], Since]
    groups: Callable[[int], Mapping[UUID, str]]
    """centre_id → the group of every product counted by."""


SOURCES: Appointed[Source] = Appointed()


def of(kind: str) -> tuple[Source, ...]:
    """Return the sources of purchases or of deliveries."""
    return tuple(one for one in SOURCES if one.kind == kind)


def every() -> tuple[Source, ...]:
    """Return all sources."""
    return tuple(SOURCES)
