"""What changed in the registers since a members' run was frozen, looked up before an approval.

What must stay true: no sale is added up here. A document entered since is found by when it was
entered; what follows from dated facts is compared with the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import MemberRunItem
from accounting.rules.surplus.taking_part import MemberRules
from accounting.services.surplus import keeping, measuring, patronage_sources, runs
from accounting.services.surplus.runs import AllocationFacts, MemberRunCard
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import N_, NotFound
from members.services import access, register_numbers, standing

STANDING, SHARES, OWED, TRADE, GROUPS, MERGED, KEPT = (
    "standing",
    "shares",
    "owed",
    "trade",
    "groups",
    "merged",
    "kept",
)
GROUPS_MOVED = N_("Products moved to another group")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was: its kind, the number of the member or document, more."""

    kind: str
    name: str
    member_id: UUID | None = None
    state: str = ""
    """Of a standing: what it is now."""
    count: int = 1


def recheck(allocation_id: UUID, actor: Actor) -> tuple[str, ...]:
    """Return the numbers of members and documents that changed since; empty when all is the same.

    That products moved to another group is said by a msgid among them. Raises NotFound when there
    is no run, Forbidden.
    """
    return tuple(one.name for one in changes(allocation_id, actor))


def changes(allocation_id: UUID, actor: Actor) -> tuple[Change, ...]:
    """Return what changed since the run was made; raises NotFound, Forbidden."""
    access.require(actor, "surplus.read")
    asked = runs.allocation(actor.centre_id, allocation_id)
    run = runs.find(actor.centre_id, allocation_id)
    if run is None:
        raise NotFound(what="member_run")
    frozen = _frozen(actor.centre_id, run.id)
    people = list(_people(actor.centre_id, asked, frozen))
    named = {one.member_id for one in people}
    kept = [
        Change(KEPT, frozen[one][0], one)
        for one in keeping.unfit(asked, run.id, actor)
        if one not in named
    ]
    return (*people, *kept, *_trade(actor.centre_id, asked, run))


def _frozen(centre_id: int, run_id: UUID) -> dict[UUID, tuple[str, dict[str, Any]]]:
    rows = db.session.execute(
        select(MemberRunItem.member_id, MemberRunItem.member_no, MemberRunItem.detail)
        .where(MemberRunItem.centre_id == centre_id, MemberRunItem.run_id == run_id)
        .order_by(MemberRunItem.member_no)
    )
    return {member_id: (number, detail) for member_id, number, detail in rows}


def _people(
    centre_id: int, asked: AllocationFacts, frozen: Mapping[UUID, tuple[str, dict[str, Any]]]
) -> Iterator[Change]:
    rules = MemberRules.of(asked.rules)
    then, now = standing.on(centre_id, asked.last), standing.on(centre_id, clock.today())
    merged = standing.survivors(centre_id)
    held = measuring.holdings(centre_id, asked.first, asked.last, rules.basis)
    owed = measuring.owing(centre_id, asked.last, rules)
    for member_id, (number, detail) in frozen.items():
        if member_id in merged:
            yield Change(MERGED, number, member_id)
            continue
        was = detail["standing"]
        is_now = then.get(member_id)
        if is_now is not None and [is_now.state, is_now.since.isoformat()] != was:
            yield Change(STANDING, number, member_id, is_now.state)
        elif member_id in now and now[member_id].state != detail["now"]:
            yield Change(STANDING, number, member_id, now[member_id].state)
        holding = held.get(member_id, measuring.NOTHING)
        shares = [holding.opening_satang, [list(measuring.frozen(m)) for m in holding.movements]]
        if shares != [detail["opening"], detail["movements"]]:
            yield Change(SHARES, number, member_id)
        if (owed.get(member_id, 0) > 0) != (detail["owed"] > 0):
            yield Change(OWED, number, member_id)
    fresh = [
        member_id
        for member_id, at in then.items()
        if member_id not in frozen
        and member_id not in merged
        and (at.is_member or held.get(member_id, measuring.NOTHING).share_days > 0)
    ]
    numbers = register_numbers.of_members(centre_id) if fresh else {}
    for member_id in fresh:
        yield Change(STANDING, numbers[member_id], member_id, then[member_id].state)


def _trade(centre_id: int, asked: AllocationFacts, run: MemberRunCard) -> Iterator[Change]:
    for source in patronage_sources.every():
        entered = source.since(centre_id, asked.span, run.prepared_at)
        rest = entered.count - len(entered.numbers)
        for place, number in enumerate(entered.numbers, start=1):
            yield Change(TRADE, number, count=1 + (rest if place == len(entered.numbers) else 0))
    now, was = groups_of(centre_id), run.content["groups"]
    moved = sum(1 for product, group in was.items() if now.get(product) != group)
    if moved:
        yield Change(GROUPS, GROUPS_MOVED, count=moved)


def groups_of(centre_id: int) -> dict[str, str]:
    """Return the group of every product, as a run freezes it."""
    found: dict[str, str] = {}
    for source in patronage_sources.every():
        found |= {str(product): group for product, group in source.groups(centre_id).items()}
    return found
