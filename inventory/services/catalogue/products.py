"""What the centre sells: a product as people enter and change it.

What must stay true: a price only changes here, which leaves a trace of who changed it from what to
what; a product that was ever sold is never deleted, only taken off sale.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update

from accounting.services import activities
from core import audit
from core.actor import Actor
from core.db import db
from core.documents import content_of
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound, VersionRequired
from core.quantity import MILLI
from core.text import ascii_digits, normalise, thai_sort_key
from inventory.models import Product, ProductBarcode, ProductUnit
from inventory.rules import units as unit_rules
from inventory.services.catalogue import barcodes, categories, counting_in, finding, prices
from inventory.services.catalogue.barcodes import CodeTaken
from inventory.services.catalogue.prices import Changed
from members.services import access


class UnitLabelTaken(DomainError):
    """The product has a unit of this name already."""

    code, status, title = "unit-label-taken", 409, N_("The product has a unit of this name")
    detail = N_("«%(label)s» is there already, perhaps no longer on sale. Change that one.")


class PieceParted(DomainError):
    """A unit of goods that are counted would hold a part of a piece."""

    code, status, title = "piece-parted", 422, N_("Pieces can't be parted")
    detail = N_(
        "The product is sold by the piece, so one %(label)s must be a whole number of them. Correct"
        " the unit, or sell the product by weight."
    )


@dataclass(frozen=True, slots=True)
class ProductDoc:
    """A product whole, as its page and the API show it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    category: str
    """The key that terms, promotions and rules name; people are shown `category_th` and `_en`."""
    picture: str
    sold_by: str
    unit: str
    price_satang: int
    tax_code: str
    activity_id: UUID | None
    active: bool
    version: int
    category_th: str = ""
    category_en: str = ""
    barcodes: tuple[str, ...] = ()
    """What is scanned for one of its own unit, sorted."""


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What people enter of a product; names are stored in their one spelling."""

    code: str
    name_th: str
    name_en: str
    sold_by: str
    unit: str
    price_satang: int
    barcodes: tuple[str, ...] = ()
    category: str = ""
    """A category by its name; one that nobody has used yet is made."""
    picture: str = ""
    tax_code: str = "exempt"
    active: bool = True
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SaveProduct:
    """Make the product (`version` None) or change the version that was seen."""

    id: UUID
    facts: ProductFacts
    version: int | None = None
    source: str = "system"
    """The door a price comes through: page, api, file or system."""


def get(product_id: UUID, actor: Actor) -> ProductDoc:
    """Return a product of the actor's centre; raise `NotFound`."""
    access.require(actor, "product.read")
    return get_doc(actor.centre_id, product_id)


def names(centre_id: int, product_ids: Collection[UUID]) -> dict[UUID, ProductDoc]:
    """Return products by id, on sale or not; a statement or two for all."""
    rows = db.session.scalars(
        select(Product).where(Product.centre_id == centre_id, Product.id.in_(sorted(product_ids)))
    ).all()
    return {doc.id: doc for doc in docs(centre_id, rows)}


def get_doc(centre_id: int, product_id: UUID) -> ProductDoc:
    """Return a product for another service; raise `NotFound`."""
    row = find(centre_id, product_id)
    if row is None:
        raise NotFound(what="product")
    return docs(centre_id, [row])[0]


def docs(centre_id: int, rows: Collection[Product]) -> list[ProductDoc]:
    """Return rows as people see them, with their codes and their category's names."""
    codes = barcodes.of(centre_id, [row.id for row in rows]) if rows else {}
    named = categories.names(centre_id) if any(row.category for row in rows) else {}
    return [_doc(row, codes.get(row.id, ()), named) for row in rows]


def save(command: SaveProduct, actor: Actor) -> tuple[ProductDoc, bool]:
    """Make a product, or change the version of it that was seen; return it and whether it is new.

    The same facts again change nothing. Raises CodeTaken, UnitLabelTaken, PieceParted, UnitInUse,
    VersionRequired, ChangedMeanwhile, NotFound (the activity), Forbidden (a price needs the right
    to change prices).
    """
    access.require(actor, "product.change")
    earlier = find(actor.centre_id, command.id)
    facts = _spelt(command.facts)
    if facts.activity_id is not None:
        activities.card(actor.centre_id, facts.activity_id)
    if earlier is None and command.version is not None:
        raise NotFound(what="product")
    facts = replace(facts, category=categories.settle(facts.category, actor))
    if earlier is None:
        _require_free(actor.centre_id, command.id, facts)
        return _create(command, facts, actor), True
    before = content_of(docs(actor.centre_id, [earlier])[0])
    after = content_of(facts)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if command.version is None and changed:
        raise VersionRequired
    if command.version is not None and command.version != earlier.version:
        raise ChangedMeanwhile(version=earlier.version)
    if changed:
        _require_free(actor.centre_id, command.id, facts)
        if {"unit", "sold_by"} & changed.keys():
            _require_units(actor.centre_id, command.id, facts)
            _require_same_meaning(earlier, facts)
        _change(earlier, facts, changed, command.source, actor)
    return get_doc(actor.centre_id, command.id), False


