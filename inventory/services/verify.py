"""Does the stock room hold together, and does it agree with the books? Read-only.

What must stay true: every check compares two sums made in different ways, and a check that fails
names the first document at fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, or_, select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.db import db, sum_int
from core.findings import Finding
from core.models import NumberSeries
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Location,
    Lot,
    StockLevel,
    StockMove,
    Waste,
)
from inventory.services.locations import OURS

Key = Any


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of the stock room over one centre."""
    yield _levels_equal_moves(centre_id)
    yield _values_equal_moves(centre_id)
    yield _inventory_equals_lots(centre_id)
    yield _consignment_payable_equals_shares(centre_id)
    yield _outright_payable_equals_intakes(centre_id)
    yield _lots_begin_with_their_intake(centre_id)
    yield from _documents_have_their_entry(centre_id)
    yield from _numbers_are_gapless(centre_id)
    yield _nothing_foreign(centre_id)


# --- sums ------------------------------------------------------------------------------------


def _levels_equal_moves(centre_id: int) -> Finding:
    moved = _by_lot_and_place(centre_id, StockMove.quantity_milli)
    return _compared(
        "stock levels equal moves", centre_id, moved, _levels(centre_id, "quantity_milli"), "lot"
    )


def _values_equal_moves(centre_id: int) -> Finding:
    moved = _by_lot_and_place(centre_id, StockMove.cost_satang)
    return _compared(
        "stock values equal moves", centre_id, moved, _levels(centre_id, "value_satang"), "lot"
    )


def _inventory_equals_lots(centre_id: int) -> Finding:
    rows = db.session.execute(
        select(StockLevel.lot_id, sum_int(StockLevel.value_satang))
        .where(StockLevel.centre_id == centre_id)
        .group_by(StockLevel.lot_id)
    )
    return _compared(
        "inventory account equals lots",
        centre_id,
        dict(rows.all()),
        ledger.sub_ledger(centre_id, Purpose.INVENTORY, "lot"),
        "lot",
    )


def _consignment_payable_equals_shares(centre_id: int) -> Finding:
    sign = case((StockMove.original_id.is_not(None), -1), else_=1)
    rows = db.session.execute(
        select(Lot.producer_id, sum_int(sign * StockMove.share_satang))
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .where(StockMove.centre_id == centre_id, StockMove.share_satang != 0)
        .group_by(Lot.producer_id)
    )
    owed = ledger.sub_ledger(centre_id, Purpose.CONSIGNMENT_PAYABLE, "producer")
    return _compared(
        "consignment payable equals producers' shares",
        centre_id,
        dict(rows.all()),
        {producer_id: -balance for producer_id, balance in owed.items()},
        "producer",
    )


def _outright_payable_equals_intakes(centre_id: int) -> Finding:
    rows = db.session.execute(
        select(GoodsReceipt.producer_id, sum_int(GoodsReceipt.cost_satang))
        .outerjoin(GoodsReceiptCancellation, _cancels())
        .where(
            GoodsReceipt.centre_id == centre_id,
            GoodsReceipt.paid == "payable",
            GoodsReceiptCancellation.id.is_(None),
        )
        .group_by(GoodsReceipt.producer_id)
    )
    owed = ledger.sub_ledger(centre_id, Purpose.PAYABLE_OUTRIGHT, "producer")
    return _compared(
        "outright payable equals intakes",
        centre_id,
        dict(rows.all()),
        {producer_id: -balance for producer_id, balance in owed.items()},
        "producer",
    )


def _lots_begin_with_their_intake(centre_id: int) -> Finding:
    lots = db.session.execute(select(Lot.id, Lot.quantity_milli).where(Lot.centre_id == centre_id))
    arrived = db.session.execute(
        select(StockMove.lot_id, sum_int(StockMove.quantity_milli))
        .join(
            Lot,
            and_(
                Lot.centre_id == StockMove.centre_id,
                Lot.id == StockMove.lot_id,
                Lot.goods_receipt_id == StockMove.source_id,
            ),
        )
        .where(StockMove.centre_id == centre_id, StockMove.source_type == "goods_receipt")
        .group_by(StockMove.lot_id)
    )
    return _compared(
        "lots begin with their intake",
        centre_id,
        dict(lots.all()),
        dict(arrived.all()),
        "lot",
    )


def _by_lot_and_place(centre_id: int, amount: Any) -> dict[Key, int]:
    """Sum moves in less moves out for every lot at every place of ours."""
    ours = select(Location.id).where(Location.centre_id == centre_id, Location.kind.in_(OURS))
    sums: dict[Key, int] = {}
    place: Any
    for place, sign in ((StockMove.to_location_id, 1), (StockMove.from_location_id, -1)):
        rows = db.session.execute(
            select(StockMove.lot_id, place, sum_int(amount))
            .where(StockMove.centre_id == centre_id, place.in_(ours))
            .group_by(StockMove.lot_id, place)
        )
        for lot_id, place_id, total in rows:
            sums[lot_id, place_id] = sums.get((lot_id, place_id), 0) + sign * total
    return sums


