"""Two people say yes to an allocation and to what it gives every member.

What must stay true: both approve one and the same thing (the allocation's and the run's digest),
neither alone, and only while what was measured still holds; the second yes asks for the posting in
the same transaction, so an approved allocation never waits for a click nobody knows of.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from accounting.models import SurplusApproval
from accounting.services.surplus import allocations, asking, rechecking, years
from accounting.services.surplus.allocations import (
    SOURCE,
    AllocationCard,
    AllocationOver,
    require_postable,
)
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from members.services import access

PLACES = 2


class NotMeasured(DomainError):
    """Nobody's part is worked out yet."""

    code, status, title = "not-measured", 409, N_("The members' parts are not worked out yet")
    detail = N_("Let every member be measured first, then look at it and approve it.")


class NotWhatYouSaw(DomainError):
    """What stands there is not what this person looked at."""

    code, status, title = "not-what-you-saw", 409, N_("This is not what you looked at")
    detail = N_("Open the allocation again and look at it before you approve it.")


class SnapshotChanged(DomainError):
    """Something the members' parts rest on changed since they were measured."""

    code, status, title = "snapshot-changed", 409, N_("Something changed since it was measured")
    detail = N_(
        "%(changes_words)s. Withdraw this allocation and prepare it again: it takes a minute."
    )


@dataclass(frozen=True, slots=True)
class Approve:
    """A yes to what a person saw: `digest` is the card's `approval_digest`."""

    allocation_id: UUID
    digest: str


def approve(command: Approve, actor: Actor) -> AllocationCard:
    """Approve a measured allocation; again by the same person changes nothing.

    The second approval queues the posting. Raises NotMeasured, NotWhatYouSaw, SnapshotChanged,
    AllocationOver, NothingToAllocate, YearNotClosed, PoolTooLarge, PeriodClosed, NotFound,
    Forbidden.
    """
    access.require(actor, "surplus.approve")
    assert actor.user_id is not None, "a person approves"
    serialise_on(command.allocation_id)
    card = allocations.card(command.allocation_id, actor)
    if any(one.by == actor.user_id for one in card.approvals):
        return card
    if card.outcomes or len(card.approvals) >= PLACES:
        raise AllocationOver(kind=card.state)
    if card.run is None:
        raise NotMeasured
    if command.digest != card.approval_digest:
        raise NotWhatYouSaw
    require_unchanged(card, actor)
    place = len(card.approvals) + 1
    db.session.execute(
        insert(SurplusApproval).values(
            centre_id=actor.centre_id,
            allocation_id=card.id,
            place=place,
            approved_by=actor.user_id,
            approved_at=clock.now(),
            digest=card.approval_digest,
        )
    )
    audit.record(actor, "surplus_allocation.approved", SOURCE, card.id, place=place)
    if place == PLACES:
        asking.ask_post(card.id, actor)
    return allocations.card(card.id, actor)


def require_unchanged(card: AllocationCard, actor: Actor) -> None:
    """Raise unless the books and the members still stand as they were measured."""
    year = years.of(card.fiscal_year, actor)
    require_postable(year, card.resolution, actor.centre_id)
    if year.surplus_satang != card.surplus_satang:
        raise years.PoolTooLarge(
            wanted_satang=card.surplus_satang, standing_satang=year.surplus_satang
        )
    changes = rechecking.recheck(card.id, actor)
    if changes:
        raise SnapshotChanged(changes_words=list(changes))
