"""A year of trade of a whole federation in one centre, for the bench of the members' run.

Rows are clones of one sale of our own counter, one member and one lot, written straight into the
database with guards and references off, for five million rows through the door would take a day;
everything that is measured afterwards runs with all of them on. The same seed, the same year.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url

from accounting.services.shares import crediting
from accounting.services.shares.crediting import ShareCredit
from bench.yard import Yard
from core import clock
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.services import sale as counter

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MEMBERS, MAKERS, LINES, GROUPS = 23_403, 200, 3, 8
REFUND_EVERY = 100
"""One sale in so many comes back with its first line."""
CHUNK = 20_000


@dataclass
class Writer:
    """Rows straight into tables, whichever engine it is."""

    connection: Any
    sqlite: bool
    pending: dict[str, tuple[str, list[Sequence[Any]]]] = field(default_factory=dict)

    def template(self, query: str) -> dict[str, Any]:
        """Return one row as the driver has it."""
        return self._rows(query, 1)[0]

    def rows(self, table: str, where: str) -> list[dict[str, Any]]:
        """Return some rows of a table as the driver has them."""
        return self._rows(f"SELECT * FROM {table} WHERE {where}", 1_000_000)

    def _rows(self, query: str, most: int) -> list[dict[str, Any]]:
        cursor = self.connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [
            {
                name: json.dumps(value, ensure_ascii=False)
                if isinstance(value, dict | list)
                else value
                for name, value in zip(names, row, strict=True)
            }
            for row in cursor.fetchmany(most)
        ]

    def key(self, value: UUID) -> Any:
        return value.hex if self.sqlite else value

    def day(self, value: date) -> Any:
        return value.isoformat() if self.sqlite else value

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows in one transaction."""
        names = ", ".join(columns)
        if self.sqlite:
            marks = ", ".join("?" * len(columns))
            self.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            return
        with self.connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def open_writer(url: str) -> Writer:
    """Return a writer with guards, references and waiting for the disk off."""
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        connection: Any = sqlite3.connect(str(parsed.database), isolation_level=None, timeout=60)
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {pragma}")
        return Writer(connection, True)
    address = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, autocommit=True)
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    return Writer(connection, False)


def fill(place: Yard, lines: int, members_count: int = MEMBERS) -> None:
    """Give the centre its members, their shares, their goods and a year of `lines` sale lines."""
    dice = random.Random(2569)
    actor = place.actor
    in_transaction(counter.record, place.sale(0, 0), actor)
    first = in_transaction(members.create, NewMember(first_name="คน", member_no="M00001"), actor)
    db.session.remove()
    writer = open_writer(place.settings.database_url)
    people = [first.id, *(uuid7() for _ in range(members_count - 1))]
    _people(writer, first.id, people)
    _groups(writer)
    lots = _lots(writer, people, dice)
    _trade(writer, people, lots, lines, dice)
    _shares(place, people, dice)
    if not writer.sqlite:
        # As the server's own upkeep would after a bulk load, where it is on.
        writer.connection.execute("ANALYZE")
    writer.connection.close()


def _people(writer: Writer, first: UUID, people: Sequence[UUID]) -> None:
    key = f"'{first.hex if writer.sqlite else first}'"
    member = writer.template(f"SELECT * FROM member WHERE id = {key}")
    person = writer.template("SELECT * FROM person LIMIT 1")
    fact = writer.template(f"SELECT * FROM standing_fact WHERE member_id = {key}")
    rows: dict[str, list[list[Any]]] = {"person": [], "member": [], "standing_fact": []}
    joined = writer.day(date(2020, 1, 1))
    for number, identity in enumerate(people[1:], start=2):
        who = writer.key(uuid7())
        mine = writer.key(identity)
        rows["person"].append(list((person | {"id": who}).values()))
        rows["member"].append(
            list((member | {"id": mine, "person_id": who, "member_no": f"M{number:05d}"}).values())
        )
        since = {"id": writer.key(uuid7()), "member_id": mine, "on_date": joined}
        rows["standing_fact"].append(list((fact | since).values()))
    for table, template in (("person", person), ("member", member), ("standing_fact", fact)):
        _in_one(writer, table, list(template), rows[table])


def _groups(writer: Writer) -> None:
    products = [row[0] for row in writer.connection.execute("SELECT id FROM product ORDER BY code")]
    mark = "?" if writer.sqlite else "%s"
    for number, product in enumerate(products):
        text = f"UPDATE product SET category = {mark} WHERE id = {mark}"
        writer.connection.execute(text, (f"หมวด {number % GROUPS}", product))


def _lots(writer: Writer, people: Sequence[UUID], dice: random.Random) -> dict[Any, list[Any]]:
    """Let some members consign every consigned product; return the lots of each product."""
    found: dict[Any, list[Any]] = {}
    rows = []
    own = writer.connection.execute("SELECT product_id, id FROM lot WHERE ownership = 'own'")
    for product, lot in own.fetchall():
        found[product] = [lot]
    columns: list[str] = []
    products = writer.connection.execute("SELECT product_id FROM lot WHERE ownership = 'consigned'")
    for line, (product,) in enumerate(products.fetchall()):
        key = f"'{product}'"
        lot = writer.template(f"SELECT * FROM lot WHERE product_id = {key}")
        columns = list(lot)
        for number, who in enumerate(dice.sample(people, MAKERS)):
            identity = writer.key(uuid7())
            named = {"id": identity, "member_id": writer.key(who), "lot_no": f"B{line}-{number}"}
            rows.append(list((lot | named | {"line_no": 2 + number}).values()))
            found.setdefault(product, []).append(identity)
    _in_one(writer, "lot", columns, rows)
    return found


