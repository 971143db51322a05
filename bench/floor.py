"""The floor: the very rows of one of our sales, written by multi-row SQL and nothing else.

It reads nothing, prices nothing, checks nothing: what is left is the database's own work behind
the same guards, keys and indexes. The rows are recorded from a sale of ours, so floor and sale can
never drift apart; each write gets new ids and new numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg
from sqlalchemy import make_url

import core.db
from bench.yard import Yard
from core.ids import uuid7

Recorded = list[tuple[str, str, list[dict[str, Any]]]]
NUMBERS = (
    "INSERT INTO number_series (centre_id, series, year, last_number) VALUES {places}"
    " ON CONFLICT (centre_id, series, year)"
    " DO UPDATE SET last_number = number_series.last_number + 1 RETURNING series, last_number"
)


def record_rows(yard: Yard, client: int) -> Recorded:
    """Run one sale of a client and return its writes: (kind, table, rows) in order."""
    import accounting.services.ledger as ledger
    import inventory.services.levels as levels
    import inventory.services.moves as moves
    import pos.services.sale as sale

    seen: Recorded = []
    insert, add, number = core.db.insert_rows, core.db.add_to_rows, ledger.next_numbers

    def note_insert(model: Any, rows: Any) -> None:
        seen.append(("insert", model.__tablename__, [dict(row) for row in rows]))
        insert(model, rows)

    def note_add(model: Any, keys: Any, sums: Any, rows: Any) -> int:
        seen.append(("add", model.__tablename__, [dict(row) for row in rows]))
        return add(model, keys, sums, rows)

    def note_numbers(centre_id: int, wanted: Any) -> list[int]:
        seen.append(("numbers", "", [{"series": one, "year": year} for one, year in wanted]))
        return number(centre_id, wanted)

    with (
        patch.object(ledger, "insert_rows", note_insert),
        patch.object(moves, "insert_rows", note_insert),
        patch.object(sale, "insert_rows", note_insert),
        patch.object(levels, "add_to_rows", note_add),
        patch.object(ledger, "next_numbers", note_numbers),
    ):
        core.db.in_transaction(sale.record, yard.sale(client, 0), yard.actor)
    return seen


class Floor:
    """One client's connection and the rows it writes again and again."""

    def __init__(self, yard: Yard, client: int) -> None:
        url = make_url(yard.settings.database_url)
        self.sqlite = url.drivername == "sqlite"
        self.recorded = record_rows(yard, client)
        self.centre_id = yard.actor.centre_id
        sale = next(rows[0] for kind, table, rows in self.recorded if table == "sale")
        entry = next(rows[0] for kind, table, rows in self.recorded if table == "journal_entry")
        self.series = {"receipt_no": sale["receipt_no"].rsplit("-", 1)[0], "sale": sale["id"]}
        self.old = {sale["id"], entry["id"]}
        self.sale_id, self.entry_id = sale["id"], entry["id"]
        self.connection: Any
        if self.sqlite:
            self.connection = sqlite3.connect(
                str(url.database), isolation_level=None, timeout=30, check_same_thread=False
            )
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "recursive_triggers=ON",
            ):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(address, autocommit=True)
        self.steps = [self._step(*one) for one in self.recorded]

    def write(self) -> None:
        """Write the sale once more, in one transaction."""
        ids = {self.sale_id: self._id(uuid7()), self.entry_id: self._id(uuid7())}
        drawn: dict[str, int] = {}
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        for step in self.steps:
            step(cursor, ids, drawn)
        cursor.execute("COMMIT")

    def _id(self, value: UUID) -> Any:
        return value.hex if self.sqlite else value

    def _step(self, kind: str, table: str, rows: list[dict[str, Any]]) -> Callable[..., None]:
        if kind == "numbers":
            return self._numbers(rows)
        return self._add(rows) if kind == "add" else self._insert(table, rows)

    def _numbers(self, rows: list[dict[str, Any]]) -> Callable[..., None]:
        mark = "?" if self.sqlite else "%s"
        places = ", ".join([f"({mark}, {mark}, {mark}, 1)"] * len(rows))
        text = NUMBERS.format(places=places)
        values = tuple(v for row in rows for v in (self.centre_id, row["series"], row["year"]))

        def run(cursor: Any, ids: dict[UUID, Any], drawn: dict[str, int]) -> None:
            for series, last in cursor.execute(text, values).fetchall():
                drawn["journal" if series == "journal" else "receipt"] = last

        return run

    def _add(self, rows: list[dict[str, Any]]) -> Callable[..., None]:
        order = ("quantity_milli", "value_satang", "centre_id", "lot_id", "location_id")
        if self.sqlite:
            text = (
                "UPDATE stock_level SET quantity_milli = quantity_milli + ?, value_satang ="
                " value_satang + ? WHERE centre_id = ? AND lot_id = ? AND location_id = ?"
            )
            values = [tuple(self._plain(row[name]) for name in order) for row in rows]
            return lambda cursor, ids, drawn: cursor.executemany(text, values)
        places = ", ".join(["(%s::bigint, %s::bigint, %s::bigint, %s::uuid, %s::uuid)"] * len(rows))
        text = (
            "UPDATE stock_level t SET quantity_milli = t.quantity_milli + v.q,"
            f" value_satang = t.value_satang + v.s FROM (VALUES {places}) AS v (q, s, c, l, p)"
            " WHERE t.centre_id = v.c AND t.lot_id = v.l AND t.location_id = v.p"
        )
        flat = tuple(row[name] for row in rows for name in order)
        return lambda cursor, ids, drawn: cursor.execute(text, flat)

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> Callable[..., None]:
        columns = list(rows[0])
        mark = "?" if self.sqlite else "%s"
        place = "(" + ", ".join([mark] * len(columns)) + ")"
        count = 1 if self.sqlite else len(rows)
        text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES " + ", ".join([place] * count)
        plain = [[self._plain(row[name]) for name in columns] for row in rows]
        fresh = [
            (i, j, row[name])
            for i, row in enumerate(rows)
            for j, name in enumerate(columns)
            if isinstance(row[name], UUID) and row[name] in self.old
        ]
        number = columns.index("entry_no") if "entry_no" in columns else None
        receipt = columns.index("receipt_no") if table == "sale" else None

        def run(cursor: Any, ids: dict[UUID, Any], drawn: dict[str, int]) -> None:
            for i, j, old in fresh:
                plain[i][j] = ids[old]
            if number is not None:
                plain[0][number] = drawn["journal"]
            if receipt is not None:
                plain[0][receipt] = f"{self.series['receipt_no']}-{drawn['receipt']:05d}"
            if self.sqlite:
                cursor.executemany(text, plain)
            else:
                cursor.execute(text, [value for row in plain for value in row])

        return run

    def _plain(self, value: Any) -> Any:
        import json
        from datetime import UTC, date, datetime

        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False)
        if not self.sqlite:
            return value
        if isinstance(value, UUID):
            return value.hex
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return value.isoformat() if isinstance(value, date) else value
