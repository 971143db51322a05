"""Today's price of what lies here, as producer's part, centre's margin and levy.

What must stay true: the parts are those a sale of one unit would post under the lot's own terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select

from core import clock
from core.actor import Actor
from core.db import db
from inventory.models import Lot, StockLevel
from inventory.rules.terms import PriceParts, parts_of, terms_of
from inventory.services import levels, terms_reading
from inventory.services.catalogue import ProductDoc
from inventory.services.lots import LotCard
from members.services import producers


@dataclass(frozen=True, slots=True)
class LotParts:
    """A lot of consigned goods, whose it is, and what today's price is made of."""

    lot: LotCard
    producer: str
    parts: PriceParts


def of_lot(lot: LotCard, product: ProductDoc, actor: Actor) -> PriceParts | None:
    """Return what today's price of a lot is made of; None for our own goods.

    None too where the price bears VAT, for then what is shared is the price without it.
    """
    if lot.split_basis_points is None or _taxed(product, actor):
        return None
    return parts_of(terms_of(lot.terms, lot.split_basis_points), product.price_satang)


def of_lots(lots: Sequence[LotCard], product: ProductDoc, actor: Actor) -> list[LotParts]:
    """Return the same for several lots of one product; our own are left out."""
    people = producers.names(actor.centre_id, {lot.producer_id for lot in lots})
    return [
        LotParts(lot, people[lot.producer_id].name, parts)
        for lot in lots
        if (parts := of_lot(lot, product, actor)) is not None
    ]


def _taxed(product: ProductDoc, actor: Actor) -> bool:
    setting = actor.centre.tax_on(clock.business_date(clock.now()))
    registered = setting.vat_mode == "registered" and setting.consignment_basis == "gross"
    return registered and product.tax_code == "standard"


@dataclass(frozen=True, slots=True)
class ProductParts:
    """What today's price of a product is made of, and by what: `lot`, `terms`, or `own` goods.

    For our own goods the producer's part is what the newest lot was bought for, a unit.
    """

    parts: PriceParts
    by: str
    shown: str
    """The number of the lot or of the terms."""


def of_products(docs: Sequence[ProductDoc], actor: Actor) -> dict[UUID, ProductParts]:
    """Return it for many products at once: by the newest lot, lying ones first, else by terms.

    Left out are products that were never taken in and have no terms, those without a price, and
    those whose price bears VAT (what is shared is the price without it).
    """
    priced = [one for one in docs if one.price_satang and not _taxed(one, actor)]
    newest = _newest_lots(actor.centre_id, [one.id for one in priced])
    others = [one for one in priced if one.id not in newest]
    agreed = terms_reading.in_force(actor.centre_id, NOBODY, others, clock.today())
    found: dict[UUID, ProductParts] = {}
    for one in priced:
        if one.id in newest:
            found[one.id] = _by_lot(newest[one.id], one.price_satang)
        elif one.id in agreed:
            doc = agreed[one.id]
            parts = parts_of(doc.terms, one.price_satang)
            found[one.id] = ProductParts(parts, "terms", doc.terms_no)
    return found


NOBODY = UUID(int=0)
"""A producer there is not: only terms that hold for every producer are found for it."""


def _by_lot(lot: Lot, price_satang: int) -> ProductParts:
    if lot.split_basis_points is not None:
        parts = parts_of(terms_of(lot.terms, lot.split_basis_points), price_satang)
        return ProductParts(parts, "lot", lot.lot_no)
    cost = lot.unit_cost_satang
    return ProductParts(PriceParts(price_satang, cost, price_satang - cost, 0), "own", lot.lot_no)


def _newest_lots(centre_id: int, product_ids: Sequence[UUID]) -> dict[UUID, Lot]:
    """Return each product's newest lot, one that lies here before one that is gone."""
    lying = (
        select(StockLevel.lot_id)
        .where(
            StockLevel.centre_id == Lot.centre_id,
            StockLevel.lot_id == Lot.id,
            levels.ON_HAND,
        )
        .exists()
    )
    place = func.row_number().over(
        partition_by=Lot.product_id,
        order_by=(case((lying, 0), else_=1), Lot.received_at.desc(), Lot.id.desc()),
    )
    ranked = (
        select(Lot.id, place.label("place"))
        .where(Lot.centre_id == centre_id, Lot.product_id.in_(sorted(product_ids)))
        .subquery()
    )
    rows = db.session.scalars(
        select(Lot)
        .join(ranked, ranked.c.id == Lot.id)
        .where(Lot.centre_id == centre_id, ranked.c.place == 1)
    )
    return {lot.product_id: lot for lot in rows}
