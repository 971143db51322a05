"""How the labels of the centre's scales are read, and what a scanned code means.

What must stay true: two prefixes of which one begins with the other read differently on purpose
(the longer wins); a code known as a barcode is that, even when it looks like a scale's label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, insert, select

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.text import ascii_digits
from inventory.models import Product, ProductBarcode, ProductUnit, ScalePrefix
from inventory.rules import scale_codes
from inventory.rules.scale_codes import EmptyValue, Layout, Misread
from inventory.services.catalogue import versioned
from members.services import access

MILLI = 1000


class LayoutUnsound(DomainError):
    """Prefix, item and value don't fill thirteen digits, or the value has too many places."""

    code, status, title = "scale-layout-unsound", 422, N_("These digits don't make a whole code")
    detail = N_(
        "Prefix, item and value are 12 digits together, or 11 when the scale puts one of its own"
        " between; the 13th is the check digit. A price has at most 2 places."
    )


class PrefixNotOurs(DomainError):
    """The prefix is not one GS1 leaves to the shop: it would hide other people's codes."""

    code, status, title = "scale-prefix-not-ours", 422, N_("This prefix is not the shop's to use")
    detail = N_("GS1 leaves 02, 04 and 20 to 29 to the shop. Set the scale to one of them.")


class ScaleLabelMisread(DomainError):
    """The check digit of a label is wrong."""

    code, status, title = "scale-label-misread", 422, N_("The label was misread")
    detail = N_("Scan it again, or type the weight.")


class ScaleLabelEmpty(DomainError):
    """The label says nothing was weighed, or a price of goods that have none."""

    code, status, title = "scale-label-empty", 422, N_("The label says nothing was weighed")
    detail = N_("Weigh it again; goods labelled by price need a price here too.")


@dataclass(frozen=True, slots=True)
class PrefixFacts:
    """How codes with a prefix are read."""

    kind: str
    item_digits: int
    value_digits: int
    decimals: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class SavePrefix:
    """Set how a prefix is read; `version` is the one seen, None for a new one."""

    prefix: str
    facts: PrefixFacts
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PrefixDoc:
    """A prefix whole."""

    prefix: str
    kind: str
    item_digits: int
    value_digits: int
    decimals: int
    active: bool
    version: int

    @property
    def layout(self) -> Layout:
        """The same, as the rule reads it."""
        return Layout(self.prefix, self.kind, self.item_digits, self.value_digits, self.decimals)

    @property
    def example(self) -> str:
        """A label of item 1 with the digits 125 for its value: they fit into every layout."""
        places = 2 if self.kind == "price" else 3
        return scale_codes.write(self.layout, "1", 125 * 10 ** (places - self.decimals))


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanned code means: so many thousandths of a product's own or other unit."""

    product_id: UUID
    unit_id: UUID | None
    quantity_milli: int
    label_satang: int | None = None
    """The price printed on a label that says one."""


def of(centre_id: int) -> list[PrefixDoc]:
    """Return the prefixes in use and out of use, for another service or the counter."""
    rows = db.session.scalars(
        select(ScalePrefix)
        .where(ScalePrefix.centre_id == centre_id)
        .order_by(ScalePrefix.prefix)
        .execution_options(populate_existing=True)
    )
    return [_doc(row) for row in rows]


def listing(actor: Actor) -> list[PrefixDoc]:
    """Return the prefixes for the settings page."""
    access.require(actor, "settings.read")
    return of(actor.centre_id)


