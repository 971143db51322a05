"""The auditor names a members' run another tool has spoilt, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from accounting.services import verify, verify_surplus
from core.actor import Actor
from core.config import Settings
from core.db import db
from migrations import guards
from tests.dividends import Allocated, allocate, member
from tests.integration.attacks import Attacker


@pytest.fixture
def year(app: Flask, system: Actor, manager: Actor, accountant: Actor) -> Allocated:
    given = {member(system, "แดง"): (120_00, 80_50), member(system, "ดำ"): (10_00, 0)}
    made = allocate(manager, accountant, given)
    assert [one for one in verify.checks(manager.centre_id) if not one.ok] == []
    return made


@pytest.fixture
def spoil(year: Allocated, settings: Settings) -> Iterator[Callable[[str], None]]:
    hand = Attacker(settings.database_url)

    def spoil(statement: str) -> None:
        db.session.rollback()
        with hand.session() as connection:
            guards.drop(connection)
            if not hand.sqlite:
                connection.exec_driver_sql("SET session_replication_role = replica")
            connection.execute(text(statement))
            guards.install(connection)

    yield spoil
    hand.close()


def failed(actor: Actor) -> dict[str, object]:
    db.session.rollback()
    found = verify_surplus.checks(actor.centre_id)
    return {one.check: one.document_id for one in found if not one.ok}


def test_parts_that_are_not_the_pools_are_named(
    spoil: Callable[[str], None], year: Allocated, manager: Actor
) -> None:
    spoil(
        "UPDATE member_run_item SET dividend_satang = dividend_satang + 1,"
        " cash_dividend_satang = cash_dividend_satang + 1 WHERE dividend_satang = 1000"
    )
    found = failed(manager)
    assert found["members' parts are the pools"] == year.allocation_id
    assert found["members' parts are as they were measured"] == year.allocation_id


def test_a_part_moved_from_one_to_another_is_named(
    spoil: Callable[[str], None], year: Allocated, manager: Actor
) -> None:
    spoil(
        "UPDATE member_run_item SET dividend_satang = 13000 - dividend_satang,"
        " cash_dividend_satang = 13000 - cash_dividend_satang"
    )
    found = failed(manager)
    assert "members' parts are the pools" not in found
    assert found["members' parts are as they were measured"] == year.allocation_id