def _levels(centre_id: int, column: str) -> dict[Key, int]:
    rows = db.session.execute(
        select(StockLevel.lot_id, StockLevel.location_id, getattr(StockLevel, column)).where(
            StockLevel.centre_id == centre_id
        )
    )
    return {(lot_id, place): amount for lot_id, place, amount in rows}


# --- documents -------------------------------------------------------------------------------


def _documents_have_their_entry(centre_id: int) -> Iterator[Finding]:
    intakes = db.session.execute(
        select(GoodsReceipt.id, case((GoodsReceipt.kind == "outright", 1), else_=0)).where(
            GoodsReceipt.centre_id == centre_id
        )
    )
    yield _entries("each intake has its entry", centre_id, "goods_receipt", intakes.all())
    cancelled = db.session.execute(
        select(GoodsReceiptCancellation.id, case((GoodsReceipt.kind == "outright", 1), else_=0))
        .join(GoodsReceipt, _cancels())
        .where(GoodsReceiptCancellation.centre_id == centre_id)
    )
    yield _entries(
        "each cancelled intake has its entry",
        centre_id,
        "goods_receipt_cancellation",
        cancelled.all(),
    )
    wasted = db.session.execute(
        select(Waste.id, case((Waste.charge_satang > 0, 1), else_=0)).where(
            Waste.centre_id == centre_id
        )
    )
    yield _entries("each write-off has its entry", centre_id, "waste", wasted.all())


def _entries(check: str, centre_id: int, source_type: str, documents: Iterable[Any]) -> Finding:
    return _compared(
        check,
        centre_id,
        dict(documents),
        ledger.source_counts(centre_id, source_type),
        source_type,
    )


def _numbers_are_gapless(centre_id: int) -> Iterator[Finding]:
    for series, table, column, prefix in (
        ("intake", GoodsReceipt, GoodsReceipt.receipt_no, "IN-"),
        ("waste", Waste, Waste.waste_no, "WS-"),
        ("lot", Lot, Lot.lot_no, "L"),
    ):
        drawn = db.session.execute(
            select(NumberSeries.year, NumberSeries.last_number).where(
                NumberSeries.centre_id == centre_id, NumberSeries.series == series
            )
        ).all()
        found = db.session.execute(
            select(column, table.id).where(table.centre_id == centre_id)
        ).all()
        yield _compared(
            f"{series} numbers gapless",
            centre_id,
            {
                f"{prefix}{year}-{number:05d}": 1
                for year, last in drawn
                for number in range(1, last + 1)
            },
            {number: 1 for number, _ in found},
            table.__tablename__,
        )


def _nothing_foreign(centre_id: int) -> Finding:
    """Count rows whose lot or place is not of the same centre; keys forbid it, we look anyway."""
    adrift = db.session.execute(
        select(StockMove.source_type, StockMove.source_id)
        .outerjoin(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .outerjoin(
            Location,
            and_(
                Location.centre_id == StockMove.centre_id, Location.id == StockMove.to_location_id
            ),
        )
        .where(StockMove.centre_id == centre_id, or_(Lot.id.is_(None), Location.id.is_(None)))
        .order_by(StockMove.source_id)
    ).all()
    first = adrift[0] if adrift else None
    return Finding(
        check="no move of another centre",
        centre_id=centre_id,
        ok=first is None,
        actual=len(adrift),
        document_type=first.source_type if first else "",
        document_id=first.source_id if first else "",
    )


def _cancels() -> Any:
    return and_(
        GoodsReceiptCancellation.centre_id == GoodsReceipt.centre_id,
        GoodsReceiptCancellation.goods_receipt_id == GoodsReceipt.id,
    )


def _compared(
    check: str,
    centre_id: int,
    expected: Mapping[Key, int],
    actual: Mapping[Key, int],
    document_type: str,
) -> Finding:
    """Compare two sums key by key; the first key that differs is the document at fault."""
    differing = [key for key in {*expected, *actual} if expected.get(key, 0) != actual.get(key, 0)]
    if not differing:
        total = sum(expected.values())
        return Finding(check, centre_id, True, total, sum(actual.values()))
    first = min(differing, key=str)
    document: UUID | str = first[0] if isinstance(first, tuple) else first or ""
    return Finding(
        check=check,
        centre_id=centre_id,
        ok=False,
        expected=expected.get(first, 0),
        actual=actual.get(first, 0),
        document_type=document_type,
        document_id=document,
        detail=f"{len(differing)} differ",
    )
