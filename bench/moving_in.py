"""How long it takes to bring a register of 23,403 people in from a file: read, check, take.

    python -m bench.moving_in [--people 23403] [--limit 30] [--engines sqlite,postgresql]

The file is a CSV as a spreadsheet saves it, Thai digits and Buddhist years among the cells; it is
read, judged, kept line by line and taken in the worker's turns, each its own transaction. Prints
Markdown; leaves with 1 if one engine needs more than the limit.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time

from bench.member_search import FIRST, LAST, NICK
from bench.sale_throughput import POSTGRES_URL
from bench.yard import Yard, yard
from core.db import db, in_transaction
from core.ids import uuid7
from members.models import Member
from members.services.moving_in import checking, imports, tables, taking

LIMIT_SECONDS = 30.0
HEADINGS = "เลขที่สมาชิก,คำนำหน้า,ชื่อ,นามสกุล,ชื่อเล่น,บ้านเลขที่,หมู่บ้าน,โทรศัพท์,วันเกิด,วันที่เข้าเป็นสมาชิก"


def file_of(people: int) -> bytes:
    """Return the register as a file, drawn from a seed."""
    draw = random.Random(23_403)
    lines = [HEADINGS]
    for number in range(1, people + 1):
        lines.append(
            f"{number:05d},{draw.choice(('นาย', 'นาง', 'นางสาว'))},{draw.choice(FIRST)},"
            f"{draw.choice(LAST)}{draw.choice(('', '', 'กุล', 'วงศ์'))},{draw.choice(NICK)},"
            f"{draw.randint(1, 300)}/{draw.randint(1, 9)},บ้านที่ {draw.randint(1, 40)},"
            f"08{draw.randint(0, 99_999_999):08d},{draw.randint(1, 28)}/{draw.randint(1, 12)}/"
            f"{draw.randint(2490, 2545)},๑ ต.ค. {draw.randint(2550, 2567)}"
        )
    return ("\ufeff" + "\r\n".join(lines)).encode()


def measure(place: Yard, data: bytes, people: int) -> list[tuple[str, float]]:
    """Return the seconds of each step."""
    actor = place.actor
    steps = []

    def step(name: str, since: float) -> float:
        now = time.perf_counter()
        steps.append((name, now - since))
        return now

    at = time.perf_counter()
    parsed = checking.parse(tables.of("people"), data, "register.csv")
    at = step("read", at)
    looked = imports.look_over("people", uuid7(), parsed, None, actor)
    at = step("judge", at)
    card = in_transaction(imports.bring, looked, actor)
    at = step("keep", at)
    in_transaction(taking.ask, card.id, False, actor)
    while in_transaction(taking.turn, card.id, actor):
        pass
    done = in_transaction(taking.finish, card.id, actor)
    step("take", at)
    assert done.count("entered_lines") == people == db.session.query(Member).count()
    return steps


def main() -> int:
    """Measure each engine and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=23_403)
    options.add_argument("--limit", type=float, default=LIMIT_SECONDS)
    options.add_argument("--engines", default="sqlite,postgresql")
    given = options.parse_args()
    data = file_of(given.people)
    print(f"Import of {given.people:,} people, {len(data) // 1024:,} KiB of CSV\n")
    print("| engine | read | judge | keep | take | all | of it our processor | limit |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    slow = False
    for engine in given.engines.split(","):
        with yard(engine, POSTGRES_URL) as place, place.app.app_context():
            busy = time.process_time()
            steps = measure(place, data, given.people)
            busy = time.process_time() - busy
        whole = sum(seconds for _, seconds in steps)
        slow |= whole > given.limit
        cells = " | ".join(f"{seconds:.1f} s" for _, seconds in steps)
        print(f"| {engine} | {cells} | {whole:.1f} s | {busy:.1f} s | {given.limit:.0f} s |")
    print(f"\nMost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
