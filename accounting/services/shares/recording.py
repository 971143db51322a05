"""Enter what members do with their shares: buy, pay by and by, pass on, take back.

What must stay true: one transaction is one document, its rows in the register and one entry of the
same sum, in one database transaction; the register is locked before anything is judged, so two
tills never pass a cap together. The same command again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from accounting.rules import shares as rules_of
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.shares import (
    ApprovalNeeded,
    MoreThanSubscribed,
    SameMember,
    ShareRules,
    SubscriptionOver,
)
from accounting.services import ledger
from accounting.services.meetings import resolutions
from accounting.services.shares import (
    certificates,
    judging,
    plans,
    reading,
    register,
    rules,
    writing,
)
from accounting.services.shares.judging import Money
from accounting.services.shares.reading import TransactionCard
from accounting.services.shares.writing import SOURCE, Draft
from core import clock
from core.actor import Actor
from core.documents import content_of
from members.services import access


@dataclass(frozen=True, slots=True)
class BuyShares:
    """Whole shares paid at once; `on` is the day they count from."""

    id: UUID
    member_id: UUID
    shares: int
    on: date
    place: str
    shift_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PayInstalment:
    """A part of the shares somebody signed for."""

    id: UUID
    subscription_id: UUID
    amount_satang: int
    on: date
    place: str
    shift_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TransferShares:
    """Shares that pass from one member to another; without a number all of them."""

    id: UUID
    member_id: UUID
    to_member_id: UUID
    shares: int | None
    on: date
    resolution_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawShares:
    """Shares given back to the centre for money; without a number all of them."""

    id: UUID
    member_id: UUID
    shares: int | None
    on: date
    place: str
    shift_id: UUID | None = None
    note: str = ""


def buy(command: BuyShares, actor: Actor) -> TransactionCard:
    """Sell shares to a member; the same command again changes nothing.

    Raises NotAMemberThen, NotYet, MonthLocked, TooFewShares, TooManyShares, PartTooLarge,
    PurseShort, TillIsToday, DrawerNeeded, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    content = content_of(command) | {"kind": "buy"}
    if (known := judging.earlier(actor.centre_id, command.id, content)) is not None:
        return known
    writing.require_day(actor.centre_id, command.on)
    judging.require_member(actor.centre_id, command.member_id, command.on, "on")
    valid = rules.on(actor, command.on)
    amount = command.shares * valid.par_satang
    assert amount > 0, "the edge asks for at least one share"
    deltas = {command.member_id: amount}
    judging.require_growth(actor.centre_id, valid, command.member_id, deltas)
    draft = Draft(
        id=command.id,
        kind="buy",
        on=command.on,
        deltas=deltas,
        amount_satang=amount,
        member_id=command.member_id,
        place=command.place,
        shift_id=command.shift_id,
        note=command.note,
        content=content,
    )
    return paid_in(draft, command.member_id, actor)


def pay_instalment(command: PayInstalment, actor: Actor) -> TransactionCard:
    """Take an instalment of a subscription; the same command again changes nothing.

    Raises MoreThanSubscribed, SubscriptionOver and what `buy` does.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    content = content_of(command) | {"kind": "instalment"}
    if (known := judging.earlier(actor.centre_id, command.id, content)) is not None:
        return known
    plan = plans.card(actor.centre_id, command.subscription_id)
    if plan.over:
        raise SubscriptionOver
    if command.amount_satang > plan.left_satang:
        raise MoreThanSubscribed(field="amount", left_satang=plan.left_satang)
    if command.on < plan.subscribed_on:
        raise rules_of.BeforeItself(field="on")
    writing.require_day(actor.centre_id, command.on)
    judging.require_member(actor.centre_id, plan.member_id, command.on, "on")
    deltas = {plan.member_id: command.amount_satang}
    valid = rules.on(actor, command.on)
    judging.require_growth(actor.centre_id, valid, plan.member_id, deltas, in_parts=True)
    draft = Draft(
        id=command.id,
        kind="instalment",
        on=command.on,
        deltas=deltas,
        amount_satang=command.amount_satang,
        member_id=plan.member_id,
        place=command.place,
        shift_id=command.shift_id,
        subscription_id=plan.id,
        note=command.note,
        content=content,
    )
    return paid_in(draft, plan.member_id, actor)


def transfer(command: TransferShares, actor: Actor) -> TransactionCard:
    """Pass shares on to another member; the same command again changes nothing.

    Raises SameMember, HasDied, MoreThanHeld, ApprovalNeeded, NoSuchResolution and what `buy` does.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    content = content_of(command) | {"kind": "transfer"}
    if (known := judging.earlier(actor.centre_id, command.id, content)) is not None:
        return known
    if command.member_id == command.to_member_id:
        raise SameMember(field="to_member_no")
    writing.require_day(actor.centre_id, command.on)
    judging.living_on(actor.centre_id, command.member_id, command.on)
    judging.require_member(actor.centre_id, command.to_member_id, command.on, "to_member_no")
    valid = rules.on(actor, command.on)
    _require_approval(command, valid, actor)
    held = judging.giveable(actor.centre_id, command.member_id, command.on)
    amount = rules_of.to_give(valid, held, command.shares)
    rules_of.check_rest(valid, held - amount)
    deltas = {command.member_id: -amount, command.to_member_id: amount}
    # Who takes over shares that are not yet paid in full goes on paying nobody's plan.
    judging.require_growth(
        actor.centre_id, valid, command.to_member_id, deltas, in_parts=command.shares is None
    )
    draft = Draft(
        id=command.id,
        kind="transfer",
        on=command.on,
        deltas=deltas,
        amount_satang=amount,
        member_id=command.member_id,
        to_member_id=command.to_member_id,
        resolution_id=command.resolution_id,
        note=command.note,
        content=content,
    )
    return passed_on(draft, command.member_id, command.to_member_id, actor)


