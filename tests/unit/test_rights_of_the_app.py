"""What the app changes and deletes is granted to its role on PostgreSQL; read off its source.

Statements whose table is only known as they run (`update(table)`) are named below with the tables
they can meet.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Base
from migrations import guards, roles

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "members", "accounting", "inventory", "pos", "worker")
MET: dict[tuple[str, str], tuple[str, ...]] = {
    ("accounting/services/bank_batches/answering.py", "debt.line"): (
        "member_batch_line",
        "payout_batch_line",
    ),
    ("accounting/services/bank/matching.py", "part"): ("bank_match_item", "bank_match_line"),
    ("inventory/services/catalogue/versioned.py", "model"): (
        "price_tier",
        "product_category",
        "product_licence",
        "product_unit",
        "scale_prefix",
    ),
    ("inventory/services/catalogue/finding.py", "_product"): ("product",),
    ("members/services/merging.py", "table"): ("member", "person", "producer"),
    ("members/services/roster/staffing.py", "model"): ("work_time", "worker"),
    ("members/services/standing_facts.py", "table"): ("standing_fact",),
    ("pos/services/day_figures/rolling.py", "table"): ("day_figure", "day_goods", "day_roll"),
}
"""(file, what it calls the table): the tables it can be."""


@pytest.fixture(scope="module")
def statements() -> list[tuple[str, str, str]]:
    """Every change and deletion the rooms' source holds: (verb, table, file)."""
    for room in ROOMS[:-1]:
        importlib.import_module(f"{room}.models")
    names = {one.class_.__name__: str(one.local_table) for one in Base.registry.mappers}
    found = []
    for path in (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))):
        file = path.relative_to(ROOT).as_posix()
        for verb, called in _statements(path):
            tables = MET[file, called] if (file, called) in MET else (names[called],)
            found += [(verb, table, file) for table in tables]
    return found


def _statements(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id in ("update", "delete"):
            yield node.func.id, ast.unparse(node.args[0])


def test_whatever_is_changed_may_be_changed(statements: list[tuple[str, str, str]]) -> None:
    changed = {(table, file) for verb, table, file in statements if verb == "update"}
    assert {one for one in changed if one[0] not in roles.CHANGES} == set()
    assert {one for one in changed if one[0] in guards.APPEND_ONLY} == set()


def test_whatever_is_deleted_may_be_deleted(statements: list[tuple[str, str, str]]) -> None:
    deleted = {(table, file) for verb, table, file in statements if verb == "delete"}
    assert {one for one in deleted if one[0] not in roles.DELETES} == set()


def test_nothing_may_be_deleted_that_never_is(statements: list[tuple[str, str, str]]) -> None:
    assert set(roles.DELETES) == {table for verb, table, _ in statements if verb == "delete"}
