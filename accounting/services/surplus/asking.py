"""Ask the worker to measure or to post an allocation: what can be refused is refused now.

What must stay true: the right is asked for here and again when the worker acts; asking twice does
the thing once, because measuring and posting find what is done already.
"""

from __future__ import annotations

from uuid import UUID

from accounting.rules.surplus_tasks import ALLOCATION_POST, ALLOCATION_RUN
from accounting.services.surplus import allocations
from accounting.services.surplus.allocations import (
    AllocationCard,
    AllocationOver,
    PrepareAllocation,
)
from core import jobs
from core.actor import Actor
from core.errors import N_, DomainError
from members.services import access


class NotApprovedTwice(DomainError):
    """An allocation is posted after two people approved it."""

    code, status, title = "not-approved-twice", 409, N_("Two people must approve this")
    detail = N_("%(approvals)s of 2 approved it so far.")


def ask_measure(allocation_id: UUID, actor: Actor) -> UUID:
    """Queue the measuring of every member; return the job's id.

    Raises AllocationOver, TooManyJobs, NotFound, Forbidden.
    """
    access.require(actor, "surplus.prepare")
    card = allocations.card(allocation_id, actor)
    if card.state != allocations.PREPARED:
        raise AllocationOver(kind=card.state)
    return jobs.request(actor, ALLOCATION_RUN, _about(card, actor))


def choose(command: PrepareAllocation, actor: Actor) -> UUID:
    """Prepare the allocation and queue its measuring; return the job's id.

    Raises what `allocations.prepare` and `ask_measure` raise.
    """
    allocations.prepare(command, actor)
    return ask_measure(command.id, actor)


def ask_post(allocation_id: UUID, actor: Actor) -> UUID:
    """Queue the posting of an approved allocation; return the job's id.

    Raises NotApprovedTwice, AllocationOver, TooManyJobs, NotFound, Forbidden.
    """
    access.require(actor, "surplus.approve")
    card = allocations.card(allocation_id, actor)
    if card.outcomes:
        raise AllocationOver(kind=card.state)
    if card.state != allocations.APPROVED:
        raise NotApprovedTwice(approvals=len(card.approvals))
    return jobs.request(actor, ALLOCATION_POST, _about(card, actor))


def _about(card: AllocationCard, actor: Actor) -> dict[str, str]:
    return {
        "allocation_id": str(card.id),
        "subject": card.allocation_no,
        "locale": actor.locale,
    }
