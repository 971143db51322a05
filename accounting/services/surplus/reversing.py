"""Take a posted allocation back as a whole, until anybody was paid.

What must stay true: the one entry is reversed whole and today, the shares it credited go with it;
once a satang left any member's item, or a fund spent what it got, nothing is reversed. Two people
made it count, so one with the right to approve may take it back, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounting.services import funds, ledger, member_payments
from accounting.services.shares import crediting
from accounting.services.surplus import allocations
from accounting.services.surplus.allocations import (
    KIND,
    POSTED,
    REVERSED,
    SOURCE,
    UNDONE,
    AllocationOver,
    ReasonNeeded,
)
from core import clock
from core.actor import Actor
from core.db import serialise_on
from core.errors import N_, DomainError
from members.services import access


class AlreadyPaid(DomainError):
    """Members were paid out of it, or their money waits at the bank."""

    code, status, title = "allocation-paid", 409, N_("Members were paid out of this allocation")
    detail = N_("Take those payments back first, or leave the allocation as it stands.")


class FundSpent(DomainError):
    """A fund no longer holds what the allocation gave it."""

    code, status, title = "allocation-fund-spent", 409, N_("A fund has spent what it was given")
    detail = N_("%(name)s holds %(held_satang)s baht and was given %(given_satang)s baht.")


@dataclass(frozen=True, slots=True)
class ReverseAllocation:
    """A posted allocation taken back, with the reason."""

    allocation_id: UUID
    reason: str


def reverse(command: ReverseAllocation, actor: Actor) -> bool:
    """Take a posted allocation back; tell whether this call did it (again changes nothing).

    Raises ReasonNeeded, AllocationOver, AlreadyPaid, FundSpent, SharesGone, NotFound, Forbidden.
    """
    access.require(actor, "surplus.approve")
    if not command.reason.strip():
        raise ReasonNeeded(field="reason")
    serialise_on(command.allocation_id)
    card = allocations.card(command.allocation_id, actor)
    if card.state == REVERSED:
        return False
    if card.state != POSTED:
        raise AllocationOver(kind=card.state)
    if member_payments.anything_paid(actor.centre_id, card.id):
        raise AlreadyPaid
    given: dict[UUID, int] = {}
    for line in card.lines:
        if line.fund_id is not None:
            given[line.fund_id] = given.get(line.fund_id, 0) + line.satang
    for fund_id in sorted(given):
        _require_unspent(fund_id, given[fund_id], actor.centre_id)
    [entry] = [one for one in allocations.entries(card.id, actor) if one.kind == KIND]
    today = clock.today()
    ledger.reverse(entry.id, actor, today, source_type=SOURCE, source_id=card.id, kind=UNDONE)
    crediting.undo(SOURCE, card.id, today, actor)
    allocations.conclude(card.id, REVERSED, actor, command.reason)
    return True


def _require_unspent(fund_id: UUID, satang: int, centre_id: int) -> None:
    """Hold the fund, so that nobody pays out of it meanwhile; raise FundSpent."""
    held = funds.hold(centre_id, fund_id)
    if held < satang:
        card = funds.card(centre_id, fund_id)
        raise FundSpent(name=card.name_th, held_satang=held, given_satang=satang)
