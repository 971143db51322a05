"""Shares a member signed for and pays by and by: subscribed, paid so far, still to pay.

What must stay true: signing posts nothing; what is paid is the sum of the instalments not taken
back, and never more than was signed for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import aliased

from accounting.models import ShareSubscription, ShareSubscriptionEnd, ShareTransaction
from accounting.rules.shares import NotYet, SubscriptionOver, TooManyShares
from accounting.services.shares import judging, register, rules
from core import audit, clock
from core.actor import Actor
from core.db import BigId, db
from core.errors import DifferentContent, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access

SERIES = "share_subscription"


@dataclass(frozen=True, slots=True)
class Subscribe:
    """So many shares signed for on a day."""

    id: UUID
    member_id: UUID
    shares: int
    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A subscription and how far it is paid."""

    id: UUID
    subscription_no: str
    member_id: UUID
    shares: int
    par_satang: int
    subscribed_on: date
    note: str
    ended_reason: str | None
    paid_satang: int

    @property
    def total_satang(self) -> int:
        """What was signed for."""
        return self.shares * self.par_satang

    @property
    def left_satang(self) -> int:
        """What is still to be paid; nothing of one given up."""
        return 0 if self.ended_reason is not None else self.total_satang - self.paid_satang

    @property
    def over(self) -> bool:
        """Tell whether nothing more is paid on it."""
        return self.left_satang == 0


def subscribe(command: Subscribe, actor: Actor) -> PlanCard:
    """Sign for shares; the same id again changes nothing.

    Raises NotYet, NotAMemberThen, TooManyShares, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    known = _found(actor.centre_id, ShareSubscription.id == command.id)
    if known:
        mine = (command.member_id, command.shares, command.on)
        if (known[0].member_id, known[0].shares, known[0].subscribed_on) != mine:
            raise DifferentContent(id=str(command.id))
        return known[0]
    if command.on > clock.today():
        raise NotYet(field="on")
    judging.require_member(actor.centre_id, command.member_id, command.on, "on")
    valid = rules.on(actor, command.on)
    signed = command.shares * valid.par_satang
    held = register.balance(actor.centre_id, command.member_id)
    open_plans = sum(one.left_satang for one in of_member(actor.centre_id, command.member_id))
    most = valid.most_shares
    if most is not None and held + open_plans + signed > most * valid.par_satang:
        raise TooManyShares(field="shares", most=most)
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(ShareSubscription).values(
            centre_id=actor.centre_id,
            id=command.id,
            subscription_no=f"SS-{year}-{number:05d}",
            member_id=command.member_id,
            shares=command.shares,
            par_satang=valid.par_satang,
            subscribed_on=command.on,
            note=command.note,
            recorded_by=actor.user_id,
            recorded_at=now,
        )
    )
    audit.record(actor, "share.subscribe", "share_subscription", command.id, shares=command.shares)
    return card(actor.centre_id, command.id)


def give_up(subscription_id: UUID, reason: str, actor: Actor) -> PlanCard:
    """End a subscription before it is paid; what was paid stays. Again changes nothing.

    Raises SubscriptionOver for one paid in full, NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    known = card(actor.centre_id, subscription_id)
    if known.ended_reason is not None:
        return known
    if known.over:
        raise SubscriptionOver
    db.session.execute(
        insert(ShareSubscriptionEnd).values(
            centre_id=actor.centre_id,
            subscription_id=subscription_id,
            reason=reason,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(actor, "share.subscription_ended", "share_subscription", subscription_id)
    return card(actor.centre_id, subscription_id)


def card(centre_id: int, subscription_id: UUID) -> PlanCard:
    """Return a subscription; raise NotFound."""
    found = _found(centre_id, ShareSubscription.id == subscription_id)
    if not found:
        raise NotFound(what="share_subscription")
    return found[0]


def of_member(centre_id: int, member_id: UUID) -> list[PlanCard]:
    """Return a member's subscriptions, the earliest first."""
    return _found(centre_id, ShareSubscription.member_id == member_id)


def open_by_member(centre_id: int) -> dict[UUID, int]:
    """Return what each member has still to pay of what was signed for, in satang."""
    found: dict[UUID, int] = {}
    for one in _found(centre_id, None):
        if one.left_satang:
            found[one.member_id] = found.get(one.member_id, 0) + one.left_satang
    return found


def _found(centre_id: int, condition: Any) -> list[PlanCard]:
    paid, back = ShareTransaction, aliased(ShareTransaction)
    counted = (
        select(func.coalesce(func.sum(paid.amount_satang), 0).cast(BigId))
        .where(
            paid.centre_id == ShareSubscription.centre_id,
            paid.subscription_id == ShareSubscription.id,
            ~exists().where(back.centre_id == paid.centre_id, back.reverses_id == paid.id),
        )
        .correlate(ShareSubscription)
        .scalar_subquery()
    )
    query = (
        select(
            ShareSubscription.id,
            ShareSubscription.subscription_no,
            ShareSubscription.member_id,
            ShareSubscription.shares,
            ShareSubscription.par_satang,
            ShareSubscription.subscribed_on,
            ShareSubscription.note,
            ShareSubscriptionEnd.reason,
            counted,
        )
        .outerjoin(
            ShareSubscriptionEnd,
            (ShareSubscriptionEnd.centre_id == ShareSubscription.centre_id)
            & (ShareSubscriptionEnd.subscription_id == ShareSubscription.id),
        )
        .where(ShareSubscription.centre_id == centre_id)
        .order_by(ShareSubscription.subscribed_on, ShareSubscription.subscription_no)
    )
    if condition is not None:
        query = query.where(condition)
    return [PlanCard(*row) for row in db.session.execute(query)]
