"""Whose line it is: the producer or member behind a sub-ledger key, for showing.

What must stay true: names are asked for in bulk, once for all lines of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from members.services import members, producers


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
    found: dict[UUID | None, Party] = {}
    if producer_ids:
        for card in producers.names(centre_id, producer_ids).values():
            found[card.id] = Party("producer", card.id, card.producer_no, card.name)
    if member_ids:
        for member in members.names(centre_id, member_ids).values():
            found[member.id] = Party("member", member.id, member.member_no, member.name)
    return found
