"""What is amiss with the lists a walk came by: each can be narrowed, and taken along as a file."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.browser.pages_of import Kept, Walk

FORM = re.compile(r'<form[^>]*(role="search"|method="get")')
FILE = re.compile(r'href="([^"]*(?:\.csv|/csv|(?:sheet|as|format|form|kind)=csv)[^"]*)"')
NOTHING = {"first": "1/1/2700", "last": "2/1/2700", "q": "ไม่มีสิ่งนี้"}
OTHERWISE = {
    "moving_in/import.html": "its lines are chosen by links, by what becomes of them",
    "producer/account.html": "cards; the form comes with a second page",
    "accounting/bank_account.html": "cards with forms to match them",
}
"""Lists that are narrowed or taken along in another way."""


def faults(walk: Walk) -> Iterator[str]:
    """Tell each list that lacks something, and what."""
    for one in walk.pages.values():
        if one.listed and one.template not in OTHERWISE:
            for fault in (*_of_form(walk, one), *_of_file(walk, one)):
                yield f"{one.template} ({one.who}, {one.address}): {fault}"


def _of_form(walk: Walk, one: Kept) -> Iterator[str]:
    body = one.body.decode()
    if not FORM.search(body):
        yield "can't be narrowed"
    if 'id="filter-' in body:
        answer = walk.world.browsers[one.who].client.get(_with(one.address, NOTHING))
        text = answer.get_data(as_text=True)
        if answer.status_code != 200 or "ไม่พบข้อมูล" not in text or "แสดงทั้งหมด" not in text:
            yield "narrowed to nothing, it doesn't say so and lead back"


def _of_file(walk: Walk, one: Kept) -> Iterator[str]:
    body = one.body.decode()
    shown, _nav, _rest = body.partition('<nav class="pagination"')
    rows = shown.rpartition("<tbody>")[2].partition("</tbody>")[0].count("<tr")
    if not rows or "<tbody>" not in shown:
        return
    files = FILE.findall(body)
    if not files:
        yield "has no file"
    own = [html.unescape(file) for file in files if "sheet=csv" in file]
    if not own or 'rel="next"' in body:
        return
    answer = walk.world.browsers[one.who].client.get(own[0])
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    if answer.mimetype != "text/csv" or len(list(csv.reader(io.StringIO(text)))) != rows + 1:
        yield f"its file does not hold the {rows} rows it shows"


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
