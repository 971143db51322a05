"""Lay the goods of the old books on the shelf: lots, levels and moves, ours and consigned.

What must stay true: every line of stock is one lot whose first move brings exactly its quantity;
ours carries its cost, a producer's the terms in force on the opening day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import clock
from core.actor import Actor
from core.db import insert_rows
from core.documents import digest_of
from core.ids import uuid7
from core.numbering import buddhist_year, next_block
from inventory.models import GoodsReceipt, Lot, OpeningImport
from inventory.rules.opening_matching import Goods, Person
from inventory.services import catalogue, levels, locations, moves, receipts
from inventory.services.freezing import Frozen, frozen
from inventory.services.moves import Journey, NewMove
from members.services import bringing, producers
from members.services.bringing import Brought
from members.services.producers import ProducerCard

KIND = "opening"
NOBODY = "สินค้ายกมา"
"""Own goods of the old books whose deliverer nobody knows stand under this group."""


@dataclass(frozen=True, slots=True)
class _Receipt:
    """The goods of one deliverer, and whether they are on consignment."""

    id: UUID
    producer: ProducerCard
    consigned: bool
    location_id: UUID
    goods: tuple[Goods, ...]
    lots: tuple[UUID, ...]


def lay_down(
    stock: Sequence[Goods],
    whose: Callable[[Person], UUID],
    found: OpeningImport,
    actor: Actor,
) -> dict[int, UUID]:
    """Write the goods; return the lot of each line. `whose` finds a consignor's id."""
    if not stock:
        return {}
    made = _grouped(stock, whose, found.opening_on, actor)
    now = clock.now()
    year = buddhist_year(found.opening_on)
    numbers = next_block(actor.centre_id, "intake", year, len(made))
    content: dict[str, Any] = {"opening_import": str(found.id)}
    insert_rows(
        GoodsReceipt,
        [
            {
                "centre_id": actor.centre_id,
                "id": one.id,
                "receipt_no": f"IN-{year}-{number:05d}",
                "producer_id": one.producer.id,
                "kind": KIND,
                "paid": "none",
                "till_id": None,
                "shift_id": None,
                "location_id": one.location_id,
                "business_date": found.opening_on,
                "recorded_at": now,
                "recorded_by": actor.user_id,
                "note": found.import_no,
                "cost_satang": sum(goods.cost_satang for goods in one.goods),
                "digest": digest_of(content),
                "content": content,
            }
            for number, one in zip(numbers, made, strict=True)
        ],
    )
    _store_lots(made, found, now, actor)
    _arrive(made, found, now, actor)
    return {
        goods.line.number: lot
        for one in made
        for goods, lot in zip(one.goods, one.lots, strict=True)
    }


def _grouped(
    stock: Sequence[Goods], whose: Callable[[Person], UUID], on: date, actor: Actor
) -> list[_Receipt]:
    """Put goods together by deliverer and place; ours of nobody known stand under a group."""
    shelf = locations.shop(actor.centre_id).id
    together: dict[tuple[UUID | None, bool, UUID], list[Goods]] = {}
    for goods in stock:
        person = goods.owner or goods.deliverer
        key = (
            whose(person) if person else None,
            goods.owner is not None,
            goods.location_id or shelf,
        )
        together.setdefault(key, []).append(goods)
    nobody = _nobody(on, actor) if any(key[0] is None for key in together) else None
    people = producers.names(actor.centre_id, {nobody, *(key[0] for key in together)})
    made = []
    for (deliverer, consigned, location_id), some in together.items():
        identity = deliverer or nobody
        assert identity is not None
        lots = tuple(sorted(uuid7() for _ in some))
        made.append(_Receipt(uuid7(), people[identity], consigned, location_id, tuple(some), lots))
    return made


def _nobody(on: date, actor: Actor) -> UUID:
    known = [one for one in bringing.all_producers(actor.centre_id) if one.name == NOBODY]
    if known:
        return known[0].id
    [entered] = bringing.enter_producers([Brought(NOBODY)], on, actor, kind="group")
    return entered


def _store_lots(
    made: Sequence[_Receipt], found: OpeningImport, now: datetime, actor: Actor
) -> None:
    year = buddhist_year(found.opening_on)
    numbers = _numbers(made, year, actor)
    rows: list[dict[str, Any]] = []
    for one in made:
        agreed = _agreed(one, found, actor)
        for line_no, (goods, lot_id) in enumerate(zip(one.goods, one.lots, strict=True), start=1):
            terms = agreed[line_no - 1]
            rows.append(
                {
                    "centre_id": actor.centre_id,
                    "id": lot_id,
                    "lot_no": goods.line.text.get("lot") or next(numbers),
                    "goods_receipt_id": one.id,
                    "line_no": line_no,
                    "product_id": goods.product.id,
                    "producer_id": one.producer.id,
                    "member_id": one.producer.member_id,
                    "ownership": "consigned" if one.consigned else "own",
                    "gross_milli": goods.line.quantity_milli,
                    "tare_milli": 0,
                    "deduction_milli": 0,
                    "quantity_milli": goods.line.quantity_milli,
                    "grade": "",
                    "unit_cost_satang": 0 if one.consigned else goods.unit_cost_satang,
                    "cost_satang": goods.cost_satang,
                    "split_basis_points": terms.split_basis_points if terms else None,
                    "terms": terms.terms if terms else None,
                    "expires_on": goods.line.expires_on,
                    "received_at": now,
                }
            )
    insert_rows(Lot, rows)


def _agreed(one: _Receipt, found: OpeningImport, actor: Actor) -> Sequence[Frozen | None]:
    if not one.consigned:
        return [None] * len(one.goods)
    products = catalogue.for_sale(actor.centre_id, {goods.product.id for goods in one.goods})
    asked = [(products[goods.product.id], goods.split_basis_points) for goods in one.goods]
    return frozen(asked, one.producer, found.opening_on, actor)


def _numbers(made: Sequence[_Receipt], year: int, actor: Actor) -> Iterator[str]:
    """Yield numbers for the lots that came without one."""
    missing = sum(not goods.line.text.get("lot") for one in made for goods in one.goods)
    if missing:
        for number in next_block(actor.centre_id, "lot", year, missing):
            yield f"L{year}-{number:05d}"


def _arrive(made: Sequence[_Receipt], found: OpeningImport, now: datetime, actor: Actor) -> None:
    outside = locations.outside(actor.centre_id, "producer")
    for one in made:
        pairs = list(zip(one.lots, one.goods, strict=True))
        levels.open_at(
            actor.centre_id,
            one.location_id,
            {lot: goods.product.id for lot, goods in pairs},
            {lot: (goods.line.quantity_milli, goods.cost_satang) for lot, goods in pairs},
        )
        journey = Journey(
            source_type=receipts.SOURCE,
            source_id=one.id,
            business_date=found.opening_on,
            moved_at=now,
            from_location_id=outside,
            to_location_id=one.location_id,
        )
        moves.write(
            actor.centre_id,
            journey,
            [
                NewMove(line_no, lot, goods.line.quantity_milli, goods.cost_satang)
                for line_no, (lot, goods) in enumerate(pairs, start=1)
            ],
        )
