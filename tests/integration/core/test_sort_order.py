"""The Thai sort key orders names alike in PostgreSQL, in SQLite and in Python."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from core.text import thai_sort_key

POSTGRES_URL = os.environ.get(
    "SUNRUAM_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
VECTORS = Path(__file__).parents[2] / "vectors" / "text.json"
IN_ORDER = json.loads(VECTORS.read_text("utf-8"))["in_dictionary_order"]
# Names whose keys differ only behind the separators, and names of other scripts.
IN_ORDER_MIXED = [
    "+",
    "1 ขวด",
    "2 ขวด",
    "10 ขวด",
    "honey",
    "Honey 2",
    "ก",
    "ก ก",
    "กก.",
    "ก๊ก",
    "กก. 5",
    "น้ำ-ดื่ม",
    "น้ำดื่ม 350 มล.",
    "น้ำดื่ม 1500 มล.",
]


@pytest.fixture
def postgres() -> Iterator[psycopg.Connection[tuple[str]]]:
    plain = make_url(POSTGRES_URL).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
        yield connection


@pytest.mark.parametrize("names", [IN_ORDER, IN_ORDER_MIXED])
def test_both_databases_give_the_dictionary_order(
    names: list[str], postgres: psycopg.Connection[tuple[str]]
) -> None:
    rows = [(name, thai_sort_key(name)) for name in sorted(names)]
    orders = []
    with closing(sqlite3.connect(":memory:")) as sqlite, postgres.cursor() as cursor:
        sqlite.execute("CREATE TABLE word (name TEXT, sort_key TEXT)")
        sqlite.executemany("INSERT INTO word VALUES (?, ?)", rows)
        orders.append(sqlite.execute("SELECT name FROM word ORDER BY sort_key").fetchall())
        cursor.execute('CREATE TEMP TABLE word (name TEXT, sort_key TEXT COLLATE "C")')
        cursor.executemany("INSERT INTO word VALUES (%s, %s)", rows)
        orders.append(cursor.execute("SELECT name FROM word ORDER BY sort_key").fetchall())
        cursor.execute("DROP TABLE word")
    assert [[name for (name,) in order] for order in orders] == [names, names]
    assert sorted(names, key=thai_sort_key) == names
