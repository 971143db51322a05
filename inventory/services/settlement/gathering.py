"""What a settlement is reckoned from: moves not settled yet, what is owed back, what was carried.

What must stay true: a whole run costs a handful of statements whatever the number of producers;
what is read here is the stored facts only, so the same facts give the same settlement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db, sum_int
from inventory.models import (
    Lot,
    Recovery,
    SettledMove,
    Settlement,
    SettlementOutcome,
    StockMove,
)
from inventory.rules.settlement import Line, MoveKey, OwedBack, payable_lines
from inventory.services import advances

SETTLED = ("sale", "refund", "waste", "donation", "count_sheet", "transfer_difference")
"""The documents whose moves a statement lists; the producer's part of some is nothing."""

_move, _lot = StockMove.__table__, Lot.__table__
_done = SettledMove.__table__.alias("done")
_before = SettledMove.__table__.alias("before")
LINE_COLUMNS = (
    _lot.c.producer_id,
    _move.c.source_type,
    _move.c.source_id,
    _move.c.move_no,
    _move.c.business_date,
    _lot.c.product_id,
    _lot.c.lot_no,
    _lot.c.split_basis_points,
    _move.c.quantity_milli,
    _move.c.base_satang,
    _move.c.borne_satang,
    _move.c.share_satang,
    _move.c.original_type,
    _move.c.original_id,
    _move.c.original_move_no,
)
IN_ORDER = (_lot.c.producer_id, _move.c.business_date, _move.c.moved_at, _move.c.source_id)
"""Oldest first: what is owed back is taken in this order."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything one producer's settlement is reckoned from."""

    producer_id: UUID
    payable: Sequence[Line]
    owed: Sequence[OwedBack]
    advances_satang: int
    brought_forward_satang: int


def gather(
    centre_id: int,
    cut_off: date,
    hold_back_days: int,
    producer_ids: Collection[UUID] | None = None,
) -> list[Gathered]:
    """Return what each producer's settlement up to a day is made of, by producer id.

    Only producers with something to settle; all producers unless some are named.
    """
    lines: dict[UUID, list[Line]] = {
        producer_id: [line for _, line in group]
        for producer_id, group in groupby(
            unsettled(centre_id, producer_ids, _move.c.business_date <= cut_off),
            key=lambda pair: pair[0],
        )
    }
    carried, chains = _carried(centre_id, producer_ids)
    taken = recovered(centre_id, producer_ids)
    owed_by_advances = advances.outstanding(centre_id, producer_ids)
    found = []
    for producer_id in sorted({*lines, *carried}):
        payable, back = payable_lines(lines.get(producer_id, ()), cut_off, hold_back_days)
        brought_forward = carried.get(producer_id, 0)
        if not brought_forward and not any(line.amount_satang for line in payable):
            continue
        found.append(
            Gathered(
                producer_id=producer_id,
                payable=payable,
                owed=owed_back(back, taken, chains.get(producer_id, ())),
                advances_satang=sum(
                    one.left_satang for one in owed_by_advances.get(producer_id, ())
                ),
                brought_forward_satang=brought_forward,
            )
        )
    return found


def owed_back(
    lines: Iterable[Line], taken: Mapping[MoveKey, int], chain: Collection[UUID] = ()
) -> list[OwedBack]:
    """Return what each return still takes back, in the order given; nothing that is done with.

    `chain` names the settlements whose sum was carried forward instead of paid.
    """
    found = []
    for line in lines:
        left = -line.amount_satang - taken.get(line.key, 0)
        if left > 0:
            found.append(OwedBack(line, left, line.original_settlement in chain))
    return found


def recovered(centre_id: int, producer_ids: Collection[UUID] | None = None) -> dict[MoveKey, int]:
    """Return what has been taken of each return so far."""
    query = (
        select(
            Recovery.source_type,
            Recovery.source_id,
            Recovery.move_no,
            sum_int(Recovery.amount_satang),
        )
        .where(Recovery.centre_id == centre_id)
        .group_by(Recovery.source_type, Recovery.source_id, Recovery.move_no)
    )
    if producer_ids is not None:
        query = query.where(Recovery.producer_id.in_(sorted(producer_ids)))
    return {(kind, document, no): total for kind, document, no, total in db.session.execute(query)}


