"""What a resolution allowed: the documents that name it, and what they posted.

What must stay true: every table of this room with a `resolution_id` is found by itself, so that no
document that names a resolution is forgotten here; what was taken back counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, select

from accounting.rules import sources
from accounting.services import ledger
from accounting.services.ledger import EntryCard
from core.actor import Actor
from core.db import Base, db
from members.services import access

_OWN = frozenset({"resolution_outcome"})
_OF_A_FUND = frozenset({"fund_closing", "fund_rule"})
"""What has no page of its own is shown on its fund's."""


@dataclass(frozen=True, slots=True)
class Use:
    """A document under a resolution: its table's name as source type, its page, its entries."""

    source_type: str
    document_id: UUID
    address: str | None
    entries: tuple[EntryCard, ...]

    @property
    def satang(self) -> int:
        """What it posted, less what was taken back."""
        return sum(
            one.total_satang if one.reverses_id is None else -one.total_satang
            for one in self.entries
        )


def of(resolution_id: UUID, actor: Actor) -> tuple[Use, ...]:
    """Return what names a resolution, by kind. Raises Forbidden."""
    access.require(actor, "meeting.read")
    centre_id = actor.centre_id
    found: list[Use] = []
    for table in tables():
        key = table.c.fund_id if table.name in _OF_A_FUND else table.c.id
        ids = db.session.scalars(
            select(key)
            .where(table.c.centre_id == centre_id, table.c.resolution_id == resolution_id)
            .order_by(key)
        )
        for document_id in ids:
            entries = ledger.entry_of(centre_id, table.name, document_id)
            address = sources.address_of(centre_id, table.name, document_id)
            found.append(Use(table.name, document_id, address, tuple(entries)))
    return tuple(found)


def tables() -> list[Table]:
    """Return every table whose rows name a resolution."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name not in _OWN and {"centre_id", "resolution_id"} <= set(table.c.keys())
    ]
