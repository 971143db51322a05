"""The drawers the cash book can be opened for; tills are the counter's, so it tells their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Actor
from members.services import access

Names = Callable[[int], Mapping[UUID, str]]
"""centre_id → each till as people call it."""


@dataclass(slots=True)
class _Appointed:
    names: Names = field(default=lambda _centre_id: {})


_appointed = _Appointed()


@dataclass(frozen=True, slots=True)
class Drawer:
    """A till's drawer and what the books have in it."""

    till_id: UUID
    label: str
    holds_satang: int


def appoint(names: Names) -> None:
    """Say who knows the tills; said once, at start."""
    _appointed.names = names


def drawers(actor: Actor) -> tuple[Drawer, ...]:
    """Return every till with what its drawer holds. Raises Forbidden."""
    access.require(actor, "ledger.read")
    held = ledger.sub_ledger(actor.centre_id, Purpose.CASH_TILL, "till")
    names = _appointed.names(actor.centre_id)
    known = {**{till_id: str(till_id)[-4:] for till_id in held}, **names}
    return tuple(
        Drawer(till_id, label, held.get(till_id, 0))
        for till_id, label in sorted(known.items(), key=lambda one: one[1])
    )
