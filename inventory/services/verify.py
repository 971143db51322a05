"""Does the stock room hold together, and does it agree with the books? Read-only.

What must stay true: every check compares two sums made in different ways, and a check that fails
names the first document at fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, or_, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Location,
    Lot,
    StockLevel,
    StockMove,
    Waste,
)
from inventory.rules.opening_lots import OWN_LOT
from inventory.services import (
    control_accounts,
    verify_buying,
    verify_counts,
    verify_openings,
    verify_payouts,
    verify_production,
    verify_rounds,
    verify_settlement,
    verify_terms,
    verify_unsold,
)
from inventory.services.comparing import Key, compared, entries, gapless, tied
from inventory.services.locations import OURS


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of the stock room over one centre."""
    yield _levels_equal_moves(centre_id)
    yield _values_equal_moves(centre_id)
    yield tied("inventory account equals lots", centre_id, control_accounts.INVENTORY, "lot")
    yield _lots_begin_with_their_intake(centre_id)
    yield from _documents_have_their_entry(centre_id)
    yield from _numbers_are_gapless(centre_id)
    yield _nothing_foreign(centre_id)
    yield from verify_settlement.checks(centre_id)
    yield from verify_payouts.checks(centre_id)
    yield from verify_buying.checks(centre_id)
    yield from verify_terms.checks(centre_id)
    yield from verify_unsold.checks(centre_id)
    yield from verify_counts.checks(centre_id)
    yield from verify_openings.checks(centre_id)
    yield from verify_production.checks(centre_id)
    yield from verify_rounds.checks(centre_id)


# --- sums ------------------------------------------------------------------------------------


def _levels_equal_moves(centre_id: int) -> Finding:
    moved = _by_lot_and_place(centre_id, StockMove.quantity_milli)
    return compared(
        "stock levels equal moves", centre_id, moved, _levels(centre_id, "quantity_milli"), "lot"
    )


def _values_equal_moves(centre_id: int) -> Finding:
    moved = _by_lot_and_place(centre_id, StockMove.cost_satang)
    return compared(
        "stock values equal moves", centre_id, moved, _levels(centre_id, "value_satang"), "lot"
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
    return compared(
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
    yield entries("each intake has its entry", centre_id, "goods_receipt", intakes.all())
    cancelled = db.session.execute(
        select(GoodsReceiptCancellation.id, case((GoodsReceipt.kind == "outright", 1), else_=0))
        .join(GoodsReceipt, _cancels())
        .where(GoodsReceiptCancellation.centre_id == centre_id)
    )
    yield entries(
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
    yield entries("each write-off has its entry", centre_id, "waste", wasted.all())


def _numbers_are_gapless(centre_id: int) -> Iterator[Finding]:
    for series, table, column, prefix in (
        ("intake", GoodsReceipt, GoodsReceipt.receipt_no, "IN-"),
        ("waste", Waste, Waste.waste_no, "WS-"),
        ("lot", Lot, Lot.lot_no, "L"),
    ):
        besides = _numbers_brought(centre_id) if series == "lot" else ()
        yield gapless(centre_id, series, table, column, prefix, besides)


def _numbers_brought(centre_id: int) -> list[str]:
    """Return the numbers lots of the old books came with; none of them is like ours."""
    numbers = db.session.scalars(
        select(Lot.lot_no)
        .join(
            GoodsReceipt,
            and_(GoodsReceipt.centre_id == Lot.centre_id, GoodsReceipt.id == Lot.goods_receipt_id),
        )
        .where(Lot.centre_id == centre_id, GoodsReceipt.kind == "opening")
    )
    return [one for one in numbers if not OWN_LOT.fullmatch(one)]


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
