"""Why one member gets what the run says: every day of shares, every receipt, every delivery.

What must stay true: the sums explained are the frozen ones; documents are listed as they stand now,
and where they no longer add up to what was counted, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import MemberRunItem
from accounting.rules.surplus import dividend
from accounting.rules.surplus.decimals import cut
from accounting.rules.surplus.dividend import DAYS
from accounting.rules.surplus.reckoning import HeldBack
from accounting.rules.surplus.taking_part import MemberRules
from accounting.services.surplus import patronage_sources, runs
from accounting.services.surplus.patronage_sources import DELIVERIES, PURCHASES, Counted
from accounting.services.surplus.runs import ITEM_COLUMNS, AllocationFacts, ItemCard, MemberRunCard
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from members.services import access, members, standing
from members.services.members import MemberCard

EXACT_PLACES = 4
"""Digits of a satang shown of the exact part."""


@dataclass(frozen=True, slots=True)
class ShareLine:
    """Shares that counted from a day on: as many satang, so many days, their product.

    The opening is what was held before the year. Given back: below zero.
    """

    on: date
    delta_satang: int
    days: int
    satang_days: int
    document_no: str = ""
    transaction_id: UUID | None = None
    late: bool = False
    opening: bool = False


@dataclass(frozen=True, slots=True)
class MonthLine:
    """The lowest balance of one month, where months are counted."""

    month: date
    lowest_satang: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group of goods: the satang counted, its weight, and what they come to together."""

    group: str
    satang: int
    weight_basis_points: int
    weighted: int
    """Satang × basis points."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member's part of one pool, and its rounding."""

    name: str
    """`dividend`, `purchases`, `deliveries`, or `patronage` where both are one pool."""
    pool_satang: int
    weight: int
    total_weight: int
    satang: int
    remainder: int
    place: int
    """The member's place among the remainders; 0: nothing was left over."""
    left: int
    """So many places got one satang more."""

    @property
    def exact(self) -> str:
        """The exact part in satang, some digits of it."""
        return cut(self.pool_satang * self.weight, self.total_weight, EXACT_PLACES)

    @property
    def got_one_more(self) -> bool:
        return 0 < self.place <= self.left


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one member's amount."""

    allocation: AllocationFacts
    run: MemberRunCard
    member: MemberCard
    item: ItemCard
    rules: MemberRules
    standing: str
    standing_since: date
    shares_satang: int
    """Held at the end of the last day."""
    shares: tuple[ShareLine, ...]
    months: tuple[MonthLine, ...]
    purchases: tuple[GroupLine, ...]
    deliveries: tuple[GroupLine, ...]
    parts: tuple[Part, ...]
    purchase_documents: tuple[Counted, ...]
    delivery_documents: tuple[Counted, ...]
    back: HeldBack | None = None
    """What was to be kept as shares and is paid, for a cap or a membership that ended."""

    def part(self, name: str) -> Part | None:
        """Return the part of a pool by its name."""
        return next((one for one in self.parts if one.name == name), None)

    @property
    def purchases_moved(self) -> bool:
        """Whether the receipts as they stand are no longer what was counted."""
        now = sum(one.satang for one in self.purchase_documents)
        return now != self.item.purchase_satang

    @property
    def deliveries_moved(self) -> bool:
        now = sum(one.satang for one in self.delivery_documents)
        return now != self.item.delivery_satang


def explain(
    allocation_id: UUID, member_id: UUID, actor: Actor, *, documents: bool = True
) -> Explanation:
    """Explain a member's part; a membership merged away is explained by the one that stands.

    Without `documents` receipts and deliveries are left out: a statement names sums only. Raises
    NotFound, Forbidden.
    """
    access.require(actor, "surplus.read")
    centre_id = actor.centre_id
    asked = runs.allocation(centre_id, allocation_id)
    run = runs.find(centre_id, allocation_id)
    if run is None:
        raise NotFound(what="member_run")
    item, detail = _item(centre_id, run.id, member_id)
    rules = MemberRules.of(asked.rules)
    shares, months = _shares(asked, rules, detail)
    state, since = detail["standing"]
    listed = _documents(centre_id, asked, item.member_id) if documents else ((), ())
    return Explanation(
        allocation=asked,
        run=run,
        member=members.names(centre_id, [item.member_id])[item.member_id],
        item=item,
        rules=rules,
        standing=state,
        standing_since=date.fromisoformat(since),
        shares_satang=detail["shares"],
        shares=shares,
        months=months,
        purchases=_groups(detail["purchases"], rules.purchase_weights, rules.default_weight),
        deliveries=_groups(detail["deliveries"], rules.delivery_weights, rules.default_weight),
        parts=tuple(_parts(item, run, detail)),
        purchase_documents=tuple(listed[0]),
        delivery_documents=tuple(listed[1]),
        back=HeldBack(**detail["held_back"]) if "held_back" in detail else None,
    )


