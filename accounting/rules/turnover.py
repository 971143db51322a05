"""The turnover of twelve months beside the limit from which VAT registration is due. Pure; satang.

Counted are our own sales, services and commission, less discounts: of consigned goods we are the
agent. Whether their full price counts is for the accountant to say, so it is shown beside.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounting.rules.chart import Purpose

MONTHS = 12
WARN, ALARM, OVER = 70, 90, 100
"""From so many per cent of the limit on the gauge changes its colour."""

OWN = (Purpose.SALES, Purpose.COMMISSION, Purpose.SERVICE_INCOME, Purpose.DISCOUNTS_GIVEN)


@dataclass(frozen=True, slots=True)
class MonthTurnover:
    """A month: our own turnover, and the producers' part of what was sold on consignment."""

    period_id: int
    own_satang: int
    producers_satang: int

    @property
    def gross_satang(self) -> int:
        return self.own_satang + self.producers_satang


@dataclass(frozen=True, slots=True)
class Turnover:
    """Twelve months, oldest first, and the limit."""

    months: tuple[MonthTurnover, ...]
    limit_satang: int

    @property
    def own_satang(self) -> int:
        return sum(month.own_satang for month in self.months)

    @property
    def gross_satang(self) -> int:
        return sum(month.gross_satang for month in self.months)

    @property
    def percent(self) -> int:
        return percent_of(self.own_satang, self.limit_satang)

    @property
    def gross_percent(self) -> int:
        return percent_of(self.gross_satang, self.limit_satang)

    @property
    def left_satang(self) -> int:
        return max(self.limit_satang - self.own_satang, 0)


def percent_of(satang: int, limit_satang: int) -> int:
    """Return whole per cent, rounded down; nothing below zero."""
    return max(satang, 0) * 100 // limit_satang


def level_of(percent: int) -> int:
    """Return the warning reached: 0, 70, 90 or 100."""
    return max((level for level in (0, WARN, ALARM, OVER) if percent >= level), default=0)
