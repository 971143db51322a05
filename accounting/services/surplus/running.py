"""The members' run of an allocation: a frozen snapshot of everybody, and each one's part.

What must stay true: an allocation has one run, made in one transaction, so a worker killed at any
point leaves nothing behind and a task delivered twice finds it done; the same registers give the
same hashes, whoever makes the run and whenever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select

from accounting.models import MemberRun, MemberRunItem, SurplusOutcome
from accounting.rules.periods import Span
from accounting.rules.surplus.keeping import ShareBook
from accounting.rules.surplus.reckoning import Item, MemberFacts, Reckoned, detail_of, reckon
from accounting.rules.surplus.taking_part import MemberRules
from accounting.services.surplus import keeping, measuring, patronage_sources
from accounting.services.surplus.allocations import AllocationOver
from accounting.services.surplus.rechecking import groups_of, recheck
from accounting.services.surplus.runs import (
    AllocationFacts,
    ItemCard,
    MemberRunCard,
    allocation,
    canonical,
    card,
    find,
    hash_of,
    items,
)
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.errors import N_, DomainError
from members.services import access, standing
from members.services.standing import Standing

__all__ = ["card", "items", "prepare_run", "recheck"]

Progress = Callable[[int, int], None]
CHUNK = 2_000
LISTED_MAX = 500
"""So many late documents, and people held back by a cap, are listed by name; all are counted."""
STEPS = 4
"""Gathering, reckoning, and two halves of writing, as the progress tells them."""


class YearNotOver(DomainError):
    """Shares and trade of the year's last day are still to come."""

    code, status, title = "year-not-over", 409, N_("The year is not over yet")
    detail = N_("Members are measured after the last day of the year, %(last)s.")


# --- making ----------------------------------------------------------------------------------


def prepare_run(
    allocation_id: UUID, actor: Actor, progress: Progress | None = None
) -> MemberRunCard:
    """Measure an allocation for every member and return its run; again changes nothing.

    Raises ZeroShares, ZeroPatronage, DividendAboveCap, YearNotOver, AllocationOver, NotFound,
    Forbidden.
    """
    access.require(actor, "surplus.prepare")
    serialise_on(allocation_id)
    asked = allocation(actor.centre_id, allocation_id)
    there = find(actor.centre_id, allocation_id)
    if there is not None:
        return there
    outcome = _outcome(actor.centre_id, allocation_id)
    if outcome is not None:
        raise AllocationOver(kind=outcome)
    if asked.last >= clock.today():
        raise YearNotOver(last=asked.last)
    tell = progress or (lambda _done, _total: None)
    rules = MemberRules.of(asked.rules)
    facts = measuring.snapshot(actor.centre_id, asked.span, rules)
    facts.sort(key=lambda one: (one.member_no, one.member_id))
    tell(1, STEPS)
    book = keeping.book_for(asked, actor)
    reckoned = reckon(facts, asked.pools, rules, book)
    tell(2, STEPS)
    content = _content(asked, rules, reckoned, actor.centre_id) | _kept(reckoned, book)
    return _write(asked, reckoned, content, book, actor, tell)


def _write(
    asked: AllocationFacts,
    reckoned: Reckoned,
    content: dict[str, Any],
    book: ShareBook | None,
    actor: Actor,
    tell: Progress,
) -> MemberRunCard:
    run_id = uuid5(asked.id, "member_run")
    now = clock.now()
    card = MemberRunCard(
        id=run_id,
        allocation_id=asked.id,
        members=len(reckoned.items),
        input_hash=input_hash(asked, (item.facts for item in reckoned.items), book),
        result_hash=hash_of(_result(item) for item in reckoned.items),
        content=content,
        prepared_by=actor.user_id,
        prepared_at=now,
    )
    values = {name: getattr(card, name) for name in MemberRunCard.__dataclass_fields__}
    db.session.execute(insert(MemberRun).values(centre_id=actor.centre_id, **values))
    tell(3, STEPS)
    states = standing.on(actor.centre_id, clock.business_date(now))
    for start in range(0, len(reckoned.items), CHUNK):
        rows = []
        for item in reckoned.items[start : start + CHUNK]:
            detail = detail_of(item) | {"now": _state(states, item)}
            named = dict(zip(ItemCard.__dataclass_fields__, _result(item), strict=True))
            rows.append({"centre_id": actor.centre_id, "run_id": run_id, **named, "detail": detail})
        insert_rows(MemberRunItem, rows)
    tell(STEPS, STEPS)
    return card


def _state(states: Mapping[UUID, Standing], item: Item) -> str:
    at = states.get(item.facts.member_id)
    return at.state if at is not None else item.facts.state


