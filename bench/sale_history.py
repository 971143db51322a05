"""Whether a sale gets slower as sales pile up: the same one at 0, 100,000 and 1,000,000 of history.

    python -m bench.sale_history [--sales 0,100000,1000000] [--engines sqlite,postgresql]

Each history lies in a database of its own, held open by a process of its own, all at the same time;
they are asked in turn for a batch of sales, so whatever else the machine does slows all of them
alike. The history is cloned from ten sales of our own counter (bench/history.py) and lies there
before the measurement starts. What is measured runs with every guard, key and index on: three
lines, every third sale a member's. Prints Markdown; leaves with 1 if the median over the longest
history is more than 1.2 times the one over the shortest.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from statistics import median, quantiles

from bench.history import fill
from bench.sale_throughput import POSTGRES_URL, statements_of
from bench.yard import Yard, yard
from core.db import db, in_transaction
from pos.services import sale

GOAL = 1.2
WARM = 60


def _serve(engine: str, sales: int, pipe: Connection) -> None:
    """Lay the history, then record as many sales as is asked until asked for none."""
    with yard(engine, POSTGRES_URL) as place:
        members = fill(place, sales)
        made = _sell(place, members, WARM, 0)
        pipe.send((statements_of(place), _bytes(place)))
        number = len(made)
        while count := pipe.recv():
            pipe.send(_sell(place, members, count, number))
            number += count


def _sell(place: Yard, members: list[object], count: int, number: int) -> list[float]:
    """Return the milliseconds of each of `count` sales."""
    found = []
    for one in range(number, number + count):
        command = place.sale(0, one)
        if one % 3 == 0:
            command = replace(command, member_id=members[one % len(members)])
        begun = time.perf_counter()
        in_transaction(sale.record, command, place.actor)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _bytes(place: Yard) -> int:
    """Return how large the database is."""
    if db.engine.dialect.name == "sqlite":
        pages = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        size = int(pages) * 4096
    else:
        asked = "SELECT pg_database_size(current_database())"
        size = int(db.session.connection().exec_driver_sql(asked).scalar_one())
    db.session.rollback()
    return size


@contextmanager
def _opened(engine: str, sales: int) -> Iterator[tuple[Connection, int, int]]:
    """A database with so much history, served by a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(engine, sales, theirs))
    process.start()
    theirs.close()
    try:
        statements, size = ours.recv()
        yield ours, statements, size
    finally:
        if process.is_alive():
            ours.send(0)
        process.join(60)


def measure(engine: str, histories: list[int], rounds: int, batch: int) -> bool:
    """Print the table of one engine; tell whether the goal was met."""
    with ExitStack() as stack:
        places = [stack.enter_context(_opened(engine, sales)) for sales in histories]
        times: list[list[float]] = [[] for _ in histories]
        for turn in range(rounds):
            for step in range(len(histories)):
                place = (turn + step) % len(histories)
                places[place][0].send(batch)
                times[place] += places[place][0].recv()
    first = median(times[0])
    for sales, found, (_, statements, size) in zip(histories, times, places, strict=True):
        print(
            f"| {engine} | {sales:,} | {size / 1e6:,.0f} MB | {statements} | {median(found):.2f} |"
            f" {quantiles(found, n=20)[-1]:.2f} | {median(found) / first:.2f} |",
            flush=True,
        )
    return median(times[-1]) / first <= GOAL


def main() -> None:
    """Measure each engine asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", default="0,100000,1000000")
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--engines", default="sqlite,postgresql")
    asked = parser.parse_args()
    histories = [int(one) for one in asked.sales.split(",")]
    print(
        "| database | sales before | size | statements | p50 ms | p95 ms | ÷ first (goal ≤ 1.2) |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    good = [measure(one, histories, asked.rounds, asked.batch) for one in asked.engines.split(",")]
    if not all(good):
        sys.exit(f"a sale over the longest history took more than {GOAL} times the shortest")


if __name__ == "__main__":
    main()
