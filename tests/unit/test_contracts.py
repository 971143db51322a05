"""The import contracts are kept, and each of them can break."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "members", "accounting", "inventory", "pos", "worker")
VIOLATIONS = {
    "Rooms import one way": ("core/money.py", "import pos.services.sale"),
    "Doors inside a room": ("members/util.py", '"""A drawer for homeless code."""'),
    "Rules are pure": ("pos/rules/pricing.py", "import sqlalchemy"),
    "Services know no HTTP": ("pos/services/sale.py", "import flask"),
    "The members' tables are their own": ("pos/services/held.py", "import members.models"),
    "The books' tables are their own": ("pos/services/sale.py", "import accounting.models"),
    "The stock room's tables are its own": ("pos/services/tills.py", "import inventory.models"),
    "The counter's tables are its own": ("worker/tasks.py", "import pos.models"),
    "One door for each library": ("pos/services/receipts.py", "import weasyprint"),
}
"""Contract → a line that breaks it, and the file it is added to."""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the rooms that may be spoilt."""
    left_out = shutil.ignore_patterns("__pycache__", "static", "translations")
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def verdicts(house: Path) -> dict[str, str]:
    """Run the contracts over a house: name → KEPT or BROKEN."""
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)$", result.stdout, flags=re.MULTILINE))


def test_every_contract_has_a_violation_to_show() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {one["name"] for one in contracts["tool"]["importlinter"]["contracts"]}
    assert names == set(VIOLATIONS)


def test_the_house_keeps_every_contract(house: Path) -> None:
    assert verdicts(house) == dict.fromkeys(VIOLATIONS, "KEPT")


def test_every_contract_breaks_when_it_should(house: Path) -> None:
    for file, line in VIOLATIONS.values():
        with (house / file).open("a", encoding="utf-8") as code:
            code.write(f"\n{line}\n")
    assert verdicts(house) == dict.fromkeys(VIOLATIONS, "BROKEN")