def save(command: SavePrefix, actor: Actor) -> PrefixDoc:
    """Set how a prefix is read; the same again changes nothing.

    Raises LayoutUnsound, PrefixNotOurs, VersionRequired, ChangedMeanwhile, Forbidden.
    """
    access.require(actor, "settings.change")
    prefix = ascii_digits(command.prefix)
    _require_sound(prefix, command.facts)
    facts = command.facts
    values = {name: getattr(facts, name) for name in PrefixFacts.__dataclass_fields__}
    earlier = next((one for one in of(actor.centre_id) if one.prefix == prefix), None)
    if earlier is None:
        if command.version is not None:
            raise NotFound(what="scale_prefix")
        db.session.execute(
            insert(ScalePrefix).values(
                centre_id=actor.centre_id, prefix=prefix, version=1, **values
            )
        )
    else:
        if all(getattr(earlier, name) == value for name, value in values.items()):
            return earlier
        versioned.require_seen(command.version, earlier.version)
        key = {"centre_id": actor.centre_id, "prefix": prefix}
        versioned.change(ScalePrefix, key, earlier.version, values)
    audit.record(actor, "scale_prefix.changed", "scale_prefix", prefix, after=values)
    return next(one for one in of(actor.centre_id) if one.prefix == prefix)


def scanned(code: str, actor: Actor) -> Scanned:
    """Return what a code means here: a barcode, a product's code, or a scale's label.

    Raises NotFound, ScaleLabelMisread, ScaleLabelEmpty, Forbidden.
    """
    access.require(actor, "product.read")
    code = ascii_digits(code).strip()
    alike = [code]
    if len(code) == 12 and code.isdecimal():
        alike.append(f"0{code}")  # a UPC-A is an EAN-13 without its leading zero
    elif len(code) == 13 and code.startswith("0"):
        alike.append(code[1:])
    known = _goods(alike, actor)
    if known is not None:
        return Scanned(known[0], known[1], MILLI)
    try:
        layouts = [one.layout for one in of(actor.centre_id) if one.active]
        label = scale_codes.read(code, layouts)
        if label is None:
            raise NotFound(what="barcode")
        goods = _goods(label.items, actor)
        if goods is None:
            raise NotFound(what="barcode", item=label.item)
        quantity = scale_codes.quantity(label, goods[2])
    except Misread:
        raise ScaleLabelMisread from None
    except EmptyValue:
        raise ScaleLabelEmpty from None
    printed = label.value if label.kind == "price" else None
    return Scanned(goods[0], goods[1], quantity, printed)


def _goods(codes: Sequence[str], actor: Actor) -> tuple[UUID, UUID | None, int] | None:
    """Return product, unit and price of one for the first code known; a barcode before a code."""
    known: dict[str, tuple[UUID, UUID | None, int]] = {}
    by_code = select(Product.code, Product.id, Product.price_satang).where(
        Product.centre_id == actor.centre_id, Product.code.in_(codes)
    )
    for own_code, product_id, price_satang in db.session.execute(by_code):
        known[own_code] = (product_id, None, price_satang)
    by_barcode = (
        select(
            *(ProductBarcode.barcode, ProductBarcode.product_id, ProductBarcode.unit_id),
            func.coalesce(ProductUnit.price_satang, Product.price_satang),
        )
        .join(
            Product,
            and_(
                Product.centre_id == ProductBarcode.centre_id,
                Product.id == ProductBarcode.product_id,
            ),
        )
        .outerjoin(
            ProductUnit,
            and_(
                ProductUnit.centre_id == ProductBarcode.centre_id,
                ProductUnit.id == ProductBarcode.unit_id,
            ),
        )
        .where(ProductBarcode.centre_id == actor.centre_id, ProductBarcode.barcode.in_(codes))
    )
    for barcode, product_id, unit_id, price_satang in db.session.execute(by_barcode):
        known[barcode] = (product_id, unit_id, price_satang)
    return next((known[code] for code in codes if code in known), None)


def _require_sound(prefix: str, facts: PrefixFacts) -> None:
    whole = len(prefix) + facts.item_digits + facts.value_digits
    sane = 1 <= facts.item_digits <= 8 and 3 <= facts.value_digits <= 8
    places = 2 if facts.kind == "price" else 3
    if not (whole in (11, 12) and sane and 0 <= facts.decimals <= places):
        raise LayoutUnsound(field="value_digits")
    if not prefix.isdecimal() or not (prefix[0] == "2" or prefix[:2] in ("02", "04")):
        raise PrefixNotOurs(field="prefix")


def _doc(row: ScalePrefix) -> PrefixDoc:
    return PrefixDoc(**{name: getattr(row, name) for name in PrefixDoc.__dataclass_fields__})
