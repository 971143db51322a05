"""How long it takes to find one of 20,000 products: on the office's list, and at the counter.

    python -m bench.product_search [--products 20000] [--rounds 30] [--engines sqlite,postgresql]

The list is the one its page asks for (`catalogue.listing`, first page, cards included). The counter
is a real page in Chromium, from the key until the found goods are painted: on this machine, and
with its processor slowed down four times as a cheap tablet's, which is shown and held to no limit.
The floor of the list counts the search keys that hold the words by one plain `LIKE`. Prints
Markdown; leaves with 1 if a p95 is not under the limit.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from sqlalchemy import text as sql

from bench.dividend_year import open_writer
from bench.http_load import serving
from bench.sale_throughput import POSTGRES_URL
from bench.yard import PASSWORD, Yard, yard
from core.db import db
from core.ids import uuid7
from core.paging import Window
from core.text import skeleton, thai_sort_key
from inventory.services import catalogue
from inventory.services.catalogue import Wanted

LIMIT_MS = 50.0
SLOWER = 4
GOODS = (
    *("กล้วย", "น้ำผึ้ง", "ข้าว", "พริก", "ปุ๋ย", "มะม่วง", "ทุเรียน", "ไข่", "ปลา", "หมู", "ผัก", "แกง"),
    *("น้ำพริก", "สบู่", "เสื้อ", "กะปิ", "ชา", "กาแฟ", "ขนม", "น้ำดื่ม"),
)
KINDS = ("หอม", "ป่า", "กล้อง", "แห้ง", "อินทรีย์", "ดอง", "สด", "หวาน", "เค็ม", "ทอด", "อบ", "กรอบ")
QUERIES = {
    "one letter": "ก",
    "first word": "น้ำผึ้ง",
    "tone mark forgotten": "นำผึง",
    "second word": "อินทรีย์",
    "two words": "กล้วย หอม",
    "code": "B12345",
    "part of a code": "1234",
    "English": "goods 19",
    "nothing": "ฆฆฆ",
}


def fill(place: Yard, count: int) -> None:
    """Put goods on sale, with names drawn from a seed, as clones of one of the yard's."""
    draw = random.Random(20)
    db.session.remove()
    writer = open_writer(place.settings.database_url)
    plain = writer.template("SELECT * FROM product LIMIT 1")
    rows = []
    for number in range(count - len(place.goods)):
        name = f"{draw.choice(GOODS)}{draw.choice(KINDS)} {draw.choice(GOODS)} {number}"
        texts = (name, f"Goods {number}", f"B{number:05d}")
        own = {
            "id": writer.key(uuid7()),
            "code": texts[2],
            "name_th": name,
            "name_en": texts[1],
            "sort_key": thai_sort_key(name),
            "search_key": " ".join(skeleton(one) for one in texts),
        }
        rows.append(list((plain | own).values()))
    writer.connection.execute("BEGIN")
    writer.write("product", list(plain), rows)
    writer.connection.execute("COMMIT")
    if not writer.sqlite:
        writer.connection.execute("VACUUM ANALYZE")  # as the server's own upkeep does
    writer.connection.close()


def _milliseconds(work: Callable[[], object], rounds: int) -> list[float]:
    work()  # the statement is built and the pages are read once before
    found = []
    for _ in range(rounds):
        db.session.rollback()
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _row(where: str, name: str, asked: str, count: int, times: list[float]) -> bool:
    p95 = quantiles(times, n=20)[-1]
    print(f"| {where} | {name} | {asked} | {count} | {median(times):.1f} | {p95:.1f} |", flush=True)
    return p95 < LIMIT_MS


def on_the_list(place: Yard, engine: str, rounds: int) -> bool:
    """Measure the office's list; tell whether every query was under the limit."""
    good = True
    window = Window(limit=50)
    counted = sql(
        "SELECT count(*) FROM product WHERE centre_id = :centre AND search_key LIKE :word"
    )
    floor = {"centre": place.actor.centre_id, "word": "%ฆฆฆ%"}
    times = _milliseconds(lambda: db.session.execute(counted, floor).scalar_one(), rounds)
    _row(engine, "floor", "LIKE", 0, times)
    for name, query in QUERIES.items():

        def ask(text: str = query) -> Any:
            return catalogue.listing(place.actor, window, Wanted(text=text))

        good = _row(engine, name, query, len(ask().items), _milliseconds(ask, rounds)) and good
    return good


# From the change of the box until the browser has painted what was found.
_TYPE = """async ([text, rounds]) => {
  const box = document.getElementById("entry");
  const put = (value) => {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(0);
  }));
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    put("");
    await painted();
    await new Promise((resolve) => setTimeout(resolve, 30 + (round * 7) % 16));
    const begun = performance.now();
    put(text);
    await painted();
    times.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return { times, count: document.querySelectorAll("#grid > li").length };
}"""


def at_the_counter(place: Yard, rounds: int) -> bool:
    """Measure the counter's page in Chromium; tell whether every query was under the limit."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("\nNo Chromium here: the counter's own search was not measured.")
        return True
    good = True
    with serving(place, "granian") as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="th-TH")
        page.goto(f"http://127.0.0.1:{port}/sign-in")
        page.fill("[name=username]", "bench")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(f"http://127.0.0.1:{port}/c/{place.actor.centre_id}/counter")
        page.wait_for_selector("body[data-ready]", state="attached", timeout=120_000)
        session = page.context.new_cdp_session(page)
        for rate, where in ((1, "counter"), (SLOWER, f"counter, {SLOWER} × slower")):
            session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            for name, query in QUERIES.items():
                page.evaluate(_TYPE, [query, 3])
                found = page.evaluate(_TYPE, [query, rounds])
                under = _row(where, name, query, found["count"], found["times"])
                good = good and (under or rate > 1)
        browser.close()
    return good


def main() -> None:
    """Measure each engine asked for, and the counter over the last one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--engines", default="postgresql,sqlite")
    asked = parser.parse_args()
    print(f"{asked.products:,} products\n")
    print("| where | query | asked | shown | p50 ms | p95 ms |")
    print("|---|---|---|---:|---:|---:|")
    good = []
    engines = asked.engines.split(",")
    for engine in engines:
        with yard(engine, POSTGRES_URL) as place:
            fill(place, asked.products)
            good.append(on_the_list(place, engine, asked.rounds))
            if engine == engines[-1]:
                good.append(at_the_counter(place, asked.rounds))
    if not all(good):
        sys.exit(f"a search took {LIMIT_MS:.0f} ms or more")


if __name__ == "__main__":
    main()
