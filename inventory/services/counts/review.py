"""What a count came to: each lot's figures, the difference, what it is worth and who bears it.

What must stay true: a difference is what was counted less what lay there at that moment, however
late a sale of that moment arrives; a lot that a later, approved count has seen is not corrected
a second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from core import clock
from core.db import db, sum_int
from core.quantity import price_of
from inventory.models import (
    CountEntry,
    CountOutcome,
    CountSheet,
    CountSheetLine,
    Lot,
    Product,
    StockLevel,
    StockMove,
)
from inventory.rules import costing
from inventory.rules.counting import Look, Loss, Moved, Piece, found, found_again
from inventory.rules.terms import terms_of
from inventory.rules.unsold import Rule, bearer_of
from inventory.services import goods_rules
from inventory.services.counts.sheets import SOURCE
from members.services import producers

Level = tuple[int, int]
"""Quantity and book value of a lot at the place counted."""


@dataclass(frozen=True, slots=True)
class CountedRound:
    """What somebody counted of a lot in a round."""

    round_no: int
    counted_milli: int
    counted_at: datetime
    counted_by: UUID | None
    counted_name: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """A lot of a sheet as the counter sees it: no word of what is expected."""

    line_no: int
    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    sold_by: str
    category: str
    producer_id: UUID
    producer_name: str
    member_id: UUID | None
    ownership: str
    grade: str
    expires_on: date | None
    received_at: datetime
    rounds: tuple[CountedRound, ...]

    @property
    def looks(self) -> list[Look]:
        """The figures as the rule reads them."""
        return [Look(one.round_no, one.counted_milli, one.counted_at) for one in self.rounds]


@dataclass(frozen=True, slots=True)
class Figure:
    """A counted lot with its difference, valued; `bearer` is who bears it unless decided else."""

    line: CountLine
    counted_milli: int
    expected_milli: int
    variance_milli: int
    recount: bool
    superseded: bool
    """A later count of the lot was approved: this one corrects nothing."""
    cost_satang: int
    """The book value of own goods missing or found."""
    base_satang: int
    share_satang: int
    """The producer's part of consigned goods: of what is missing at today's price, or of what was
    found the charge of the earlier counts that missed it."""
    bearer: str
    pieces: tuple[Piece, ...] = ()
    """Consigned goods found, by the losses they come from."""


@dataclass(frozen=True, slots=True)
class _Worth:
    """What it takes to value a difference."""

    unit_cost_satang: int
    price_satang: int
    split_basis_points: int | None
    terms: dict[str, Any] | None


def lines_of(centre_id: int, sheet_id: UUID) -> list[CountLine]:
    """Return the lots of a sheet in its order, then those that were found, with their rounds."""
    numbers = {
        lot_id: line_no
        for lot_id, line_no in db.session.execute(
            select(CountSheetLine.lot_id, CountSheetLine.line_no).where(
                CountSheetLine.centre_id == centre_id, CountSheetLine.sheet_id == sheet_id
            )
        )
    }
    rounds: dict[UUID, list[CountedRound]] = {}
    for entry in db.session.scalars(
        select(CountEntry)
        .where(CountEntry.centre_id == centre_id, CountEntry.sheet_id == sheet_id)
        .order_by(CountEntry.round_no, CountEntry.lot_id)
    ):
        rounds.setdefault(entry.lot_id, []).append(
            CountedRound(
                entry.round_no,
                entry.counted_milli,
                entry.counted_at,
                entry.counted_by,
                entry.counted_name,
            )
        )
    for lot_id in sorted(rounds.keys() - numbers.keys()):
        numbers[lot_id] = len(numbers) + 1
    rows = db.session.execute(
        select(Lot, Product)
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Lot.centre_id == centre_id, Lot.id.in_(sorted(numbers)))
    ).all()
    people = producers.names(centre_id, {row.Lot.producer_id for row in rows})
    lines = [
        CountLine(
            line_no=numbers[row.Lot.id],
            lot_id=row.Lot.id,
            lot_no=row.Lot.lot_no,
            product_id=row.Product.id,
            name_th=row.Product.name_th,
            name_en=row.Product.name_en,
            unit=row.Product.unit,
            sold_by=row.Product.sold_by,
            category=row.Product.category,
            producer_id=row.Lot.producer_id,
            producer_name=people[row.Lot.producer_id].name,
            member_id=row.Lot.member_id,
            ownership=row.Lot.ownership,
            grade=row.Lot.grade,
            expires_on=row.Lot.expires_on,
            received_at=row.Lot.received_at,
            rounds=tuple(rounds.get(row.Lot.id, ())),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.line_no)


def figures(
    sheet: CountSheet, lines: Sequence[CountLine], levels: Mapping[UUID, Level] | None = None
) -> list[Figure]:
    """Return the differences of the lots counted so far; `levels` when they are locked already."""
    counted = [line for line in lines if line.rounds]
    if not counted:
        return []
    lot_ids = sorted(line.lot_id for line in counted)
    if levels is None:
        levels = _levels(sheet, lot_ids)
    since = min(look.counted_at for line in counted for look in line.looks)
    moved = _moved(sheet, lot_ids, since)
    later = _counted_later(sheet, lot_ids)
    worth = _worth(sheet.centre_id, lot_ids)
    rules = goods_rules.rules_of(sheet.centre_id)
    losses = _losses(sheet, lot_ids)
    return [
        _figure(
            line,
            levels.get(line.lot_id, (0, 0)),
            moved.get(line.lot_id, []),
            worth[line.lot_id],
            rules,
            later.get(line.lot_id),
            losses.get(line.lot_id, []),
        )
        for line in counted
    ]


def _figure(
    line: CountLine,
    level: Level,
    moved: Sequence[Moved],
    worth: _Worth,
    rules: Mapping[str, Rule],
    later: datetime | None,
    losses: Sequence[Loss],
) -> Figure:
    what = found(level[0], moved, line.looks)
    last = max(line.rounds, key=lambda one: one.round_no)
    superseded = later is not None and later > last.counted_at
    variance = 0 if superseded else what.variance_milli
    cost = base = share = 0
    pieces: tuple[Piece, ...] = ()
    if variance and worth.split_basis_points is None:
        cost = (
            price_of(variance, worth.unit_cost_satang)
            if variance > 0
            else costing.issue_cost(*level, -variance, worth.unit_cost_satang)
        )
    elif variance < 0 and worth.split_basis_points is not None:
        base = price_of(-variance, worth.price_satang)
        frozen = terms_of(worth.terms, worth.split_basis_points)
        share = frozen.outcome(base, -variance).share_satang
    elif variance > 0:
        pieces = tuple(found_again(variance, losses))
        base = sum(piece.base_satang for piece in pieces)
        share = sum(piece.share_satang for piece in pieces)
    return Figure(
        line=line,
        counted_milli=what.counted_milli,
        expected_milli=what.counted_milli if superseded else what.expected_milli,
        variance_milli=variance,
        recount=what.recount and not superseded,
        superseded=superseded,
        cost_satang=cost,
        base_satang=base,
        share_satang=share,
        bearer=_bearer(line, rules),
        pieces=pieces,
    )


def _bearer(line: CountLine, rules: Mapping[str, Rule]) -> str:
    """Return who bears a loss by the category's rule; without a rule the centre does."""
    rule = goods_rules.chosen(rules, line.category)
    received = clock.business_date(line.received_at)
    return bearer_of(rule, received, clock.today(), line.ownership) or "centre"


