"""The day producers are paid next. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def next_payout_day(today: date, day_of_month: int) -> date:
    """Return the next day of paying, today included; the last day in a month that is shorter."""
    this_month = _day_in(today.year, today.month, day_of_month)
    if today <= this_month:
        return this_month
    year, month = divmod(today.year * 12 + today.month, 12)
    return _day_in(year, month + 1, day_of_month)


def _day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
