"""Nobody vanishes from the register of persons by raw SQL, and no fact of theirs is rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from core.ids import uuid7
from tests.integration import guarded_world
from tests.integration.attacks import Attacker

TABLES = ("person", "household", "member", "producer", "standing_fact", "group_member")


@pytest.fixture
def attacker(app: Flask, settings: Settings, manager: Actor) -> Iterator[Attacker]:
    """Another tool on the centre's database; every row is as it was afterwards."""
    del app
    in_transaction(guarded_world.build, manager)
    hand = Attacker(settings.database_url)
    before = {table: hand.rows(table) for table in TABLES}
    assert all(before.values())
    yield hand
    assert {table: hand.rows(table) for table in TABLES} == before
    hand.close()


@pytest.mark.parametrize("table", TABLES)
def test_nobody_is_deleted(attacker: Attacker, table: str) -> None:
    attacker.refused(f"guard: rows of {table} stay for ever", f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'died'",
        "on_date = '2020-01-01'",
        "reason = 'x'",
        "member_id = NULL",
        "withdrawn_reason = 'x'",
        "kind = 'died', withdrawn_at = recorded_at, withdrawn_reason = 'x'",
    ],
)
def test_a_fact_is_never_rewritten(attacker: Attacker, change: str) -> None:
    attacker.refused(
        "standing: a fact is withdrawn once and never rewritten",
        f"UPDATE standing_fact SET {change}",
    )


def test_a_withdrawn_fact_stays_withdrawn(attacker: Attacker) -> None:
    withdraw = "UPDATE standing_fact SET withdrawn_at = recorded_at, withdrawn_reason = 'x'"
    attacker.refused(
        "standing: a fact is withdrawn once and never rewritten",
        withdraw,
        "UPDATE standing_fact SET withdrawn_at = NULL, withdrawn_reason = ''",
    )
    attacker.refused("standing: a fact is withdrawn once and never rewritten", withdraw, withdraw)


def test_no_fact_is_born_withdrawn(attacker: Attacker) -> None:
    attacker.refused(
        "standing: a new fact is not withdrawn",
        "INSERT INTO standing_fact (centre_id, id, member_id, kind, on_date, reason, recorded_at,"
        " withdrawn_at, withdrawn_reason) SELECT centre_id, :id, member_id, kind, on_date, reason,"
        " recorded_at, recorded_at, 'x' FROM standing_fact",
        id=uuid7().hex,
    )


@pytest.mark.parametrize("table", ["person", "member", "producer"])
def test_whose_a_row_is_never_changes(attacker: Attacker, table: str) -> None:
    attacker.refused(
        f"{table}: whose it is never changes", f"UPDATE {table} SET id = :id", id=uuid7().hex
    )


def test_a_household_stays_where_it_is(attacker: Attacker) -> None:
    attacker.refused("household: where it is never changes", "UPDATE household SET house_no = '99'")


def test_who_belonged_to_a_group_is_not_rewritten(attacker: Attacker) -> None:
    attacker.refused(
        "group: who belonged to it from when never changes",
        "UPDATE group_member SET joined_on = '2001-01-01'",
    )


def test_whether_a_producer_delivers_is_no_tick_of_its_own(attacker: Attacker) -> None:
    attacker.refused(
        "producer: whether it delivers follows from what happened",
        "UPDATE producer SET active = NOT active",
    )
    attacker.refused(
        "producer: whether it delivers follows from what happened",
        "INSERT INTO standing_fact (centre_id, id, producer_id, kind, on_date, reason, recorded_at,"
        " withdrawn_reason) SELECT centre_id, :id, producer_id, 'suspended', on_date, reason,"
        " recorded_at, '' FROM standing_fact WHERE producer_id IS NOT NULL",
        "UPDATE producer SET active = (1 = 0)",
        "UPDATE producer SET active = (1 = 1)",
        id=uuid7().hex,
    )


def test_an_erased_person_stays_erased(attacker: Attacker) -> None:
    moment: dict[str, Any] = {"at": "2026-11-20 05:00:00"}
    attacker.refused(
        "person: who was erased stays so",
        "UPDATE person SET erased_at = :at",
        "UPDATE person SET erased_at = NULL",
        **moment,
    )


def test_no_person_or_member_is_pushed_aside(attacker: Attacker) -> None:
    if not attacker.sqlite:
        pytest.skip("OR REPLACE is SQLite's")
    copy = (
        "INSERT INTO person (centre_id, id, title, first_name, last_name, nickname, phone,"
        " house_no, note, sort_key, search_key, version, national_id_cipher, national_id_hash)"
        " SELECT centre_id, 'p2', '', 'x', '', '', '', '', '', 'x', 'x', 1, 'y', 'y' FROM person"
        " WHERE national_id_hash IS NOT NULL"
    )
    attacker.refused(
        "person: another has this national id",
        copy,
        "UPDATE OR REPLACE person SET national_id_hash = (SELECT national_id_hash FROM person"
        " WHERE id <> 'p2' AND national_id_hash IS NOT NULL) WHERE id = 'p2'",
    )
    attacker.refused(
        "member: another has this number or person",
        copy,
        "INSERT INTO member (centre_id, id, person_id, member_no, joined_on, version)"
        " SELECT centre_id, 'm2', 'p2', 'G2', joined_on, 1 FROM member WHERE member_no = 'G001'",
        "UPDATE OR REPLACE member SET member_no = 'G001' WHERE id = 'm2'",
    )