def _shares(place: Yard, people: Sequence[UUID], dice: random.Random) -> None:
    """Let everybody hold shares since long, and some more each quarter."""
    for moment in ((2025, 6, 1), (2026, 2, 14), (2026, 5, 14), (2026, 8, 14), (2026, 11, 14)):
        held = [ShareCredit(who, dice.randint(1, 50) * 10_000) for who in people]
        day = date(*moment)
        with clock.travel(lambda day=day: datetime(day.year, day.month, day.day, 5, tzinfo=UTC)):  # type: ignore[misc]
            in_transaction(
                crediting.credit,
                held,
                on=day,
                source_type="bench",
                source_id=uuid7(),
                actor=place.actor,
            )


# --- trade -----------------------------------------------------------------------------------


def _trade(
    writer: Writer,
    people: Sequence[UUID],
    lots: dict[Any, list[Any]],
    lines: int,
    dice: random.Random,
) -> None:
    sale = writer.template("SELECT * FROM sale LIMIT 1")
    line = writer.template("SELECT * FROM sale_line LIMIT 1")
    own = writer.template(
        "SELECT * FROM stock_move WHERE source_type = 'sale' AND share_satang = 0"
    )
    shared = writer.template(
        "SELECT * FROM stock_move WHERE source_type = 'sale' AND share_satang > 0"
    )
    made = _Made(writer, people, lots, dice, sale, line, own, shared)
    sales = lines // LINES
    for start in range(0, sales, CHUNK):
        numbers = range(start, min(start + CHUNK, sales))
        for table, columns, rows in made.chunk(numbers, sales):
            _in_one(writer, table, columns, rows)


_REFUND_COLUMNS = {
    "refund": (
        "centre_id id refund_no sale_id till_id shift_id business_date occurred_at recorded_at"
        " late cashier_name reason method total_satang rounding_satang tax_satang paid_satang"
        " producer_satang digest content"
    ).split(),
    "refund_line": (
        "centre_id refund_id line_no sale_id unit_quantity_milli quantity_milli net_satang"
        " tax_satang paid_satang"
    ).split(),
}


@dataclass
class _Made:
    writer: Writer
    people: Sequence[UUID]
    lots: dict[Any, list[Any]]
    dice: random.Random
    sale: dict[str, Any]
    line: dict[str, Any]
    own: dict[str, Any]
    shared: dict[str, Any]

    def chunk(
        self, numbers: range, sales: int
    ) -> Iterator[tuple[str, list[str], list[Sequence[Any]]]]:
        """Yield the rows of some sales, table by table."""
        key, dice = self.writer.key, self.dice
        buyers = [key(who) for who in self.people]
        goods = list(self.lots)
        rows: dict[str, list[Sequence[Any]]] = {"sale": [], "sale_line": [], "stock_move": []}
        back: dict[str, list[Sequence[Any]]] = {"refund": [], "refund_line": []}
        put_sale = _putter(self.sale, ("id", "receipt_no", "business_date", "member_id"))
        put_line = _putter(self.line, ("sale_id", "line_no", "product_id"))
        names = ("source_id", "move_no", "line_no", "lot_id", "business_date")
        put_own, put_shared = _putter(self.own, names), _putter(self.shared, names)
        for number in numbers:
            identity = key(uuid7())
            day = self.writer.day(FIRST + timedelta(days=number * 365 // sales))
            rows["sale"].append(put_sale(identity, f"B-{number:08d}", day, dice.choice(buyers)))
            for place in range(1, LINES + 1):
                product = goods[dice.randrange(len(goods))]
                mine = self.lots[product]
                put_move = put_own if len(mine) == 1 else put_shared
                lot = mine[dice.randrange(len(mine))]
                rows["sale_line"].append(put_line(identity, place, product))
                rows["stock_move"].append(put_move(identity, place, place, lot, day))
            if number % REFUND_EVERY == 0:
                self._refund(back, identity, f"BR-{number:08d}", day)
        yield from ((t, c, rows[t]) for t, c in self._columns())
        for table, some in back.items():
            yield table, _REFUND_COLUMNS[table], some

    def _columns(self) -> tuple[tuple[str, list[str]], ...]:
        return (
            ("sale", list(self.sale)),
            ("sale_line", list(self.line)),
            ("stock_move", list(self.own)),
        )

    def _refund(
        self, back: dict[str, list[Sequence[Any]]], sale_id: Any, number: str, day: Any
    ) -> None:
        sale, net = self.sale, self.line["net_satang"]
        identity = self.writer.key(uuid7())
        back["refund"].append(
            (
                *(sale["centre_id"], identity, number, sale_id, sale["till_id"], sale["shift_id"]),
                *(day, sale["occurred_at"], sale["recorded_at"], sale["late"], "bench", "คืน"),
                *("cash", net, 0, 0, net, 0, "0" * 64, "{}"),
            )
        )
        back["refund_line"].append(
            (sale["centre_id"], identity, 1, sale_id, 1000, 1000, net, 0, net)
        )


def _putter(template: dict[str, Any], names: Sequence[str]) -> Callable[..., Sequence[Any]]:
    """Return what makes a row of a template with some columns otherwise."""
    plain = list(template.values())
    places = [list(template).index(name) for name in names]

    def put(*values: Any) -> Sequence[Any]:
        row = plain.copy()
        for place, value in zip(places, values, strict=True):
            row[place] = value
        return row

    return put


def _in_one(writer: Writer, table: str, columns: list[str], rows: Sequence[Sequence[Any]]) -> None:
    writer.connection.execute("BEGIN")
    writer.write(table, columns, rows)
    writer.connection.execute("COMMIT")
