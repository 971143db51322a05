"""Make a posted settlement again from the stored facts: what an auditor does to believe it.

What must stay true: nothing here reads the frozen lines or sums; only the moves of goods, the
recoveries, what was carried, and the recipe. Of the paper itself: names and numbers, which returns
were known, and what advances were out when it was prepared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db
from core.documents import digest_of
from inventory.models import (
    Lot,
    Recovery,
    SettledMove,
    Settlement,
    SettlementOutcome,
    SettlementRun,
    StockMove,
)
from inventory.rules.settlement import (
    Line,
    MoveKey,
    OwedBack,
    Recipe,
    line_of,
    reckon,
    statement_content,
)
from inventory.services.settlement.gathering import IN_ORDER, LINE_COLUMNS, line_of_row

HEAD = ("settlement_no", "run_no", "cut_off", "prepared_at", "producer", "products")

CHUNK = 200

_move, _lot = StockMove.__table__, Lot.__table__


def digests(centre_id: int) -> Iterator[tuple[UUID, str, str]]:
    """Yield each posted statement's id, its stored digest, and the digest of it made again."""
    carried: dict[UUID, int] = {}
    chains: dict[UUID, list[UUID]] = {}
    for run, posted_at in _posted_runs(centre_id):
        lines = _lines_of(centre_id, run.id)
        before = _taken_before(centre_id, posted_at)
        for rows in _statements(centre_id, run.id):
            returned = _returned(centre_id, [key for row in rows for key in _owed_keys(row)])
            for row in rows:
                chain = chains.setdefault(row.producer_id, [])
                owed = [
                    OwedBack(
                        returned[key],
                        -returned[key].amount_satang - before.get(key, 0),
                        returned[key].original_settlement in chain,
                    )
                    for key in _owed_keys(row)
                ]
                mine = lines.get(row.id, [])
                again = _again(row, run.recipe, mine, owed, carried.get(row.producer_id, 0))
                carried[row.producer_id] = again["carried"]
                if again["carried"]:
                    chain.append(row.id)
                else:
                    chain.clear()
                yield row.id, row.digest, digest_of(again)


def _again(
    row: Any,
    recipe: Mapping[str, int],
    lines: Sequence[Line],
    owed: Sequence[OwedBack],
    brought_forward: int,
) -> dict[str, Any]:
    back = {one.line.key for one in owed}
    payable = [line for line in lines if line.key not in back]
    formula = Recipe(**recipe)
    advances = row.content["advances_before"]
    result = reckon(payable, owed, advances, brought_forward, formula)
    head = {name: row.content[name] for name in HEAD}
    return statement_content(head, formula, payable, advances, result)


def _owed_keys(row: Any) -> list[MoveKey]:
    """Return the returns a statement knew of; what each was worth is asked of the moves."""
    return [line_of(one["line"]).key for one in row.content["recoveries"]]


def _posted_runs(centre_id: int) -> list[tuple[Any, datetime]]:
    rows = db.session.execute(
        select(SettlementRun.id, SettlementRun.recipe, SettlementOutcome.recorded_at)
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == SettlementRun.centre_id,
                SettlementOutcome.run_id == SettlementRun.id,
            ),
        )
        .where(SettlementRun.centre_id == centre_id, SettlementOutcome.kind == "posted")
        .order_by(SettlementOutcome.recorded_at, SettlementRun.id)
    ).all()
    return [(row, row.recorded_at) for row in rows]


def _statements(centre_id: int, run_id: UUID) -> Iterator[Sequence[Any]]:
    """Yield a run's statements a few at a time: their content is long."""
    after = ""
    while True:
        rows = db.session.execute(
            select(
                Settlement.id,
                Settlement.settlement_no,
                Settlement.producer_id,
                Settlement.digest,
                Settlement.content,
            )
            .where(
                Settlement.centre_id == centre_id,
                Settlement.run_id == run_id,
                Settlement.settlement_no > after,
            )
            .order_by(Settlement.settlement_no)
            .limit(CHUNK)
        ).all()
        if not rows:
            return
        yield rows
        after = rows[-1].settlement_no


def _lines_of(centre_id: int, run_id: UUID) -> dict[UUID, list[Line]]:
    settled = SettledMove.__table__
    rows = db.session.execute(
        select(settled.c.settlement_id, *LINE_COLUMNS)
        .join_from(
            _move, _lot, and_(_lot.c.centre_id == _move.c.centre_id, _lot.c.id == _move.c.lot_id)
        )
        .join(
            settled,
            and_(
                settled.c.centre_id == _move.c.centre_id,
                settled.c.source_type == _move.c.source_type,
                settled.c.source_id == _move.c.source_id,
                settled.c.move_no == _move.c.move_no,
            ),
        )
        .join(
            Settlement,
            and_(
                Settlement.centre_id == settled.c.centre_id,
                Settlement.id == settled.c.settlement_id,
            ),
        )
        .where(_move.c.centre_id == centre_id, Settlement.run_id == run_id)
        .order_by(*IN_ORDER, _move.c.move_no)
    )
    found: dict[UUID, list[Line]] = {}
    for settlement_id, *row in rows:
        found.setdefault(settlement_id, []).append(line_of_row(row)[1])
    return found


def _returned(centre_id: int, keys: Sequence[MoveKey]) -> dict[MoveKey, Line]:
    """Return what some returns are and what settled their sales, from the moves of goods."""
    sold = SettledMove.__table__
    rows = db.session.execute(
        select(*LINE_COLUMNS, sold.c.settlement_id)
        .join_from(
            _move, _lot, and_(_lot.c.centre_id == _move.c.centre_id, _lot.c.id == _move.c.lot_id)
        )
        .outerjoin(
            sold,
            and_(
                sold.c.centre_id == _move.c.centre_id,
                sold.c.source_type == _move.c.original_type,
                sold.c.source_id == _move.c.original_id,
                sold.c.move_no == _move.c.original_move_no,
            ),
        )
        .where(
            _move.c.centre_id == centre_id,
            _move.c.source_id.in_(sorted({document for _, document, _ in keys})),
        )
    )
    return {line.key: line for _, line in map(line_of_row, rows)}


def _taken_before(centre_id: int, posted_at: datetime) -> dict[MoveKey, int]:
    rows = db.session.execute(
        select(
            Recovery.source_type, Recovery.source_id, Recovery.move_no, Recovery.amount_satang
        ).where(Recovery.centre_id == centre_id, Recovery.recorded_at < posted_at)
    )
    sums: dict[MoveKey, int] = {}
    for kind, document, number, amount in rows:
        key = (kind, document, number)
        sums[key] = sums.get(key, 0) + amount
    return sums
