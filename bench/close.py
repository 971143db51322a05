"""How long closing a month of many sales takes, against one pass over its journal lines.

    python -m bench.close [--sales 1000000] [--engines sqlite,postgresql]

The month is filled with clones of one sale made by our own counter, row for row, behind the same
guards. Measured: sealing everything (what the chore does as the month goes by), then the close as
two people do it: prepare (checklist, tie-outs, trial balance) and sign (the same again under the
lock, seal, lock). The floor reads every journal line of the centre once, in order, and adds up its
sides; it is taken in the same run. Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update

from accounting.models import JournalLine
from accounting.rules.closing import State
from accounting.services import balances, sealing
from accounting.services.closing import checklist, signing
from accounting.services.closing.signing import PrepareClose
from bench.floor import record_rows
from bench.sale_throughput import POSTGRES_URL
from bench.yard import Yard, yard
from core import clock
from core.actor import Actor
from core.db import Base, db, in_transaction, insert_rows
from core.ids import uuid7
from core.models import NumberSeries
from inventory.models import StockLevel
from pos.services import shift
from pos.services.shift import CloseShift

OCTOBER, PERIOD = datetime(2026, 10, 15, 5, tzinfo=UTC), 202610
AFTER = datetime(2026, 11, 2, 5, tzinfo=UTC)
CHUNK = 5_000
MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def fill(place: Yard, sales: int) -> int:
    """Clone one sale `sales` times; return how many journal lines there are."""
    recorded = record_rows(place, 0)
    inserts = [(table, rows) for kind, table, rows in recorded if kind == "insert"]
    # Lines before their header, as the ledger wants it; a sale before what names it.
    order = ["journal_line", "journal_entry", "sale"]
    inserts.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    sale = next(rows[0] for table, rows in inserts if table == "sale")
    entry = next(rows[0] for table, rows in inserts if table == "journal_entry")
    for start in range(0, sales, CHUNK):
        numbers = range(start + 1, min(start + CHUNK, sales) + 1)
        in_transaction(_clone, inserts, sale, entry, numbers)
    in_transaction(_settle, place, recorded, sale, entry, sales)
    return db.session.scalar(text("SELECT count(*) FROM journal_line")) or 0


def _clone(
    inserts: Sequence[tuple[str, list[dict[str, Any]]]],
    sale: dict[str, Any],
    entry: dict[str, Any],
    numbers: Sequence[int],
) -> None:
    fresh = [{sale["id"]: uuid7(), entry["id"]: uuid7()} for _ in numbers]
    series = sale["receipt_no"].rsplit("-", 1)[0]
    for table, rows in inserts:
        insert_rows(MODELS[table], list(_clones(table, rows, fresh, numbers, series, entry)))


def _clones(
    table: str,
    rows: Sequence[dict[str, Any]],
    fresh: Sequence[dict[UUID, UUID]],
    numbers: Sequence[int],
    series: str,
    entry: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    for ids, number in zip(fresh, numbers, strict=True):
        for row in rows:
            made = {
                name: ids.get(value, value) if isinstance(value, UUID) else value
                for name, value in row.items()
            }
            if table == "sale":
                made["receipt_no"] = f"{series}-{number + 1:07d}"
            elif table == "journal_entry":
                made["entry_no"] = entry["entry_no"] + number
            yield made


def _settle(
    place: Yard,
    recorded: Sequence[tuple[str, str, list[dict[str, Any]]]],
    sale: dict[str, Any],
    entry: dict[str, Any],
    sales: int,
) -> None:
    """Let number series and stock levels say what the clones moved."""
    for series, base in (("journal", entry["entry_no"]),):
        db.session.execute(
            update(NumberSeries)
            .where(
                NumberSeries.centre_id == place.actor.centre_id,
                NumberSeries.series == series,
                NumberSeries.year == entry["fiscal_year"],
            )
            .values(last_number=base + sales)
        )
    for kind, table, rows in recorded:
        if kind == "add" and table == "stock_level":
            for row in rows:
                sums = {name: row[name] * sales for name in ("quantity_milli", "value_satang")}
                keys = {name: row[name] for name in row if name not in sums}
                db.session.execute(
                    update(StockLevel)
                    .filter_by(**keys)
                    .values(
                        quantity_milli=StockLevel.quantity_milli + sums["quantity_milli"],
                        value_satang=StockLevel.value_satang + sums["value_satang"],
                    )
                )


def close_shifts(place: Yard) -> None:
    """Count every drawer; that nothing is in it is posted as short."""
    for _till, shift_id in place.tills:
        in_transaction(shift.close_shift, CloseShift(shift_id, ()), place.actor)


def floor(centre_id: int) -> None:
    """Read every journal line once, in the order of its key, and add up both sides."""
    debits = credits_ = 0
    rows = db.session.execute(
        select(JournalLine.debit, JournalLine.credit)
        .where(JournalLine.centre_id == centre_id)
        .order_by(JournalLine.entry_id, JournalLine.line_no)
        .execution_options(yield_per=10_000)
    )
    for debit, credit in rows:
        debits += debit
        credits_ += credit
    assert debits == credits_ > 0


def seal_everything(centre_id: int) -> None:
    """Seal run by run, each in its own transaction, as the chore does."""
    while in_transaction(sealing.seal_run, centre_id):
        pass


def seconds(work: Callable[..., Any], *args: Any) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    work(*args)
    return time.perf_counter() - begun


def measure(place: Yard, sales: int) -> list[str]:
    """Return one row of the table."""
    lines = fill(place, sales)
    close_shifts(place)
    preparer = replace(place.actor, roles=frozenset({"system"}))
    signer = replace(preparer, user_id=uuid7(), name="other")
    with clock.travel(lambda: AFTER):
        return [str(lines), *_figures(preparer, signer)]


def _figures(preparer: Actor, signer: Actor) -> list[str]:
    centre_id = preparer.centre_id
    sealing_ = seconds(seal_everything, centre_id)
    # Nobody counted; and a million sales sell one jar more than the yard was given.
    for result in checklist.of(PERIOD, preparer).steps:
        if result.state is State.STOPS and result.step.waivable:
            in_transaction(checklist.waive, PERIOD, result.step.key, "bench", preparer)
    least = min(seconds(floor, centre_id) for _ in range(2))
    command = PrepareClose(uuid7(), PERIOD)
    prepared = seconds(in_transaction, signing.prepare, command, preparer)
    signed = seconds(in_transaction, signing.sign, command.id, signer)
    read = seconds(balances.until, centre_id, clock.today())
    whole = prepared + signed
    figures = (sealing_, least, prepared, signed, whole, whole / least)
    return [*(f"{figure:.2f}" for figure in figures), f"{read * 1000:.0f} ms"]


def main() -> None:
    """Measure each engine and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=1_000_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    asked = parser.parse_args()
    print(f"{asked.sales} sales in one month; seconds; goal: prepare + sign ≤ 2 × floor\n")
    print("| database | lines | sealing | floor | prepare | sign | close | ratio | balances |")
    print("|---|---|---|---|---|---|---|---|---|")
    for engine in asked.engines.split(","):
        with clock.travel(lambda: OCTOBER), yard(engine, POSTGRES_URL) as place:
            row = measure(place, asked.sales)
        print(f"| {engine} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