def withdraw(command: WithdrawShares, actor: Actor) -> TransactionCard:
    """Give shares back for money; the same command again changes nothing.

    Raises HasDied, MoreThanHeld, StillAMember, OnlyAll, TooFewShares, NotEnoughInDrawer and what
    `buy` does.
    """
    access.require(actor, "share.record")
    register.lock(actor.centre_id)
    content = content_of(command) | {"kind": "withdraw"}
    if (known := judging.earlier(actor.centre_id, command.id, content)) is not None:
        return known
    writing.require_day(actor.centre_id, command.on)
    state = judging.living_on(actor.centre_id, command.member_id, command.on)
    valid = rules.on(actor, command.on)
    held = judging.giveable(actor.centre_id, command.member_id, command.on)
    amount = rules_of.to_give(valid, held, command.shares)
    rules_of.check_leaving(valid, state, held, amount)
    draft = Draft(
        id=command.id,
        kind="withdraw",
        on=command.on,
        deltas={command.member_id: -amount},
        amount_satang=amount,
        member_id=command.member_id,
        place=command.place,
        shift_id=command.shift_id,
        note=command.note,
        content=content,
    )
    return paid_out(draft, command.member_id, actor)


def _require_approval(command: TransferShares, valid: ShareRules, actor: Actor) -> None:
    if command.resolution_id is not None:
        resolutions.require_held(actor.centre_id, command.resolution_id)
    elif valid.transfer_needs_approval:
        raise ApprovalNeeded(field="resolution_id")


# --- shared with inheriting and correcting ----------------------------------------------------


def paid_in(draft: Draft, member_id: UUID, actor: Actor) -> TransactionCard:
    """Write shares for which money came."""
    amount = draft.amount_satang
    money = judging.money(
        actor.centre_id, member_id, draft.place, draft.shift_id, draft.on, in_satang=amount
    )
    shares = NewLine(Purpose.SHARE_CAPITAL, credit=amount, member_id=member_id)
    return _written(draft, money, (money.line(debit=amount), shares), actor)


def paid_out(draft: Draft, member_id: UUID, actor: Actor) -> TransactionCard:
    """Write shares for which money goes; certificates for them no longer count."""
    amount = draft.amount_satang
    money = judging.money(
        actor.centre_id, member_id, draft.place, draft.shift_id, draft.on, out_satang=amount
    )
    shares = NewLine(Purpose.SHARE_CAPITAL, debit=amount, member_id=member_id)
    card = _written(draft, money, (shares, money.line(credit=amount)), actor)
    certificates.end_uncovered(member_id, card.transaction_no, actor)
    return card


def passed_on(draft: Draft, giver: UUID, taker: UUID, actor: Actor) -> TransactionCard:
    """Write shares that pass from one member to another; no money of the centre moves."""
    lines = (
        NewLine(Purpose.SHARE_CAPITAL, debit=draft.amount_satang, member_id=giver),
        NewLine(Purpose.SHARE_CAPITAL, credit=draft.amount_satang, member_id=taker),
    )
    card = _written(draft, Money("none"), lines, actor)
    certificates.end_uncovered(giver, card.transaction_no, actor)
    return card


def _written(
    draft: Draft, money: Money, lines: tuple[NewLine, ...], actor: Actor
) -> TransactionCard:
    writing.write(replace(draft, place=money.place, till_id=money.till_id), actor)
    ledger.post(
        NewEntry(
            kind=f"share_{draft.kind}",
            source_type=SOURCE,
            source_id=draft.id,
            business_date=draft.on,
            occurred_at=clock.now(),
            lines=lines,
            memo=draft.note[:200],
        ),
        actor,
    )
    return reading.card_of(actor.centre_id, draft.id)
