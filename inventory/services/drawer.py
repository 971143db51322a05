"""Cash that goes to producers through a drawer, or comes back from them.

What must stay true: money leaves and enters a drawer only in its open shift, no more leaves it than
the books say it holds, and what a shift's drawer should hold counts every such document once.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.services import cash_drawers
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_, DomainError
from inventory.models import Advance, AdvanceRepayment, Payout, SupplierReturn
from inventory.rules.payout_posting import Purse
from inventory.services.receipts import ShiftNeeded, cash_paid


class NotFromThere(DomainError):
    """Cash comes from a till or the safe, a transfer from the bank."""

    code, status, title = "not-from-there", 422, N_("This can't be paid from there")
    detail = N_("Cash comes from a till or the safe, a transfer from the bank.")


def purse(place: str, shift_id: UUID | None, actor: Actor, *, out_satang: int = 0) -> Purse:
    """Return where the money is, the drawer's shift locked against its close.

    `out_satang` is what will leave it. Raises ShiftNeeded, ShiftClosed, NotEnoughInDrawer,
    NotFound.
    """
    if place != "till":
        if shift_id is not None:
            raise NotFromThere(field="shift_id")
        return Purse(place)
    if shift_id is None:
        raise ShiftNeeded(field="shift_id")
    return Purse(place, cash_drawers.use(actor.centre_id, shift_id, out_satang))


def paid_out(centre_id: int, shift_id: UUID, after: date | None = None) -> int:
    """Return the satang payouts and advances took out of a shift's drawer, less repayments and
    what suppliers gave back for goods returned.

    With a day, only what is dated after it.
    """
    out = _sum(Payout, centre_id, shift_id, after) + _sum(Advance, centre_id, shift_id, after)
    back = _sum(AdvanceRepayment, centre_id, shift_id, after)
    return out - back - _sum(SupplierReturn, centre_id, shift_id, after)


def out_after(centre_id: int, shift_id: UUID, on: date) -> int:
    """Return the satang this room took out of a shift's drawer on days after `on`."""
    return cash_paid(centre_id, shift_id, on) + paid_out(centre_id, shift_id, on)


def _sum(table: Any, centre_id: int, shift_id: UUID, after: date | None) -> int:
    query = select(sum_int(table.amount_satang)).where(
        table.centre_id == centre_id, table.shift_id == shift_id
    )
    if after is not None:
        query = query.where(table.business_date > after)
    return db.session.scalar(query) or 0
