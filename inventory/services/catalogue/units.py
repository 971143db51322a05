"""The other units a product is sold in, each with its factor and its own price.

What must stay true: the factors kept are those the definitions give, so a unit defined through
another follows it; no unit is defined through itself; who may not change prices can't by a unit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from core import audit
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound
from core.quantity import price_of
from core.text import normalise
from inventory.models import Product, ProductUnit
from inventory.rules import units as rules
from inventory.rules.units import Circle, Definition, NotWhole
from inventory.services.catalogue import barcodes, finding, prices, products, versioned
from inventory.services.catalogue.prices import Changed
from inventory.services.catalogue.products import UnitLabelTaken
from members.services import access

UNITS_MAX = 30


class UnitsInCircle(DomainError):
    """A unit would be defined through itself."""

    code, status, title = "units-in-circle", 409, N_("These units lead round in a circle")
    detail = N_("%(path)s. Say of one of them how much of the product's own unit it is.")


class FactorNotUsable(DomainError):
    """A factor that is no whole thousandth of the base unit, or beyond all measure."""

    code, status, title = "factor-not-usable", 422, N_("This much of a unit can't be reckoned with")
    detail = N_(
        "One %(label)s must be more than 0 and at most 1,000,000 of the product's own unit, to no"
        " more than three places."
    )


class TooManyUnits(DomainError):
    """One product has so many units already."""

    code, status, title = "too-many-units", 409, N_("There are too many units here")
    detail = N_("A product has at most 30 units. Change one that is no longer sold.")


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What people enter of a unit: one of it is `count_milli` of another unit, or of the base."""

    label: str
    count_milli: int
    price_satang: int
    of_unit_id: UUID | None = None
    position: int = 0
    active: bool = True
    barcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveUnit:
    """Make the unit (`version` None) or change the version that was seen."""

    id: UUID
    product_id: UUID
    facts: UnitFacts
    version: int | None = None
    source: str = "system"


@dataclass(frozen=True, slots=True)
class UnitDoc:
    """A unit whole."""

    id: UUID
    product_id: UUID
    label: str
    count_milli: int
    of_unit_id: UUID | None
    factor_milli: int
    price_satang: int
    position: int
    active: bool
    version: int
    barcodes: tuple[str, ...]


def of(product_id: UUID, actor: Actor) -> list[UnitDoc]:
    """Return a product's other units in their order, those no longer sold too."""
    access.require(actor, "product.read")
    products.get_doc(actor.centre_id, product_id)
    codes = barcodes.of_units(actor.centre_id, product_id)
    rows = _rows(actor.centre_id, product_id)
    return [_doc(row, codes.get(row.id, ())) for row in rows]


def get(product_id: UUID, unit_id: UUID, actor: Actor) -> UnitDoc:
    """Return one unit of a product. Raises NotFound, Forbidden."""
    for one in of(product_id, actor):
        if one.id == unit_id:
            return one
    raise NotFound(what="product_unit")


def save(command: SaveUnit, actor: Actor) -> tuple[UnitDoc, bool]:
    """Make a unit, or change the version of it that was seen; return it and whether it is new.

    Raises UnitsInCircle, FactorNotUsable, PieceParted, UnitLabelTaken, TooManyUnits, CodeTaken,
    NotFound, VersionRequired, ChangedMeanwhile, Forbidden (a price, or how much one is, needs the
    right to change prices; a new unit at just its part of the product's price does not).
    """
    access.require(actor, "product.change")
    serialise_on(command.product_id)
    product = products.find(actor.centre_id, command.product_id)
    if product is None:
        raise NotFound(what="product")
    rows = _rows(actor.centre_id, product.id)
    earlier = next((row for row in rows if row.id == command.id), None)
    facts = _spelt(command.facts)
    if earlier is None:
        _require_new(command, actor)
        if len(rows) >= UNITS_MAX:
            raise TooManyUnits
    _require_label(product, rows, command.id, facts.label)
    factors = _factors(rows, command.id, facts)
    if facts.active:
        products.require_whole(product.sold_by, facts.label, factors[command.id])
    if earlier is None:
        _create(command, facts, factors[command.id], product, actor)
        return get(product.id, command.id, actor), True
    changed = _changed(earlier, facts, factors[command.id], actor)
    if changed:
        versioned.require_seen(command.version, earlier.version)
        _change(earlier, facts, changed, command, actor)
        _follow(rows, command.id, factors, product, actor)
    elif command.version is not None:
        versioned.require_seen(command.version, earlier.version)
    return get(product.id, command.id, actor), False


def _rows(centre_id: int, product_id: UUID) -> list[ProductUnit]:
    return list(
        db.session.scalars(
            select(ProductUnit)
            .where(ProductUnit.centre_id == centre_id, ProductUnit.product_id == product_id)
            .order_by(ProductUnit.position, ProductUnit.id)
            .execution_options(populate_existing=True)
        )
    )


def _require_new(command: SaveUnit, actor: Actor) -> None:
    """Refuse a version of nothing, and the id of another product's unit."""
    elsewhere = select(ProductUnit.product_id).where(
        ProductUnit.centre_id == actor.centre_id, ProductUnit.id == command.id
    )
    if command.version is not None or db.session.scalar(elsewhere) is not None:
        raise NotFound(what="product_unit")


def _require_label(
    product: Product, rows: Collection[ProductUnit], unit_id: UUID, label: str
) -> None:
    taken = {product.unit, *(row.label for row in rows if row.id != unit_id)}
    if label in taken:
        raise UnitLabelTaken(field="label", label=label)


