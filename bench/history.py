"""Years of trade laid under a till at once, for what is measured on top of them.

Rows are clones of ten sales of our own counter that sell all its goods between them: sale, lines,
payment, moves, journal, each under ids and numbers of its own, spread over the days of a year, and
drawn from lots that are sold out since. They are written with guards and references off, for a
million sales through the door would take half an hour; whatever is measured afterwards runs with
all of them on.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from bench.dividend_year import Writer, open_writer
from bench.yard import PRODUCTS, Yard
from core import clock
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.services import sale as counter

TEMPLATES, MEMBERS, DAYS = 10, 50, 365
SALES_A_LOT = 100
"""So many sales a lot of a product lasts; then it is empty, and its level stays as zero."""
CHUNK = 10_000
TABLES = ("sale", "sale_line", "payment", "stock_move", "journal_line", "journal_entry")


@dataclass(frozen=True)
class Template:
    """The rows of one sale, table by table."""

    rows: dict[str, list[dict[str, Any]]]

    @property
    def sale(self) -> dict[str, Any]:
        return self.rows["sale"][0]

    @property
    def entry(self) -> dict[str, Any]:
        return self.rows["journal_entry"][0]


def fill(place: Yard, sales: int) -> list[UUID]:
    """Lay `sales` of history under the yard; return the members who buy there."""
    people = [
        in_transaction(members.create, NewMember(first_name=f"สมาชิก {number}"), place.actor).id
        for number in range(MEMBERS)
    ]
    ids = [
        in_transaction(counter.record, place.sale(0, number), place.actor)[0].id
        for number in range(TEMPLATES)
    ]
    db.session.remove()
    writer = open_writer(place.settings.database_url)
    guards = _without_guards(writer)
    if sales:
        templates = [_template(writer, one) for one in ids]
        lots = _lots(writer, max(1, sales // SALES_A_LOT // PRODUCTS))
        dice = random.Random(2569)
        for start in range(0, sales, CHUNK):
            numbers = range(start, min(start + CHUNK, sales))
            _write(writer, _clones(writer, templates, lots, people, numbers, sales, dice))
        _continue_numbers(writer, sales)
    for guard in guards:
        writer.connection.execute(guard)
    if not writer.sqlite:
        writer.connection.execute("VACUUM ANALYZE")  # as the server's own upkeep does
        writer.connection.execute("CHECKPOINT")
    writer.connection.close()
    os.sync()  # gigabytes on their way to the disk would slow every commit after them
    return people


def _without_guards(writer: Writer) -> list[str]:
    """Take SQLite's guards away and return their words (PostgreSQL's sleep for this session)."""
    if not writer.sqlite:
        return []
    found = writer.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    guards = found.fetchall()
    for name, _ in guards:
        writer.connection.execute(f"DROP TRIGGER {name}")
    return [words for _, words in guards]


def _template(writer: Writer, sale_id: UUID) -> Template:
    key = f"'{sale_id.hex if writer.sqlite else sale_id}'"
    entry = f"SELECT id FROM journal_entry WHERE source_id = {key}"
    where = {
        "sale": f"id = {key}",
        "sale_line": f"sale_id = {key}",
        "payment": f"sale_id = {key}",
        "stock_move": f"source_id = {key}",
        "journal_line": f"entry_id = ({entry})",
        "journal_entry": f"source_id = {key}",
    }
    return Template({table: writer.rows(table, where[table]) for table in TABLES})


def _lots(writer: Writer, count: int) -> dict[Any, list[Any]]:
    """Give each lot of the shelf `count` elder ones, sold out; return all by the one on it."""
    shelf = writer.rows("lot", "1 = 1")
    levels = {row["lot_id"]: row for row in writer.rows("stock_level", "1 = 1")}
    found: dict[Any, list[Any]] = {}
    elder, empty = [], []
    for lot in shelf:
        found[lot["id"]] = [lot["id"]]
        for number in range(count):
            identity = writer.key(uuid7())
            found[lot["id"]].append(identity)
            numbered = {"id": identity, "lot_no": f"{lot['lot_no']}-{number}"}
            elder.append(lot | numbered | {"line_no": lot["line_no"] + number + 1})
            nothing = {"lot_id": identity, "quantity_milli": 0, "value_satang": 0}
            empty.append(levels[lot["id"]] | nothing)
    _write(writer, iter([("lot", elder), ("stock_level", empty)]))
    return found


def _clones(
    writer: Writer,
    templates: Sequence[Template],
    lots: dict[Any, list[Any]],
    people: Sequence[UUID],
    numbers: range,
    sales: int,
    dice: random.Random,
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    made: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    buyers = [writer.key(who) for who in people]
    last = clock.today() - timedelta(days=1)
    for number in numbers:
        template = templates[number % len(templates)]
        day = last - timedelta(days=DAYS - 1 - number * DAYS // sales)
        when = {"business_date": writer.day(day), "posting_date": writer.day(day)}
        own = {
            template.sale["id"]: writer.key(_id_on(day, number, 1)),
            template.entry["id"]: writer.key(_id_on(day, number, 2)),
        }
        numbered = {
            "receipt_no": f"H-{number:08d}",
            "entry_no": templates[-1].entry["entry_no"] + 1 + number,
        }
        for lot, several in lots.items():
            own[lot] = several[dice.randrange(len(several))] if len(several) > 1 else lot
        buyer = buyers[dice.randrange(len(buyers))] if number % 3 == 0 else None
        for table, rows in template.rows.items():
            for row in rows:
                clone = {name: _own(own, value) for name, value in row.items()}
                clone |= {name: value for name, value in when.items() if name in row}
                clone |= {name: value for name, value in numbered.items() if name in row}
                if table == "sale":
                    clone["member_id"] = buyer
                made[table].append(clone)
    yield from made.items()


def _own(own: dict[Any, Any], value: Any) -> Any:
    return own.get(value, value) if isinstance(value, str | UUID) else value


def _id_on(day: date, number: int, kind: int) -> UUID:
    """Return an id of that day, so that history lies in the order of time as ours does."""
    moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number << 8 | kind)


def _write(writer: Writer, tables: Iterator[tuple[str, list[dict[str, Any]]]]) -> None:
    writer.connection.execute("BEGIN")
    for table, rows in tables:
        if rows:
            writer.write(table, list(rows[0]), (list(row.values()) for row in rows))
    writer.connection.execute("COMMIT")


def _continue_numbers(writer: Writer, sales: int) -> None:
    """Let the journal's next number come after those of the history."""
    writer.connection.execute(
        f"UPDATE number_series SET last_number = last_number + {sales} WHERE series = 'journal'"
    )
