"""How long it takes to find one of 23,403 members of one centre, against one bare look at them all.

    python -m bench.member_search [--members 23403] [--rounds 40] [--engines sqlite,postgresql]

The search is the one the counter asks (`members.search`), transaction and cards included. The floor
reads every search key of the centre once by SQL and looks for the word in it, and does nothing
else: no ranking, no join, no card. Prints Markdown; leaves with 1 if p95 is not under the limit.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median, quantiles

from sqlalchemy import text as sql

from bench.sale_throughput import POSTGRES_URL
from bench.yard import Yard, yard
from core.actor import Actor, system_actor
from core.db import db, in_transaction
from members.services import members, villages
from members.services.enlisting import Newcomer, enlist
from members.services.villages import NewVillage

LIMIT_MS = 50.0
FIRST = (
    *("สมชาย", "สมหญิง", "ประยูร", "จันทร์เพ็ญ", "บุญมี", "ทองใบ", "เกษร", "ไพโรจน์", "น้อย", "แก้ว"),
    *("วิไล", "สุดา", "อำนวย", "เฉลิม", "ประไพ", "อาญคงหาญ", "มานะ", "ชูศรี", "ปรีชา", "โสภา"),
)
LAST = (
    *("พรหมมา", "สุขแก้ว", "ดีงาม", "ทองคำ", "ศรีสุข", "ใจดี", "แสงจันทร์", "หนูแก้ว", "คงหาญ", "รักษ์ป่า"),
    *("บุญเรือง", "ชูช่วย", "เพชรรัตน์", "นวลศรี", "ไชยศรี", "ยิ้มแย้ม"),
)
NICK = ("แดง", "ดำ", "น้อย", "เขียว", "อ้วน", "จุก", "หนู", "แจ่ม", "ตุ๊ก", "นิด", "เล็ก", "ปุ้ย")
QUERIES = {
    "one letter": "ก",
    "two letters": "สม",
    "first name": "จันทร์เพ็ญ",
    "two words": "สมชาย ทองคำ",
    "tone mark forgotten": "แกว",
    "nickname": "ตุ๊ก",
    "part of a phone": "4521",
    "house number": "145/2",
    "member number": "12345",
    "nobody": "ฆฆฆ",
}


def fill(place: Yard, count: int) -> Actor:
    """Enlist members with names, phones and houses drawn from a seed."""
    draw = random.Random(9)
    actor = system_actor(place.actor.centre)
    homes = [
        in_transaction(villages.create, NewVillage(name=f"บ้านที่ {number}"), actor).id
        for number in range(1, 41)
    ]
    people = [
        Newcomer(
            title=draw.choice(("นาย", "นาง", "นางสาว")),
            first_name=draw.choice(FIRST),
            last_name=draw.choice(LAST) + draw.choice(("", "", "กุล", "วงศ์")),
            nickname=draw.choice(NICK),
            house_no=f"{draw.randint(1, 300)}/{draw.randint(1, 9)}",
            village_id=draw.choice(homes),
            joined_on=date(2020, 1, 1),
            phone=f"08{draw.randint(0, 99_999_999):08d}",
        )
        for _ in range(count)
    ]
    in_transaction(enlist, people, actor)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sql("VACUUM ANALYZE"))  # as autovacuum does after a while
    return actor


def _milliseconds(work: Callable[[], object], rounds: int) -> list[float]:
    work()  # the statement is built and the pages are read once before
    found = []
    for _ in range(rounds):
        db.session.rollback()
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _floor(centre_id: int, word: str) -> int:
    pattern = {"centre": centre_id, "word": f"%{word}%"}
    counted = sql("SELECT count(*) FROM person WHERE centre_id = :centre AND search_key LIKE :word")
    return int(db.session.execute(counted, pattern).scalar_one())


def measure(engine: str, count: int, rounds: int) -> bool:
    """Print a table of one engine; tell whether every query was under the limit."""
    with yard(engine, POSTGRES_URL) as place:
        centre_id = fill(place, count).centre_id
        floor = median(_milliseconds(lambda: _floor(centre_id, "ฆฆฆ"), rounds))
        print(f"\n**{engine}**, {count:,} members; floor {floor:.1f} ms a look\n")
        print("| query | asked | found | p50 ms | p95 ms | p95 ÷ floor |")
        print("|---|---|---:|---:|---:|---:|")
        good = True
        for name, query in QUERIES.items():
            found = len(members.search(centre_id, query))
            times = _milliseconds(lambda asked=query: members.search(centre_id, asked), rounds)  # type: ignore[misc]
            p95 = quantiles(times, n=20)[-1]
            good = good and p95 < LIMIT_MS
            print(
                f"| {name} | {query} | {found} | {median(times):.1f} | {p95:.1f} |"
                f" {p95 / floor:.1f} |"
            )
    return good


def main() -> None:
    """Measure each engine asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=23_403)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--engines", default="sqlite,postgresql")
    asked = parser.parse_args()
    good = [measure(one, asked.members, asked.rounds) for one in asked.engines.split(",")]
    if not all(good):
        sys.exit(f"a search took {LIMIT_MS:.0f} ms or more")


if __name__ == "__main__":
    main()
