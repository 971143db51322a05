"""Opening stock as a table: judged by the rule of the old books, taken as an opening of theirs.

What must stay true: there is one opening of stock: every turn becomes an import of the old books
that is taken at once, its cost of ours standing against the surplus brought forward, as money does
that lay there on the first day; consigned goods cost us nothing. A lot that is here is not made
again, so what a centre gave out changes nothing when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import chart, opening
from core.actor import Actor
from core.db import db
from core.errors import N_
from core.sheets import baht_figure, cell_text
from core.table_forms import Fault, LineIn, cell_of
from inventory.models import Location, Lot, Product, StockLevel
from inventory.rules import stock_table
from inventory.rules.opening_lots import OWN_LOT
from inventory.rules.opening_matching import (
    Goods,
    KnownProduct,
    People,
    Person,
    Places,
    match_goods,
    register_of,
)
from inventory.rules.opening_tables import STOCK, Line
from inventory.services import levels
from inventory.services.openings import imports, matching, taking
from inventory.services.openings.goods import NOBODY
from members.rules.roles import allowed
from members.services import bringing as registers
from members.services import producers
from members.services.moving_in.tables import (
    NEW,
    THERE,
    Bringing,
    TableKind,
    Taken,
    ToTake,
    Verdict,
    bad,
    through_door,
)

TURN_LINES = 2000
"""Goods of one opening entry; a line each."""
_PLACES = {column.name: at for at, column in enumerate(STOCK.columns)}
_FROM = {"owner": "producer", "deliverer": "producer"}


def judge(bringing: Bringing, lines: Sequence[LineIn], actor: Actor) -> JudgeStock:
    """Return what judges lines of stock. Raises OpeningInFuture, OpeningAfterClose."""
    if bringing.opening_on is not None:
        opening.require_may_be_on(bringing.centre_id, bringing.opening_on, "opening_on")
    people = registers.all_producers(bringing.centre_id)
    places = matching.places_of(bringing.centre_id, [_line(line) for line in lines])
    here = {row["lot"] for row in _lying(actor)}
    cards = producers.names(bringing.centre_id, {one.id for one in people})
    return JudgeStock(
        products={one.code: one for one in matching.products_of(bringing.centre_id)},
        people=register_of(
            Person(one.id, one.number, one.name, one.phone, one.member_id) for one in people
        ),
        places=Places(places.locations),
        here=frozenset(places.lots | here),
        usual={one: card.split_basis_points for one, card in cards.items()},
        may_agree=allowed(actor.roles, "terms.approve"),
    )


@dataclass(slots=True)
class JudgeStock:
    """Judges the lines of one file, in their order."""

    products: Mapping[str, KnownProduct]
    people: People
    places: Places
    here: frozenset[str]
    usual: Mapping[UUID, int]
    may_agree: bool
    seen: dict[str, int] = field(default_factory=dict)

    def __call__(self, line: LineIn) -> Verdict:
        lot = line.text("lot")
        if lot and lot in self.here:
            return Verdict(THERE)
        if lot and lot in self.seen:
            words = N_("The number %(number)s stands on line %(other)s already.")
            return bad(Fault("lot", words, {"number": lot, "other": self.seen[lot]}))
        consigned = line.values.get("ownership") == "consigned"
        if consigned and not line.text("producer"):
            return bad(Fault("producer", N_("Write whose goods these are.")))
        found = match_goods([_line(line)], self._named(line), self.people, self.places)
        if found.problems:
            return bad(
                *(
                    Fault(_FROM.get(one.column, one.column), one.words, one.facts)
                    for one in found.problems
                )
            )
        [goods] = found.matches
        if not self._may_share(goods):
            return bad(Fault("split", N_("Only a manager agrees on another part.")))
        if lot:
            self.seen[lot] = line.number
        return Verdict(NEW, plan=goods)

    def _named(self, line: LineIn) -> Sequence[KnownProduct]:
        """Return the products a line may mean: of thousands, the one with its code."""
        code = line.text("code")
        if not code:
            return [*self.products.values()]
        return [self.products[code]] if code in self.products else []

    def _may_share(self, goods: Goods) -> bool:
        if goods.split_basis_points is None or self.may_agree:
            return True
        assert goods.owner is not None
        assert goods.owner.id is not None
        return self.usual.get(goods.owner.id) == goods.split_basis_points


def _line(line: LineIn) -> Line:
    """Return a line as the old books have it."""
    consigned = line.values.get("ownership") == "consigned"
    split = line.values.get("split")
    text = {name: line.text(name) for name in ("code", "name", "unit", "lot", "location")}
    text["owner"] = line.text("producer") if consigned else ""
    text["deliverer"] = "" if consigned else line.text("producer")
    text["split"] = "" if split is None else f"{split // 100}.{split % 100:02d}"
    amounts = {name: line.values.get(name) or 0 for name in ("unit_cost", "total")}
    quantity = line.values.get("quantity") or 0
    return Line(line.number, text, amounts, quantity, line.values.get("expires"))


# --- taking ----------------------------------------------------------------------------------


def take(some: Sequence[ToTake], bringing: Bringing, actor: Actor) -> Taken:
    """Take good lines as one opening; when its terms refuse it, line by line."""
    if not some:
        return Taken()
    rows: dict[int, UUID] = {}
    refused: dict[int, Fault] = {}
    first = some[0].line
    if through_door(first, partial(_opened, some, bringing, actor), rows) is None:
        return Taken({one.line.number: rows[first.number] for one in some})
    for one in some:
        fault = through_door(one.line, partial(_opened, [one], bringing, actor), rows)
        if fault is not None:
            refused[one.line.number] = fault
    return Taken(rows, refused)


def _opened(some: Sequence[ToTake], bringing: Bringing, actor: Actor) -> UUID:
    """Take lines as an opening of the old books; return its id."""
    assert bringing.opening_on is not None
    goods = [one.found.plan for one in some]
    tables = {"stock": _table(bringing, STOCK.name, [_cells(one) for one in goods])}
    cost = sum(one.cost_satang for one in goods)
    if cost:
        tables["accounts"] = _accounts(bringing, cost)
    import_id = imports.bring_checked(bringing.opening_on, tables, bringing.import_no, actor)
    taking.take(import_id, actor)
    return import_id


def _cells(goods: Goods) -> tuple[int, list[str]]:
    line = goods.line
    cells = {**line.text, "code": goods.product.code, "name": "", "unit": goods.product.unit}
    cells["owner"] = goods.owner.code if goods.owner else ""
    cells["deliverer"] = goods.deliverer.code if goods.deliverer else ""
    quantity = stock_table.FORM.column("quantity")
    cells["quantity"] = cell_text(cell_of(quantity, line.quantity_milli, "en"))
    for name in ("unit_cost", "total"):
        cells[name] = str(baht_figure(line.amount(name))) if line.amount(name) else ""
    cells["expires"] = line.expires_on.isoformat() if line.expires_on else ""
    return line.number, [cells.get(name, "") for name in _PLACES]


def _accounts(bringing: Bringing, cost_satang: int) -> dict[str, Any]:
    goods = chart.account_for(bringing.centre_id, Purpose.INVENTORY)
    forward = chart.account_for(bringing.centre_id, Purpose.BROUGHT_FORWARD)
    amount = str(baht_figure(cost_satang))
    lines = [
        (2, [goods.code, goods.name_th, amount, ""]),
        (3, [forward.code, forward.name_th, "", amount]),
    ]
    return _table(bringing, "accounts", lines)


def _table(bringing: Bringing, name: str, lines: Sequence[tuple[int, list[str]]]) -> dict[str, Any]:
    headings = [column.headings[0] for column in imports.FORMS[name].columns]
    return {"file": bringing.import_no, "headings": headings, "rows": [list(one) for one in lines]}


# --- what lies here --------------------------------------------------------------------------


def rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Return what lies with us, by product and lot; what was sold beyond what lay there is not."""
    yield from _lying(actor)


