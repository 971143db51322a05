"""Drawers, which are the counter's: what they are called, which are open, and taking from them.

What must stay true: money leaves or enters a drawer only in its open shift, which is held against
its close meanwhile, and no more leaves it than the books say it holds. `shift_cash` adds up what
this room's documents did to a shift's drawer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Actor
from core.appointed import Appointed
from core.errors import N_, DomainError, NotFound
from members.services import access

Names = Callable[[int], Mapping[UUID, str]]
"""centre_id → each till as people call it."""
OpenTill = Callable[[int, UUID], UUID]
"""(centre_id, shift_id) → the till of an open shift, held against its close."""


class NotEnoughInDrawer(DomainError):
    """The drawer doesn't hold as much as is to be handed over."""

    code, status, title = "drawer-short", 409, N_("There is not enough money in this drawer")
    detail = N_("It holds %(held_satang)s baht. Pay less from it, or pay from the safe.")


class DrawerNeeded(DomainError):
    """Cash of a drawer names the drawer's open shift."""

    code, status, title = "drawer-needed", 422, N_("Choose the drawer")
    detail = N_("Only a drawer with an open shift can pay or take money.")


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """A drawer in its open shift; `label` is its till as people call it."""

    shift_id: UUID
    till_id: UUID
    label: str


Opened = Callable[[int], Sequence[OpenDrawer]]
"""centre_id → the drawers that can pay now."""


def _none_open(_centre_id: int, _shift_id: UUID) -> UUID:
    raise NotFound(what="shift")


TILL_NAMES: Appointed[Names] = Appointed(lambda _centre_id: {})
OPEN_TILL: Appointed[OpenTill] = Appointed(_none_open)
OPENED: Appointed[Opened] = Appointed(lambda _centre_id: ())


@dataclass(frozen=True, slots=True)
class Drawer:
    """A till's drawer and what the books have in it."""

    till_id: UUID
    label: str
    holds_satang: int


def opened(centre_id: int) -> tuple[OpenDrawer, ...]:
    """Return the drawers that can pay or take money now."""
    return tuple(OPENED.only(centre_id))


def choices(centre_id: int) -> list[tuple[str, str]]:
    """Return the same as a form offers them."""
    return [(str(one.shift_id), one.label) for one in opened(centre_id)]


def open_till(centre_id: int, shift_id: UUID) -> UUID:
    """Return the till of an open shift, held against its close; raise NotFound, or its refusal."""
    return OPEN_TILL.only(centre_id, shift_id)


def use(centre_id: int, shift_id: UUID | None, out_satang: int = 0) -> UUID:
    """Return the till of an open shift, held against its close; `out_satang` will leave it.

    Raises DrawerNeeded, NotEnoughInDrawer, NotFound, and the counter's refusal of a closed shift.
    """
    if shift_id is None:
        raise DrawerNeeded(field="shift_id")
    till_id = open_till(centre_id, shift_id)
    held = ledger.balance(centre_id, Purpose.CASH_TILL, till_id=till_id) if out_satang else 0
    if out_satang > held:
        raise NotEnoughInDrawer(held_satang=max(held, 0), field="shift_id")
    return till_id


def drawers(actor: Actor) -> tuple[Drawer, ...]:
    """Return every till with what its drawer holds. Raises Forbidden."""
    access.require(actor, "ledger.read")
    held = ledger.sub_ledger(actor.centre_id, Purpose.CASH_TILL, "till")
    names = TILL_NAMES.only(actor.centre_id)
    known = {**{till_id: str(till_id)[-4:] for till_id in held}, **names}
    return tuple(
        Drawer(till_id, label, held.get(till_id, 0))
        for till_id, label in sorted(known.items(), key=lambda one: one[1])
    )
