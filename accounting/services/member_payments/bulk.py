"""Credit everybody who chose so to shares or to the purse, one payment each.

What must stay true: a payment's id follows from the order and the member, so that the order sent
again (or begun again after a worker died) pays nobody twice; who can't be credited is named and
stays due.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from accounting.rules import member_payments as rules
from accounting.rules.member_payments import PaidItem
from accounting.rules.shares import PartTooLarge, TooManyShares
from accounting.services.member_payments import choices, due, paying
from accounting.services.member_payments.paying import PayMember
from accounting.services.shares.judging import Growing
from core import clock
from core.actor import Actor
from core.db import plan_anew, serialise_on
from members.services import access, members, register_numbers, standing
from members.services.members import MemberCard

Progress = Callable[[int, int], None]
AT_ONCE = 2_000
"""So many are paid in one transaction: it holds two locks for each, and others wait for it."""


@dataclass(frozen=True, slots=True)
class CreditMany:
    """An order to credit what members chose to have so: `way` is shares or purse."""

    id: UUID
    way: str


@dataclass(frozen=True, slots=True)
class Credited:
    """What came of the order: payments made, and members left out with the reason's key."""

    paid: int
    satang: int
    left_out: tuple[tuple[MemberCard, str], ...]
    to_go: int = 0
    """How many are left for the next call."""


def credit(command: CreditMany, actor: Actor, progress: Progress | None = None) -> Credited:
    """Credit what is open of members who chose this way, of `AT_ONCE` of them at most.

    The same order again goes on with those left to go, and pays nobody twice. Raises
    NotFromThatPlace, PeriodClosed, Forbidden.
    """
    access.require(actor, "member_payment.record")
    if command.way not in rules.CREDITS:
        raise rules.NotFromThatPlace(field="way")
    centre_id = actor.centre_id
    serialise_on(command.id)
    plan_anew()
    paying.hold(centre_id, due.runs(centre_id))
    chosen = {one for one, choice in choices.of(centre_id).items() if choice.way == command.way}
    owed = {one: items for one, items in due.by_payee(centre_id).items() if one in chosen}
    numbers = register_numbers.of_members(centre_id)
    states = standing.on(centre_id, clock.today())
    waiting = due.waiting(centre_id)
    left_out: dict[UUID, str] = {}
    payments: list[PayMember] = []
    growing = paying.growing(actor) if command.way == "shares" else None
    for one in sorted(owed, key=lambda one: numbers[one]):
        why = _left_out(command.way, states[one].state, at_bank=one in waiting)
        if not why and growing is not None:
            why = _above_cap(growing, one, sum(item.satang for item in owed[one]))
        if why:
            left_out[one] = why
            continue
        items = tuple(
            PaidItem(item.run_id, item.member_id, item.dividend_satang, item.patronage_satang)
            for item in owed[one]
        )
        identity = uuid5(command.id, str(one))
        payments.append(PayMember(identity, one, command.way, command.way, items))
    before, _ = came_of(command, actor)
    now, to_go = _next(payments, actor)
    satang = paying.pay_known(now, actor)
    if progress is not None and now:
        progress(before + len(now), before + len(now) + to_go)
    people = members.names(centre_id, left_out)
    named = tuple((people[one], why) for one, why in left_out.items())
    return Credited(len(now), satang, named, to_go)


def came_of(command: CreditMany, actor: Actor) -> tuple[int, int]:
    """Return how many members an order has credited so far, and what they got."""
    rows = paying.of_place(actor.centre_id, command.way)
    got = [satang for identity, who, satang in rows if identity == uuid5(command.id, str(who))]
    return len(got), sum(got)


def _next(payments: Sequence[PayMember], actor: Actor) -> tuple[list[PayMember], int]:
    """Return those paid now, and how many come after them."""
    for start in range(0, len(payments), AT_ONCE):
        fresh = paying.not_made(payments[start : start + AT_ONCE], actor)
        if fresh:
            return fresh, max(len(payments) - start - AT_ONCE, 0)
    return [], 0


def _above_cap(growing: Growing, member_id: UUID, satang: int) -> str:
    try:
        growing.grow(member_id, satang)
    except (PartTooLarge, TooManyShares):
        return "above_cap"
    return ""


def _left_out(way: str, state: str, *, at_bank: bool) -> str:
    if state == "died":
        return "died"
    if way == "shares" and state not in ("member", "suspended"):
        return "not_member"
    return "at_bank" if at_bank else ""