def _factors(rows: Collection[ProductUnit], unit_id: UUID, facts: UnitFacts) -> dict[UUID, int]:
    """Return every unit's factor as it would be with these facts; refuse circles and nonsense."""
    definitions = {row.id: _definition(row) for row in rows}
    definitions[unit_id] = Definition(facts.count_milli, facts.of_unit_id)
    if facts.of_unit_id is not None and facts.of_unit_id not in definitions:
        raise NotFound(what="product_unit")
    labels = {**{row.id: row.label for row in rows}, unit_id: facts.label}
    try:
        return rules.factors(definitions)
    except Circle as circle:
        path = " → ".join(labels[one] for one in circle.path)
        raise UnitsInCircle(field="of_unit_id", path=path) from None
    except NotWhole as slip:
        raise FactorNotUsable(field="count", label=labels[slip.unit_id]) from None


def _definition(row: ProductUnit) -> Definition:
    if row.of_unit_id is None:
        return Definition(row.factor_milli)
    assert row.of_count_milli is not None
    return Definition(row.of_count_milli, row.of_unit_id)


def _columns(facts: UnitFacts, factor_milli: int) -> dict[str, Any]:
    return {
        "label": facts.label,
        "factor_milli": factor_milli,
        "price_satang": facts.price_satang,
        "of_unit_id": facts.of_unit_id,
        "of_count_milli": None if facts.of_unit_id is None else facts.count_milli,
        "position": facts.position,
        "active": facts.active,
    }


def _create(
    command: SaveUnit, facts: UnitFacts, factor_milli: int, product: Product, actor: Actor
) -> None:
    if facts.price_satang != price_of(factor_milli, product.price_satang):
        access.require(actor, "price.change")
    values = _columns(facts, factor_milli)
    db.session.execute(
        insert(ProductUnit).values(
            centre_id=actor.centre_id,
            id=command.id,
            product_id=product.id,
            version=1,
            **values,
        )
    )
    _put_codes(command, facts, actor)
    _record(command, None, facts.price_satang if facts.active else None, actor)
    audit.record(
        actor,
        "unit.created",
        "product",
        product.id,
        unit=facts.label,
        factor_milli=factor_milli,
        price_satang=facts.price_satang,
    )


def _changed(
    earlier: ProductUnit, facts: UnitFacts, factor_milli: int, actor: Actor
) -> dict[str, list[Any]]:
    after = _columns(facts, factor_milli)
    before = {name: getattr(earlier, name) for name in after}
    changed = {
        name: [_plain(before[name]), _plain(after[name])]
        for name in after
        if before[name] != after[name]
    }
    codes = barcodes.of_units(actor.centre_id, earlier.product_id).get(earlier.id, ())
    if codes != facts.barcodes:
        changed["barcodes"] = [list(codes), list(facts.barcodes)]
    return changed


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _change(
    earlier: ProductUnit,
    facts: UnitFacts,
    changed: dict[str, list[Any]],
    command: SaveUnit,
    actor: Actor,
) -> None:
    if {"price_satang", "factor_milli"} & changed.keys():
        access.require(actor, "price.change")
    before = earlier.price_satang if earlier.active else None
    after = facts.price_satang if facts.active else None
    assert command.version is not None
    versioned.change(
        ProductUnit,
        {"centre_id": actor.centre_id, "id": command.id},
        command.version,
        _columns(facts, _factor_after(earlier, changed)),
    )
    if "barcodes" in changed:
        _put_codes(command, facts, actor)
    if before != after:
        _record(command, before, after, actor)
    audit.record(
        actor, "unit.changed", "product", command.product_id, unit=facts.label, changed=changed
    )


def _factor_after(earlier: ProductUnit, changed: dict[str, list[Any]]) -> int:
    factor: int = changed["factor_milli"][1] if "factor_milli" in changed else earlier.factor_milli
    return factor


def _follow(
    rows: Collection[ProductUnit],
    unit_id: UUID,
    factors: dict[UUID, int],
    product: Product,
    actor: Actor,
) -> None:
    """Let the units defined through a changed one follow it."""
    for row in rows:
        if row.id != unit_id and row.factor_milli != factors[row.id]:
            products.require_whole(product.sold_by, row.label, factors[row.id])
            key = {"centre_id": actor.centre_id, "id": row.id}
            versioned.change(ProductUnit, key, row.version, {"factor_milli": factors[row.id]})


def _put_codes(command: SaveUnit, facts: UnitFacts, actor: Actor) -> None:
    barcodes.put(command.product_id, command.id, facts.barcodes, actor)
    finding.write_anew(actor.centre_id, Product.id == command.product_id)


def _record(command: SaveUnit, before: int | None, after: int | None, actor: Actor) -> None:
    if before is None and after is None:
        return
    label = normalise(command.facts.label)
    change = Changed(command.product_id, label, before, after, unit_id=command.id)
    prices.record([change], actor, command.source)


def _spelt(facts: UnitFacts) -> UnitFacts:
    return UnitFacts(
        label=normalise(facts.label),
        count_milli=facts.count_milli,
        price_satang=facts.price_satang,
        of_unit_id=facts.of_unit_id,
        position=facts.position,
        active=facts.active,
        barcodes=barcodes.spelt(facts.barcodes),
    )


def _doc(row: ProductUnit, codes: tuple[str, ...]) -> UnitDoc:
    return UnitDoc(
        id=row.id,
        product_id=row.product_id,
        label=row.label,
        count_milli=row.factor_milli if row.of_count_milli is None else row.of_count_milli,
        of_unit_id=row.of_unit_id,
        factor_milli=row.factor_milli,
        price_satang=row.price_satang,
        position=row.position,
        active=row.active,
        version=row.version,
        barcodes=codes,
    )
