"""How far a cashier goes alone: discounts by hand and refunds above a limit need a manager.

What must stay true: the limits stand on the centre, so a sale within them costs no statement more;
a late document is a fact that is only remarked on, never refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.actor import Actor
from pos.rules.limits import Given, beyond
from pos.rules.pricing import LinePrice
from pos.services import overrides
from pos.services.sale_rows import RecordSale

REMARK = "discount-above-limit"


def require_discount(
    command: RecordSale, lines: Sequence[LinePrice], actor: Actor, *, late: bool
) -> tuple[str, ...]:
    """Refuse discounts beyond the limit without a manager's word; return remarks on a late sale.

    Raises OverrideNeeded.
    """
    centre = actor.centre
    given = [
        Given(
            price.gross_satang,
            line.discount_satang if line.promotion_id is None else 0,
        )
        for line, price in zip(command.lines, lines, strict=True)
    ]
    basket = command.discount_satang
    if not beyond(given, basket, centre.discount_limit_basis_points, centre.discount_limit_satang):
        return ()
    total = basket + sum(line.by_hand_satang for line in given)
    try:
        overrides.require(
            actor,
            command.id,
            overrides.DISCOUNT,
            total,
            command.occurred_at,
            centre.discount_limit_satang,
        )
    except overrides.OverrideNeeded:
        if not late:
            raise
        return (REMARK,)
    return ()


def require_refund(
    refund_id: UUID, paid_satang: int, occurred_at: datetime, actor: Actor, *, late: bool
) -> None:
    """Refuse money back beyond the limit without a manager's word. Raises OverrideNeeded."""
    limit = actor.centre.refund_limit_satang
    if limit is None or paid_satang <= limit or late:
        return
    overrides.require(actor, refund_id, overrides.REFUND, paid_satang, occurred_at, limit)
