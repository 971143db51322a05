"""When the monthly meeting is, how resolutions are numbered, what is always on the agenda. Pure.

The network meets on the 9th of every month (its plan of 2002); its papers are ready the day before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from accounting.rules.periods import BUDDHIST_OFFSET, period_of, previous_period
from core.errors import N_

READY_DAYS = 2
"""So many days before a meeting its papers are made: on the 7th, to be there on the 8th."""

AGENDA: tuple[str, ...] = (
    N_("What the chair has to tell"),
    N_("Minutes of the last meeting, and what became of its resolutions"),
    N_("Sales, stock, cash and what we owe: the month's paper"),
    N_("Funds, and requests to decide"),
    N_("Welfare or profit: the month's report"),
    N_("Other matters"),
)
"""The points of every monthly meeting; a meeting's own agenda begins with them."""


def month_before(held_on: date) -> int:
    """Return the month a meeting looks back on: its paper tells of that one."""
    return previous_period(period_of(held_on))


def ready_from(held_on: date) -> date:
    """Return the day from which the paper of a meeting is made."""
    return held_on - timedelta(days=READY_DAYS)


def due(today: date, meeting_day: int) -> date | None:
    """Return the meeting whose papers are to be made today, if one is near; 0 means no meetings.

    They are made from two days before it until the day itself, so that a machine that was off is
    not late for ever.
    """
    if not 1 <= meeting_day <= 28:
        return None
    for first in (today, today + timedelta(days=READY_DAYS)):
        meeting = first.replace(day=meeting_day)
        if ready_from(meeting) <= today <= meeting:
            return meeting
    return None


def next_number(known: Iterable[str], held_on: date) -> str:
    """Return the number the next resolution of that year would have: 3/2569 after 2/2569."""
    year = held_on.year + BUDDHIST_OFFSET
    taken = [0]
    for number in known:
        before, slash, of = number.partition("/")
        if slash and of.strip() == str(year) and before.strip().isascii() and before.isdigit():
            taken.append(int(before))
    return f"{max(taken) + 1}/{year}"
