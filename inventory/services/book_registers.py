"""The register of goods for the books: what each product had, got, gave and has left.

What must stay true: opening + in - out = left for every product, own and consigned goods apart;
the left of all days is what lies on our shelves. Goods passing between our own places are neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, or_, select

from accounting.rules.books import Book, BookKind, Column, Name, Note, Row, total_row
from accounting.rules.periods import Span
from accounting.services.rooms import Register
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_
from inventory.models import Location, Lot, Product, StockMove
from inventory.services.locations import OURS
from members.services import access

KIND = BookKind(
    "products", N_("Goods register"), N_("Each product: had, in, out, left"), 7, "stock.read"
)
COLUMNS = (
    Column(N_("Code"), "code"),
    Column(N_("Product")),
    Column(N_("Unit")),
    Column(N_("At the beginning"), "quantity"),
    Column(N_("Came in"), "quantity"),
    Column(N_("Went out"), "quantity"),
    Column(N_("Left at the end"), "quantity"),
    Column(N_("Book value, baht"), "money"),
)
OWN, CONSIGNED = N_("Our own goods"), N_("Goods on consignment (their producers')")


@dataclass(frozen=True, slots=True)
class Moved:
    """A product's goods of one ownership: thousandths, and the book value at the end."""

    before_milli: int
    in_milli: int
    out_milli: int
    value_satang: int

    @property
    def left_milli(self) -> int:
        return self.before_milli + self.in_milli - self.out_milli

    @property
    def nothing(self) -> bool:
        return not (self.before_milli or self.in_milli or self.out_milli or self.value_satang)


def products(span: Span, actor: Actor) -> Book:
    """Return the register of some days. Raises Forbidden."""
    access.require(actor, "stock.read")
    assert span.first is not None and span.last is not None
    moved = _moved(actor.centre_id, span.first, span.last)
    goods = {
        row.id: row
        for row in db.session.execute(
            select(Product.id, Product.code, Product.name_th, Product.name_en, Product.unit).where(
                Product.centre_id == actor.centre_id
            )
        )
    }
    rows: list[Row] = []
    for own, title in ((True, OWN), (False, CONSIGNED)):
        mine = [
            _row(goods[product_id], one)
            for (product_id, ours), one in moved.items()
            if ours == own and not one.nothing
        ]
        if mine:
            mine.sort(key=lambda row: str(row.cells[0]))
            rows += [Row((title, *[None] * 7), style="heading"), *mine]
            rows += [total_row(COLUMNS, mine, N_("Total"))] if own else []
    note = Note(N_("Consigned goods belong to their producers: they have no value in our books."))
    return Book(KIND.key, KIND.title, span, COLUMNS, tuple(rows), notes=(note,))


def _row(product: Any, one: Moved) -> Row:
    return Row(
        (
            product.code,
            Name(product.name_th, product.name_en),
            product.unit,
            one.before_milli,
            one.in_milli,
            one.out_milli,
            one.left_milli,
            one.value_satang,
        )
    )


def _moved(centre_id: int, first: date, last: date) -> dict[tuple[UUID, bool], Moved]:
    ours: Sequence[UUID] = db.session.scalars(
        select(Location.id).where(Location.centre_id == centre_id, Location.kind.in_(OURS))
    ).all()
    comes = StockMove.to_location_id.in_(ours)
    goes = StockMove.from_location_id.in_(ours)
    own: Any = case((Lot.ownership == "own", 1), else_=0)

    def quantity(where: Any) -> Any:
        return sum_int(case((where, StockMove.quantity_milli), else_=0))

    early = StockMove.business_date < first
    signed = case((comes, 1), else_=-1)
    rows = db.session.execute(
        select(
            Lot.product_id,
            own,
            quantity(and_(early, comes)) - quantity(and_(early, goes)),
            quantity(and_(~early, comes)),
            quantity(and_(~early, goes)),
            sum_int(signed * StockMove.cost_satang),
        )
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .where(
            StockMove.centre_id == centre_id,
            StockMove.business_date <= last,
            or_(and_(comes, ~goes), and_(goes, ~comes)),
        )
        .group_by(Lot.product_id, own)
    )
    return {
        (product_id, bool(is_own)): Moved(before, came, went, value if is_own else 0)
        for product_id, is_own, before, came, went, value in rows
    }


REGISTERS = (Register(KIND, products),)
"""What the stock room hands down to the books."""
