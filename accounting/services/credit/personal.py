"""What is kept of a member's money at the till, for whoever asks to see it.

What must stay true: the account with every reason written about it, each slip of the purse with who
came for the money, and the coupons made out to the member are told; bills and balances are told
with the lines of the books.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import and_, select

from accounting.models import Coupon, CouponIssue, CreditAccountChange, PurseMovement
from core import clock
from core.db import db
from core.errors import N_
from core.sheets import baht_figure
from members.services.erasure import Section


def tell(centre_id: int, members: Sequence[UUID], _producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield the changes of an account, the slips of a purse and the coupons, by day."""
    yield _account(centre_id, members)
    yield _purse(centre_id, members)
    yield _coupons(centre_id, members)


def _account(centre_id: int, members: Sequence[UUID]) -> Section:
    change = CreditAccountChange
    rows = db.session.execute(
        select(
            *(change.recorded_at, change.state, change.limit_satang),
            *(change.terms_days, change.reason),
        )
        .where(change.centre_id == centre_id, change.member_id.in_(members))
        .order_by(change.recorded_at, change.member_id, change.version)
    )
    return Section(
        N_("On account"),
        (N_("Date"), N_("State"), N_("Limit (baht)"), N_("Days to pay"), N_("Reason")),
        tuple(
            (clock.business_date(at), state, baht_figure(limit), days, reason)
            for at, state, limit, days, reason in rows
        ),
    )


def _purse(centre_id: int, members: Sequence[UUID]) -> Section:
    slip = PurseMovement
    rows = db.session.execute(
        select(
            *(slip.business_date, slip.movement_no, slip.amount_satang, slip.kind),
            *(slip.recipient_name, slip.recipient_relation, slip.reference, slip.note),
        )
        .where(slip.centre_id == centre_id, slip.member_id.in_(members))
        .order_by(slip.business_date, slip.id)
    )
    return Section(
        N_("Purse slips"),
        (
            *(N_("Date"), N_("Number"), N_("Amount (baht)"), N_("Paid to")),
            *(N_("Relationship"), N_("Reference"), N_("Note")),
        ),
        tuple(
            (on, number, baht_figure(satang if kind == "top_up" else -satang), *words)
            for on, number, satang, kind, *words in rows
        ),
    )


def _coupons(centre_id: int, members: Sequence[UUID]) -> Section:
    rows = db.session.execute(
        select(
            *(CouponIssue.business_date, CouponIssue.issue_no, CouponIssue.name, Coupon.code),
            *(CouponIssue.amount_satang, CouponIssue.valid_until),
        )
        .join(
            CouponIssue,
            and_(CouponIssue.centre_id == Coupon.centre_id, CouponIssue.id == Coupon.issue_id),
        )
        .where(Coupon.centre_id == centre_id, Coupon.member_id.in_(members))
        .order_by(CouponIssue.business_date, CouponIssue.id, Coupon.position)
    )
    return Section(
        N_("Coupons"),
        (
            *(N_("Date"), N_("Number"), N_("Name"), N_("Code")),
            *(N_("Amount (baht)"), N_("Valid until")),
        ),
        tuple((*words, baht_figure(satang), until) for *words, satang, until in rows),
    )
