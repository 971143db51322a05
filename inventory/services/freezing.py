"""The consignment terms that goods are taken in under, frozen on the lot.

What must stay true: a lot carries what was in force on the day it came; who agreed on anything else
for it had the right to, and is named on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.actor import Actor
from inventory.rules.terms import Terms, require_sound, terms_of
from inventory.services import consignment_terms
from inventory.services.catalogue import ProductCard
from inventory.services.terms_reading import TermsDoc
from members.services import access
from members.services.producers import ProducerCard


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a lot keeps: its split, and the whole terms unless only a split was agreed."""

    split_basis_points: int
    terms: dict[str, Any] | None


def frozen(
    lines: Sequence[tuple[ProductCard, int | None]],
    producer: ProducerCard,
    day: date,
    actor: Actor,
) -> list[Frozen]:
    """Return what each line (product, split asked for) freezes on its lot.

    Another split than the one in force needs the right to approve terms; steps go with the split
    they belonged to, while floor, fee and levy stay. What could not be sold at today's price, for
    the floor is above it, is not taken in. Raises Forbidden, TermsPastWhole, FloorAbovePrice.
    """
    in_force = consignment_terms.in_force(
        actor.centre_id, producer.id, [product for product, _ in lines], day
    )
    agreed = [_frozen(in_force.get(product.id), split, producer, actor) for product, split in lines]
    for line_no, (one, (product, _)) in enumerate(zip(agreed, lines, strict=True), start=1):
        terms = terms_of(one.terms, one.split_basis_points)
        consignment_terms.require_below_price(terms, product.price_satang, line_no=line_no)
    return agreed


def _frozen(
    found: TermsDoc | None, split: int | None, producer: ProducerCard, actor: Actor
) -> Frozen:
    terms = found.terms if found else Terms(producer.split_basis_points)
    if split is None or split == terms.split_basis_points:
        return Frozen(terms.split_basis_points, found.frozen if found else None)
    access.require(actor, "terms.approve")
    if found is None:
        return Frozen(split, None)
    other = replace(terms, split_basis_points=split, tiers=())
    require_sound(other)
    return Frozen(split, {**found.frozen, **other.content(), "split_agreed_by": actor.name})
