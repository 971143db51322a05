"""Consignment terms: proposed, approved by a second person, in force from a day on.

What must stay true: terms never change once proposed, and a decision about them is made once; no
two versions of one scope hold on one day; what a lot was taken in under is frozen there and does
not look here again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select

from accounting.services import funds
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.numbering import buddhist_year, next_numbers
from core.quantity import MILLI
from inventory.models import ConsignmentTerms, ConsignmentTermsDecision
from inventory.rules.terms import Terms, require_sound
from inventory.rules.versions import Scope, Version, require_apart
from inventory.services import catalogue
from inventory.services.terms_reading import (
    TermsDoc,
    for_intake,
    get,
    history,
    in_force,
    listing,
    standing,
)
from members.services import access, duties, producers
from members.services.duties import Document

__all__ = [
    "AlreadyDecided",
    "DecideTerms",
    "FloorAbovePrice",
    "ProposeTerms",
    "ScopeMissing",
    "SecondPersonNeeded",
    "TermsDiffer",
    "TermsDoc",
    "TermsInPast",
    "decide",
    "for_intake",
    "get",
    "history",
    "in_force",
    "listing",
    "propose",
    "require_below_price",
]

_LOCK = UUID("5f0c39a2-7f0e-4bb0-9d2e-6d1f9a0c7e11")
"""Proposals of one centre wait for each other, so that no two of them overlap unseen."""


class TermsDiffer(DifferentContent):
    """The terms' id came again with other content; the first proposal stands."""

    code, title = "terms-differ", N_("These terms were already proposed with other content")


class ScopeMissing(DomainError):
    """Terms are about a producer, a product or a category."""

    code, status, title = "scope-missing", 422, N_("Say whose or which goods these are")
    detail = N_("Choose a producer, a product or a category; not both a product and a category.")


class TermsInPast(DomainError):
    """Terms begin today or later, and end after they began."""

    code, status, title = "terms-in-past", 422, N_("These days are past")
    detail = N_("Terms begin today or later, and their last day is not before the first.")


class FloorAbovePrice(DomainError):
    """The producer is promised more than the product is sold for."""

    code, status, title = "floor-above-price", 422, N_("The floor is above the price")
    detail = N_(
        "A unit is sold for %(price_satang)s baht; producer and fund would get "
        "%(promised_satang)s baht of it. Lower the floor, or raise the price first."
    )


class AlreadyDecided(DomainError):
    """These terms were approved or withdrawn before; that decision stands."""

    code, status, title = "terms-decided", 409, N_("These terms were already decided on")
    detail = N_("%(decided_name)s decided. Propose new terms for a change.")


class SecondPersonNeeded(DomainError):
    """Whoever proposed terms does not approve them."""

    code, status, title = "terms-second-person", 409, N_("A second person must approve")
    detail = N_(
        "You proposed them. Ask another manager, or record a waiver under “Duties kept apart”."
    )


@dataclass(frozen=True, slots=True)
class ProposeTerms:
    """Terms as they are proposed, for a scope, from a day on (until its newer version if open)."""

    id: UUID
    terms: Terms
    valid_from: date
    producer_id: UUID | None = None
    product_id: UUID | None = None
    category: str = ""
    valid_until: date | None = None
    note: str = ""

    @property
    def scope(self) -> Scope:
        return Scope(self.producer_id, self.product_id, self.category)


@dataclass(frozen=True, slots=True)
class DecideTerms:
    """The decision on proposed terms: approved or withdrawn."""

    terms_id: UUID
    kind: str


