"""Reference prices from a table: each line looked at, the good ones taken, the rest returned.

What must stay true: looking changes nothing; a line's id is made of its words, so the same file
brought twice enters nothing twice; a line that is not taken says why, by its number in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid5

from core import figures_in, tables_in
from core.actor import Actor
from core.errors import N_, DomainError
from core.sheets import Cell, baht_figure, csv_lines
from core.tables_in import Headed, Row
from core.text import skeleton
from inventory.rules.reference_prices import FARM_GATE, SHELF
from inventory.services import catalogue, reference_prices
from inventory.services.reference_prices import EnterReference
from members.services import access

LINES_MAX = 500
_OF_A_FILE = UUID("0f6c5d1e-8f0a-5a7e-9a55-6f5d1f0b2c33")

COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("code", ("code", "product code", "รหัส", "รหัสสินค้า")),
    ("kind", ("kind", "ชนิด", "ชนิดราคา", "ประเภท")),
    ("price", ("price", "ราคา", "ราคาอ้างอิง")),
    ("low", ("low", "lowest", "ต่ำสุด", "ราคาต่ำสุด")),
    ("high", ("high", "highest", "สูงสุด", "ราคาสูงสุด")),
    ("day", ("day", "date", "วันที่", "ตั้งแต่วันที่")),
    ("place", ("place", "สถานที่", "ตลาด", "ที่ไหน")),
    ("source", ("source", "ที่มา", "แหล่งที่มา")),
    ("note", ("note", "หมายเหตุ")),
)
HEADINGS: tuple[str, ...] = tuple(names[0] for _, names in COLUMNS)
NEEDED = ("code", "kind", "price", "day", "place", "source")
_KINDS = {
    FARM_GATE: ("farm_gate", "farm gate", "หน้าสวน", "ราคาหน้าสวน", "รับซื้อ", "ราคารับซื้อ"),
    SHELF: ("shelf", "หน้าร้าน", "ราคาหน้าร้าน", "ขายปลีก", "ราคาขายปลีก", "ชั้นวาง"),
}


class ColumnsMissing(DomainError):
    """The table lacks columns a price can't be without."""

    code, status, title = "reference-columns-missing", 422, N_("Columns are missing")
    detail = N_("These columns are needed: %(columns)s. Take the list as a file for a pattern.")


class TooManyLines(DomainError):
    """More lines than one import looks at."""

    code, status, title = "reference-lines-many", 413, N_("There are too many lines")
    detail = N_("Bring at most %(limit)s lines at a time.")


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line as it was read: a price to enter, or why not; `known` when it is there already."""

    line: int
    cells: tuple[str, ...]
    entry: EnterReference | None = None
    name: str = ""
    why: str = ""
    known: bool = False

    @property
    def good(self) -> bool:
        return self.entry is not None and not self.known


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was read, and its lines in our own spelling, to be sent again."""

    lines: tuple[SeenLine, ...]
    content: str

    @property
    def good(self) -> tuple[SeenLine, ...]:
        return tuple(one for one in self.lines if one.good)

    @property
    def known(self) -> tuple[SeenLine, ...]:
        return tuple(one for one in self.lines if one.known)

    @property
    def returned(self) -> tuple[SeenLine, ...]:
        return tuple(one for one in self.lines if one.entry is None)


def look(data: bytes, name: str, actor: Actor) -> Seen:
    """Read a file; nothing is entered.

    Raises NotATable, ColumnsMissing, TooManyLines, Forbidden.
    """
    access.require(actor, "reference_price.change")
    table = tables_in.headed(tables_in.sheets_of(data, name)[0])
    if len(table.rows) > LINES_MAX:
        raise TooManyLines(limit=LINES_MAX)
    places = _places(table)
    goods = {one.code.casefold(): one for one in catalogue.shelf(actor.centre_id)}
    lines = [_read(row, places, goods) for row in table.rows]
    there = reference_prices.known(
        actor.centre_id, [one.entry.id for one in lines if one.entry is not None]
    )
    marked = tuple(_marked(lines, there))
    rows = (one.cells for one in marked)
    return Seen(marked, "".join(csv_lines(HEADINGS, rows)))


