"""Choosing a month or a year of the books."""

from __future__ import annotations

from accounting.rules.periods import first_day, period_of, previous_period
from core import clock
from core.web import show

MONTHS_OFFERED = 24


def month_choices(chosen: int) -> list[tuple[str, str]]:
    """Return the last two years' months for a list, latest first, and the chosen one."""
    month, months = period_of(clock.today()), []
    for _ in range(MONTHS_OFFERED):
        months.append(month)
        month = previous_period(month)
    if chosen not in months:
        months.append(chosen)
    return [(str(one), show.month(first_day(one))) for one in months]