def find(centre_id: int, product_id: UUID | None) -> Product | None:
    """Return the row as it stands now."""
    if product_id is None:
        return None
    return db.session.scalars(
        select(Product)
        .where(Product.centre_id == centre_id, Product.id == product_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _create(command: SaveProduct, facts: ProductFacts, actor: Actor) -> ProductDoc:
    db.session.execute(
        insert(Product).values(
            centre_id=actor.centre_id, id=command.id, version=1, **_columns(facts)
        )
    )
    barcodes.put(command.id, None, facts.barcodes, actor)
    finding.write_anew(actor.centre_id, Product.id == command.id)
    prices.record(
        [Changed(command.id, facts.unit, None, facts.price_satang)], actor, command.source
    )
    audit.record(
        actor,
        "product.created",
        "product",
        command.id,
        code=facts.code,
        price_satang=facts.price_satang,
    )
    return get_doc(actor.centre_id, command.id)


def _change(
    earlier: Product,
    facts: ProductFacts,
    changed: dict[str, list[Any]],
    source: str,
    actor: Actor,
) -> None:
    if "price_satang" in changed:
        access.require(actor, "price.change")
    found = db.session.execute(
        update(Product)
        .where(
            Product.centre_id == actor.centre_id,
            Product.id == earlier.id,
            Product.version == earlier.version,
        )
        .values(version=Product.version + 1, **_columns(facts))
        .execution_options(synchronize_session=False)
    )
    if found.rowcount == 0:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    if "barcodes" in changed:
        changed.pop("barcodes")
        barcodes.put(earlier.id, None, facts.barcodes, actor)
    finding.write_anew(actor.centre_id, Product.id == earlier.id)
    if "price_satang" in changed:
        before, after = changed.pop("price_satang")
        prices.record([Changed(earlier.id, facts.unit, before, after)], actor, source)
        audit.record(
            actor,
            "price.changed",
            "product",
            earlier.id,
            before_satang=before,
            after_satang=after,
        )
    if changed:
        audit.record(actor, "product.changed", "product", earlier.id, changed=changed)


def _spelt(facts: ProductFacts) -> ProductFacts:
    return replace(
        facts,
        code=ascii_digits(normalise(facts.code)),
        barcodes=barcodes.spelt(facts.barcodes),
        name_th=normalise(facts.name_th),
        name_en=normalise(facts.name_en) or normalise(facts.name_th),
        category=normalise(facts.category),
        unit=normalise(facts.unit),
    )


def _columns(facts: ProductFacts) -> dict[str, Any]:
    """Return the row of some facts; what a search finds it by is written by `finding`."""
    values = asdict(facts)
    del values["barcodes"]
    return {**values, "sort_key": thai_sort_key(facts.name_th), "search_key": ""}


def _require_free(centre_id: int, product_id: UUID, facts: ProductFacts) -> None:
    """Raise CodeTaken when another product has this code, or is scanned by it."""
    scanned = select(ProductBarcode.product_id).where(
        ProductBarcode.centre_id == centre_id, ProductBarcode.barcode == facts.code
    )
    other = db.session.execute(
        select(Product.name_th)
        .where(
            Product.centre_id == centre_id,
            Product.id != product_id,
            or_(Product.code == facts.code, Product.id.in_(scanned)),
        )
        .limit(1)
    ).first()
    if other is not None:
        raise CodeTaken(field="code", taken_by=other.name_th)


def require_whole(sold_by: str, label: str, factor_milli: int) -> None:
    """Raise PieceParted for a unit that holds parts of what is sold by the piece."""
    if sold_by == "piece" and factor_milli % MILLI:
        raise PieceParted(field="count", label=label)


def _require_units(centre_id: int, product_id: UUID, facts: ProductFacts) -> None:
    """Raise UnitLabelTaken, PieceParted when the product's other units don't suit the facts."""
    for label, factor_milli, active in db.session.execute(
        select(ProductUnit.label, ProductUnit.factor_milli, ProductUnit.active).where(
            ProductUnit.centre_id == centre_id, ProductUnit.product_id == product_id
        )
    ):
        if label == facts.unit:
            raise UnitLabelTaken(field="unit", label=label)
        if active:
            require_whole(facts.sold_by, label, factor_milli)


def _require_same_meaning(earlier: Product, facts: ProductFacts) -> None:
    """Raise UnitInUse when quantities that stand would come to mean something else."""
    field = "sold_by" if earlier.sold_by != facts.sold_by else "unit"
    if field == "sold_by" or not unit_rules.are_same(earlier.unit, facts.unit):
        counting_in.require_none(earlier.id, earlier.centre_id, unit=earlier.unit, field=field)


def _doc(row: Product, codes: tuple[str, ...], named: Mapping[str, tuple[str, str]]) -> ProductDoc:
    reckoned = ("category_th", "category_en", "barcodes")
    own = {
        field.name: getattr(row, field.name)
        for field in fields(ProductDoc)
        if field.name not in reckoned
    }
    name_th, name_en = named.get(row.category, (row.category, row.category))
    return ProductDoc(**own, category_th=name_th, category_en=name_en, barcodes=codes)
