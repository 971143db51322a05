"""Our own goods given to a producer as an advance: priced, drawn from our lots, moved out.

What must stay true: consigned goods are never advanced, for they are not ours to give; a level is
the sum of its moves, in quantity and in book value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from accounting.rules.entry import NewLine
from accounting.rules.tax import line_taxes, rate_on
from core import clock
from core.actor import Actor
from core.db import insert_rows
from core.errors import N_, DomainError, NotFound
from core.quantity import price_of
from inventory.models import AdvanceLine
from inventory.rules import costing
from inventory.rules.allocation import Shelf
from inventory.rules.allocation import draw as draw_lots
from inventory.rules.intake import require_whole
from inventory.rules.payout_posting import GoodsPart, Whose, goods_advance_lines
from inventory.services import catalogue, levels, locations, moves, stock
from inventory.services.catalogue import ProductCard
from inventory.services.moves import Journey, NewMove

SOURCE = "advance"


class NotOurGoods(DomainError):
    """Too little of the goods is ours; what lies here besides belongs to producers."""

    code, status, title = "not-our-goods", 409, N_("These goods are not ours to advance")
    detail = N_(
        "%(name_th)s: only %(available_milli)s %(unit)s belong to the centre; the rest is on "
        "consignment. Sell it at the counter instead."
    )


class WithoutPrice(DomainError):
    """Goods that cost nothing are no advance."""

    code, status, title = "advance-without-price", 409, N_("This has no price")
    detail = N_("%(name_th)s: set a price first.")


@dataclass(frozen=True, slots=True)
class GoodsAsked:
    """So much of a product to advance."""

    product_id: UUID
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class PricedGoods:
    """A line of goods advanced, at the shelf price of the day."""

    line_no: int
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    unit_price_satang: int
    amount_satang: int
    tax_rate_basis_points: int
    tax_satang: int
    cost_satang: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """Goods taken from the shelf for an advance: its lines, and what each lot gave."""

    lines: tuple[PricedGoods, ...]
    parts: tuple[GoodsPart, ...]

    @property
    def amount_satang(self) -> int:
        return sum(line.amount_satang for line in self.lines)

    @property
    def tax_satang(self) -> int:
        return sum(line.tax_satang for line in self.lines)


def draw(advance_id: UUID, asked: Sequence[GoodsAsked], now: datetime, actor: Actor) -> Drawn:
    """Take goods from our own lots on the shelf, first expiring first.

    Raises NotOurGoods, OutOfStock, WholePieces, WithoutPrice, NotFound.
    """
    centre_id = actor.centre_id
    products = catalogue.for_sale(centre_id, {one.product_id for one in asked})
    place = locations.shop(centre_id).id
    shelves = levels.locked_shelves(centre_id, place, set(products), may_oversell=False)
    lines, taken = [], []
    for line_no, one in enumerate(asked, start=1):
        line = _priced(line_no, one, products.get(one.product_id))
        drawn = _from_lots(line, shelves, actor)
        taken += drawn
        lines.append(replace(line, cost_satang=sum(move.cost_satang for move in drawn)))
    changes: dict[UUID, tuple[int, int]] = {}
    for move in taken:
        quantity, value = changes.get(move.lot_id, (0, 0))
        changes[move.lot_id] = (quantity - move.quantity_milli, value - move.cost_satang)
    levels.change(centre_id, place, changes)
    moves.write(
        centre_id,
        Journey(
            source_type=SOURCE,
            source_id=advance_id,
            business_date=clock.business_date(now),
            moved_at=now,
            from_location_id=place,
            to_location_id=locations.outside(centre_id, "customer"),
        ),
        taken,
    )
    parts = tuple(GoodsPart(move.lot_id, move.cost_satang) for move in taken)
    return Drawn(tuple(_taxed(lines, products, now, actor)), parts)


def store(centre_id: int, advance_id: UUID, drawn: Drawn) -> None:
    """Write the lines of an advance."""
    names = PricedGoods.__dataclass_fields__
    insert_rows(
        AdvanceLine,
        [
            {"centre_id": centre_id, "advance_id": advance_id}
            | {name: getattr(line, name) for name in names}
            for line in drawn.lines
        ],
    )


def posted(whose: Whose, drawn: Drawn) -> tuple[NewLine, ...]:
    """Return the journal lines of goods advanced."""
    return goods_advance_lines(whose, drawn.amount_satang, drawn.tax_satang, drawn.parts)


def _priced(line_no: int, asked: GoodsAsked, product: ProductCard | None) -> PricedGoods:
    if product is None:
        raise NotFound(what="product", line_no=line_no)
    require_whole(line_no, asked.quantity_milli, product.sold_by, product.name_th, product.unit)
    amount = price_of(asked.quantity_milli, product.price_satang)
    if amount <= 0:
        raise WithoutPrice(line_no=line_no, name_th=product.name_th)
    return PricedGoods(
        line_no=line_no,
        product_id=product.id,
        name_th=product.name_th,
        name_en=product.name_en,
        unit=product.unit,
        quantity_milli=asked.quantity_milli,
        unit_price_satang=product.price_satang,
        amount_satang=amount,
        tax_rate_basis_points=0,
        tax_satang=0,
        cost_satang=0,
    )


def _from_lots(line: PricedGoods, shelves: dict[UUID, list[Shelf]], actor: Actor) -> list[NewMove]:
    """Draw a line from our own lots, and leave the shelves as they are after it."""
    there = shelves.get(line.product_id, [])
    own = [shelf for shelf in there if shelf.ownership == "own"]
    draws, missing = draw_lots(own, line.quantity_milli, may_oversell=False)
    if missing:
        available = line.quantity_milli - missing
        if len(own) < len(there):
            raise NotOurGoods(
                line_no=line.line_no,
                name_th=line.name_th,
                unit=line.unit,
                available_milli=available,
            )
        raise stock.out_of_stock(
            actor.centre_id,
            line.product_id,
            asked_milli=line.quantity_milli,
            available_milli=available,
            line_no=line.line_no,
        )
    taken = []
    after = {shelf.lot_id: shelf for shelf in own}
    for one in draws:
        shelf = one.shelf
        cost = costing.issue_cost(
            shelf.quantity_milli, shelf.value_satang, one.quantity_milli, shelf.unit_cost_satang
        )
        taken.append(NewMove(line.line_no, shelf.lot_id, one.quantity_milli, cost))
        after[shelf.lot_id] = replace(
            shelf,
            quantity_milli=shelf.quantity_milli - one.quantity_milli,
            value_satang=shelf.value_satang - cost,
        )
    shelves[line.product_id] = [after.get(shelf.lot_id, shelf) for shelf in there]
    return taken


def _taxed(
    lines: Sequence[PricedGoods],
    products: dict[UUID, ProductCard],
    now: datetime,
    actor: Actor,
) -> list[PricedGoods]:
    day = clock.business_date(now)
    if actor.centre.tax_on(day).vat_mode != "registered":
        return list(lines)
    rates = [rate_on(products[line.product_id].tax_code, day) for line in lines]
    taxes = line_taxes([line.amount_satang for line in lines], rates)
    return [
        replace(line, tax_rate_basis_points=rate, tax_satang=tax)
        for line, rate, tax in zip(lines, rates, taxes, strict=True)
    ]
