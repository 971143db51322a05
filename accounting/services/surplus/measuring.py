"""What everybody's part of a year's surplus is measured by, gathered from the registers.

Memberships merged into one count together, under the one that stands. What must stay true: a whole
snapshot costs a handful of statements whatever the number of members, and holds a row per member
and product group at most: sales are added up by the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.periods import Span
from accounting.rules.surplus import dividend, taking_part
from accounting.rules.surplus.reckoning import MemberFacts
from accounting.rules.surplus.taking_part import MemberRules
from accounting.services import sub_ledgers
from accounting.services.shares import register
from accounting.services.shares.register import Movement
from accounting.services.surplus import patronage_sources
from accounting.services.surplus.patronage_sources import DELIVERIES, PURCHASES
from members.services import register_numbers, standing
from members.services.standing import Standing


@dataclass(frozen=True, slots=True)
class Holding:
    """One member's shares in a year."""

    opening_satang: int
    """Held when the year began, before its first day's movements."""
    closing_satang: int
    share_days: int
    movements: tuple[Movement, ...]
    """Those of the year."""
    late: tuple[Movement, ...] = ()
    """Those that count in the year and were entered in it or later, after their own month."""


NOTHING = Holding(0, 0, 0, ())


def share_days_taking_part(
    centre_id: int, first: date, last: date, rules: Mapping[str, Any]
) -> dict[UUID, int]:
    """Return the share-days of those alone who take part in a dividend by the rules.

    A cap on the rate is a cap on these: what others hold earns nothing.
    """
    wanted = MemberRules.of(rules)
    states, owed = _standings(centre_id, last), owing(centre_id, last, wanted)
    found = {}
    for member_id, held in holdings(centre_id, first, last, wanted.basis).items():
        at = states.get(member_id)
        if at is None or taking_part.too_new(wanted, at.member_since, last):
            continue
        left_out = taking_part.why_not(
            wanted, at.state, held.closing_satang, owed.get(member_id, 0)
        )
        if not left_out and held.share_days > 0:
            found[member_id] = held.share_days
    return found


def holdings(centre_id: int, first: date, last: date, basis: str) -> dict[UUID, Holding]:
    """Return what everybody held, merged memberships together."""
    together: dict[UUID, list[Movement]] = {}
    merged = standing.survivors(centre_id)
    for member_id, some in register.movements(centre_id, last).items():
        together.setdefault(merged.get(member_id, member_id), []).extend(some)
    found = {}
    for member_id, every in together.items():
        every.sort(key=lambda one: (one.on, one.document_no))
        before = sum(one.delta_satang for one in every if one.on < first)
        within = tuple(one for one in every if one.on >= first)
        found[member_id] = Holding(
            opening_satang=before,
            closing_satang=before + sum(one.delta_satang for one in within),
            share_days=dividend.measure(every, first, last, basis),
            movements=within,
            late=tuple(one for one in every if one.late and one.recorded_on >= first),
        )
    return found


def owing(centre_id: int, last: date, rules: MemberRules) -> dict[UUID, int]:
    """Return what members owed on the last day, when the rules leave defaulters out."""
    if not rules.exclude_defaulters:
        return {}
    owed: dict[UUID, int] = {}
    merged = standing.survivors(centre_id)
    for key, satang in sub_ledgers.by_key(
        centre_id, Purpose.MEMBER_RECEIVABLE, "member", last
    ).items():
        if key is not None:
            who = merged.get(key, key)
            owed[who] = owed.get(who, 0) + satang
    return owed


def snapshot(centre_id: int, span: Span, rules: MemberRules) -> list[MemberFacts]:
    """Return everybody who was a member, or has shares, purchases or deliveries that count."""
    assert span.first is not None and span.last is not None
    states = _standings(centre_id, span.last)
    held = holdings(centre_id, span.first, span.last, rules.basis)
    bought = _by_group(centre_id, span, PURCHASES)
    brought = _by_group(centre_id, span, DELIVERIES)
    owed = owing(centre_id, span.last, rules)
    there = {
        member_id
        for member_id, at in states.items()
        if at.is_member or member_id in held or member_id in bought or member_id in brought
    }
    numbers = register_numbers.of_members(centre_id)
    found = []
    for member_id in there:
        at, holding = states[member_id], held.get(member_id, NOTHING)
        found.append(
            MemberFacts(
                member_id=member_id,
                member_no=numbers[member_id],
                state=at.state,
                since=at.since,
                member_since=at.member_since,
                shares_satang=holding.closing_satang,
                share_days=max(0, holding.share_days),
                opening_satang=holding.opening_satang,
                movements=tuple(frozen(one) for one in holding.movements),
                late=tuple(frozen(one) for one in holding.late),
                purchases=bought.get(member_id, {}),
                deliveries=brought.get(member_id, {}),
                owed_satang=owed.get(member_id, 0),
            )
        )
    return found


def _standings(centre_id: int, day: date) -> dict[UUID, Standing]:
    """Return everybody's standing, those merged away left out."""
    merged = standing.survivors(centre_id)
    found = standing.on(centre_id, day)
    return {member_id: at for member_id, at in found.items() if member_id not in merged}


def _by_group(centre_id: int, span: Span, kind: str) -> dict[UUID, dict[str, int]]:
    merged = standing.survivors(centre_id)
    found: dict[UUID, dict[str, int]] = {}
    for source in patronage_sources.of(kind):
        for member_id, group, satang in source.sums(centre_id, span):
            if satang:
                mine = found.setdefault(merged.get(member_id, member_id), {})
                mine[group] = mine.get(group, 0) + satang
    return found


def frozen(one: Movement) -> tuple[str, int, str, str, str]:
    """Return a movement as a snapshot keeps it."""
    identity = str(one.transaction_id) if one.transaction_id else ""
    on, recorded_on = one.on.isoformat(), one.recorded_on.isoformat()
    return on, one.delta_satang, recorded_on, one.document_no, identity
