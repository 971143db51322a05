"""Make coupons out of a fund's money, and cancel them.

What must stay true: only money the fund has and hasn't promised is made into coupons (what is left
of coupons in force is kept back, so a coupon is good when it comes); nothing is posted before a
coupon is used; a cancelled or expired one frees what was kept back.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, func, insert, select

from accounting.models import Coupon, CouponIssue, CouponMove
from accounting.rules import coupons as rules
from accounting.services.coupons import using
from accounting.services.funds import register as funds
from accounting.services.meetings import resolutions
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid7
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, members

SERIES = "coupon_issue"
COUNT_MAX = 1000


class IssueDiffers(DifferentContent):
    """The issue's id came again with other content; the first one stands."""

    code, title = "coupon-issue-differs", N_("These coupons were already made with other content")


class BadIssue(DomainError):
    """Coupons nobody could use."""

    code, status, title = "coupon-bad-issue", 422, N_("These coupons can't be made out")
    detail = N_("Give a name, 1 to 1,000 coupons of more than nothing, and a day not yet over.")


class CancelNeedsReason(DomainError):
    """A coupon is cancelled for a reason."""

    code, status, title = "coupon-reason", 422, N_("The reason is missing")
    detail = N_("Write why it is cancelled.")


@dataclass(frozen=True, slots=True)
class IssueCoupons:
    """Coupons to make out: for members when they are named, else for whoever brings them."""

    id: UUID
    fund_id: UUID
    name: str
    count: int
    amount_satang: int
    valid_until: date
    rest: str = rules.STAYS
    categories: tuple[str, ...] = ()
    member_ids: tuple[UUID, ...] = ()
    resolution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class IssueCard:
    """Coupons made out together."""

    id: UUID
    issue_no: str
    fund_id: UUID
    name: str
    coupon_count: int
    amount_satang: int
    valid_until: date
    rest: str
    categories: tuple[str, ...]
    resolution_id: UUID | None
    business_date: date
    recorded_at: datetime
    recorded_name: str
    used_satang: int = 0
    """What sales used of them, less what came back."""


@dataclass(frozen=True, slots=True)
class CouponCard:
    """One coupon with what is left of it."""

    id: UUID
    position: int
    code: str
    holder: str
    left_satang: int
    cancelled: bool


