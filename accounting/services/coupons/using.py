"""A coupon at the till: looked up by its code, used in part or whole, given back by a refund.

What must stay true: whoever uses a coupon holds it first, so two tills never use the same one; its
fund pays at the use, out of what was kept back when it was made out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from accounting.models import Coupon, CouponIssue, CouponMove
from accounting.rules import coupons as rules
from accounting.rules.chart import Purpose
from accounting.rules.coupons import Worth
from accounting.services.funds import register as funds
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on, sum_int
from core.errors import NotFound
from members.services import access, standing


@dataclass(frozen=True, slots=True)
class Usable:
    """A coupon as the till knows it."""

    id: UUID
    code: str
    name: str
    member_id: UUID | None
    """Whose it is; of a merged membership, who stands for it."""
    fund_id: UUID
    worth: Worth

    @property
    def left_satang(self) -> int:
        return self.worth.left_satang


def find(code: str, actor: Actor) -> Usable:
    """Return the coupon of a code. Raises CouponUnknown, Forbidden."""
    access.require(actor, "sale.record")
    found = _usable(actor.centre_id, Coupon.code == rules.read_code(code))
    if not found:
        raise rules.CouponUnknown
    return found[0]


def held(centre_id: int, coupon_ids: Collection[UUID]) -> dict[UUID, Usable]:
    """Hold coupons, in the order of their ids, and return them. Raises NotFound."""
    for one in sorted(coupon_ids):
        serialise_on(one)
    found = {coupon.id: coupon for coupon in _usable(centre_id, Coupon.id.in_(coupon_ids))}
    if len(found) != len(set(coupon_ids)):
        raise NotFound(what="coupon")
    return found


def purposes(centre_id: int, coupons: Collection[Usable]) -> dict[UUID, Purpose]:
    """Hold the funds of coupons, in the order of their ids, and return where each is kept."""
    found = {}
    for fund_id in sorted({one.fund_id for one in coupons}):
        serialise_on(fund_id)
        found[fund_id] = funds.card(centre_id, fund_id).purpose
    return found


def use(sale_id: UUID, parts: dict[UUID, int], known: dict[UUID, Usable], actor: Actor) -> None:
    """Write what a sale uses of coupons; a rest that doesn't stay lapses with it."""
    rows = []
    for coupon_id, satang in sorted(parts.items()):
        coupon = known[coupon_id]
        if satang:
            rows.append(_row("sale", sale_id, coupon_id, satang, actor))
        rest = coupon.left_satang - satang
        if satang and rest > 0 and coupon.worth.rest == rules.LAPSES:
            rows.append(_row("lapsed", sale_id, coupon_id, rest, actor))
    if rows:
        insert_rows(CouponMove, rows)


def give_back(refund_id: UUID, parts: dict[UUID, int], actor: Actor) -> None:
    """Write what a refund gives back to coupons; their funds have it again.

    A cancelled coupon stays cancelled: what comes back to it is cancelled as well.
    """
    cancelled = dict(
        db.session.execute(
            select(CouponMove.coupon_id, CouponMove.reason).where(
                CouponMove.centre_id == actor.centre_id,
                CouponMove.source_type == "cancelled",
                CouponMove.coupon_id.in_(parts),
            )
        ).all()
    )
    rows = []
    for coupon_id, satang in sorted(parts.items()):
        rows.append(_row("refund", refund_id, coupon_id, -satang, actor))
        if coupon_id in cancelled:
            again = cancelled[coupon_id]
            rows.append(_row("cancelled", refund_id, coupon_id, satang, actor, again))
    insert_rows(CouponMove, rows)


def every_used(centre_id: int) -> dict[UUID, int]:
    """Return what sales used of every coupon, less what came back; for the auditor."""
    rows = db.session.execute(
        select(CouponMove.coupon_id, sum_int(CouponMove.amount_satang))
        .where(CouponMove.centre_id == centre_id, CouponMove.source_type.in_(("sale", "refund")))
        .group_by(CouponMove.coupon_id)
    )
    return {coupon_id: satang for coupon_id, satang in rows}


def funds_of(centre_id: int) -> list[UUID]:
    """Return the funds that made coupons out."""
    query = select(CouponIssue.fund_id).where(CouponIssue.centre_id == centre_id).distinct()
    return sorted(db.session.scalars(query))


def used_by(centre_id: int, source_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return what some sales used of coupons, less what some refunds gave back."""
    rows = db.session.execute(
        select(CouponMove.coupon_id, sum_int(CouponMove.amount_satang))
        .where(
            CouponMove.centre_id == centre_id,
            CouponMove.source_type.in_(("sale", "refund")),
            CouponMove.source_id.in_(source_ids),
        )
        .group_by(CouponMove.coupon_id)
    )
    return {coupon_id: satang for coupon_id, satang in rows}


def _gone() -> Any:
    return (
        select(sum_int(CouponMove.amount_satang))
        .where(CouponMove.centre_id == Coupon.centre_id, CouponMove.coupon_id == Coupon.id)
        .correlate(Coupon)
        .scalar_subquery()
    )


def _usable(centre_id: int, *where: Any) -> list[Usable]:
    rows = db.session.execute(
        select(
            Coupon.id,
            Coupon.code,
            Coupon.member_id,
            CouponIssue.name,
            CouponIssue.fund_id,
            CouponIssue.amount_satang,
            CouponIssue.valid_until,
            CouponIssue.rest,
            CouponIssue.categories,
            func.coalesce(_gone(), 0).label("used"),
        )
        .join(
            CouponIssue,
            and_(CouponIssue.centre_id == Coupon.centre_id, CouponIssue.id == Coupon.issue_id),
        )
        .where(Coupon.centre_id == centre_id, *where)
    ).all()
    merged = standing.survivors(centre_id) if any(row.member_id for row in rows) else {}
    return [
        Usable(
            row.id,
            row.code,
            row.name,
            merged.get(row.member_id, row.member_id),
            row.fund_id,
            Worth(row.amount_satang, row.used, row.valid_until, row.rest, tuple(row.categories)),
        )
        for row in rows
    ]


def _row(
    source_type: str, source_id: UUID, coupon_id: UUID, satang: int, actor: Actor, reason: str = ""
) -> dict[str, Any]:
    now = clock.now()
    return {
        "centre_id": actor.centre_id,
        "source_type": source_type,
        "source_id": source_id,
        "coupon_id": coupon_id,
        "amount_satang": satang,
        "reason": reason,
        "business_date": clock.business_date(now),
        "recorded_at": now,
        "recorded_by": actor.user_id,
        "recorded_name": actor.name,
    }


def cancel_move(source_id: UUID, coupon_id: UUID, satang: int, reason: str, actor: Actor) -> None:
    """Write that what is left of a coupon is cancelled, and why."""
    insert_rows(CouponMove, [_row("cancelled", source_id, coupon_id, satang, actor, reason)])
