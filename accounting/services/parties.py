"""Whose line it is: the producer or member behind a sub-ledger key, for showing.

What must stay true: names are asked for in bulk, once for all lines of a page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from members.services import members, producers

KINDS = ("producer", "member")


@dataclass(frozen=True, slots=True)
class Party:
    """A producer or member as lists show them."""

    kind: str
    id: UUID
    number: str
    name: str


def of_lines(centre_id: int, rows: Sequence[Any]) -> dict[UUID | None, Party]:
    """Return the parties of rows that have a `producer_id` and a `member_id`, by id.

    A line with both (consigned goods of a producer who is a member) is the producer's.
    """
    producer_ids = {row.producer_id for row in rows if row.producer_id is not None}
    member_ids = {row.member_id for row in rows if row.producer_id is None and row.member_id}
    by_id = named(centre_id, "producer", producer_ids) | named(centre_id, "member", member_ids)
    return dict(by_id.items())


def named(centre_id: int, kind: str, ids: Collection[UUID]) -> dict[UUID, Party]:
    """Return the parties of one kind, by id; asks nothing for nobody."""
    if not ids:
        return {}
    if kind == "producer":
        cards = producers.names(centre_id, ids)
        return {one.id: Party(kind, one.id, one.producer_no, one.name) for one in cards.values()}
    people = members.names(centre_id, ids)
    return {one.id: Party(kind, one.id, one.member_no, one.name) for one in people.values()}
