"""What the database refuses of brought tables, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_world import World

OPEN = "guard: a table changes only while it is open"
ONCE = "guard: a line is taken once, while its table is taken"


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre that took a brought table."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def test_what_was_taken_stays_taken_once(attacker: Attacker) -> None:
    for change in ("state = 'open', taken_at = NULL", "digest = 'x'", "kind = 'stock'"):
        attacker.refused(OPEN, f"UPDATE table_import SET {change}")
    for change in ("outcome = 'waiting'", "outcome = 'entered'", "verdict = 'bad'"):
        attacker.refused(ONCE, f"UPDATE table_import_line SET {change}")
