"""Which line of a statement is which line of the books: by reference, by time, by day.

What must stay true: what is called certain has exactly one partner on either side, and equal
amounts; whatever has a rival is only proposed, and a person decides. Pure; money in satang.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.text import ascii_digits, normalise

Key = tuple[UUID, int]
"""An entry and the number of its line."""
DAYS_NEAR, DAYS_FAR = 4, 31
MINUTES_NEAR = 10
PROPOSED_MAX = 5
_WORDS = re.compile(r"[0-9A-Za-z\u0e00-\u0e7f]{4,}")
_DIGITS = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement nobody has matched; `minute` is the time of day when it is known."""

    id: UUID
    day: date
    minute: int | None
    amount_satang: int
    words: frozenset[str]
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the books on a bank account, or (of no account) a transfer any bank may bring."""

    key: Key
    day: date
    minute: int | None
    amount_satang: int
    words: frozenset[str]
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A line and its item; `why` is reference, time or day."""

    line: Line
    item: Item
    why: str


def words_of(*texts: str) -> frozenset[str]:
    """Return the words that can identify a payment: four signs or more, with a digit in them."""
    plain = " ".join(ascii_digits(normalise(text)).upper() for text in texts)
    return frozenset(word for word in _WORDS.findall(plain) if _DIGITS.search(word))


def minute_of(at: str) -> int | None:
    """Return the minutes since midnight of HH:MM; None for no time."""
    hours, _, minutes = at.partition(":")
    return int(hours) * 60 + int(minutes) if minutes else None


def certain(lines: Sequence[Line], items: Sequence[Item]) -> tuple[Pair, ...]:
    """Return the pairs about which there is nothing to decide; nothing stands in two of them."""
    found: list[Pair] = []
    open_lines, open_items = list(lines), list(items)
    for why, meets in _WAYS:
        pairs = _only_partners(open_lines, open_items, meets)
        found += [Pair(line, item, why) for line, item in pairs]
        taken = {line.id for line, _ in pairs}, {item.key for _, item in pairs}
        open_lines = [line for line in open_lines if line.id not in taken[0]]
        open_items = [item for item in open_items if item.key not in taken[1]]
    return tuple(found)


def proposed(line: Line, items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the likeliest items of equal amount, best first: reference, then day, then time."""
    same = [item for item in items if _same_amount(line, item) and _days(line, item) <= DAYS_FAR]
    same.sort(
        key=lambda item: (
            not _by_reference(line, item),
            _days(line, item),
            _minutes(line, item),
            item.key,
        )
    )
    return tuple(same[:PROPOSED_MAX])


def _same_amount(line: Line, item: Item) -> bool:
    return line.amount_satang == item.amount_satang


def _at_its_bank(line: Line, item: Item) -> bool:
    return item.account_id in (None, line.account_id)


def _days(line: Line, item: Item) -> int:
    return abs((line.day - item.day).days)


def _minutes(line: Line, item: Item) -> int:
    if line.minute is None or item.minute is None or line.day != item.day:
        return 24 * 60
    return abs(line.minute - item.minute)


def _by_reference(line: Line, item: Item) -> bool:
    return bool(line.words & item.words) and _days(line, item) <= DAYS_FAR


def _by_time(line: Line, item: Item) -> bool:
    return _minutes(line, item) <= MINUTES_NEAR


def _by_day(line: Line, item: Item) -> bool:
    return _days(line, item) <= DAYS_NEAR


_WAYS: tuple[tuple[str, Callable[[Line, Item], bool]], ...] = (
    ("reference", _by_reference),
    ("time", _by_time),
    ("day", _by_day),
)


def _only_partners(
    lines: Sequence[Line], items: Sequence[Item], meets: Callable[[Line, Item], bool]
) -> list[tuple[Line, Item]]:
    """Return the pairs of equal amount that meet each other and nobody else."""
    by_amount: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        by_amount[item.amount_satang].append(item)
    partners = {
        line.id: [
            item
            for item in by_amount[line.amount_satang]
            if _at_its_bank(line, item) and meets(line, item)
        ]
        for line in lines
    }
    wanted: dict[Key, int] = defaultdict(int)
    for found in partners.values():
        for item in found:
            wanted[item.key] += 1
    return [
        (line, partners[line.id][0])
        for line in lines
        if len(partners[line.id]) == 1 and wanted[partners[line.id][0].key] == 1
    ]