def issue(command: IssueCoupons, actor: Actor) -> IssueCard:
    """Make coupons out; the same command again changes nothing.

    Raises IssueDiffers, BadIssue, FundOverdrawn, FundClosed, NotAMembersFund, NotFound, Forbidden.
    """
    access.require(actor, "coupon.issue")
    centre_id = actor.centre_id
    serialise_on(command.id)
    content = content_of(command)
    if (earlier := db.session.get(CouponIssue, (centre_id, command.id))) is not None:
        if differs := differences(earlier.content, content):
            raise IssueDiffers(differs=differs)
        return card(centre_id, command.id)
    _require_right(command, centre_id)
    fund = funds.require_open(centre_id, command.fund_id)
    funds.of_members(centre_id, fund.id)
    if command.resolution_id is not None:
        resolutions.require_held(centre_id, command.resolution_id)
    funds.require_covered(centre_id, fund.id, command.count * command.amount_satang)
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(centre_id, [(SERIES, year)])
    db.session.execute(
        insert(CouponIssue).values(
            centre_id=centre_id,
            id=command.id,
            issue_no=f"CP-{year}-{number:05d}",
            fund_id=fund.id,
            name=command.name.strip(),
            coupon_count=command.count,
            amount_satang=command.amount_satang,
            valid_until=command.valid_until,
            rest=command.rest,
            categories=sorted(set(command.categories)),
            resolution_id=command.resolution_id,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(Coupon, [_coupon(command, place, centre_id) for place in range(command.count)])
    audit.record(actor, "coupon.issued", SERIES, command.id, count=command.count)
    return card(centre_id, command.id)


def _require_right(command: IssueCoupons, centre_id: int) -> None:
    if not command.name.strip():
        raise BadIssue(field="name")
    if not 1 <= command.count <= COUNT_MAX or command.amount_satang <= 0:
        raise BadIssue(field="count")
    if command.valid_until < clock.today():
        raise BadIssue(field="valid_until")
    if command.member_ids and len(command.member_ids) != command.count:
        raise BadIssue(field="member_ids")
    if len(members.names(centre_id, command.member_ids)) != len(set(command.member_ids)):
        raise NotFound(what="member")


def _coupon(command: IssueCoupons, place: int, centre_id: int) -> dict[str, Any]:
    return {
        "centre_id": centre_id,
        "id": uuid7(),
        "issue_id": command.id,
        "position": place + 1,
        "code": rules.code_of(secrets.randbits(60)),
        "member_id": command.member_ids[place] if command.member_ids else None,
    }


def cancel(issue_id: UUID, coupon_ids: tuple[UUID, ...], reason: str, actor: Actor) -> IssueCard:
    """Cancel what is left of coupons (of all of an issue when none is named).

    A coupon with nothing left is passed over, so again changes nothing. Raises CancelNeedsReason,
    NotFound, Forbidden.
    """
    access.require(actor, "coupon.issue")
    if not reason.strip():
        raise CancelNeedsReason(field="reason")
    centre_id = actor.centre_id
    known = card(centre_id, issue_id)
    every = {one.id for one in _coupons(centre_id, issue_id)}
    if not set(coupon_ids) <= every:
        raise NotFound(what="coupon")
    for coupon_id, coupon in sorted(using.held(centre_id, set(coupon_ids) or every).items()):
        if coupon.left_satang:
            using.cancel_move(coupon_id, coupon_id, coupon.left_satang, reason.strip(), actor)
    audit.record(actor, "coupon.cancelled", SERIES, issue_id, issue_no=known.issue_no)
    return card(centre_id, issue_id)


# --- reading -----------------------------------------------------------------------------------


def get(issue_id: UUID, actor: Actor) -> tuple[IssueCard, list[CouponCard]]:
    """Return an issue with its coupons. Raises NotFound, Forbidden."""
    access.require(actor, "coupon.read")
    known = card(actor.centre_id, issue_id)
    rows = _coupons(actor.centre_id, issue_id)
    people = members.names(actor.centre_id, {row.member_id for row in rows if row.member_id})
    return known, [
        CouponCard(
            row.id,
            row.position,
            row.code,
            people[row.member_id].name if row.member_id else "",
            known.amount_satang - row.used,
            bool(row.cancelled),
        )
        for row in rows
    ]


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[IssueCard]:
    """Return issues, newest first. Raises Forbidden."""
    access.require(actor, "coupon.read")
    texts = (CouponIssue.issue_no, CouponIssue.name)
    query = _select(actor.centre_id).where(
        *matching(sought, day=CouponIssue.business_date, text=texts)
    )
    if window.after:
        query = query.where(CouponIssue.issue_no < window.after)
    rows = db.session.execute(query.order_by(CouponIssue.issue_no.desc()).limit(window.limit + 1))
    return page_of([_card(row) for row in rows], window, lambda one: one.issue_no)


def newest(centre_id: int) -> list[UUID]:
    """Return the issues of a centre, newest first."""
    rows = db.session.scalars(
        select(CouponIssue.id)
        .where(CouponIssue.centre_id == centre_id)
        .order_by(CouponIssue.issue_no.desc())
    )
    return list(rows)


def card(centre_id: int, issue_id: UUID) -> IssueCard:
    """Return an issue; raise NotFound."""
    row = db.session.execute(_select(centre_id).where(CouponIssue.id == issue_id)).one_or_none()
    if row is None:
        raise NotFound(what="coupon_issue")
    return _card(row)


def _select(centre_id: int) -> Any:
    own = [name for name in IssueCard.__dataclass_fields__ if name != "used_satang"]
    used = (
        select(func.coalesce(func.sum(CouponMove.amount_satang), 0))
        .join(
            Coupon,
            (Coupon.centre_id == CouponMove.centre_id) & (Coupon.id == CouponMove.coupon_id),
        )
        .where(
            Coupon.centre_id == CouponIssue.centre_id,
            Coupon.issue_id == CouponIssue.id,
            CouponMove.source_type.in_(("sale", "refund")),
        )
        .correlate(CouponIssue)
        .scalar_subquery()
    )
    return select(*(getattr(CouponIssue, name) for name in own), used.label("used_satang")).where(
        CouponIssue.centre_id == centre_id
    )


def _card(row: Any) -> IssueCard:
    values = {name: getattr(row, name) for name in IssueCard.__dataclass_fields__}
    values["categories"] = tuple(row.categories)
    values["used_satang"] = int(row.used_satang)
    return IssueCard(**values)


def _coupons(centre_id: int, issue_id: UUID) -> list[Any]:
    moved = (
        select(
            CouponMove.coupon_id,
            func.sum(CouponMove.amount_satang).label("used"),
            func.sum((CouponMove.source_type == "cancelled").cast(Integer)).label("cancelled"),
        )
        .where(CouponMove.centre_id == centre_id)
        .group_by(CouponMove.coupon_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Coupon.id,
            Coupon.position,
            Coupon.code,
            Coupon.member_id,
            func.coalesce(moved.c.used, 0).label("used"),
            func.coalesce(moved.c.cancelled, 0).label("cancelled"),
        )
        .outerjoin(moved, moved.c.coupon_id == Coupon.id)
        .where(Coupon.centre_id == centre_id, Coupon.issue_id == issue_id)
        .order_by(Coupon.position)
    )
    return list(rows.all())
