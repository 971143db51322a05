"""Put a transaction into the register: its movements, then its header with the next number.

What must stay true: this is the only place that writes the register. The month of the effective day
is open, the day has come, and nobody is left with less than nothing; the database checks the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounting.models import ShareMovement, ShareTransaction
from accounting.rules.shares import MonthLocked, NotYet
from accounting.services import periods
from core import audit, clock
from core.actor import Actor
from core.db import insert_rows
from core.documents import digest_of
from core.numbering import buddhist_year, next_block

SOURCE = "share_transaction"
SERIES = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A transaction about to be written; `deltas` is what it does to whom, in satang."""

    id: UUID
    kind: str
    on: date
    deltas: Mapping[UUID, int]
    amount_satang: int
    member_id: UUID | None = None
    to_member_id: UUID | None = None
    place: str = "none"
    till_id: UUID | None = None
    shift_id: UUID | None = None
    subscription_id: UUID | None = None
    source_type: str = SOURCE
    source_id: UUID | None = None
    reverses_id: UUID | None = None
    resolution_id: UUID | None = None
    note: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


def require_day(centre_id: int, day: date) -> None:
    """Raise NotYet or MonthLocked when nothing may count from a day on."""
    if day > clock.today():
        raise NotYet(field="on")
    periods.ensure(centre_id, day)
    if not periods.is_open(centre_id, day):
        raise MonthLocked(field="on", on=day)


def write(draft: Draft, actor: Actor) -> str:
    """Write a transaction and return its number; the register is locked by the caller.

    Raises NotYet, MonthLocked.
    """
    [number] = write_many([draft], actor)
    return number


def write_many(drafts: Sequence[Draft], actor: Actor) -> list[str]:
    """Write transactions, a handful of statements whatever their number; return their numbers.

    The register is locked by the caller. Raises NotYet, MonthLocked.
    """
    for day in {draft.on for draft in drafts}:
        require_day(actor.centre_id, day)
    now = clock.now()
    recorded_on = clock.business_date(now)
    insert_rows(
        ShareMovement,
        [
            {
                "centre_id": actor.centre_id,
                "transaction_id": draft.id,
                "member_id": member_id,
                "effective_on": draft.on,
                "delta_satang": delta,
            }
            for draft in drafts
            for member_id, delta in draft.deltas.items()
        ],
    )
    year = buddhist_year(recorded_on)
    given = next_block(actor.centre_id, SERIES, year, len(drafts))
    numbers = [f"S-{year}-{number:05d}" for number in given]
    headers = [
        _header(draft, number, now, actor) for draft, number in zip(drafts, numbers, strict=True)
    ]
    insert_rows(ShareTransaction, headers)
    audit.record_many(
        actor,
        [
            audit.Event(f"share.{draft.kind}", SOURCE, draft.id, {"number": number})
            for draft, number in zip(drafts, numbers, strict=True)
        ],
    )
    return numbers


def _header(draft: Draft, number: str, now: datetime, actor: Actor) -> dict[str, Any]:
    return {
        "centre_id": actor.centre_id,
        "id": draft.id,
        "transaction_no": number,
        "kind": draft.kind,
        "effective_on": draft.on,
        "recorded_on": clock.business_date(now),
        "member_id": draft.member_id,
        "to_member_id": draft.to_member_id,
        "amount_satang": draft.amount_satang,
        "movements": len(draft.deltas),
        "place": draft.place,
        "till_id": draft.till_id,
        "shift_id": draft.shift_id,
        "subscription_id": draft.subscription_id,
        "source_type": draft.source_type,
        "source_id": draft.source_id or draft.id,
        "reverses_id": draft.reverses_id,
        "resolution_id": draft.resolution_id,
        "note": draft.note,
        "recorded_by": actor.user_id,
        "recorded_name": actor.name,
        "recorded_at": now,
        "digest": digest_of(draft.content),
        "content": dict(draft.content),
    }
