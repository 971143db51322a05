"""What the database refuses of the old books, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_openings import DUE, ENTRY, IMPORT
from tests.integration.guarded_world import World


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre whose old books were taken."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: object) -> str:
    """Return an id as this engine writes it."""
    return f"'{str(identity).replace('-', '')}'" if attacker.sqlite else f"'{identity}'"


OPEN = "guard: an opening changes only while it is open"
TAKEN = "guard: an open import is taken, with its own entry"
POSTED = "guard: what is due from the old books stands in their entry"
COPY = (
    "INSERT INTO opening_import SELECT centre_id, {other}, 'OB-x', opening_on, 'open', tables,"
    " digests, choices, recorded_at, recorded_by, recorded_name FROM opening_import"
    " WHERE id = {known}"
)


def test_what_was_taken_never_changes(attacker: Attacker) -> None:
    which = f"WHERE id = {key(attacker, IMPORT)}"
    for change in ("tables = '{}'", "state = 'open'", "opening_on = '2026-11-01'"):
        attacker.refused(OPEN, f"UPDATE opening_import SET {change} {which}")


def test_an_open_import_can_t_pretend_to_be_taken(attacker: Attacker) -> None:
    other = key(attacker, "00000000-0000-0000-0000-00000000aaaa")
    attacker.runs(COPY.format(other=other, known=key(attacker, IMPORT)))
    which = f"WHERE id = {other}"
    attacker.refused(OPEN, f"UPDATE opening_import SET state = 'taken' {which}")
    attacker.refused(OPEN, f"UPDATE opening_import SET import_no = 'OB-y' {which}")
    attacker.refused(
        TAKEN,
        f"INSERT INTO opening_taking SELECT centre_id, {other}, {key(attacker, ENTRY)},"
        " business_date, total_satang, people, lots, recorded_at, recorded_by, recorded_name"
        " FROM opening_taking",
    )
    attacker.runs(f"UPDATE opening_import SET state = 'dropped' {which}")
    attacker.refused(OPEN, f"UPDATE opening_import SET state = 'open' {which}")


def test_nothing_is_due_that_the_entry_does_not_say(attacker: Attacker) -> None:
    new = key(attacker, "00000000-0000-0000-0000-00000000aaaa")
    for kind, amount in (("outright", "amount_satang"), ("advance", "amount_satang")):
        attacker.refused(
            POSTED,
            f"INSERT INTO opening_due SELECT centre_id, {new}, import_id, producer_id, '{kind}',"
            f" {amount}, business_date FROM opening_due WHERE id = {key(attacker, DUE)}",
        )
    if not attacker.sqlite:  # there the row's other key refuses it first
        attacker.refused(
            POSTED,
            f"INSERT INTO opening_due SELECT centre_id, {new}, import_id, producer_id, kind,"
            f" amount_satang + 1, business_date FROM opening_due WHERE id = {key(attacker, DUE)}",
        )