def _levels(sheet: CountSheet, lot_ids: Sequence[UUID]) -> dict[UUID, Level]:
    rows = db.session.execute(
        select(StockLevel.lot_id, StockLevel.quantity_milli, StockLevel.value_satang).where(
            StockLevel.centre_id == sheet.centre_id,
            StockLevel.location_id == sheet.location_id,
            StockLevel.lot_id.in_(lot_ids),
        )
    )
    return {lot_id: (quantity, value) for lot_id, quantity, value in rows}


def _moved(sheet: CountSheet, lot_ids: Sequence[UUID], since: datetime) -> dict[UUID, list[Moved]]:
    here = sheet.location_id
    rows = db.session.execute(
        select(
            StockMove.lot_id,
            StockMove.moved_at,
            StockMove.quantity_milli,
            StockMove.to_location_id,
        ).where(
            StockMove.centre_id == sheet.centre_id,
            StockMove.lot_id.in_(lot_ids),
            StockMove.moved_at > since,
            or_(StockMove.from_location_id == here, StockMove.to_location_id == here),
        )
    )
    moved: dict[UUID, list[Moved]] = {}
    for lot_id, moved_at, quantity, to in rows:
        moved.setdefault(lot_id, []).append(Moved(moved_at, quantity if to == here else -quantity))
    return moved


def _losses(sheet: CountSheet, lot_ids: Sequence[UUID]) -> dict[UUID, list[Loss]]:
    """Return what earlier counts missed of consigned lots, the latest first."""
    back = StockMove.__table__.alias("back")
    came_back = (
        select(sum_int(back.c.quantity_milli))
        .where(
            back.c.centre_id == StockMove.centre_id,
            back.c.original_type == StockMove.source_type,
            back.c.original_id == StockMove.source_id,
            back.c.original_move_no == StockMove.move_no,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            StockMove.lot_id,
            StockMove.source_id,
            StockMove.move_no,
            StockMove.quantity_milli,
            came_back,
            StockMove.base_satang,
            StockMove.share_satang,
        )
        .where(
            StockMove.centre_id == sheet.centre_id,
            StockMove.lot_id.in_(lot_ids),
            StockMove.source_type == SOURCE,
            StockMove.share_satang > 0,
            StockMove.original_id.is_(None),
        )
        .order_by(StockMove.moved_at.desc(), StockMove.source_id, StockMove.move_no)
    )
    losses: dict[UUID, list[Loss]] = {}
    for lot_id, *loss in rows:
        losses.setdefault(lot_id, []).append(Loss(*loss))
    return losses


def _counted_later(sheet: CountSheet, lot_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return when each lot was last counted there on another sheet that was approved."""
    rows = db.session.execute(
        select(CountEntry.lot_id, func.max(CountEntry.counted_at))
        .join(
            CountOutcome,
            and_(
                CountOutcome.centre_id == CountEntry.centre_id,
                CountOutcome.sheet_id == CountEntry.sheet_id,
                CountOutcome.kind == "approved",
            ),
        )
        .join(
            CountSheet,
            and_(
                CountSheet.centre_id == CountEntry.centre_id,
                CountSheet.id == CountEntry.sheet_id,
                CountSheet.location_id == sheet.location_id,
            ),
        )
        .where(
            CountEntry.centre_id == sheet.centre_id,
            CountEntry.lot_id.in_(lot_ids),
            CountEntry.sheet_id != sheet.id,
        )
        .group_by(CountEntry.lot_id)
    )
    return {lot_id: counted_at for lot_id, counted_at in rows}


def _worth(centre_id: int, lot_ids: Sequence[UUID]) -> dict[UUID, _Worth]:
    rows = db.session.execute(
        select(
            Lot.id, Lot.unit_cost_satang, Product.price_satang, Lot.split_basis_points, Lot.terms
        )
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Lot.centre_id == centre_id, Lot.id.in_(lot_ids))
    )
    return {row[0]: _Worth(row[1], row[2], row[3], row[4]) for row in rows}
