"""How long posting an allocation to everybody takes, and crediting everybody what is due.

    python -m bench.member_paying [--members 23403] [--engines sqlite,postgresql]

Measured members with shares and a year's purchases. The allocation is posted (a line for each part
of each member, a fifth kept as shares), then half of them are credited what is due to shares and
half to the purse, in turns as the worker does it. The floor writes the very rows of the posting (of
the first turn), table by table by one statement each behind the same guards and keys, and reads,
checks and numbers nothing; beside it the first turn is rolled back too. That the year is closed is
taken for granted. `Its processor` is what this process was busy, on PostgreSQL without the server.
Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from unittest.mock import patch
from uuid import UUID

import accounting.services.ledger
import accounting.services.member_payments.paying
import accounting.services.shares.writing
import core.audit
from accounting.models import MemberPayChoice, SurplusApproval
from accounting.services import periods
from accounting.services.member_payments import bulk
from accounting.services.member_payments.bulk import Credited, CreditMany
from accounting.services.surplus import allocations, posting, running
from bench.dividend import AFTER, allocate
from bench.dividend_year import MEMBERS, fill
from bench.sale_throughput import POSTGRES_URL
from bench.yard import Yard, yard
from core import clock
from core.actor import Actor, system_actor
from core.db import db, in_transaction, insert_rows
from core.ids import uuid7
from members.services import users
from members.services.users import NewUser

LINES = 30_000
WRITERS = (
    accounting.services.ledger,
    accounting.services.member_payments.paying,
    accounting.services.shares.writing,
    core.audit,
)
Rows = dict[Any, list[dict[str, Any]]]


class Done(Exception):
    """Ends a transaction without keeping what it wrote."""


@contextmanager
def noting(seen: Rows) -> Iterator[None]:
    """Note every row that is written, by table, in the order the tables are first written."""

    def note(model: Any, rows: Any) -> None:
        seen.setdefault(model, []).extend(dict(row) for row in rows)
        insert_rows(model, rows)

    with ExitStack() as all_of_them:
        for module in WRITERS:
            if hasattr(module, "insert_rows"):
                all_of_them.enter_context(patch.object(module, "insert_rows", note))
        yield


def undone(work: Callable[..., object], *args: Any) -> tuple[float, float]:
    """Do a use-case and roll it back; return seconds by the clock and of this process."""
    took = [0.0, 0.0]

    def timed() -> None:
        begun, busy = time.perf_counter(), time.process_time()
        work(*args)
        took[:] = time.perf_counter() - begun, time.process_time() - busy
        raise Done

    with suppress(Done):
        in_transaction(timed)
    return took[0], took[1]


def write(seen: Rows) -> None:
    """Write the same rows, one statement a table; headers after what they sum up."""
    for model, rows in seen.items():
        insert_rows(model, rows)


def against_floor(name: str, work: Callable[..., object], *args: Any) -> str:
    """Return one row of the table."""
    seen: Rows = {}
    with noting(seen):
        whole, busy = undone(work, *args)
    least, _ = undone(write, seen)
    count = sum(len(rows) for rows in seen.values())
    return f"{name} | {count:,} | {least:.1f} | {whole:.1f} | {busy:.1f} | {whole / least:.1f}"


def in_turns(name: str, command: CreditMany, actor: Actor) -> str:
    """Credit all there are and return one row of the table."""
    turns: list[tuple[float, Credited]] = []
    begun, busy = time.perf_counter(), time.process_time()
    while not turns or turns[-1][1].to_go:
        at = time.perf_counter()
        came = in_transaction(bulk.credit, command, actor)
        turns.append((time.perf_counter() - at, came))
    whole, busy = time.perf_counter() - begun, time.process_time() - busy
    paid, longest = sum(came.paid for _, came in turns), max(took for took, _ in turns)
    words = f"{name}: {paid:,} in {len(turns)} turns, the longest {longest:.1f} s"
    return f"{words} | | | {whole:.1f} | {busy:.1f} | "


def approve(allocation_id: UUID, actor: Actor) -> None:
    """Let two people have said yes to what was measured."""
    digest = allocations.card(allocation_id, actor).approval_digest
    rows = []
    for place in (1, 2):
        new = NewUser(
            username=f"yes{place}", display_name="yes", password=uuid7().hex, roles=("manager",)
        )
        rows.append(
            {
                "centre_id": actor.centre_id,
                "allocation_id": allocation_id,
                "place": place,
                "approved_by": users.create(new, actor).id,
                "approved_at": clock.now(),
                "digest": digest,
            }
        )
    for row in rows:
        insert_rows(SurplusApproval, [row])


def choose(centre_id: int, members: list[UUID], way: str) -> None:
    """Let everybody want to be paid this way."""
    facts = {"promptpay_id": "", "bank_code": "", "bank_account": "", "bank_account_name": ""}
    chosen = {"centre_id": centre_id, "way": way, **facts}
    when = {"version": 1, "changed_by": None, "changed_at": clock.now()}
    insert_rows(MemberPayChoice, [{**chosen, "member_id": one, **when} for one in members])


def measure(place: Yard, members: int) -> Iterator[str]:
    """Yield the rows of one engine."""
    fill(place, LINES, members)
    with clock.travel(lambda: AFTER):
        actor = system_actor(place.actor.centre)
        allocation_id = allocate(actor)
        in_transaction(running.prepare_run, allocation_id, actor)
        in_transaction(approve, allocation_id, actor)
        in_transaction(periods.ensure, actor.centre_id, clock.today())
        analyse()
        with patch.object(posting, "require_postable"):
            yield against_floor("posting", posting.post, allocation_id, actor)
            in_transaction(posting.post, allocation_id, actor)
        analyse()
        everybody = list(running.items(actor.centre_id, _run(allocation_id, actor), limit=members))
        people = [one.member_id for one in everybody]
        half = len(people) // 2
        in_transaction(choose, actor.centre_id, people[:half], "shares")
        in_transaction(choose, actor.centre_id, people[half:], "purse")
        for way in ("shares", "purse"):
            command = CreditMany(uuid7(), way)
            yield against_floor(f"credit to {way}, a turn", bulk.credit, command, actor)
            yield in_turns(f"credit to {way}, all", command, actor)


def analyse() -> None:
    """Do what the server's own upkeep does a minute after many rows came, where it is on."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _run(allocation_id: UUID, actor: Actor) -> UUID:
    run = allocations.card(allocation_id, actor).run
    assert run is not None
    return run.id


def main() -> None:
    """Measure each engine and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--engines", default="sqlite,postgresql")
    asked = parser.parse_args()
    print(f"{asked.members} members; seconds\n")
    print("| database | what | rows | floor | whole | its processor | ratio |")
    print("|---|---|---|---|---|---|---|")
    for engine in asked.engines.split(","):
        with yard(engine, POSTGRES_URL) as place:
            for row in measure(place, asked.members):
                print(f"| {engine} | {row} |", flush=True)


if __name__ == "__main__":
    main()
