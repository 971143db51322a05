"""What schemes of the state still owe, sale by sale.

What must stay true: what is open of a claim is the payment less what came back and what was
settled, worked out from the documents every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, union_all

from core.actor import Actor
from core.db import db, sum_int
from core.paging import Page, Window, page_of
from members.services import access
from pos.models import Payment, Refund, RefundPayment, Sale, SchemeSettlement, SchemeSettlementItem
from pos.services import schemes


@dataclass(frozen=True, slots=True)
class Claim:
    """What a scheme still owes for a sale (below zero: we owe it, after a refund)."""

    sale_id: UUID
    receipt_no: str
    business_date: date
    occurred_at: datetime
    member_id: UUID | None
    reference: str
    claimed_satang: int
    open_satang: int


def page(scheme_id: UUID, actor: Actor, window: Window) -> tuple[Page[Claim], int]:
    """Return some open claims, oldest first, and what all of them come to.

    Raises NotFound, Forbidden.
    """
    claims = listing(scheme_id, actor)
    some = [one for one in claims if _place(one) > (window.after or "")][: window.limit + 1]
    return page_of(some, window, _place), sum(one.open_satang for one in claims)


def _place(claim: Claim) -> str:
    return f"{claim.business_date.isoformat()}~{claim.receipt_no}"


def listing(scheme_id: UUID, actor: Actor) -> list[Claim]:
    """Return what a scheme has not settled, oldest first. Raises NotFound, Forbidden."""
    access.require(actor, "scheme.read")
    schemes.card(actor.centre_id, scheme_id)
    return of_scheme(actor.centre_id, scheme_id)


def open_by_scheme(centre_id: int, on: date | None = None) -> dict[UUID, tuple[int, int]]:
    """Return how many claims are open of each scheme at the end of a day, and their sum."""
    moves = _moves(centre_id, on).subquery()
    open_satang = sum_int(moves.c.satang)
    each = (
        select(moves.c.scheme_id, moves.c.sale_id, open_satang.label("satang"))
        .group_by(moves.c.scheme_id, moves.c.sale_id)
        .having(open_satang != 0)
        .subquery()
    )
    rows = db.session.execute(
        select(each.c.scheme_id, func.count(), sum_int(each.c.satang)).group_by(each.c.scheme_id)
    )
    return {scheme_id: (count, satang) for scheme_id, count, satang in rows}


def borne_by_member(centre_id: int, sale_id: UUID) -> int:
    """Return what schemes refused of a sale and its member was billed for, in satang."""
    refused = db.session.scalar(
        select(sum_int(SchemeSettlementItem.rejected_satang)).where(
            SchemeSettlementItem.centre_id == centre_id,
            SchemeSettlementItem.sale_id == sale_id,
            SchemeSettlementItem.bearer == "member",
        )
    )
    return refused or 0


def of_scheme(centre_id: int, scheme_id: UUID) -> list[Claim]:
    """Return what a scheme has not settled, oldest first."""
    moves = _moves(centre_id, None).subquery()
    open_satang = sum_int(moves.c.satang)
    columns: Sequence[Any] = (
        Sale.id,
        Sale.receipt_no,
        Sale.business_date,
        Sale.occurred_at,
        Sale.member_id,
        Payment.reference,
        Payment.amount_satang,
    )
    rows: Any = db.session.execute(
        select(*columns, open_satang)
        .select_from(moves)
        .join(Sale, and_(Sale.centre_id == centre_id, Sale.id == moves.c.sale_id))
        .join(
            Payment,
            and_(
                Payment.centre_id == centre_id,
                Payment.sale_id == Sale.id,
                Payment.scheme_id == scheme_id,
            ),
        )
        .where(moves.c.scheme_id == scheme_id)
        .group_by(*columns)
        .having(open_satang != 0)
        .order_by(Sale.business_date, Sale.receipt_no)
    )
    return [Claim(*row) for row in rows]


def _moves(centre_id: int, on: date | None) -> Any:
    """Select (scheme, sale, satang) of everything that made or settled claims, until a day."""

    def until(column: Any) -> list[Any]:
        return [] if on is None else [column <= on]

    settled = SchemeSettlementItem.accepted_satang + SchemeSettlementItem.rejected_satang
    return union_all(
        select(
            Payment.scheme_id.label("scheme_id"),
            Payment.sale_id.label("sale_id"),
            Payment.amount_satang.label("satang"),
        )
        .join(Sale, and_(Sale.centre_id == Payment.centre_id, Sale.id == Payment.sale_id))
        .where(
            Payment.centre_id == centre_id,
            Payment.scheme_id.is_not(None),
            *until(Sale.business_date),
        ),
        select(RefundPayment.scheme_id, Refund.sale_id, -RefundPayment.amount_satang)
        .join(
            Refund,
            and_(Refund.centre_id == RefundPayment.centre_id, Refund.id == RefundPayment.refund_id),
        )
        .where(
            RefundPayment.centre_id == centre_id,
            RefundPayment.scheme_id.is_not(None),
            *until(Refund.business_date),
        ),
        select(SchemeSettlement.scheme_id, SchemeSettlementItem.sale_id, -settled)
        .join(
            SchemeSettlementItem,
            and_(
                SchemeSettlementItem.centre_id == SchemeSettlement.centre_id,
                SchemeSettlementItem.settlement_id == SchemeSettlement.id,
            ),
        )
        .where(SchemeSettlement.centre_id == centre_id, *until(SchemeSettlement.business_date)),
    )
