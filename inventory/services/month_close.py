"""What the stock room has to say before a month can be closed.

What must stay true: every matter names its first documents and opens the page that settles it; a
matter goes away by being settled, never by waiting. Looked at as things stand now, for what was
begun by the month's end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.sql import Select

from accounting.rules.attention import Attention, Document
from accounting.rules.periods import first_day, last_day
from accounting.services import book_settings
from core.clock import BANGKOK
from core.db import db, sum_int
from core.errors import N_
from inventory.models import (
    CountOutcome,
    CountSheet,
    Location,
    Lot,
    PayoutBatch,
    PayoutBatchLine,
    SettlementOutcome,
    SettlementRun,
    StockLevel,
    StockTransfer,
    TransferArrival,
    TransferArrivalLine,
    TransferDifference,
)
from inventory.services import aged_payables
from inventory.services.locations import OURS

NAMED_MAX = 10
COUNTED_WITHIN = timedelta(days=3)
"""A count at the month's end may be approved so many days after it."""


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield what needs a person in this room, for one month."""
    last = last_day(period_id)
    yield from _negative_stock(centre_id)
    yield from _uncounted(centre_id, first_day(period_id), last)
    for title, address, source_type, query in _unfinished(centre_id, _end(last)):
        yield from _listed(title, address, source_type, query)
    yield from _old_payables(centre_id, last)


def _negative_stock(centre_id: int) -> Iterator[Attention]:
    rows = db.session.execute(
        select(Lot.id, Lot.lot_no, sum_int(StockLevel.value_satang))
        .join(StockLevel, and_(StockLevel.centre_id == Lot.centre_id, StockLevel.lot_id == Lot.id))
        .where(
            StockLevel.centre_id == centre_id,
            or_(StockLevel.quantity_milli < 0, StockLevel.value_satang < 0),
        )
        .group_by(Lot.id, Lot.lot_no)
        .order_by(Lot.id)
    ).all()
    if rows:
        yield Attention(
            "negative_stock",
            N_("Goods stand below zero"),
            len(rows),
            sum(-satang for _, _, satang in rows),
            "/c/{c}/stock",
            documents=tuple(
                Document("lot", lot_id, number, satang) for lot_id, number, satang in rows
            )[:NAMED_MAX],
        )


def _uncounted(centre_id: int, first: date, last: date) -> Iterator[Attention]:
    """Our places where goods lay at the month's end and no count of all of them was approved."""
    counted = (
        select(CountSheet.location_id)
        .join(CountOutcome, _OUTCOME_OF_SHEET)
        .where(
            CountSheet.centre_id == centre_id,
            CountSheet.producer_id.is_(None),
            CountOutcome.kind == "approved",
            CountOutcome.business_date.between(first, last + COUNTED_WITHIN),
        )
    )
    rows = db.session.execute(
        select(Location.id, sum_int(StockLevel.value_satang))
        .join(
            StockLevel,
            and_(StockLevel.centre_id == Location.centre_id, StockLevel.location_id == Location.id),
        )
        .join(Lot, and_(Lot.centre_id == StockLevel.centre_id, Lot.id == StockLevel.lot_id))
        .where(
            Location.centre_id == centre_id,
            Location.kind.in_(OURS),
            Location.id.not_in(counted),
            StockLevel.quantity_milli != 0,
            Lot.received_at < _end(last),
        )
        .group_by(Location.id)
    ).all()
    if rows:
        yield Attention(
            "stock",
            N_("Places where the stock was not counted"),
            len(rows),
            sum(satang for _, satang in rows),
            "/c/{c}/counts",
        )


def _old_payables(centre_id: int, last: date) -> Iterator[Attention]:
    days = book_settings.of(centre_id).aged_payable_days
    count, satang = aged_payables.older_than(centre_id, last, days)
    if count:
        yield Attention(
            "aged_payables",
            N_("Producers who have waited too long for their money"),
            count,
            satang,
            "/c/{c}/aged-payables?on=" + last.isoformat(),
            stops=False,
        )


# --- documents under way ---------------------------------------------------------------------


