"""A budget and what came of it. Pure; money in satang.

What must stay true: a year's amount spread over its months is that amount again, to the satang;
more income than planned is good, more cost is not, and contra accounts follow their group.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_, DomainError
from core.money import SATANG_MAX, split_by_weight

MONTHS = 12
NOTHING = (0,) * MONTHS


class BudgetOutOfRange(DomainError):
    """An amount is beyond what one field may hold, or there are not twelve."""

    code, status, title = "budget-out-of-range", 422, N_("An amount of the budget is too large")
    detail = N_("Write an amount up to 1,000,000,000 baht for each of the twelve months.")


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan beside what came of it; `better` above zero is good for the centre."""

    plan: int
    actual: int
    better: int


def spread(year: int) -> tuple[int, ...]:
    """Return an amount for each of twelve months: as even as satang allow, the first ones more."""
    parts = split_by_weight(abs(year), [1] * MONTHS)
    return tuple(part if year >= 0 else -part for part in parts)


def check(months: tuple[int, ...]) -> None:
    """Raise BudgetOutOfRange unless there are twelve amounts a field may hold."""
    if len(months) != MONTHS or any(abs(amount) > SATANG_MAX for amount in months):
        raise BudgetOutOfRange


def compare(account_type: str, plan: int, actual: int) -> Compared:
    """Return plan and actual with the difference seen from the centre."""
    over = actual - plan
    return Compared(plan, actual, over if account_type == "income" else -over)
