"""How long the report of welfare or profit takes to gather, against one pass over the same rows.

    python -m bench.welfare [--sales 1000000] [--engines sqlite,postgresql]

A year of a centre of 23,403 members: `--sales` sales of three lines, half of the goods consigned.
Measured are the question whether a page may wait, the days that hold as many sales as a page may
show (what its reader waits for, but the drawing), and the whole year as the worker gathers it,
slices included. The floor adds up the year's sale lines by product and day
and its moves by lot, by hand-written SQL, and does nothing else. Prints Markdown.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text

from bench.dividend import AFTER, seconds
from bench.dividend_year import FIRST, LAST, LINES, fill
from bench.sale_throughput import POSTGRES_URL
from bench.yard import Yard, yard
from core import clock
from core.actor import Actor, system_actor
from core.db import db
from pos.rules.welfare.measures import report_of
from pos.services.welfare import gathering, slicing
from pos.services.welfare.gathering import Days

FLOOR = (
    """
SELECT l.product_id, s.business_date, SUM(l.quantity_milli), SUM(l.paid_satang) FROM sale_line l
JOIN sale s ON s.centre_id = l.centre_id AND s.id = l.sale_id
WHERE s.centre_id = :c AND s.business_date BETWEEN :first AND :last
GROUP BY l.product_id, s.business_date
""",
    """
SELECT lot_id, business_date, SUM(quantity_milli), SUM(share_satang), SUM(cost_satang)
FROM stock_move WHERE centre_id = :c AND business_date BETWEEN :first AND :last
AND source_type = 'sale' GROUP BY lot_id, business_date
""",
)


def floor(centre_id: int, days: Days) -> None:
    """Add up the same rows and nothing else."""
    asked = {"c": centre_id, "first": days.first, "last": days.last}
    if db.engine.dialect.name == "sqlite":
        asked |= {"first": days.first.isoformat(), "last": days.last.isoformat()}
    for query in FLOOR:
        db.session.execute(text(query), asked).all()
    db.session.rollback()


def report(actor: Actor, days: Days) -> None:
    """Gather the report as a page or the worker does."""
    found = gathering.gather(actor, days)
    report_of(found.facts, found.aims)
    slicing.of_report(found, actor)
    db.session.rollback()


def measure(place: Yard, sales: int) -> Iterator[str]:
    """Yield the rows of one engine."""
    fill(place, sales * LINES)
    with clock.travel(lambda: AFTER):
        actor = system_actor(place.actor.centre)
        year = Days(FIRST, LAST)
        days = max(1, min(365, gathering.LIVE_MAX * 365 // sales))
        page = Days(FIRST, FIRST + timedelta(days=days - 1))
        asked = seconds(gathering.too_many, actor, year)
        yield f"may a page wait? | {sales:,} | | {asked:.2f} | "
        for name, span in (("page", page), ("worker", year)):
            least = seconds(floor, actor.centre_id, span)
            whole = seconds(report, actor, span)
            count = sales * ((span.last - span.first).days + 1) // 365
            yield f"{name} | {count:,} | {least:.1f} | {whole:.1f} | {whole / least:.1f}"


def main() -> None:
    """Measure each engine and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=1_000_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    asked = parser.parse_args()
    print("| database | what | sales | floor s | seconds | ratio |")
    print("|---|---|---|---|---|---|")
    for engine in asked.engines.split(","):
        with yard(engine, POSTGRES_URL) as place:
            for row in measure(place, asked.sales):
                print(f"| {engine} | {row} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of this process, filling included: {peak:.0f} MB")


if __name__ == "__main__":
    main()