def _unfinished(centre_id: int, end: datetime) -> Iterator[tuple[str, str, str, Any]]:
    """Yield (title, address, source type, select of id, number, satang) of what was begun."""
    yield (
        N_("Settlements prepared but not posted"),
        "/c/{c}/settlement-runs",
        "settlement_run",
        _runs_waiting(centre_id, end),
    )
    yield (
        N_("Stock counts not finished"),
        "/c/{c}/counts",
        "count_sheet",
        _sheets_open(centre_id, end),
    )
    yield (
        N_("Goods that came from another centre, not received yet"),
        "/c/{c}/transfers",
        "",
        _sent(end).where(StockTransfer.to_centre_id == centre_id, TransferArrival.id.is_(None)),
    )
    yield (
        N_("Goods sent to another centre, not arrived or not settled"),
        "/c/{c}/transfers",
        "transfer",
        _sent(end).where(
            StockTransfer.centre_id == centre_id,
            StockTransfer.to_centre_id.is_not(None),
            or_(TransferArrival.id.is_(None), _something_is_missing()),
        ),
    )
    yield (
        N_("Bank files without the bank's answer"),
        "/c/{c}/payout-batches",
        "payout_batch",
        _files_unanswered(centre_id, end),
    )


def _runs_waiting(centre_id: int, end: datetime) -> Any:
    outcome = and_(
        SettlementOutcome.centre_id == SettlementRun.centre_id,
        SettlementOutcome.run_id == SettlementRun.id,
    )
    return (
        select(SettlementRun.id, SettlementRun.run_no, SettlementRun.payout_satang)
        .outerjoin(SettlementOutcome, outcome)
        .where(
            SettlementRun.centre_id == centre_id,
            SettlementRun.prepared_at < end,
            SettlementOutcome.run_id.is_(None),
        )
    )


def _sheets_open(centre_id: int, end: datetime) -> Any:
    return (
        select(CountSheet.id, CountSheet.sheet_no, literal(0))
        .outerjoin(CountOutcome, _OUTCOME_OF_SHEET)
        .where(
            CountSheet.centre_id == centre_id,
            CountSheet.printed_at < end,
            CountOutcome.sheet_id.is_(None),
        )
    )


def _files_unanswered(centre_id: int, end: datetime) -> Any:
    lines = and_(
        PayoutBatchLine.centre_id == PayoutBatch.centre_id,
        PayoutBatchLine.batch_id == PayoutBatch.id,
    )
    return (
        select(PayoutBatch.id, PayoutBatch.batch_no, sum_int(PayoutBatchLine.amount_satang))
        .join(PayoutBatchLine, lines)
        .where(
            PayoutBatch.centre_id == centre_id,
            PayoutBatch.recorded_at < end,
            PayoutBatchLine.state == "waiting",
        )
        .group_by(PayoutBatch.id, PayoutBatch.batch_no)
    )


def _listed(title: str, address: str, source_type: str, query: Any) -> Iterator[Attention]:
    rows = db.session.execute(query.order_by(query.selected_columns[1])).all()
    if rows:
        named = rows[:NAMED_MAX] if source_type else ()
        yield Attention(
            "unfinished_documents",
            title,
            len(rows),
            sum(satang for _, _, satang in rows),
            address,
            documents=tuple(Document(source_type, *row) for row in named),
        )


def _sent(end: datetime) -> Select[Any]:
    columns: tuple[Any, ...] = (
        StockTransfer.id,
        StockTransfer.transfer_no,
        StockTransfer.cost_satang,
    )
    return (
        select(*columns)
        .outerjoin(
            TransferArrival,
            and_(
                TransferArrival.from_centre_id == StockTransfer.centre_id,
                TransferArrival.transfer_id == StockTransfer.id,
            ),
        )
        .where(StockTransfer.recorded_at < end)
    )


def _something_is_missing() -> Any:
    """Less arrived than was sent, and the sender has not said what became of it."""
    short = (
        select(TransferArrivalLine.line_no)
        .where(
            TransferArrivalLine.centre_id == TransferArrival.centre_id,
            TransferArrivalLine.arrival_id == TransferArrival.id,
            TransferArrivalLine.received_milli < TransferArrivalLine.sent_milli,
        )
        .exists()
    )
    settled = (
        select(TransferDifference.transfer_id)
        .where(
            TransferDifference.centre_id == StockTransfer.centre_id,
            TransferDifference.transfer_id == StockTransfer.id,
        )
        .exists()
    )
    return and_(short, ~settled)


_OUTCOME_OF_SHEET: Any = and_(
    CountOutcome.centre_id == CountSheet.centre_id, CountOutcome.sheet_id == CountSheet.id
)


def _end(last: date) -> datetime:
    """Return the midnight in Bangkok at which a month's last day is over."""
    return datetime.combine(last + timedelta(days=1), time(), BANGKOK).astimezone(UTC)
