"""What every transaction asks before it is written: who was a member, what is held, what is capped.

What must stay true: it is asked while the register is locked, so that what was judged is what is
written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import ShareTransaction
from accounting.rules import shares as rules_of
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from accounting.rules.shares import (
    HasDied,
    Holding,
    NotAMemberThen,
    PurseShort,
    ShareRules,
    TillIsToday,
)
from accounting.services import cash_drawers, ledger
from accounting.services.purse import holding
from accounting.services.shares import reading, register
from accounting.services.shares.reading import TransactionCard
from core import clock
from core.db import db
from core.documents import differences
from core.errors import DifferentContent, NotFound
from members.services import members, standing

MONEY = {
    "safe": Purpose.CASH_SAFE,
    "bank": Purpose.BANK,
    "till": Purpose.CASH_TILL,
    "purse": Purpose.MEMBER_PURSE,
}


@dataclass(frozen=True, slots=True)
class Money:
    """Where a transaction's money comes from or goes."""

    place: str
    till_id: UUID | None = None
    member_id: UUID | None = None

    def line(self, *, debit: int = 0, credit: int = 0) -> NewLine:
        """Return the money's line in the books."""
        return NewLine(
            MONEY[self.place],
            debit=debit,
            credit=credit,
            till_id=self.till_id,
            member_id=self.member_id if self.place == "purse" else None,
        )


def earlier(centre_id: int, identity: UUID, content: Mapping[str, Any]) -> TransactionCard | None:
    """Return the transaction written under an id before; raise DifferentContent for another."""
    known = db.session.execute(
        select(ShareTransaction.content).where(
            ShareTransaction.centre_id == centre_id, ShareTransaction.id == identity
        )
    ).one_or_none()
    if known is None:
        return None
    if differs := differences(known.content, content):
        raise DifferentContent(differs=differs)
    return reading.card_of(centre_id, identity)


def state_on(centre_id: int, member_id: UUID, day: date) -> str:
    """Return a member's standing at the end of a day; raise NotFound for a stranger."""
    if member_id not in members.names(centre_id, [member_id]):
        raise NotFound(what="member")
    found = standing.on(centre_id, day).get(member_id)
    return "not_yet" if found is None else found.state


def living_on(centre_id: int, member_id: UUID, day: date) -> str:
    """Return the standing of who gives shares away or back; raise HasDied, NotFound."""
    state = state_on(centre_id, member_id, day)
    if state == "died":
        raise HasDied
    return state


def require_member(centre_id: int, member_id: UUID, day: date, field: str) -> None:
    """Raise NotAMemberThen, NotFound unless somebody is a member at the end of a day."""
    if state_on(centre_id, member_id, day) not in ("member", "suspended"):
        raise NotAMemberThen(field=field)


def require_growth(
    centre_id: int,
    rules: ShareRules,
    member_id: UUID,
    deltas: Mapping[UUID, int],
    *,
    in_parts: bool = False,
) -> None:
    """Raise TooFewShares, TooManyShares or PartTooLarge for who grows by a transaction.

    Judged on everything entered so far, whatever its day: what is late counts like the rest.
    """
    after = register.balances(centre_id)
    for one, delta in deltas.items():
        after[one] = after.get(one, 0) + delta
    held = [satang for satang in after.values() if satang > 0]
    holding = Holding(after[member_id], sum(held), len(held))
    rules_of.check_growth(rules, holding, in_parts=in_parts)


class Growing:
    """Judges many who grow one after the other by credits, reading the register once.

    The register is locked by the caller. Parts of a share count, so nobody is too small here.
    """

    def __init__(self, centre_id: int, rules: ShareRules) -> None:
        self._rules = rules
        self._held = register.balances(centre_id)
        self._total = sum(satang for satang in self._held.values() if satang > 0)
        self._holders = sum(satang > 0 for satang in self._held.values())

    def grow(self, member_id: UUID, satang: int) -> None:
        """Count a credit in; raise TooManyShares or PartTooLarge, and count nothing."""
        held = self._held.get(member_id, 0)
        total, holders = self._total + satang, self._holders + (held <= 0)
        holding = Holding(held + satang, total, holders)
        rules_of.check_growth(self._rules, holding, in_parts=True)
        self._held[member_id], self._total, self._holders = held + satang, total, holders


def giveable(centre_id: int, member_id: UUID, day: date) -> int:
    """Return the satang a member can give from a day on: the least held on any day from then."""
    return register.lowest_by_member(centre_id, day, [member_id]).get(member_id, 0)


def money(
    centre_id: int,
    member_id: UUID,
    place: str,
    shift_id: UUID | None,
    on: date,
    *,
    in_satang: int = 0,
    out_satang: int = 0,
) -> Money:
    """Return where money is taken from or put, the drawer or purse held meanwhile.

    `in_satang` is what the centre gets, `out_satang` what leaves it. Raises PurseShort,
    TillIsToday, DrawerNeeded, NotEnoughInDrawer, NotFound.
    """
    assert place in MONEY
    if place == "till":
        if on != clock.today():
            raise TillIsToday(field="on")
        return Money(place, cash_drawers.use(centre_id, shift_id, out_satang))
    if place == "purse":
        holding.hold(centre_id, member_id)
    if place == "purse" and in_satang:
        held = ledger.sub_ledger(centre_id, Purpose.MEMBER_PURSE, "member", [member_id])
        if -held.get(member_id, 0) < in_satang:
            raise PurseShort(field="place", held_satang=max(-held.get(member_id, 0), 0))
    return Money(place, None, member_id)
