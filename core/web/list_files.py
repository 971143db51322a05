"""Every list as a file: what stands in its table, all of its pages, as CSV or XLSX.

A list (`core.web.lists.listed`) without a file of its own answers `?sheet=csv` and `?sheet=xlsx` on
its own address: same right, same search, same columns. Days go out as ISO days, money as plain
decimals, whatever the reader's language.

What must stay true: the file is made by the page's own view, so it can't show what the page hides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from html.parser import HTMLParser
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from core import clock
from core.sheets import Cell, Figure, Table
from core.web.sheets import csv_response, xlsx_response

KINDS = ("csv", "xlsx")
ROWS_MOST = 20_000
"""A longer list says at its end that it goes on."""
_FIGURE = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
_LEFT_OUT = frozenset({"form", "button", "select", "svg"})
"""What is there to act with, not to read."""
_APART = frozenset({"br", "div", "p", "li", "small", "span", "a", "dd", "dt"})


def init_app(app: Flask) -> None:
    """Answer for the lists of `app`; after sign-in, which it stands behind."""
    app.before_request(_answer)
    app.jinja_env.globals["list_files"] = addresses


def addresses() -> list[tuple[str, str]]:
    """Return (words, address) of the files of the list being shown; none if it has its own."""
    if "list_next" not in g or request.url_rule is None:
        return []
    rule = request.url_rule.rule
    if any(one.rule.startswith(f"{rule}.") for one in current_app.url_map.iter_rules()):
        return []
    kept = {name: values for name, values in request.args.lists() if name not in {"after", "sheet"}}
    return [(kind.upper(), _address(MultiDict(kept), kind)) for kind in KINDS]


def _address(kept: MultiDict[str, str], kind: str) -> str:
    return iri_to_uri(f"{request.path}?{urlencode([*kept.items(multi=True), ('sheet', kind)])}")


def _answer() -> Response | None:
    kind = request.args.get("sheet")
    if request.method != "GET" or kind not in KINDS or request.endpoint is None:
        return None
    view = current_app.ensure_sync(current_app.view_functions[request.endpoint])
    headings: Sequence[Cell] = ()
    rows: list[Sequence[Cell]] = []
    g.list_after = request.args.get("after")
    while True:
        page = current_app.make_response(view(**(request.view_args or {})))
        if page.status_code != 200 or page.mimetype != "text/html" or "list_next" not in g:
            return page
        if "list_given" in g and g.list_given.errors:
            page.status_code = 422  # a file can't say that it was not narrowed
            return page
        found = _read(page.get_data(as_text=True))
        headings = headings or found.headings
        rows += found.rows
        assert g.list_next is None or g.list_next != g.list_after, "a list that does not go on"
        g.list_after = g.list_next
        if g.list_next is None:
            break
        if len(rows) >= ROWS_MOST:
            rows.append((_("The list goes on: narrow it down to see the rest."),))
            break
    name = request.endpoint.rpartition(".")[2]
    if kind == "csv":
        return csv_response(name, headings, rows)
    return xlsx_response(name, [Table(name, headings, rows)])


class _Reader(HTMLParser):
    """Reads the table its list is paged under: the last one before `nav.pagination`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[Cell] = []
        self.rows: list[Sequence[Cell]] = []
        self._row: list[Cell] | None = None
        self._cell: list[str] | None = None
        self._number = self._head = self._time = self._done = False
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        names = (given.get("class") or "").split()
        if tag == "nav" and "pagination" in names:
            self._done = True
        if self._done:
            return
        if tag == "table":
            self.headings, self.rows = [], []
        elif tag == "tr":
            self._row, self._head = [], True
        elif tag in {"td", "th"} and self._row is not None:
            self._cell, self._number = [], "number" in names
            self._head = self._head and given.get("scope") == "col"
        elif self._cell is not None:
            self._inside(tag, given)

    def _inside(self, tag: str, given: dict[str, str | None]) -> None:
        assert self._cell is not None
        self._left_out += tag in _LEFT_OUT
        if tag in _APART:
            self._cell.append(" ")
        if tag == "time" and given.get("datetime"):
            self._cell.append(_moment(str(given["datetime"])))
            self._time = True

    def handle_endtag(self, tag: str) -> None:
        if self._done:
            return
        if self._cell is not None and tag in _LEFT_OUT:
            self._left_out -= 1
        elif tag == "time":
            self._time = False
        elif tag in {"td", "th"} and self._row is not None and self._cell is not None:
            self._row.append(_cell(" ".join("".join(self._cell).split()), self._number))
            self._cell, self._left_out = None, 0
        elif tag == "tr" and self._row is not None:
            if self._head:
                self.headings = self._row
            elif self._row:
                self.rows.append(self._row)
            self._row = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._left_out and not self._time:
            self._cell.append(data)


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def _moment(text: str) -> str:
    if len(text) <= len("2026-11-22"):
        return text
    return f"{datetime.fromisoformat(text).astimezone(clock.BANGKOK):%Y-%m-%d %H:%M}"


def _cell(text: str, number: bool) -> Cell:
    if number and _FIGURE.fullmatch(text):
        return Figure(text.replace(",", ""))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    return "" if text == "–" else text
