"""How much of each lot lies where: the rows a sale must lock, and the only code that changes them.

What must stay true: levels are locked in lot order, so two baskets never wait for each other, and
every change of a level stands beside the moves that explain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal_column, select, true
from sqlalchemy.sql import Select

from core.db import add_to_rows, db, insert_rows
from inventory.models import GoodsReceiptCancellation, Lot, Product, StockLevel
from inventory.rules.allocation import Shelf, first_expiring

# Tables, not classes: these statements run for every sale, and plain rows are half the work.
_level, _lot = StockLevel.__table__, Lot.__table__
_product, _cancellation = Product.__table__, GoodsReceiptCancellation.__table__

ON_HAND = StockLevel.quantity_milli > literal_column("0")
"""Something lies there. A literal, for a bound 0 does not tell SQLite that the index of lots on
hand will do, and all lots ever sold would be read."""

Changes = Mapping[UUID, tuple[int, int]]
"""Lot → what is added to its quantity and its book value (below zero: taken away)."""


def locked_shelves(
    centre_id: int,
    location_id: UUID,
    product_ids: Iterable[UUID],
    *,
    may_oversell: bool,
) -> dict[UUID, list[Shelf]]:
    """Return the lots of products at a location in the order they leave, locked; one statement.

    With `may_oversell` a product's newest lot is there even when nothing of it is left.
    """
    rows = db.session.connection().execute(
        _SHELVES[may_oversell],
        {
            "centre_id": centre_id,
            "location_id": location_id,
            "product_ids": sorted(set(product_ids)),
        },
    )
    found: dict[UUID, list[Shelf]] = {}
    for row in rows:
        found.setdefault(row.product_id, []).append(Shelf(*row))
    return {product_id: first_expiring(shelves) for product_id, shelves in found.items()}


def locked(centre_id: int, lot_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    """Return (quantity, value) by (lot, location) of lots, locked in lot order; one statement."""
    rows = db.session.execute(
        select(
            _level.c.lot_id,
            _level.c.location_id,
            _level.c.quantity_milli,
            _level.c.value_satang,
        )
        .where(_level.c.centre_id == centre_id, _level.c.lot_id.in_(sorted(set(lot_ids))))
        .order_by(_level.c.lot_id, _level.c.location_id)
        .with_for_update()
    )
    return {(row.lot_id, row.location_id): (row.quantity_milli, row.value_satang) for row in rows}


def change(centre_id: int, location_id: UUID, changes: Changes) -> None:
    """Add to the levels of lots at a location; one statement. The levels exist and are locked."""
    rows = [
        {
            "centre_id": centre_id,
            "lot_id": lot_id,
            "location_id": location_id,
            "quantity_milli": quantity,
            "value_satang": value,
        }
        for lot_id, (quantity, value) in sorted(changes.items())
    ]
    changed = add_to_rows(
        StockLevel,
        ("centre_id", "lot_id", "location_id"),
        ("quantity_milli", "value_satang"),
        rows,
    )
    assert changed == len(rows), "a lot without a level"


def open_at(
    centre_id: int, location_id: UUID, products: Mapping[UUID, UUID], changes: Changes
) -> None:
    """Make the first level of lots at a location; `products` names each lot's product."""
    insert_rows(
        StockLevel,
        [
            {
                "centre_id": centre_id,
                "lot_id": lot_id,
                "location_id": location_id,
                "product_id": products[lot_id],
                "quantity_milli": quantity,
                "value_satang": value,
            }
            for lot_id, (quantity, value) in sorted(changes.items())
        ],
    )


def _shelf_query(may_oversell: bool) -> Select[Any]:
    """Build the one read of an issue; made once, for building it costs more than running it."""
    products: Any = bindparam("product_ids", expanding=True)
    at_hand: Any = ON_HAND
    if may_oversell:
        # Each of the two by an index of its own; an `or` of them would read all lots there were.
        at_hand = _level.c.lot_id.in_(_on_hand(products).union_all(_newest_lots(products)))
    return (
        select(
            _level.c.lot_id,
            _level.c.product_id,
            _lot.c.ownership,
            _lot.c.producer_id,
            _lot.c.member_id,
            _level.c.quantity_milli,
            _level.c.value_satang,
            _lot.c.unit_cost_satang,
            _lot.c.split_basis_points,
            _lot.c.expires_on,
            _lot.c.received_at,
            _lot.c.terms,
        )
        .join_from(
            _level,
            _lot,
            (_lot.c.centre_id == _level.c.centre_id) & (_lot.c.id == _level.c.lot_id),
        )
        .where(
            _level.c.centre_id == bindparam("centre_id"),
            _level.c.location_id == bindparam("location_id"),
            _level.c.product_id.in_(products),
            at_hand,
        )
        # In lot order, and not by the key: SQLite would read all lots there ever were, to not sort.
        .order_by(func.coalesce(_level.c.lot_id, _level.c.lot_id))
        .with_for_update(of=_level)
    )


def _on_hand(products: Any) -> Select[Any]:
    """Select the lots of products of which something lies at the location."""
    there = _level.alias()
    return select(there.c.lot_id).where(
        there.c.centre_id == bindparam("centre_id"),
        there.c.location_id == bindparam("location_id"),
        there.c.product_id.in_(products),
        there.c.quantity_milli > literal_column("0"),
    )


def _newest_lots(products: Any) -> Select[Any]:
    """Select each product's newest lot that was not cancelled: the one sold below zero."""
    undone = (
        select(true())
        .where(
            _cancellation.c.centre_id == _lot.c.centre_id,
            _cancellation.c.goods_receipt_id == _lot.c.goods_receipt_id,
        )
        .exists()
    )
    newest = (
        select(_lot.c.id)
        .where(
            _lot.c.centre_id == _product.c.centre_id,
            _lot.c.product_id == _product.c.id,
            ~undone,
        )
        .order_by(_lot.c.received_at.desc(), _lot.c.id.desc())
        .limit(1)
        .correlate(_product)
        .scalar_subquery()
    )
    return select(newest).where(
        _product.c.centre_id == bindparam("centre_id"), _product.c.id.in_(products)
    )


_SHELVES = {policy: _shelf_query(policy) for policy in (False, True)}