def _item(centre_id: int, run_id: UUID, member_id: UUID) -> tuple[ItemCard, dict[str, Any]]:
    for who in (member_id, standing.survivors(centre_id).get(member_id)):
        row = db.session.execute(
            select(*ITEM_COLUMNS, MemberRunItem.detail).where(
                MemberRunItem.centre_id == centre_id,
                MemberRunItem.run_id == run_id,
                MemberRunItem.member_id == who,
            )
        ).one_or_none()
        if row is not None:
            return ItemCard(*row[:-1]), row[-1]
    raise NotFound(what="member")


def _shares(
    asked: AllocationFacts, rules: MemberRules, detail: dict[str, Any]
) -> tuple[tuple[ShareLine, ...], tuple[MonthLine, ...]]:
    lines = []
    if detail["opening"]:
        lines.append(_line(asked, asked.first, detail["opening"], opening=True))
    for on, satang, recorded_on, number, identity in detail["movements"]:
        day = date.fromisoformat(on)
        lines.append(
            _line(
                asked,
                day,
                satang,
                document_no=number,
                transaction_id=UUID(identity) if identity else None,
                late=on[:7] < recorded_on[:7],
            )
        )
    if rules.basis == DAYS:
        return tuple(lines), ()
    lows = dividend.month_lows(lines, asked.first, asked.last)
    return tuple(lines), tuple(MonthLine(month, lowest) for month, lowest in lows)


def _line(asked: AllocationFacts, day: date, satang: int, **rest: Any) -> ShareLine:
    days = (asked.last - max(day, asked.first)).days + 1
    return ShareLine(day, satang, days, satang * days, **rest)


def _groups(net: dict[str, int], weights: Any, otherwise: int) -> tuple[GroupLine, ...]:
    return tuple(
        GroupLine(group, satang, weight, satang * weight)
        for group, satang in net.items()
        for weight in (weights.get(group, otherwise),)
    )


def _parts(item: ItemCard, run: MemberRunCard, detail: dict[str, Any]) -> list[Part]:
    """Return the member's part of each pool that was shared, for one who takes part in it."""
    if not item.eligible:
        return []
    weights = {
        "dividend": item.share_days,
        "purchases": item.purchase_weight,
        "deliveries": item.delivery_weight,
        "patronage": item.purchase_weight + item.delivery_weight,
    }
    got = {
        "dividend": item.dividend_satang,
        "purchases": item.purchase_refund_satang,
        "deliveries": item.delivery_refund_satang,
        "patronage": item.refund_satang,
    }
    parts = []
    for name, pool in run.content["pools"].items():
        remainder, place = detail["places"][name]
        barred = name == "dividend" and item.why
        weight = 0 if barred else weights[name]
        whole = (pool["pool"], weight, pool["weight"])
        parts.append(Part(name, *whole, got[name], remainder, place, pool["left"]))
    return parts


def _documents(
    centre_id: int, asked: AllocationFacts, member_id: UUID
) -> tuple[Sequence[Counted], Sequence[Counted]]:
    """Return the receipts and deliveries of a person under every membership that is merged."""
    merged = standing.survivors(centre_id)
    mine = [member_id, *(one for one, into in merged.items() if into == member_id)]

    def of(kind: str) -> list[Counted]:
        found: list[Counted] = []
        for source in patronage_sources.of(kind):
            found += source.documents(centre_id, asked.span, mine)
        return found

    return of(PURCHASES), of(DELIVERIES)
