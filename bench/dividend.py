"""How long a members' run of a whole federation takes, against the same sums by hand-written SQL.

    python -m bench.dividend [--lines 5000000] [--engines sqlite,postgresql]

23,403 members with shares, `--lines` sale lines to them (3 a sale, each with its move of goods,
half of them consigned by members), 1 % of sales refunded. Measured in a process of its own:
preparing the run (snapshot, parts, hashes, every item written) in one transaction, and looking up
what changed since. The floor adds up the same rows by hand-written SQL and splits the pools, and
writes nothing. `Its processor` is what the run's own process was busy, whatever else the machine
did (on PostgreSQL without the server). Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from accounting.models import SurplusAllocation, SurplusAllocationLine
from accounting.services.meetings import meetings, resolutions
from accounting.services.meetings.meetings import NewMeeting
from accounting.services.meetings.resolutions import NewResolution
from accounting.services.surplus import rechecking, running
from bench.dividend_year import FIRST, LAST, fill
from bench.sale_throughput import POSTGRES_URL
from bench.yard import Yard, yard
from core import clock
from core.actor import Actor, system_actor
from core.config import Settings, complete
from core.db import db, in_transaction
from core.ids import uuid7
from core.money import split_by_weight
from members.services import centres
from pos import create_app

AFTER = datetime(2027, 1, 20, 5, tzinfo=UTC)
DIVIDEND, PATRONAGE = 500_000_000, 900_000_000
RULES = {
    "dividend": {"basis": "days", "cap_basis_points": None, "min_standing_days": 0},
    "patronage": {
        "purchase_share_basis_points": 6_000,
        "purchase_weights": {"หมวด 1": 15_000, "หมวด 2": 5_000},
        "delivery_weights": {},
        "default_weight": 10_000,
    },
    "eligibility": {
        "standings": ["member"],
        "on": "last_day",
        "min_shares_satang": 0,
        "exclude_defaulters": False,
    },
}
PURCHASES = """
SELECT s.member_id, p.category, SUM(l.net_satang) FROM sale s
JOIN sale_line l ON l.centre_id = s.centre_id AND l.sale_id = s.id
JOIN product p ON p.centre_id = l.centre_id AND p.id = l.product_id
WHERE s.centre_id = :c AND s.member_id IS NOT NULL AND s.business_date BETWEEN :first AND :last
GROUP BY s.member_id, p.category
"""
REFUNDS = """
SELECT s.member_id, p.category, SUM(-b.net_satang) FROM refund r
JOIN refund_line b ON b.centre_id = r.centre_id AND b.refund_id = r.id
JOIN sale_line l ON l.centre_id = b.centre_id AND l.sale_id = b.sale_id AND l.line_no = b.line_no
JOIN sale s ON s.centre_id = r.centre_id AND s.id = r.sale_id
JOIN product p ON p.centre_id = l.centre_id AND p.id = l.product_id
WHERE r.centre_id = :c AND s.member_id IS NOT NULL AND r.business_date BETWEEN :first AND :last
GROUP BY s.member_id, p.category
"""
DELIVERIES = """
SELECT t.member_id, p.category,
SUM(CASE WHEN m.original_id IS NULL THEN m.share_satang ELSE -m.share_satang END)
FROM stock_move m JOIN lot t ON t.centre_id = m.centre_id AND t.id = m.lot_id
JOIN product p ON p.centre_id = t.centre_id AND p.id = t.product_id
WHERE m.centre_id = :c AND m.business_date BETWEEN :first AND :last AND m.share_satang > 0
AND t.member_id IS NOT NULL AND t.ownership = 'consigned'
GROUP BY t.member_id, p.category
"""
SHARES = """
SELECT member_id, effective_on, delta_satang FROM share_movement
WHERE centre_id = :c AND effective_on <= :last
"""


def allocate(actor: Actor) -> UUID:
    """Put an allocation of the year there."""
    meeting_id = uuid7()
    in_transaction(meetings.create, NewMeeting(meeting_id, "general", clock.today()), actor)
    command = NewResolution(uuid7(), meeting_id, "1/2570", "ปันผล")
    resolution = in_transaction(resolutions.record, command, actor)
    return in_transaction(_allocate, actor, resolution.id)


def _allocate(actor: Actor, resolution_id: UUID) -> UUID:
    allocation_id = uuid7()
    keys = {"centre_id": actor.centre_id}
    db.session.execute(
        insert(SurplusAllocation).values(
            **keys,
            id=allocation_id,
            allocation_no="AL-2569-01",
            fiscal_year=2569,
            first_day=FIRST,
            last_day=LAST,
            surplus_satang=DIVIDEND + PATRONAGE,
            retained_basis_points=2_000,
            resolution_id=resolution_id,
            rules=RULES,
            digest="0" * 64,
            prepared_at=clock.now(),
        )
    )
    for number, (use, satang) in enumerate((("dividend", DIVIDEND), ("patronage", PATRONAGE)), 1):
        line = {"line_no": number, "use": use, "amount_satang": satang, "memo": ""}
        db.session.execute(
            insert(SurplusAllocationLine).values(**keys, allocation_id=allocation_id, **line)
        )
    return allocation_id


def floor(centre_id: int) -> None:
    """Add up the same rows by hand and split the pools; nothing is looked at twice or written."""
    asked: dict[str, Any] = {"c": centre_id, "first": FIRST.isoformat(), "last": LAST.isoformat()}
    if db.engine.dialect.name == "postgresql":
        asked |= {"first": FIRST, "last": LAST}
    weights: dict[str, dict[Any, int]] = {}
    for name, queries in (("bought", (PURCHASES, REFUNDS)), ("brought", (DELIVERIES,))):
        sums: dict[Any, int] = defaultdict(int)
        for query in queries:
            for member, _group, satang in db.session.execute(text(query), asked):
                sums[member] += int(satang)
        weights[name] = sums
    held: dict[Any, int] = defaultdict(int)
    for member, on, delta in db.session.execute(text(SHARES), asked):
        day = FIRST.fromisoformat(on) if isinstance(on, str) else on
        held[member] += delta * ((LAST - max(day, FIRST)).days + 1)
    for pool, by in ((DIVIDEND, held), (PATRONAGE, weights["bought"]), (1, weights["brought"])):
        ordered = [max(0, by[member]) for member in sorted(by, key=str)]
        assert sum(split_by_weight(pool, ordered)) == pool
    db.session.rollback()


def seconds(work: Callable[..., Any], *args: Any) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    work(*args)
    return time.perf_counter() - begun


def inside(url: str, folder: str, centre_id: int, allocation_id: UUID) -> dict[str, float]:
    """Measure in this process, which did nothing else."""
    settings = complete(Settings(var=Path(folder), database_url=url))
    with create_app(settings).app_context(), clock.travel(lambda: AFTER):
        centre = centres.get(centre_id)
        assert centre is not None
        actor = system_actor(centre)
        busy = time.process_time()
        whole = seconds(in_transaction, running.prepare_run, allocation_id, actor)
        busy = time.process_time() - busy
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        checked = seconds(rechecking.changes, allocation_id, actor)
        run = running.find(centre_id, allocation_id)
        assert run is not None
        assert run.content["sums"]["dividend_satang"] == DIVIDEND
        refunds = ("purchase_refund_satang", "delivery_refund_satang")
        assert sum(run.content["sums"][name] for name in refunds) == PATRONAGE
        least = seconds(floor, centre_id)
    figures = {"whole": whole, "busy": busy, "recheck": checked, "floor": least}
    return {**figures, "peak": peak, "n": run.members}


def measure(place: Yard, lines: int) -> list[str]:
    """Return one row of the table."""
    filled = seconds(fill, place, lines)
    print(f"<!-- filled in {filled:.0f} s -->", flush=True)
    with clock.travel(lambda: AFTER):
        actor = system_actor(place.actor.centre)
        allocation_id = allocate(actor)
    db.session.remove()
    arguments = [place.settings.database_url, str(place.settings.var), str(actor.centre_id)]
    said = subprocess.run(
        [sys.executable, "-m", "bench.dividend", "--inside", *arguments, str(allocation_id)],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(said.stdout)
    return [
        str(int(found["n"])),
        *(f"{found[name]:.1f}" for name in ("floor", "whole", "busy")),
        f"{found['whole'] / found['floor']:.2f}",
        f"{found['recheck']:.1f}",
        f"{found['peak']:.0f} MB",
    ]


def main() -> None:
    """Measure each engine and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=5_000_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--inside", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        url, folder, centre_id, allocation_id = asked.inside
        print(json.dumps(inside(url, folder, int(centre_id), UUID(allocation_id))))
        return
    print(f"{asked.lines} sale lines; seconds; goal: the run < 60\n")
    print("| database | members | floor | run | its processor | ratio | what changed | memory |")
    print("|---|---|---|---|---|---|---|---|")
    for engine in asked.engines.split(","):
        with yard(engine, POSTGRES_URL) as place:
            row = measure(place, asked.lines)
        print(f"| {engine} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
