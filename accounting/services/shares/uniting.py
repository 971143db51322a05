"""Shares of two memberships that are one person's, and back when what made them is taken back.

What must stay true: nothing changes hands, so neither caps nor approvals are asked; what was signed
for and not yet paid is signed for by the one that stands, to the satang.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert

from accounting.models import ShareSubscription, ShareSubscriptionEnd
from accounting.rules.shares import SharesGone
from accounting.services.shares import judging, plans, recording, register
from accounting.services.shares.reading import TransactionCard
from accounting.services.shares.writing import Draft
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_
from core.numbering import buddhist_year, next_numbers
from members.services import access, standing

MOVED = N_("Goes on under the membership that stands for both")
"""Why a subscription of a merged membership ended."""


def unite(transfer_id: UUID, merged: UUID, kept: UUID, actor: Actor) -> TransactionCard | None:
    """Carry all shares of a membership, and what is still to be paid, over to the one that stands.

    Again changes nothing. Raises MonthLocked, Forbidden.
    """
    access.require(actor, "person.merge")
    register.lock(actor.centre_id)
    today = clock.today()
    content = {"kind": "transfer", "merged": str(merged), "kept": str(kept)}
    if (known := judging.earlier(actor.centre_id, transfer_id, content)) is not None:
        return known
    _move_plans(merged, kept, actor)
    held = judging.giveable(actor.centre_id, merged, today)
    if held <= 0:
        return None
    return _pass_on(transfer_id, merged, kept, held, content, actor)


def hand_back(source_id: UUID, member_id: UUID, satang: int, actor: Actor) -> None:
    """Put shares back under a membership merged since, so that what gave them can be taken back.

    Of a membership that was not merged nothing is done, nor again. Raises SharesGone when the one
    that stands no longer holds them, MonthLocked.
    """
    kept = standing.survivors(actor.centre_id).get(member_id)
    if kept is None:
        return
    transfer_id = uuid5(source_id, member_id.hex)
    content: dict[str, Any] = {"kind": "transfer", "merged": str(member_id), "back": satang}
    if judging.earlier(actor.centre_id, transfer_id, content) is not None:
        return
    if judging.giveable(actor.centre_id, kept, clock.today()) < satang:
        raise SharesGone(member_id=str(kept), amount_satang=satang)
    _pass_on(transfer_id, kept, member_id, satang, content, actor)


def _pass_on(
    transfer_id: UUID,
    giver: UUID,
    taker: UUID,
    satang: int,
    content: dict[str, Any],
    actor: Actor,
) -> TransactionCard:
    draft = Draft(
        id=transfer_id,
        kind="transfer",
        on=clock.today(),
        deltas={giver: -satang, taker: satang},
        amount_satang=satang,
        member_id=giver,
        to_member_id=taker,
        content=content,
    )
    return recording.passed_on(draft, giver, taker, actor)


def _move_plans(merged: UUID, kept: UUID, actor: Actor) -> None:
    """End what is not paid in full, and sign for the rest under the membership that stands.

    A share half paid goes on as one of the price that is left.
    """
    for plan in plans.of_member(actor.centre_id, merged):
        if plan.over:
            continue
        whole, part = divmod(plan.left_satang, plan.par_satang)
        for shares, par in ((whole, plan.par_satang), (1, part)):
            if shares and par:
                _sign(plan, kept, shares, par, actor)
        db.session.execute(
            insert(ShareSubscriptionEnd).values(
                centre_id=actor.centre_id,
                subscription_id=plan.id,
                reason=MOVED,
                recorded_by=actor.user_id,
                recorded_at=clock.now(),
            )
        )
        audit.record(actor, "share.subscription_ended", "share_subscription", plan.id)


def _sign(plan: plans.PlanCard, kept: UUID, shares: int, par: int, actor: Actor) -> None:
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(plans.SERIES, year)])
    identity = uuid5(plan.id, f"{kept.hex}:{par}")
    db.session.execute(
        insert(ShareSubscription).values(
            centre_id=actor.centre_id,
            id=identity,
            subscription_no=f"SS-{year}-{number:05d}",
            member_id=kept,
            shares=shares,
            par_satang=par,
            subscribed_on=plan.subscribed_on,
            note=plan.subscription_no,
            recorded_by=actor.user_id,
            recorded_at=now,
        )
    )
    audit.record(actor, "share.subscribe", "share_subscription", identity, shares=shares)
