"""The drawer's arithmetic: denominations, float, cash in and out, over or short. Pure; satang."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from core.errors import N_, DomainError

DENOMINATIONS = (100_000, 50_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25)
"""Thai notes 1000 500 100 50 20 and coins 10 5 2 1 0.50 0.25, in satang."""

USUAL_CATEGORY = {"pay_in": "safe", "pay_out": "expense"}
_COUNTERPART = {
    "safe": Purpose.CASH_SAFE,
    "expense": Purpose.EXPENSE_OTHER,
    "income": Purpose.OTHER_INCOME,
}


class ExpenseNeedsVoucher(DomainError):
    """One person alone pays no expense above the books' limit out of a drawer."""

    code, status, title = "expense-needs-voucher", 409, N_("Write a voucher for this expense")
    detail = N_(
        "Up to %(limit_satang)s baht an expense may be paid from the drawer. "
        "A second person approves the voucher."
    )


def place_of(opened_at: datetime, closed_at: datetime | None, occurred_at: datetime) -> str | None:
    """Return where a document stands to its shift: `in_time`, `late`, or None when outside it.

    An open shift takes what comes, whatever the tablet's clock says: its drawer is not counted yet.
    A closed one takes only what happened within it, as late: its drawer's count holds the cash.
    """
    if closed_at is None:
        return "in_time"
    return "late" if opened_at <= occurred_at <= closed_at else None


def total_of(counts: Iterable[tuple[int, int]]) -> int:
    """Return the satang in a drawer counted as (denomination, pieces)."""
    return sum(denomination * pieces for denomination, pieces in counts)


def float_lines(float_satang: int, left_satang: int, till_id: UUID) -> tuple[NewLine, ...]:
    """Return the lines that bring the drawer from what the last count left to the new float."""
    return _drawer_lines(float_satang - left_satang, till_id, Purpose.CASH_SAFE)


def over_short_lines(expected: int, counted: int, till_id: UUID) -> tuple[NewLine, ...]:
    """Return the lines that bring the books to the count; short is a cost, over lowers it."""
    return _drawer_lines(counted - expected, till_id, Purpose.CASH_OVER_SHORT)


def movement_lines(
    kind: str, category: str, amount_satang: int, till_id: UUID
) -> tuple[NewLine, ...]:
    """Return the lines of a pay-in or pay-out."""
    change = amount_satang if kind == "pay_in" else -amount_satang
    return _drawer_lines(change, till_id, _COUNTERPART[category])


def require_small_expense(category: str, amount_satang: int, limit_satang: int) -> None:
    """Raise ExpenseNeedsVoucher for an expense above the limit; at 0 every one needs a voucher."""
    if category == "expense" and amount_satang > limit_satang:
        raise ExpenseNeedsVoucher(field="amount_satang", limit_satang=limit_satang)


def _drawer_lines(change: int, till_id: UUID, other: Purpose) -> tuple[NewLine, ...]:
    if change > 0:
        return (
            NewLine(Purpose.CASH_TILL, debit=change, till_id=till_id),
            NewLine(other, credit=change),
        )
    if change < 0:
        return (
            NewLine(other, debit=-change),
            NewLine(Purpose.CASH_TILL, credit=-change, till_id=till_id),
        )
    return ()
