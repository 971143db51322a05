"""Who is owed what, for the people who pay: found by nickname, in order, with its age.

What must stay true: the sums over everybody are those of the tie-out; the parts are never mixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounting.rules import unclaimed as rules
from accounting.services.member_payments import choices, due
from accounting.services.member_payments.choices import Choice
from accounting.services.member_payments.due import DueItem
from accounting.services.shares import heirs
from core import clock
from core.actor import Actor
from core.errors import NotFound
from core.paging import Page, Window
from members.services import access, members, standing
from members.services.members import MemberCard


@dataclass(frozen=True, slots=True)
class Payee:
    """A member with everything open."""

    member: MemberCard
    items: tuple[DueItem, ...]
    choice: Choice
    batch_id: UUID | None
    """The bank file that is to pay it."""

    @property
    def dividend_satang(self) -> int:
        return sum(item.dividend_satang for item in self.items)

    @property
    def patronage_satang(self) -> int:
        return sum(item.patronage_satang for item in self.items)

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang

    @property
    def since(self) -> date:
        return min(item.due_since for item in self.items)


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything open, and how much of it waits at the bank."""

    members: int
    dividend_satang: int
    patronage_satang: int
    at_bank: int
    by_way: Mapping[str, int]
    """How many members with something open chose each way."""


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One member who is to be paid."""

    payee: Payee
    state: str
    merged_into: MemberCard | None
    heirs: tuple[tuple[str, str], ...]
    """Named heirs: (name, relationship)."""


@dataclass(frozen=True, slots=True)
class AgeRow:
    """What is open of one year's allocation, by age."""

    allocation_id: UUID
    allocation_no: str
    fiscal_year: int
    due_since: date
    members: int
    by_age: tuple[int, ...]

    @property
    def satang(self) -> int:
        return sum(self.by_age)


def totals(actor: Actor) -> Totals:
    """Return the sums over everybody; raise Forbidden."""
    access.require(actor, "member_payment.read")
    owed = due.by_payee(actor.centre_id)
    known = choices.of(actor.centre_id)
    by_way: dict[str, int] = {}
    for one in owed:
        way = known[one].way if one in known else "cash"
        by_way[way] = by_way.get(way, 0) + 1
    everything = [item for items in owed.values() for item in items]
    return Totals(
        len(owed),
        sum(item.dividend_satang for item in everything),
        sum(item.patronage_satang for item in everything),
        len(owed.keys() & due.waiting(actor.centre_id).keys()),
        by_way,
    )


def found(actor: Actor, text: str) -> list[Payee]:
    """Return the members `text` finds, with what is open of each; raise Forbidden."""
    access.require(actor, "member_payment.read")
    merged = standing.survivors(actor.centre_id)
    cards = members.search(actor.centre_id, text)
    people = members.names(actor.centre_id, {merged.get(card.id, card.id) for card in cards})
    chosen = [people[merged.get(card.id, card.id)] for card in cards]
    return _payees(actor.centre_id, list(dict.fromkeys(chosen)))


def listing(actor: Actor, window: Window) -> Page[Payee]:
    """Return the members with something open, by number; raise Forbidden."""
    access.require(actor, "member_payment.read")
    owed = due.by_payee(actor.centre_id)
    cards = sorted(members.names(actor.centre_id, owed).values(), key=lambda one: one.member_no)
    if window.after:
        cards = [card for card in cards if card.member_no > window.after]
    shown = cards[: window.limit]
    following = shown[-1].member_no if len(cards) > window.limit else None
    return Page(tuple(_payees(actor.centre_id, shown, owed)), following)


def _payees(
    centre_id: int,
    cards: Sequence[MemberCard],
    owed: Mapping[UUID, list[DueItem]] | None = None,
) -> list[Payee]:
    if owed is None:
        merged = standing.survivors(centre_id)
        everybody = {one for card in cards for one in due.memberships(card.id, merged)}
        owed = {}
        for item in due.items(centre_id, everybody):
            owed.setdefault(merged.get(item.member_id, item.member_id), []).append(item)
    ids = [card.id for card in cards]
    known, at_bank = choices.of(centre_id, ids), due.waiting(centre_id, ids)
    return [
        Payee(
            card,
            tuple(owed.get(card.id, ())),
            known.get(card.id, Choice()),
            at_bank.get(card.id),
        )
        for card in cards
    ]


def member(member_id: UUID, actor: Actor) -> MemberPage:
    """Return one member with everything open; raise NotFound, Forbidden."""
    access.require(actor, "member_payment.read")
    cards = members.names(actor.centre_id, [member_id])
    if member_id not in cards:
        raise NotFound(what="member")
    [payee] = _payees(actor.centre_id, [cards[member_id]])
    merged = standing.survivors(actor.centre_id).get(member_id)
    nomination = heirs.current(actor.centre_id, member_id)
    return MemberPage(
        payee,
        standing.on(actor.centre_id, clock.today())[member_id].state,
        members.names(actor.centre_id, [merged])[merged] if merged else None,
        tuple((one.name, one.relationship) for one in nomination.heirs) if nomination else (),
    )


def aged(actor: Actor) -> list[AgeRow]:
    """Return what is open by year and age; raise Forbidden."""
    access.require(actor, "member_payment.read")
    by_run: dict[UUID, list[DueItem]] = {}
    for item in due.items(actor.centre_id):
        by_run.setdefault(item.run_id, []).append(item)
    return [_aged(items) for items in by_run.values()]


def _aged(items: Sequence[DueItem]) -> AgeRow:
    sums = [0] * (len(rules.AGES) + 1)
    for item in items:
        sums[rules.age_of(item.days)] += item.satang
    first = items[0]
    return AgeRow(
        first.allocation_id,
        first.allocation_no,
        first.fiscal_year,
        first.due_since,
        len(items),
        tuple(sums),
    )
