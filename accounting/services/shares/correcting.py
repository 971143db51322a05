"""Take a transaction back, or enter what the old books say of a member's shares.

What must stay true: nothing entered is changed; a transaction is taken back once, as a whole, by
one that is linked to it, and so is its entry. What another document made is corrected there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import ShareMovement
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.shares import (
    AlreadyTakenBack,
    ApprovalNeeded,
    BeforeItself,
    SharesGone,
    TakenBackElsewhere,
)
from accounting.services import ledger, opening, periods
from accounting.services.meetings import resolutions
from accounting.services.opening import OpeningAfterClose
from accounting.services.shares import certificates, judging, reading, register, writing
from accounting.services.shares.reading import TransactionCard
from accounting.services.shares.writing import SOURCE, Draft
from core import clock
from core.actor import Actor
from core.db import db
from core.documents import content_of
from members.services import access


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A transaction to take back, from its own day on unless told (from today when locked)."""

    id: UUID
    transaction_id: UUID
    reason: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class CarryShares:
    """What the old books say of a member's shares, or (below zero) said too much."""

    id: UUID
    member_id: UUID
    amount_satang: int
    on: date
    resolution_id: UUID | None = None
    note: str = ""


def take_back(command: TakeBack, actor: Actor) -> TransactionCard:
    """Take a transaction back whole; the same command again changes nothing.

    Raises AlreadyTakenBack, TakenBackElsewhere, BeforeItself, SharesGone, PurseShort, MonthLocked,
    NotYet, TillIsToday, the counter's refusal of a closed shift, NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    centre_id = actor.centre_id
    register.lock(centre_id)
    content = content_of(command) | {"kind": "reversal"}
    if (known := judging.earlier(centre_id, command.id, content)) is not None:
        return known
    first = reading.card_of(centre_id, command.transaction_id)
    if first.reverses_id is not None or reading.reversal_of(centre_id, first.id) is not None:
        raise AlreadyTakenBack
    if not first.own:
        raise TakenBackElsewhere
    on = _day(command, first, centre_id)
    deltas = {who: -delta for who, delta in _deltas(centre_id, first.id).items()}
    for member_id, delta in deltas.items():
        if judging.giveable(centre_id, member_id, on) + min(delta, 0) < 0:
            raise SharesGone(amount_satang=-delta)
    _hold_money(first, on, actor)
    draft = Draft(
        id=command.id,
        kind="reversal",
        on=on,
        deltas=deltas,
        amount_satang=first.amount_satang,
        member_id=first.member_id,
        to_member_id=first.to_member_id,
        place=first.place,
        till_id=first.till_id,
        shift_id=first.shift_id,
        reverses_id=first.id,
        note=command.reason,
        content=content,
    )
    number = writing.write(draft, actor)
    [entry, *_] = ledger.entry_of(centre_id, SOURCE, first.id)
    ledger.reverse(
        entry.id, actor, on, source_type=SOURCE, source_id=command.id, kind="share_reversal"
    )
    for member_id, delta in deltas.items():
        if delta < 0:
            certificates.end_uncovered(member_id, number, actor)
    return reading.card_of(centre_id, command.id)


def _day(command: TakeBack, first: TransactionCard, centre_id: int) -> date:
    if command.on is None:
        own = periods.is_open(centre_id, first.effective_on) and first.place != "till"
        on = first.effective_on if own else clock.today()
    else:
        on = command.on
    if on < first.effective_on:
        raise BeforeItself(field="on")
    writing.require_day(centre_id, on)
    return on


def _hold_money(first: TransactionCard, on: date, actor: Actor) -> None:
    """Ask for the money that goes the other way: of the same drawer's shift, or of the purse."""
    if first.place not in judging.MONEY or first.member_id is None:
        return
    came = first.kind in ("buy", "instalment")
    judging.money(
        actor.centre_id,
        first.member_id,
        first.place,
        first.shift_id,
        on,
        in_satang=0 if came else first.amount_satang,
        out_satang=first.amount_satang if came else 0,
    )


def carry(command: CarryShares, actor: Actor) -> TransactionCard:
    """Enter shares of the old books against the surplus brought forward.

    Once a month is closed it needs the meeting's word. Raises ApprovalNeeded, NoSuchResolution,
    SharesGone, NotAMemberThen, MonthLocked, NotYet, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "opening.post")
    centre_id = actor.centre_id
    register.lock(centre_id)
    content = content_of(command) | {"kind": "opening"}
    if (known := judging.earlier(centre_id, command.id, content)) is not None:
        return known
    writing.require_day(centre_id, command.on)
    _require_word(command, centre_id)
    judging.require_member(centre_id, command.member_id, command.on, "on")
    amount = command.amount_satang
    assert amount, "the edge asks for an amount"
    if amount < 0 and judging.giveable(centre_id, command.member_id, command.on) + amount < 0:
        raise SharesGone(amount_satang=-amount)
    draft = Draft(
        id=command.id,
        kind="opening",
        on=command.on,
        deltas={command.member_id: amount},
        amount_satang=abs(amount),
        member_id=command.member_id,
        resolution_id=command.resolution_id,
        note=command.note,
        content=content,
    )
    number = writing.write(draft, actor)
    come, gone = max(amount, 0), max(-amount, 0)
    ledger.post(
        NewEntry(
            kind="share_opening",
            source_type=SOURCE,
            source_id=command.id,
            business_date=command.on,
            occurred_at=clock.now(),
            lines=(
                NewLine(Purpose.BROUGHT_FORWARD, debit=come, credit=gone),
                NewLine(
                    Purpose.SHARE_CAPITAL, debit=gone, credit=come, member_id=command.member_id
                ),
            ),
            memo=command.note[:200],
        ),
        actor,
    )
    certificates.end_uncovered(command.member_id, number, actor)
    return reading.card_of(centre_id, command.id)


def _require_word(command: CarryShares, centre_id: int) -> None:
    if command.resolution_id is not None:
        resolutions.require_held(centre_id, command.resolution_id)
        return
    try:
        opening.require_may_be_on(centre_id, command.on, "on")
    except OpeningAfterClose:
        raise ApprovalNeeded(field="resolution_id") from None


def _deltas(centre_id: int, transaction_id: UUID) -> dict[UUID, int]:
    rows: Any = db.session.execute(
        select(ShareMovement.member_id, ShareMovement.delta_satang).where(
            ShareMovement.centre_id == centre_id, ShareMovement.transaction_id == transaction_id
        )
    )
    return dict(iter(rows))