def _result(item: Item) -> tuple[Any, ...]:
    """Return a member's figures in the order of `ItemCard`."""
    one, parts = item.facts, item.divided
    return (
        one.member_id,
        one.member_no,
        item.eligible,
        item.why,
        one.share_days,
        sum(one.purchases.values()),
        sum(one.deliveries.values()),
        item.purchase_weight,
        item.delivery_weight,
        parts.dividend,
        parts.purchase_refund,
        parts.delivery_refund,
        parts.cash_dividend,
        parts.cash_patronage,
        parts.retained,
    )


def input_hash(
    asked: AllocationFacts, ordered: Iterable[MemberFacts], book: ShareBook | None = None
) -> str:
    """Return the SHA-256 over what a run is reckoned from, member by member."""
    found = hashlib.sha256()
    found.update(
        canonical(
            {
                "first": asked.first.isoformat(),
                "last": asked.last.isoformat(),
                "dividend": asked.dividend_satang,
                "patronage": asked.patronage_satang,
                "retained": asked.retained_basis_points,
                "rules": asked.rules,
            }
        )
    )
    for one in ordered:
        counted = [
            *(str(one.member_id), one.member_no, one.state, one.since.isoformat()),
            str(one.member_since),
            *(one.opening_satang, one.movements, one.owed_satang),
            *(sorted(one.purchases.items()), sorted(one.deliveries.items())),
        ]
        found.update(canonical(counted))
    if book is not None:
        held = sorted((str(one), satang) for one, satang in book.held.items())
        found.update(canonical([asdict(book.rules), held, sorted(map(str, book.members))]))
    return found.hexdigest()


def _content(
    asked: AllocationFacts, rules: MemberRules, reckoned: Reckoned, centre_id: int
) -> dict[str, Any]:
    late = sorted(
        _late(centre_id, asked.span, reckoned), key=lambda one: (one["on"], one["number"])
    )
    return {
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "basis": rules.basis,
        "retained_basis_points": asked.retained_basis_points,
        "weights": {
            "purchases": dict(rules.purchase_weights),
            "deliveries": dict(rules.delivery_weights),
            "otherwise": rules.default_weight,
        },
        "pools": {
            name: {"pool": one.pool, "weight": one.weight, "left": one.left}
            for name, one in reckoned.shared.items()
        },
        "without": dict(reckoned.without),
        "sums": _sums(reckoned),
        "late_count": len(late),
        "late": late[:LISTED_MAX],
        "groups": groups_of(centre_id),
    }


def _kept(reckoned: Reckoned, book: ShareBook | None) -> dict[str, Any]:
    """Return what caps the shares that are kept, and what is paid because of it."""
    if book is None or reckoned.kept is None:
        return {}
    back = [(item.facts, item.back) for item in reckoned.items if item.back is not None]
    named = [
        {"member_id": str(facts.member_id), "member_no": facts.member_no, **asdict(one)}
        for facts, one in back[:LISTED_MAX]
    ]
    return {
        "keeping": {
            "total": reckoned.kept.total,
            "limit": reckoned.kept.limit,
            "part": book.rules.largest_part_basis_points if reckoned.kept.by_part else None,
            "paid": sum(one.wanted - one.kept for _, one in back),
            "count": len(back),
            "held_back": named,
        }
    }


def _sums(reckoned: Reckoned) -> dict[str, int]:
    named: dict[str, int] = {}
    for item in reckoned.items:
        figures = zip(ItemCard.__dataclass_fields__, _result(item), strict=True)
        for name, value in list(figures)[4:]:
            named[name] = named.get(name, 0) + value
    return named


def _late(centre_id: int, span: Span, reckoned: Reckoned) -> Iterator[dict[str, Any]]:
    for item in reckoned.items:
        for on, satang, recorded_on, number, identity in item.facts.late:
            yield {
                "type": "share_transaction",
                "id": identity,
                "number": number,
                "on": on,
                "recorded_on": recorded_on,
                "member_id": str(item.facts.member_id),
                "satang": satang,
            }
    for source in patronage_sources.every():
        for document in source.late(centre_id, span):
            yield {
                "type": document.source_type,
                "id": str(document.source_id),
                "number": document.number,
                "on": document.on.isoformat(),
                "recorded_on": document.recorded_on.isoformat(),
                "member_id": str(document.member_id or ""),
                "satang": document.satang,
            }


def _outcome(centre_id: int, allocation_id: UUID) -> str | None:
    query = select(SurplusOutcome.kind).where(
        SurplusOutcome.centre_id == centre_id, SurplusOutcome.allocation_id == allocation_id
    )
    return db.session.scalar(query.limit(1))
