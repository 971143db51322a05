"""Today's price of what lies here, as producer's part, centre's margin and levy.

What must stay true: the parts are those a sale of one unit would post under the lot's own terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import clock
from core.actor import Actor
from inventory.rules.terms import PriceParts, parts_of, terms_of
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