def _lying(actor: Actor) -> Iterator[dict[str, Any]]:
    """A number of our series bears the centre's code in a file, so that it is none of another's.

    A lot that lies in two places is two lots in a file: the second bears the place's code too.
    """
    centre_id = actor.centre_id
    level, lot = StockLevel, Lot
    found = db.session.execute(
        select(
            Product.code,
            Product.name_th.label("name"),
            level.quantity_milli.label("quantity"),
            Product.unit,
            lot.producer_id,
            lot.ownership,
            level.value_satang,
            lot.split_basis_points.label("split"),
            lot.lot_no,
            lot.expires_on.label("expires"),
            Location.code.label("location"),
        )
        .join(lot, (lot.centre_id == level.centre_id) & (lot.id == level.lot_id))
        .join(Product, (Product.centre_id == lot.centre_id) & (Product.id == lot.product_id))
        .join(
            Location, (Location.centre_id == level.centre_id) & (Location.id == level.location_id)
        )
        .where(level.centre_id == centre_id, levels.ON_HAND)
        .order_by(Product.code, lot.lot_no, Location.code)
    )
    lying = found.mappings().all()
    people = producers.names(centre_id, {row["producer_id"] for row in lying})
    seen: set[str] = set()
    for row in lying:
        values: dict[str, Any] = dict(row)
        number = values.pop("lot_no")
        if OWN_LOT.fullmatch(number):
            number = f"{actor.centre.code}/{number}"
        values["lot"] = f"{number}-{values['location']}"[:30] if number in seen else number
        seen.add(number)
        who = people[values.pop("producer_id")]
        values["producer"] = "" if who.name == NOBODY else who.producer_no
        value = values.pop("value_satang")
        values["total"] = value if values["ownership"] == "own" and value > 0 else None
        yield values


TABLE = TableKind(
    form=stock_table.FORM,
    permission="opening.post",
    judge=judge,
    take=take,
    rows=rows,
    asks_day=True,
    turn_lines=TURN_LINES,
)
