"""What dividend is measured by: how long which shares were held in a year. Pure.

By days: a satang counts on every day it stands in the register at the day's end, so the first day
counts and the day of redemption does not. By months: every calendar month counts the lowest balance
that stood on any of its days, so only full months count.

What must stay true: what was held before the year counts from its first day, what comes after its
last counts nothing; the same movements in any order of one day give the same sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Protocol

WHOLE = 10_000
DAYS, MONTHS = "days", "months"


class Held(Protocol):
    """A movement of paid-up shares: so many satang more (or fewer) from a day on."""

    @property
    def on(self) -> date: ...
    @property
    def delta_satang(self) -> int: ...


def share_days(movements: Iterable[Held], first: date, last: date) -> int:
    """Return Σ satang × days held from `first` to `last`, both included."""
    total = 0
    for one in movements:
        if one.on <= last:
            total += one.delta_satang * ((last - max(one.on, first)).days + 1)
    return total


def share_months(movements: Iterable[Held], first: date, last: date) -> int:
    """Return Σ over the months of the lowest balance on any day of each."""
    return sum(lowest for _, lowest in month_lows(movements, first, last))


def month_lows(movements: Iterable[Held], first: date, last: date) -> Iterator[tuple[date, int]]:
    """Yield the first day of each month with the lowest balance on any of its days."""
    by_day = _balances(movements, last)
    balance, at = 0, next(by_day, None)
    for begins, ends in _months(first, last):
        while at is not None and at[0] <= begins:
            balance, at = at[1], next(by_day, None)
        lowest = balance
        while at is not None and at[0] <= ends:
            balance, at = at[1], next(by_day, None)
            lowest = min(lowest, balance)
        yield begins, lowest


def measure(movements: Iterable[Held], first: date, last: date, basis: str) -> int:
    """Return satang-days or, by months, satang-months."""
    assert basis in (DAYS, MONTHS)
    return (share_days if basis == DAYS else share_months)(movements, first, last)


def units_in_year(first: date, last: date, basis: str) -> int:
    """Return how many days (or months) of the year one satang can count at most."""
    return (last - first).days + 1 if basis == DAYS else sum(1 for _ in _months(first, last))


def cap_pool(pool: int, share_days_total: int, cap_basis_points: int | None, days: int) -> int:
    """Return what of a pool may be shared so that the rate stays within the cap.

    The rate is pool ÷ (share-days ÷ days of the year), the average of paid-up shares; by months
    give satang-months and the months of the year. Rounded down: the cap is never passed.
    """
    assert pool >= 0 and share_days_total >= 0 and days > 0
    if cap_basis_points is None:
        return pool
    return min(pool, share_days_total * cap_basis_points // (WHOLE * days))


def _balances(movements: Iterable[Held], last: date) -> Iterator[tuple[date, int]]:
    """Yield the balance at the end of each day that has movements, day by day."""
    balance = 0
    ordered = sorted((one for one in movements if one.on <= last), key=lambda one: one.on)
    for day, some in groupby(ordered, key=lambda one: one.on):
        balance += sum(one.delta_satang for one in some)
        yield day, balance


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each calendar month of the year."""
    begins = first
    while begins <= last:
        following = (begins.replace(day=1) + timedelta(days=31)).replace(day=1)
        yield begins, min(following - timedelta(days=1), last)
        begins = following
