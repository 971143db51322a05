"""How long a settlement of everybody takes, against one pass over the same rows in the same run.

    python -m bench.settlement [--producers 2000] [--lines 100] [--engines sqlite,postgresql]

Prepare, approve and post through the services, papers apart. The floor reads every move once and
writes the key of each once, by one statement each, and does nothing else. The sales are cloned
from one made by our own counter, so that bench and tables can't drift apart. Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bench.sale_throughput import POSTGRES_URL
from bench.yard import Yard, yard
from core import clock
from core.db import db, in_transaction, insert_rows
from core.ids import uuid7
from inventory.models import (
    GoodsReceipt,
    Lot,
    SettledMove,
    Settlement,
    SettlementOutcome,
    StockMove,
)
from inventory.services.settlement import posting, preparing, statements
from inventory.services.settlement.preparing import PrepareSettlement
from members.models import Producer
from pos.services import sale as counter

LINES_A_SALE, DAYS, CHUNK = 4, 30, 20_000


def _row(model: Any, *where: Any) -> dict[str, Any]:
    found = db.session.execute(select(model.__table__).where(*where).limit(1)).mappings().one()
    return dict(found)


def fill(place: Yard, producers: int, lines: int) -> None:
    """Clone one producer, intake, lot and sale until there are enough of each."""
    sale = place.sale(0, 0)
    in_transaction(counter.record, sale, place.actor)
    move = _row(StockMove, StockMove.source_type == "sale", StockMove.share_satang > 0)
    lot = _row(Lot, Lot.id == move["lot_id"])
    receipt = _row(GoodsReceipt, GoodsReceipt.id == lot["goods_receipt_id"])
    producer = _row(Producer, Producer.id == lot["producer_id"])
    people, receipts, lots, moves = [], [], [], []
    today = clock.today()
    for number in range(producers):
        who, delivery, goods = uuid7(), uuid7(), uuid7()
        people.append({**producer, "id": who, "producer_no": f"B{number:05d}"})
        receipts.append(
            {**receipt, "id": delivery, "producer_id": who, "receipt_no": f"GR-B-{number:05d}"}
        )
        lots.append(
            {
                **lot,
                "id": goods,
                "lot_no": f"L-B-{number:05d}",
                "producer_id": who,
                "goods_receipt_id": delivery,
            }
        )
        for line in range(lines):
            if line % LINES_A_SALE == 0:
                source = uuid7()
            moves.append(
                {
                    **move,
                    "source_id": source,
                    "move_no": line % LINES_A_SALE + 1,
                    "lot_id": goods,
                    "business_date": today - timedelta(days=line % DAYS),
                }
            )
    for model, rows in ((Producer, people), (GoodsReceipt, receipts), (Lot, lots)):
        in_transaction(insert_rows, model, rows)
    for start in range(0, len(moves), CHUNK):
        in_transaction(insert_rows, StockMove, moves[start : start + CHUNK])


class Done(Exception):
    """Ends the floor's transaction without keeping what it wrote."""


def floor(centre_id: int, run_id: UUID) -> None:
    """Read every move once, write its key once; roll back."""
    settlement_id = db.session.scalar(
        select(Settlement.id).where(Settlement.run_id == run_id).limit(1)
    )
    # The guard lets goods be settled by a posted run only.
    now = clock.now()
    posted = {"centre_id": centre_id, "run_id": run_id, "kind": "posted", "reason": ""}
    moment = {"business_date": clock.business_date(now), "recorded_at": now, "recorded_by": None}
    insert_rows(SettlementOutcome, [{**posted, **moment}])
    columns = (StockMove.source_type, StockMove.source_id, StockMove.move_no)
    amounts = (StockMove.lot_id, StockMove.business_date, StockMove.share_satang)
    rows = db.session.execute(
        select(*columns, *amounts).where(
            StockMove.centre_id == centre_id, StockMove.source_type == "sale"
        )
    ).all()
    insert_rows(
        SettledMove,
        [
            {
                "centre_id": centre_id,
                "source_type": row.source_type,
                "source_id": row.source_id,
                "move_no": row.move_no,
                "settlement_id": settlement_id,
            }
            for row in rows
        ],
    )
    raise Done


def seconds(work: Callable[..., Any], *args: Any) -> float:
    """Return how long one transaction takes."""
    begun = time.perf_counter()
    with suppress(Done):
        in_transaction(work, *args)
    return time.perf_counter() - begun


def measure(place: Yard, producers: int, lines: int) -> list[str]:
    """Return one row of the table."""
    fill(place, producers, lines)
    actor = replace(place.actor, roles=frozenset({"system"}))
    other = replace(actor, user_id=uuid7(), name="other")
    command = PrepareSettlement(uuid7(), clock.today())
    prepared = seconds(preparing.prepare, command, actor)
    approved = seconds(posting.approve, command.id, other)
    least = seconds(floor, actor.centre_id, command.id)
    posted = seconds(posting.post, command.id, actor)
    assert statements.run(command.id, actor).producers >= producers
    whole = prepared + approved + posted
    figures = (least, prepared, posted, whole, whole / least)
    return [f"{figure:.1f}" for figure in figures]


def main() -> None:
    """Measure each engine and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--producers", type=int, default=2000)
    parser.add_argument("--lines", type=int, default=100)
    parser.add_argument("--engines", default="sqlite,postgresql")
    asked = parser.parse_args()
    print(f"{asked.producers} producers × {asked.lines} lines; seconds, goal < 60\n")
    print("| database | floor | prepare | post | whole | ratio |\n|---|---|---|---|---|---|")
    for engine in asked.engines.split(","):
        with yard(engine, POSTGRES_URL) as place:
            row = measure(place, asked.producers, asked.lines)
        print(f"| {engine} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
