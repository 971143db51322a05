"""What the database refuses of batches and joint rounds, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker

ENDED = "production: this batch has ended"
COLLECTS = "joint round: it changes only while it collects"
STATES = "joint round: it goes on by its states, and ends once"


@pytest.fixture
def attacker(app: Flask, settings: Settings, manager: Actor) -> Iterator[Attacker]:
    """Raw SQL on a centre with a batch that ended and a round that collects."""
    in_transaction(guarded_world.build, manager)
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def copied(attacker: Attacker, table: str, **other: str) -> str:
    """Return an INSERT of the row there is, with other values in some columns."""
    with attacker.session() as connection:
        columns = list(connection.exec_driver_sql(f"SELECT * FROM {table}").keys())
    values = ", ".join(other.get(column, column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"


def test_nothing_goes_into_a_batch_that_ended_nor_is_it_finished_again(attacker: Attacker) -> None:
    new = f"'{'0' * 31}7'" if attacker.sqlite else "'00000000-0000-0000-0000-000000000007'"
    attacker.refused(ENDED, copied(attacker, "batch_issue", id=new))
    attacker.refused(ENDED, copied(attacker, "batch_issue_line", line_no="2"))
    attacker.refused(ENDED, copied(attacker, "batch_cost", id=new))
    attacker.runs(
        copied(attacker, "production_batch", id=new, batch_no="'PB-x'"),
        copied(attacker, "batch_cancellation", id=new, batch_id=new),
    )
    attacker.refused(ENDED, copied(attacker, "batch_finish", batch_id=new))


def test_what_was_ordered_in_a_round_stays_once_it_stops_collecting(attacker: Attacker) -> None:
    attacker.runs("UPDATE joint_round_order SET note = 'x'")
    attacker.refused(COLLECTS, "UPDATE joint_round_order SET order_no = 'JO-x'")
    attacker.runs("UPDATE joint_round SET state = 'ordered'")
    attacker.refused(COLLECTS, "UPDATE joint_round_order SET note = 'y'")
    attacker.refused(COLLECTS, "DELETE FROM joint_round_order_line")
    attacker.refused(COLLECTS, copied(attacker, "joint_round_order_line", item_no="2"))
    attacker.refused(COLLECTS, copied(attacker, "joint_round_item", item_no="2"))
    attacker.refused("written anew", "UPDATE joint_round_order_line SET quantity_milli = 1")


def test_a_round_goes_on_by_its_states_and_ends_once(attacker: Attacker) -> None:
    attacker.refused(STATES, "UPDATE joint_round SET state = 'shared'")
    attacker.runs("UPDATE joint_round SET state = 'ordered'")
    attacker.refused(STATES, "UPDATE joint_round SET state = 'collecting'")
    attacker.refused(STATES, "UPDATE joint_round SET margin_basis_points = 5000")
    attacker.runs("UPDATE joint_round SET state = 'shared'")
    attacker.refused(STATES, "UPDATE joint_round SET state = 'cancelled'")
