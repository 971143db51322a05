"""What a list is narrowed to, days, a state, words, and the conditions that narrow it.

What must stay true: a list shows what holds every word somewhere, on SQLite and PostgreSQL alike:
Latin letters in any size, digits in Thai or not, and no sign of a word means anything but itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, or_

from core.clock import BANGKOK
from core.db import UtcDateTime
from core.text import ascii_digits, normalise, skeleton

WORDS_MAX = 8

Place: TypeAlias = "SQLColumnExpression[Any] | Callable[[str], ColumnElement[bool]]"
"""A column of text to look into, or a condition made of one word: who has it in their name."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reader looks for in a list; nothing said: all of it."""

    first: date | None = None
    last: date | None = None
    state: str = ""
    text: str = ""

    @property
    def words(self) -> list[str]:
        """Return the words looked for, spelt as texts are stored."""
        return normalise(self.text).split(" ")[:WORDS_MAX] if self.text.strip() else []


NOTHING = Sought()


def matching(
    sought: Sought,
    *,
    day: Any = None,
    state: Any = None,
    text: Iterable[Place] = (),
) -> list[ColumnElement[bool]]:
    """Return the conditions of a list by its day (or moment), its state and its texts.

    What a list has no column for does not narrow it.
    """
    found: list[ColumnElement[bool]] = []
    if day is not None:
        found += _between(day, sought.first, sought.last)
    if state is not None and sought.state:
        found.append(state == sought.state)
    places = tuple(text)
    if places:
        found += [or_(*(_held(word, place) for place in places)) for word in sought.words]
    return found


def holds(sought: Sought, *texts: str) -> bool:
    """Tell whether every word sought is somewhere in the texts: for a list worked out in memory."""
    forms = [skeleton(text) for text in texts]
    return all(any(skeleton(word) in form for form in forms) for word in sought.words)


def _between(day: Any, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    if not isinstance(day.type, UtcDateTime):
        return [
            *([day >= first] if first is not None else []),
            *([day <= last] if last is not None else []),
        ]
    return [
        *([day >= _midnight(first)] if first is not None else []),
        *([day < _midnight(last + timedelta(days=1))] if last is not None else []),
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BANGKOK)


def _held(word: str, place: Place) -> ColumnElement[bool]:
    if not isinstance(place, SQLColumnExpression):
        return place(word)
    spellings = dict.fromkeys((word, ascii_digits(word)))
    return or_(*(place.icontains(one, autoescape=True) for one in spellings))