def propose(command: ProposeTerms, actor: Actor) -> TermsDoc:
    """Propose terms; the same command again changes nothing.

    Raises TermsDiffer, ScopeMissing, TermsInPast, TermsPastWhole, LevyNeedsFund, TiersDisordered,
    FloorAbovePrice, TermsOverlap, NotFound, Forbidden.
    """
    access.require(actor, "terms.propose")
    content = content_of(command)
    serialise_on(uuid5(_LOCK, str(actor.centre_id)))
    earlier = db.session.scalar(
        select(ConsignmentTerms.content).where(
            ConsignmentTerms.centre_id == actor.centre_id, ConsignmentTerms.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise TermsDiffer(differs=differs)
        return get(command.id, actor)
    _require_proposable(command, actor)
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [("terms", year)])
    frozen = command.terms.content()
    frozen["levy_fund_id"] = command.terms.levy_fund_id
    db.session.execute(
        insert(ConsignmentTerms).values(
            centre_id=actor.centre_id,
            id=command.id,
            terms_no=f"CT-{year}-{number:05d}",
            producer_id=command.producer_id,
            product_id=command.product_id,
            category=command.category,
            valid_from=command.valid_from,
            valid_until=command.valid_until,
            note=command.note,
            proposed_by=actor.user_id,
            proposed_name=actor.name,
            proposed_at=now,
            digest=digest_of(content),
            content=content,
            **frozen,
        )
    )
    return get(command.id, actor)


def decide(command: DecideTerms, actor: Actor) -> TermsDoc:
    """Approve or withdraw proposed terms; the same decision again changes nothing.

    Whoever proposed terms may withdraw them, but approve them only under the centre's waiver, which
    is written down. Raises AlreadyDecided, SecondPersonNeeded, NotFound, Forbidden.
    """
    assert command.kind in ("approved", "withdrawn")
    serialise_on(uuid5(_LOCK, str(actor.centre_id)))
    found = get(command.terms_id, actor)
    mine = actor.user_id is not None and actor.user_id == found.proposed_by
    may_propose = mine and command.kind == "withdrawn"
    access.require(actor, "terms.propose" if may_propose else "terms.approve")
    if found.state != "proposed":
        if found.state == command.kind:
            return found
        raise AlreadyDecided(decided_name=found.decided_name)
    waiver = _waiver(found, actor) if command.kind == "approved" else ""
    db.session.execute(
        insert(ConsignmentTermsDecision).values(
            centre_id=actor.centre_id,
            terms_id=command.terms_id,
            kind=command.kind,
            proposed_by=found.proposed_by,
            decided_by=actor.user_id,
            decided_name=actor.name,
            decided_at=clock.now(),
            waiver=waiver,
        )
    )
    return get(command.terms_id, actor)


# --- what may be proposed and decided ----------------------------------------------------------


def _require_proposable(command: ProposeTerms, actor: Actor) -> None:
    if command.scope == Scope() or (command.product_id and command.category):
        raise ScopeMissing(field="producer_id")
    first, last = command.valid_from, command.valid_until
    if first < clock.business_date(clock.now()):
        raise TermsInPast(field="valid_from")
    if last is not None and last < first:
        raise TermsInPast(field="valid_until")
    require_sound(command.terms)
    if command.producer_id is not None:
        producers.get(actor.centre_id, command.producer_id)
    if command.terms.levy_fund_id is not None:
        funds.of_members(actor.centre_id, command.terms.levy_fund_id)
    if command.product_id is not None:
        product = catalogue.get_doc(actor.centre_id, command.product_id)
        require_below_price(command.terms, product.price_satang, field="floor")
    new = Version(command.id, "", command.scope, first, last)
    require_apart(new, standing(actor.centre_id))


def require_below_price(terms: Terms, price_satang: int, **where: Any) -> None:
    """Refuse a floor that a unit's price does not cover, `where` it stands: FloorAbovePrice."""
    one = terms.outcome(price_satang, MILLI)
    promised = one.share_satang + one.levy_satang
    if promised > price_satang:
        raise FloorAbovePrice(price_satang=price_satang, promised_satang=promised, **where)


def _waiver(found: TermsDoc, actor: Actor) -> str:
    """Return why one person may do both; empty when two do. Raises SecondPersonNeeded."""
    document = Document("consignment_terms", found.id, found.terms_no)
    return duties.require_apart("terms", [found.proposed_by], document, actor, SecondPersonNeeded)
