"""Prices for several together (3 for 100), and prices for members.

What must stay true: a tier in use costs less than as many at the price of one did when it was
entered; what it counts never changes (it is ended, and another made), only its price.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select

from core import audit
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DifferentContent, DomainError, NotFound
from inventory.models import PriceTier
from inventory.services.catalogue import prices, products, units, versioned
from inventory.services.catalogue.prices import Changed
from members.services import access

COUNT_MAX = 10_000


class TierNotCheaper(DomainError):
    """Several together would cost no less than one by one."""

    code, status, title = "tier-not-cheaper", 422, N_("This price is no lower")
    detail = N_("One by one they cost %(one_by_one)s: enter less than that.")


class TierTaken(DomainError):
    """There is a price for just as many already."""

    code, status, title = "tier-taken", 409, N_("There is a price for this many already")
    detail = N_("Change that one, or end it first.")


@dataclass(frozen=True, slots=True)
class TierFacts:
    """`count` whole units (None: the product's own) together for a price."""

    count: int
    price_satang: int
    unit_id: UUID | None = None
    members_only: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class SaveTier:
    """Make the tier (`version` None) or change the version that was seen."""

    id: UUID
    product_id: UUID
    facts: TierFacts
    version: int | None = None
    source: str = "system"


@dataclass(frozen=True, slots=True)
class TierDoc:
    """A tier whole, with what as many cost one by one today."""

    id: UUID
    product_id: UUID
    unit_id: UUID | None
    label: str
    members_only: bool
    count: int
    price_satang: int
    active: bool
    version: int
    one_by_one_satang: int

    @property
    def used(self) -> bool:
        """Whether the counter would ever take it: it must cost less."""
        return self.active and self.price_satang < self.one_by_one_satang


def of(product_id: UUID, actor: Actor, *, ended: bool = False) -> list[TierDoc]:
    """Return a product's tiers by unit and count; those ended too when asked."""
    access.require(actor, "product.read")
    singles = _singles(product_id, actor)
    query = select(PriceTier).where(
        PriceTier.centre_id == actor.centre_id, PriceTier.product_id == product_id
    )
    if not ended:
        query = query.where(PriceTier.active)
    rows = db.session.scalars(
        query.order_by(PriceTier.count, PriceTier.id).execution_options(populate_existing=True)
    )
    return [_doc(row, singles) for row in rows]


def get(product_id: UUID, tier_id: UUID, actor: Actor) -> TierDoc:
    """Return one tier of a product. Raises NotFound, Forbidden."""
    for one in of(product_id, actor, ended=True):
        if one.id == tier_id:
            return one
    raise NotFound(what="price_tier")


def save(command: SaveTier, actor: Actor) -> tuple[TierDoc, bool]:
    """Make a tier, or change the version of it that was seen; return it and whether it is new.

    Raises TierNotCheaper, TierTaken, NotFound, DifferentContent (it counts otherwise than asked),
    VersionRequired, ChangedMeanwhile, Forbidden.
    """
    access.require(actor, "price.change")
    serialise_on(command.product_id)
    singles = _singles(command.product_id, actor)
    if command.facts.unit_id not in singles:
        raise NotFound(what="product_unit")
    earlier = db.session.get(PriceTier, (actor.centre_id, command.id), populate_existing=True)
    if earlier is None:
        if command.version is not None:
            raise NotFound(what="price_tier")
        _require_sound(command, singles, actor)
        _create(command, singles, actor)
        return get(command.product_id, command.id, actor), True
    if earlier.product_id != command.product_id:
        raise NotFound(what="price_tier")
    _require_same(earlier, command.facts)
    same = (earlier.price_satang, earlier.active) == (
        command.facts.price_satang,
        command.facts.active,
    )
    if command.version is not None or not same:
        versioned.require_seen(command.version, earlier.version)
    if not same:
        _require_sound(command, singles, actor)
        _change(earlier, command, singles, actor)
    return get(command.product_id, command.id, actor), False


def _singles(product_id: UUID, actor: Actor) -> dict[UUID | None, tuple[str, int]]:
    """Return the label and price of one, of the product's own unit (None) and each other."""
    product = products.get_doc(actor.centre_id, product_id)
    found: dict[UUID | None, tuple[str, int]] = {None: (product.unit, product.price_satang)}
    for one in units.of(product_id, actor):
        found[one.id] = (one.label, one.price_satang)
    return found


def _require_sound(
    command: SaveTier, singles: dict[UUID | None, tuple[str, int]], actor: Actor
) -> None:
    facts = command.facts
    if not facts.active:
        return
    assert 1 <= facts.count <= COUNT_MAX and (facts.count > 1 or facts.members_only)
    _, single = singles[facts.unit_id]
    if facts.price_satang >= facts.count * single:
        raise TierNotCheaper(field="price", one_by_one=_baht(facts.count * single))
    alike = (facts.unit_id, facts.members_only, facts.count)
    for one in of(command.product_id, actor):
        if one.id != command.id and (one.unit_id, one.members_only, one.count) == alike:
            raise TierTaken(field="count")


def _require_same(earlier: PriceTier, facts: TierFacts) -> None:
    differs = [
        name
        for name in ("unit_id", "members_only", "count")
        if getattr(earlier, name) != getattr(facts, name)
    ]
    if differs:
        raise DifferentContent(id=str(earlier.id), differs=differs)


def _create(command: SaveTier, singles: dict[UUID | None, tuple[str, int]], actor: Actor) -> None:
    facts = command.facts
    db.session.execute(
        insert(PriceTier).values(
            centre_id=actor.centre_id,
            id=command.id,
            product_id=command.product_id,
            unit_id=facts.unit_id,
            members_only=facts.members_only,
            count=facts.count,
            price_satang=facts.price_satang,
            active=facts.active,
            version=1,
        )
    )
    _record(command, None, facts.price_satang, singles, actor)
    audit.record(
        actor,
        "tier.created",
        "product",
        command.product_id,
        count=facts.count,
        members_only=facts.members_only,
        price_satang=facts.price_satang,
    )


def _change(
    earlier: PriceTier,
    command: SaveTier,
    singles: dict[UUID | None, tuple[str, int]],
    actor: Actor,
) -> None:
    facts = command.facts
    before = earlier.price_satang if earlier.active else None
    after = facts.price_satang if facts.active else None
    assert command.version is not None
    versioned.change(
        PriceTier,
        {"centre_id": actor.centre_id, "id": command.id},
        command.version,
        {"price_satang": facts.price_satang, "active": facts.active},
    )
    if before != after:
        _record(command, before, after, singles, actor)
    audit.record(
        actor,
        "tier.changed",
        "product",
        command.product_id,
        count=facts.count,
        before_satang=before,
        after_satang=after,
    )


def _record(
    command: SaveTier,
    before: int | None,
    after: int | None,
    singles: dict[UUID | None, tuple[str, int]],
    actor: Actor,
) -> None:
    facts = command.facts
    label = f"{facts.count} {singles[facts.unit_id][0]}"
    change = Changed(command.product_id, label, before, after, tier_id=command.id)
    prices.record([change], actor, command.source)


def _doc(row: PriceTier, singles: dict[UUID | None, tuple[str, int]]) -> TierDoc:
    label, single = singles[row.unit_id]
    return TierDoc(
        id=row.id,
        product_id=row.product_id,
        unit_id=row.unit_id,
        label=label,
        members_only=row.members_only,
        count=row.count,
        price_satang=row.price_satang,
        active=row.active,
        version=row.version,
        one_by_one_satang=row.count * single,
    )


def _baht(satang: int) -> str:
    return f"{satang // 100:,}.{satang % 100:02d}"