def _marked(lines: Iterable[SeenLine], there: set[UUID]) -> Iterator[SeenLine]:
    """Yield lines; one that is in the books, or stands above in the file, is known."""
    for one in lines:
        if one.entry is None:
            yield one
            continue
        yield replace(one, known=one.entry.id in there)
        there.add(one.entry.id)


def take(data: bytes, name: str, actor: Actor) -> Seen:
    """Enter the good lines of a file; the others are returned. Raises what `look` raises."""
    seen = look(data, name, actor)
    entries = {one.entry.id: one.entry for one in seen.good if one.entry is not None}
    reference_prices.enter_many(list(entries.values()), actor)
    return seen


def rows(cards: list[reference_prices.ReferenceCard]) -> list[list[Cell]]:
    """Return prices as lines of the file that is read."""
    return [
        [
            one.code,
            one.kind,
            baht_figure(one.price_satang),
            baht_figure(one.low_satang),
            baht_figure(one.high_satang),
            one.valid_from,
            one.place,
            one.source,
            one.note,
        ]
        for one in cards
    ]


def _places(table: Headed) -> Mapping[str, int]:
    known = {skeleton(word): key for key, names in COLUMNS for word in (key, *names)}
    places: dict[str, int] = {}
    for place, heading in enumerate(table.headings.cells):
        key = known.get(skeleton(heading))
        if key is not None:
            places.setdefault(key, place)
    missing = [key for key in NEEDED if key not in places]
    if missing:
        words = dict(COLUMNS)
        raise ColumnsMissing(
            columns=", ".join(f"{words[key][0]} ({words[key][-1]})" for key in missing)
        )
    return places


def _read(
    row: Row, places: Mapping[str, int], goods: Mapping[str, catalogue.ShelfCard]
) -> SeenLine:
    cells = {key: _cell(row, places.get(key)) for key, _ in COLUMNS}
    product, kind = goods.get(cells["code"].casefold()), _kind(cells["kind"])
    seen = SeenLine(row.line, tuple(cells.values()), name=product.name_th if product else "")
    if product is None or kind is None or (why := _wrong_words(cells)):
        if product is None:
            why = N_("No product on sale has this code")
        elif kind is None:
            why = N_("The kind is farm_gate or shelf (หน้าสวน หรือ หน้าร้าน)")
        return replace(seen, why=why)
    try:
        day = figures_in.day(cells["day"])
        price = figures_in.satang(cells["price"])
        low = figures_in.satang(cells["low"]) if cells["low"] else price
        high = figures_in.satang(cells["high"]) if cells["high"] else price
        entry = _entry(product.id, kind, price, low, high, day, cells)
        reference_prices.require_sound(entry)
    except DomainError as refusal:
        return replace(seen, why=refusal.title)
    return replace(seen, entry=entry)


def _wrong_words(cells: Mapping[str, str]) -> str:
    if not cells["place"] or not cells["source"]:
        return N_("Place and source are needed: where, and who says so")
    if len(cells["place"]) > 120 or len(cells["source"]) > 200 or len(cells["note"]) > 300:
        return N_("Place, source or note is too long")
    return ""


def _entry(
    product_id: UUID,
    kind: str,
    price: int,
    low: int,
    high: int,
    day: date,
    cells: Mapping[str, str],
) -> EnterReference:
    words = [cells["place"], cells["source"], cells["note"]]
    said = [str(product_id), kind, price, low, high, day.isoformat(), *words]
    price_id = uuid5(_OF_A_FILE, json.dumps(said, ensure_ascii=False))
    return EnterReference(
        price_id, product_id, kind, price, day, words[0], words[1], low, high, words[2]
    )


def _kind(text: str) -> str | None:
    wanted = skeleton(text)
    return next(
        (kind for kind, names in _KINDS.items() if wanted in {skeleton(name) for name in names}),
        None,
    )


def _cell(row: Row, place: int | None) -> str:
    if place is None or place >= len(row.cells):
        return ""
    # Our own files mark text that begins like a formula.
    return row.cells[place].strip().removeprefix("'")
