"""Do the documents of unsold goods hold together? Read-only; part of the stock room's checks.

What must stay true: a document moved exactly what it says, has its entry when it charged someone,
and both halves of a purchase from consignment carry the same quantity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, literal, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import Donation, Lot, LotConversion, LotEvent, StockMove
from inventory.services.comparing import compared, entries, gapless
from inventory.services.decided import NUMBERS, TABLES

PREFIXES = {"producer_return": "RT-", "lot_conversion": "CV-", "donation": "DN-"}


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of unsold goods over one centre."""
    yield _entries(centre_id, "donation", case((Donation.charge_satang > 0, 1), else_=0))
    yield _entries(centre_id, "lot_conversion", literal(0))
    yield _entries(centre_id, "producer_return", literal(0))
    for source_type, table in (*TABLES.items(), ("lot_event", LotEvent)):
        yield _moved_what_they_say(centre_id, source_type, table)
    yield _donations_charge_their_moves(centre_id)
    yield _conversions_link_both_sides(centre_id)
    for source_type, table in TABLES.items():
        prefix = PREFIXES[source_type]
        yield gapless(centre_id, source_type, table, NUMBERS[source_type], prefix)
    yield _events_follow_each_other(centre_id)


def _entries(centre_id: int, source_type: str, wanted: Any) -> Finding:
    table = TABLES[source_type]
    rows = db.session.execute(select(table.id, wanted).where(table.centre_id == centre_id))
    return entries(f"each {source_type} has its entry", centre_id, source_type, rows.all())


def _moved_what_they_say(centre_id: int, source_type: str, table: Any) -> Finding:
    """A grade changed moves nothing; every other document moves its quantity of its lot."""
    said = select(table.id, table.quantity_milli).where(table.centre_id == centre_id)
    if table is LotEvent:
        said = said.where(LotEvent.kind != "regraded")
    moved = select(StockMove.source_id, sum_int(StockMove.quantity_milli)).where(
        StockMove.centre_id == centre_id, StockMove.source_type == source_type
    )
    return compared(
        f"each {source_type} moved what it says",
        centre_id,
        dict(db.session.execute(said).all()),
        dict(db.session.execute(moved.group_by(StockMove.source_id)).all()),
        source_type,
    )


def _donations_charge_their_moves(centre_id: int) -> Finding:
    said = select(Donation.id, Donation.charge_satang).where(Donation.centre_id == centre_id)
    worth = sum_int(StockMove.cost_satang + StockMove.share_satang)
    moved = select(StockMove.source_id, worth).where(
        StockMove.centre_id == centre_id, StockMove.source_type == "donation"
    )
    return compared(
        "each donation charges what moved",
        centre_id,
        dict(db.session.execute(said).all()),
        dict(db.session.execute(moved.group_by(StockMove.source_id)).all()),
        "donation",
    )


def _conversions_link_both_sides(centre_id: int) -> Finding:
    """The lot that came in is of the intake named, own, and as much as went out, at that cost."""
    said = select(LotConversion.id, LotConversion.quantity_milli, LotConversion.cost_satang).where(
        LotConversion.centre_id == centre_id
    )
    came = (
        select(LotConversion.id, Lot.quantity_milli, Lot.cost_satang)
        .join(
            Lot,
            and_(
                Lot.centre_id == LotConversion.centre_id,
                Lot.id == LotConversion.new_lot_id,
                Lot.goods_receipt_id == LotConversion.goods_receipt_id,
            ),
        )
        .where(LotConversion.centre_id == centre_id, Lot.ownership == "own")
    )
    return compared(
        "each lot_conversion links both sides",
        centre_id,
        _sides(said),
        _sides(came),
        "lot_conversion",
    )


def _sides(query: Any) -> dict[Any, int]:
    sides: dict[Any, int] = {}
    for identity, quantity, cost in db.session.execute(query):
        sides[identity, "quantity"] = quantity
        sides[identity, "cost"] = cost
    return sides


def _events_follow_each_other(centre_id: int) -> Finding:
    """Each event of a lot starts from the grade the one before it left."""
    rows = db.session.execute(
        select(
            LotEvent.lot_id,
            LotEvent.event_no,
            LotEvent.grade_before,
            LotEvent.grade_after,
            Lot.grade,
        )
        .join(Lot, and_(Lot.centre_id == LotEvent.centre_id, Lot.id == LotEvent.lot_id))
        .where(LotEvent.centre_id == centre_id)
        .order_by(LotEvent.lot_id, LotEvent.event_no)
    )
    expected: dict[Any, int] = {}
    actual: dict[Any, int] = {}
    last: dict[UUID, tuple[int, str]] = {}
    for lot_id, event_no, before, after, grade in rows:
        no, left = last.get(lot_id, (0, grade))
        expected[lot_id] = expected.get(lot_id, 0) + 1
        actual[lot_id] = actual.get(lot_id, 0) + (event_no == no + 1 and before == left)
        last[lot_id] = (event_no, after)
    return compared("events of a lot follow each other", centre_id, expected, actual, "lot")
