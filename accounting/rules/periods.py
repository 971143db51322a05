"""Months and years of the books. Pure.

What must stay true: a business date lies in exactly one period and one fiscal year, for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import N_, DomainError

BUDDHIST_OFFSET = 543


class PeriodClosed(DomainError):
    """The month a document is dated in has been closed; `period_id` is year × 100 + month (CE)."""

    code, status, title = "period-closed", 409, N_("That month's books are closed")
    detail = N_("Record this with a date in an open month, or ask the accountant.")


class LongAgo(DomainError):
    """A day so long past that its year must be a slip; months begun stay for ever."""

    code, status, title = "day-long-ago", 422, N_("That day is too long ago")
    detail = N_("Look at the year once more: 2569 is 2026. The books go back three years at most.")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included; None is open-ended."""

    first: date | None = None
    last: date | None = None


ALWAYS = Span()


def period_of(day: date) -> int:
    """Return the period in which a day falls: 2026-11-21 → 202611."""
    return day.year * 100 + day.month


def fiscal_year(day: date, start_month: int = 1) -> int:
    """Return the Buddhist-era year in which the fiscal year of a day ends.

    With a start in April, 31 March 2026 belongs to 2569 and 1 April 2026 to 2570.
    """
    assert 1 <= start_month <= 12
    ends_next_year = start_month > 1 and day.month >= start_month
    return day.year + BUDDHIST_OFFSET + (1 if ends_next_year else 0)


def first_day(period_id: int) -> date:
    """Return the first day of a period."""
    year, month = divmod(period_id, 100)
    return date(year, month, 1)


def last_day(period_id: int) -> date:
    """Return the last day of a period."""
    return first_day(next_period(period_id)) - timedelta(days=1)


def next_period(period_id: int) -> int:
    """Return the period after one: 202612 → 202701."""
    return period_id + 1 if period_id % 100 < 12 else period_id + 89


def previous_period(period_id: int) -> int:
    """Return the period before one: 202701 → 202612."""
    return period_id - 1 if period_id % 100 > 1 else period_id - 89


def may_be_locked(business_date: date, today: date) -> bool:
    """Tell whether the month of a day can be locked already: only once it is over."""
    return period_of(business_date) < period_of(today)


def counts_on(business_date: date, today: date, *, own_month_open: bool) -> date:
    """Return the day a document that may be late counts: its own, or today if that is locked."""
    return business_date if own_month_open else today


def fiscal_span(year: int, start_month: int = 1) -> Span:
    """Return the days of the fiscal year that ends in Buddhist-era `year`."""
    ends = year - BUDDHIST_OFFSET
    begins = ends if start_month == 1 else ends - 1
    first = date(begins, start_month, 1)
    return Span(first, date(begins + 1, start_month, 1) - timedelta(days=1))


def last_period_of_year(year: int, start_month: int = 1) -> int:
    """Return the last period of the fiscal year that ends in Buddhist-era `year`."""
    last = fiscal_span(year, start_month).last
    assert last is not None
    return period_of(last)
