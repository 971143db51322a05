"""The daily report of cash in and out (Notice 161): what money was for, and whether it was in time.

Cash basis: a document counts on the day its money moves, so a sale on credit counts when it is
paid. Money passing between our own accounts is neither. What must stay true: of every document
receipts - purchases - expenses + other in - other out is exactly what its money changed, so that
the report explains every satang. Pure; money in satang.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from accounting.rules.chart import Purpose

SATURDAY = 5


class Part(StrEnum):
    """The column an account's lines belong to."""

    RECEIPT = "receipt"
    GOODS = "goods"
    EXPENSE = "expense"
    OVER_SHORT = "over_short"
    OTHER = "other"


_GOODS = {
    Purpose.INVENTORY,
    Purpose.GOODS_IN_TRANSIT,
    Purpose.WORK_IN_PROGRESS,
    Purpose.PAYABLE_OUTRIGHT,
    Purpose.COST_OF_GOODS,
    Purpose.WASTE,
    Purpose.COUNT_DIFFERENCE,
}
"""Goods bought and what is still owed for them; cost and stock of a sale cancel each other."""

_RECEIPTS = {Purpose.MEMBER_RECEIVABLE, Purpose.SCHEME_RECEIVABLE}
"""Sold earlier, paid for now."""

_EXPENSES = {Purpose.PACKAGING_MATERIALS}
"""Used later, paid for now."""

_FROM_CUSTOMERS = {"sale", "refund"}
"""Kinds of entries by which customers pay for consigned goods, or get their money back."""


_TAKEN_OVER = {"opening_import"}
"""Kinds of entries that bought and sold nothing: what there was already, taken over."""


NOT_TIMED = frozenset({"opening", "opening_import"})
"""Kinds of entries that are no day's work: what a centre had before its first day here."""


@dataclass(frozen=True, slots=True)
class CashSums:
    """What money was for; all columns of the report."""

    receipts: int = 0
    purchases: int = 0
    expenses: int = 0
    other_in: int = 0
    other_out: int = 0

    def __add__(self, more: CashSums) -> CashSums:
        return CashSums(
            self.receipts + more.receipts,
            self.purchases + more.purchases,
            self.expenses + more.expenses,
            self.other_in + more.other_in,
            self.other_out + more.other_out,
        )

    @property
    def net(self) -> int:
        """Return what the money changed by."""
        return self.receipts - self.purchases - self.expenses + self.other_in - self.other_out

    @property
    def result(self) -> int:
        """Return business receipts less business payments."""
        return self.receipts - self.purchases - self.expenses

    @property
    def columns(self) -> tuple[int, int, int, int, int]:
        return (self.receipts, self.purchases, self.expenses, self.other_in, self.other_out)


NOTHING = CashSums()


def part_of(purpose: str | None, account_type: str, kind: str = "", gross: bool = False) -> Part:
    """Return the column of an account that is not money, in an entry of a kind.

    Of consigned goods we are the agent: the producer's part is money held for somebody else, in
    and out. With `gross` it is shown as takings and as goods bought, for an accountant who so
    decides.
    """
    return Part.OTHER if kind in _TAKEN_OVER else _in_trade(purpose, account_type, kind, gross)


def _in_trade(purpose: str | None, account_type: str, kind: str, gross: bool) -> Part:
    if gross and purpose == Purpose.CONSIGNMENT_PAYABLE:
        return Part.RECEIPT if kind in _FROM_CUSTOMERS else Part.GOODS
    if purpose == Purpose.CASH_OVER_SHORT:
        return Part.OVER_SHORT
    if purpose in _GOODS:
        return Part.GOODS
    if purpose in _RECEIPTS or account_type == "income":
        return Part.RECEIPT
    if purpose in _EXPENSES or account_type == "expense":
        return Part.EXPENSE
    return Part.OTHER


def sums_of(part: Part, debit: int, credit: int) -> CashSums:
    """Return where lines of a column stand: whole documents of lines, added up, give the row."""
    if part == Part.RECEIPT:
        return CashSums(receipts=credit - debit)
    if part == Part.GOODS:
        return CashSums(purchases=debit - credit)
    if part == Part.EXPENSE:
        return CashSums(expenses=debit - credit)
    if part == Part.OVER_SHORT:
        return CashSums(receipts=credit, expenses=debit)
    return CashSums(other_in=credit, other_out=debit)


def deadline(day: date, working_days: int) -> date:
    """Return the last day on which something of `day` is entered in time.

    Saturdays and Sundays are left out; public holidays are not known here, so the lamp is at
    times stricter than the law.
    """
    last = day
    while working_days:
        last += timedelta(days=1)
        if last.weekday() < SATURDAY:
            working_days -= 1
    return last