def line_of_row(row: Any) -> tuple[UUID, Line]:
    """Return the producer and the line of a row of `LINE_COLUMNS` (and more behind them)."""
    producer_id, kind, document, number, day, product, lot_no, split, quantity, base, borne = row[
        :11
    ]
    share, original_type, original_id, original_no = row[11:15]
    back = original_id is not None
    sign = -1 if back else 1
    return producer_id, Line(
        key=(kind, document, number),
        business_date=day,
        product_id=product,
        lot_no=lot_no,
        split_basis_points=split,
        quantity_milli=sign * quantity,
        base_satang=sign * base,
        borne_satang=sign * borne,
        amount_satang=sign * share,
        original=(original_type, original_id, original_no) if back else None,
        original_settlement=row[15] if len(row) > 15 else None,
    )


def unsettled(
    centre_id: int, producer_ids: Collection[UUID] | None, *wanted: Any
) -> Iterator[tuple[UUID, Line]]:
    """Yield the moves no settlement has settled, producer by producer, oldest first."""
    query = (
        select(*LINE_COLUMNS, _before.c.settlement_id)
        .join_from(
            _move, _lot, and_(_lot.c.centre_id == _move.c.centre_id, _lot.c.id == _move.c.lot_id)
        )
        .outerjoin(
            _done,
            and_(
                _done.c.centre_id == _move.c.centre_id,
                _done.c.source_type == _move.c.source_type,
                _done.c.source_id == _move.c.source_id,
                _done.c.move_no == _move.c.move_no,
            ),
        )
        .outerjoin(
            _before,
            and_(
                _before.c.centre_id == _move.c.centre_id,
                _before.c.source_type == _move.c.original_type,
                _before.c.source_id == _move.c.original_id,
                _before.c.move_no == _move.c.original_move_no,
            ),
        )
        .where(
            _move.c.centre_id == centre_id,
            _move.c.source_type.in_(SETTLED),
            _lot.c.ownership == "consigned",
            _done.c.settlement_id.is_(None),
            *wanted,
        )
        .order_by(*IN_ORDER, _move.c.move_no)
    )
    if producer_ids is not None:
        query = query.where(_lot.c.producer_id.in_(sorted(producer_ids)))
    return (line_of_row(row) for row in db.session.execute(query))


def returned(centre_id: int, producer_ids: Collection[UUID] | None) -> Iterator[tuple[UUID, Line]]:
    """Yield the returns of settled sales whose last satang no settlement has taken."""
    return unsettled(
        centre_id,
        producer_ids,
        _move.c.share_satang > 0,
        _before.c.settlement_id.is_not(None),
    )


def _carried(
    centre_id: int, producer_ids: Collection[UUID] | None
) -> tuple[dict[UUID, int], dict[UUID, list[UUID]]]:
    """Return what each producer's last posted settlement carried forward, and the settlements
    that is made of: all since the last one that carried nothing.
    """
    posted = (
        select(Settlement.producer_id, Settlement.id, Settlement.carried_satang)
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
            ),
        )
        .where(Settlement.centre_id == centre_id, SettlementOutcome.kind == "posted")
        .order_by(SettlementOutcome.recorded_at, Settlement.id)
    )
    if producer_ids is not None:
        posted = posted.where(Settlement.producer_id.in_(sorted(producer_ids)))
    carried: dict[UUID, int] = {}
    chains: dict[UUID, list[UUID]] = {}
    for producer_id, settlement_id, satang in db.session.execute(posted):
        if satang:
            carried[producer_id] = satang
            chains.setdefault(producer_id, []).append(settlement_id)
        else:
            carried.pop(producer_id, None)
            chains.pop(producer_id, None)
    return carried, chains
