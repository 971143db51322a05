"""How fast a sale is, in process and over HTTP, against the floor measured in the same run.

    python -m bench.sale_throughput [--seconds 3] [--rounds 3] [--clients 1,4,16]
        [--engines sqlite,postgresql] [--servers granian] [--no-http]

Floor and sale alternate; the median of the rounds is shown. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.metadata import version

from flask import Flask
from sqlalchemy import event

from bench import http_load
from bench.floor import Floor
from bench.yard import Yard, yard
from core.db import db, in_transaction
from pos.services import sale

POSTGRES_URL = os.environ.get(
    "SUNRUAM_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


@dataclass(frozen=True)
class Speed:
    """One measurement."""

    per_second: float
    p50_ms: float
    p99_ms: float


def measure(
    work: Callable[[int, int], None], clients: int, seconds: float, app: Flask | None = None
) -> Speed:
    """Let `clients` threads, each in a context of `app`, call `work(client, number)`."""
    taken: list[list[float]] = [[] for _ in range(clients)]
    stop = time.perf_counter() + seconds

    def run(client: int) -> None:
        number = 0
        with app.app_context() if app else nullcontext():
            while (start := time.perf_counter()) < stop:
                work(client, number)
                taken[client].append(time.perf_counter() - start)
                number += 1

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - begun
    return speed_of([one for each in taken for one in each], lasted)


def speed_of(times: list[float], lasted: float) -> Speed:
    """Sum up the times of all calls."""
    ordered = sorted(times)
    return Speed(
        len(ordered) / lasted,
        ordered[len(ordered) // 2] * 1000,
        ordered[int(len(ordered) * 0.99)] * 1000,
    )


def in_process(place: Yard, clients: int, seconds: float, rounds: int) -> tuple[Speed, Speed]:
    """Return the median speed of the floor and of our sale, alternating."""
    floors = [Floor(place, client) for client in range(clients)]

    def ours(client: int, number: int) -> None:
        in_transaction(sale.record, place.sale(client, number), place.actor)

    def floor(client: int, _number: int) -> None:
        floors[client].write()

    measure(ours, clients, 0.5, place.app)
    found: list[tuple[Speed, Speed]] = []
    for _ in range(rounds):
        found.append((measure(floor, clients, seconds), measure(ours, clients, seconds, place.app)))
    for one in floors:
        one.connection.close()
    return _median([pair[0] for pair in found]), _median([pair[1] for pair in found])


def statements_of(place: Yard) -> int:
    """Count the statements of one warm sale (BEGIN and COMMIT not counted)."""
    sent: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    in_transaction(sale.record, place.sale(0, 1), place.actor)
    event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def _median(speeds: list[Speed]) -> Speed:
    return Speed(
        *(
            statistics.median(getattr(speed, name) for speed in speeds)
            for name in ("per_second", "p50_ms", "p99_ms")
        )
    )


def _row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def main() -> None:
    """Measure what was asked for and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", default="1,4,16")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--servers", default="granian")
    parser.add_argument("--no-http", action="store_true")
    options = parser.parse_args()
    names = ("SQLAlchemy", "psycopg", "granian", "gunicorn", "waitress")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in names)
    )
    _row("database", "clients", "floor/s", "sale/s", "ratio", "p50 ms", "p99 ms", "statements")
    _row(*["---"] * 8)
    for engine in options.engines.split(","):
        with yard(engine, POSTGRES_URL) as place:
            for clients in map(int, options.clients.split(",")):
                floor, ours = in_process(place, clients, options.seconds, options.rounds)
                _row(
                    engine,
                    clients,
                    f"{floor.per_second:.0f}",
                    f"{ours.per_second:.0f}",
                    f"{ours.per_second / floor.per_second:.2f}",
                    f"{ours.p50_ms:.1f}",
                    f"{ours.p99_ms:.1f}",
                    statements_of(place),
                )
            if options.no_http:
                continue
            for server in options.servers.split(","):
                for clients in map(int, options.clients.split(",")):
                    speed = http_load.measure(place, server, clients, options.seconds)
                    floor = measure(_floor_work(place, clients), clients, options.seconds)
                    _row(
                        f"{engine} over HTTP, {server}",
                        clients,
                        f"{floor.per_second:.0f}",
                        f"{speed.per_second:.0f}",
                        f"{speed.per_second / floor.per_second:.2f}",
                        f"{speed.p50_ms:.1f}",
                        f"{speed.p99_ms:.1f}",
                        "",
                    )


def _floor_work(place: Yard, clients: int) -> Callable[[int, int], None]:
    floors = [Floor(place, client) for client in range(clients)]
    return lambda client, _number: floors[client].write()


if __name__ == "__main__":
    main()
