"""A row in every table of counts and transfers, for the attacks of test_guards.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from core.db import Base, db
from core.ids import uuid7
from inventory.models import (
    CountEntry,
    CountOutcome,
    CountSheet,
    CountSheetLine,
    Location,
    ProducerOrigin,
    ProductOrigin,
    StockTransfer,
    StockTransferLine,
    TransferArrival,
    TransferArrivalLine,
    TransferDifference,
    TransferDifferenceLine,
)
from members.models import CentreRow

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
DONE = {"business_date": DAY, "recorded_at": NOON, "recorded_name": "คุณ"}
SAME = {"digest": "0" * 64, "content": {}}


def write(centre_id: int, ids: dict[str, UUID]) -> None:
    """Write a count with its outcome, and a transfer to the centre next door that fell short."""
    sheet, transfer, arrival = uuid7(), uuid7(), uuid7()
    other = select(CentreRow.id).where(CentreRow.id != centre_id).limit(1)
    next_door = db.session.scalars(other).one()
    there = select(Location.id).where(Location.centre_id == next_door, Location.kind == "shop")
    shelf = db.session.scalars(there).one()
    _add(
        CountSheet,
        centre_id,
        id=sheet,
        sheet_no="CS-2569-00001",
        location_id=ids["shop"],
        printed_at=NOON,
        printed_name="คุณ",
        **SAME,
    )
    counted = {"sheet_id": sheet, "lot_id": ids["lot"]}
    _add(CountSheetLine, centre_id, line_no=1, expected_milli=1000, **counted)
    entry = {"counted_milli": 1000, "counted_at": NOON, "counted_name": "คุณ"}
    _add(CountEntry, centre_id, round_no=1, **counted, **entry)
    ended: dict[str, Any] = {"kind": "cancelled", "content": {}, **DONE}
    _add(CountOutcome, centre_id, sheet_id=sheet, **ended)
    _add(
        StockTransfer,
        centre_id,
        id=transfer,
        transfer_no="TR-2569-00001",
        from_location_id=ids["shop"],
        to_location_id=ids["customer"],
        to_centre_id=next_door,
        cost_satang=0,
        **DONE,
        **SAME,
    )
    sent = {"transfer_id": transfer, "line_no": 1}
    _add(
        StockTransferLine, centre_id, lot_id=ids["lot"], quantity_milli=1000, cost_satang=0, **sent
    )
    _add(
        TransferArrival,
        next_door,
        id=arrival,
        arrival_no="TA-2569-00001",
        from_centre_id=centre_id,
        transfer_id=transfer,
        location_id=shelf,
        cost_satang=0,
        **DONE,
        **SAME,
    )
    nothing = {"sent_milli": 1000, "received_milli": 0, "cost_satang": 0}
    _add(TransferArrivalLine, next_door, arrival_id=arrival, line_no=1, **nothing)
    settled: dict[str, Any] = {"reason": "lost", "cost_satang": 0, **DONE, **SAME}
    _add(TransferDifference, centre_id, transfer_id=transfer, **settled)
    lost = {"returned_milli": 0, "lost_milli": 1000, "bearer": "producer", "charge_satang": 0}
    _add(TransferDifferenceLine, centre_id, **sent, **lost)
    for model, key in ((ProducerOrigin, "producer"), (ProductOrigin, "product")):
        names = {f"{key}_id": ids[key], f"from_{key}_id": ids[key]}
        _add(model, centre_id, from_centre_id=centre_id, **names)


def _add(model: type[Base], centre_id: int, **values: Any) -> None:
    db.session.execute(insert(model).values(centre_id=centre_id, **values))
