"""Post an approved allocation: one balanced entry, a line for each member's parts.

What must stay true: it is posted once, whole, on the day of the resolution, and only with two
people's approval of the very run it posts; the members' lines add up to the pools.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import MemberRunItem, SurplusApproval
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.surplus.uses import FUND_USES, POOLS
from accounting.services import funds, ledger
from accounting.services.funds.register import require_open
from accounting.services.shares import crediting, register
from accounting.services.shares.crediting import ShareCredit
from accounting.services.surplus import allocations, keeping, runs, years
from accounting.services.surplus.allocations import (
    KIND,
    POSTED,
    SOURCE,
    AllocationCard,
    AllocationOver,
    require_postable,
)
from accounting.services.surplus.asking import NotApprovedTwice
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from members.services import access, standing

Progress = Callable[[int, int], None]
EVERY = 5_000
PAID_OUT = (
    (Purpose.DIVIDENDS_PAYABLE, "cash_dividend_satang"),
    (Purpose.PATRONAGE_PAYABLE, "cash_patronage_satang"),
    (Purpose.SHARE_CAPITAL, "retained_satang"),
)
"""Where each part of a member's item stands until it is paid, or for good."""


class NotAsApproved(DomainError):
    """What was measured is not what was approved."""

    code, status, title = "not-as-approved", 409, N_("This is not what was approved")
    detail = N_("Withdraw the allocation and prepare it again; then both approve it anew.")


def post(allocation_id: UUID, actor: Actor, progress: Progress | None = None) -> bool:
    """Post an allocation; tell whether this call did it (again changes nothing).

    Raises NotApprovedTwice, AllocationOver, NotAsApproved, YearNotClosed, PoolTooLarge,
    FundClosed, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "surplus.approve")
    serialise_on(allocation_id)
    card = allocations.card(allocation_id, actor)
    if POSTED in card.outcomes:
        return False
    if card.outcomes:
        raise AllocationOver(kind=card.state)
    if card.state != allocations.APPROVED:
        raise NotApprovedTwice(approvals=len(card.approvals))
    _require_as_approved(card, actor.centre_id)
    _require_room(card, actor)
    merged = standing.survivors(actor.centre_id)
    require_postable(years.of(card.fiscal_year, actor), card.resolution, actor.centre_id)
    on = card.resolution.resolved_on
    lines = [NewLine(Purpose.SURPLUS_OF_YEAR, debit=card.surplus_satang), *_uses(card, actor)]
    credits_: list[ShareCredit] = []
    for number, item in enumerate(_items(card, actor.centre_id), start=1):
        lines += _of_member(item)
        if item.retained_satang:
            if item.member_id in merged:
                # Shares of a membership that is no more would stay with nobody.
                raise NotAsApproved
            credits_.append(ShareCredit(item.member_id, item.retained_satang))
        if progress is not None and number % EVERY == 0:
            progress(number, _members(card))
    ledger.post(
        NewEntry(
            kind=KIND,
            source_type=SOURCE,
            source_id=card.id,
            business_date=on,
            occurred_at=clock.now(),
            lines=lines,
            memo=f"{card.allocation_no} · {card.resolution.resolution_no}",
        ),
        actor,
    )
    crediting.credit(credits_, on=on, source_type=SOURCE, source_id=card.id, actor=actor)
    allocations.conclude(card.id, POSTED, actor)
    if progress is not None:
        progress(_members(card), _members(card))
    return True


def _require_as_approved(card: AllocationCard, centre_id: int) -> None:
    approved = db.session.scalars(
        select(SurplusApproval.digest).where(
            SurplusApproval.centre_id == centre_id, SurplusApproval.allocation_id == card.id
        )
    ).all()
    if set(approved) != {card.approval_digest}:
        raise NotAsApproved


def _require_room(card: AllocationCard, actor: Actor) -> None:
    """Hold the share register; raise when what is kept as shares would pass a cap by now."""
    assert card.run is not None
    register.lock(actor.centre_id)
    if keeping.unfit(runs.allocation(actor.centre_id, card.id), card.run.id, actor):
        raise NotAsApproved


def _members(card: AllocationCard) -> int:
    assert card.run is not None
    return max(card.run.members, 1)


def _uses(card: AllocationCard, actor: Actor) -> Iterator[NewLine]:
    """Yield what goes to the reserve, to funds and to the years to come."""
    kept = {fund.id: fund.purpose for fund in funds.listing(actor.centre_id)}
    for line in card.lines:
        if line.use in POOLS:
            continue
        if line.use in FUND_USES:
            assert line.fund_id is not None
            require_open(actor.centre_id, line.fund_id)
            yield NewLine(kept[line.fund_id], credit=line.satang, fund_id=line.fund_id)
        elif line.use == "reserve":
            yield NewLine(Purpose.LEGAL_RESERVE, credit=line.satang)
        else:
            yield NewLine(Purpose.BROUGHT_FORWARD, credit=line.satang)


def _items(card: AllocationCard, centre_id: int) -> Iterator[Any]:
    assert card.run is not None
    return iter(
        db.session.execute(
            select(
                MemberRunItem.member_id,
                MemberRunItem.cash_dividend_satang,
                MemberRunItem.cash_patronage_satang,
                MemberRunItem.retained_satang,
            )
            .where(MemberRunItem.centre_id == centre_id, MemberRunItem.run_id == card.run.id)
            .order_by(MemberRunItem.member_no, MemberRunItem.member_id)
        )
    )


def _of_member(item: Any) -> Iterator[NewLine]:
    for purpose, column in PAID_OUT:
        satang = getattr(item, column)
        if satang:
            yield NewLine(purpose, credit=satang, member_id=item.member_id)
