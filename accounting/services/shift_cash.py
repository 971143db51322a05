"""What this room's own documents took out of a shift's drawer, for the counter's Z report.

What must stay true: every document of this room that moves a drawer's money names its shift, and
each is counted here once; entries alone are never asked, so that books and documents can be held
against each other.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, select

from accounting.models import (
    CreditRepayment,
    CreditRepaymentReversal,
    MemberPayment,
    MemberPaymentReversal,
    PurseMovement,
    ShareMovement,
    ShareTransaction,
)
from core.db import db, sum_int

_OUT: tuple[tuple[Any, Any], ...] = (
    (MemberPayment, MemberPayment.dividend_satang + MemberPayment.patronage_satang),
    (CreditRepaymentReversal, CreditRepaymentReversal.amount_satang),
    (
        PurseMovement,
        case(
            (PurseMovement.kind == "withdrawal", PurseMovement.amount_satang),
            else_=-PurseMovement.amount_satang,
        ),
    ),
)
"""Tables with `shift_id` and `business_date`, and what their rows took out."""
_IN: tuple[tuple[Any, Any], ...] = (
    (MemberPaymentReversal, MemberPaymentReversal.amount_satang),
    (
        CreditRepayment,
        CreditRepayment.bills_satang + CreditRepayment.older_satang + CreditRepayment.purse_satang,
    ),
)
"""The same of what came in."""


def taken_out(centre_id: int, shift_id: UUID, after: date | None = None) -> int:
    """Return the satang taken out of a shift's drawer, less what came in.

    With a day, only what is dated after it.
    """
    out = sum(_sum(table, amount, centre_id, shift_id, after) for table, amount in _OUT)
    came = sum(_sum(table, amount, centre_id, shift_id, after) for table, amount in _IN)
    return out - came - _shares(centre_id, shift_id, after)


def _sum(table: Any, amount: Any, centre_id: int, shift_id: UUID, after: date | None) -> int:
    query = select(sum_int(amount)).where(table.centre_id == centre_id, table.shift_id == shift_id)
    if after is not None:
        query = query.where(table.business_date > after)
    return db.session.scalar(query) or 0


def _shares(centre_id: int, shift_id: UUID, after: date | None) -> int:
    """Return what shares brought into a drawer, less what was given back from it.

    What a transaction does to the register is what it does to the drawer; its day is the day it
    counts from, for a drawer's money is entered on its day.
    """
    query = (
        select(sum_int(ShareMovement.delta_satang))
        .join(
            ShareTransaction,
            and_(
                ShareTransaction.centre_id == ShareMovement.centre_id,
                ShareTransaction.id == ShareMovement.transaction_id,
            ),
        )
        .where(ShareTransaction.centre_id == centre_id, ShareTransaction.shift_id == shift_id)
    )
    if after is not None:
        query = query.where(ShareTransaction.effective_on > after)
    return db.session.scalar(query) or 0
