"""What the database refuses of credit, write-offs and coupons, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_credit as rows
from tests.integration import guarded_world
from tests.integration.attacks import Attacker

NEW, OTHER = UUID(int=0xCD1), UUID(int=0xCD2)


@pytest.fixture
def attacker(app: Flask, settings: Settings, manager: Actor) -> Iterator[Attacker]:
    """A bill of 50 baht of which 15 are paid, a coupon of 30 of which 10 are used."""
    in_transaction(guarded_world.build, manager)
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: UUID) -> str:
    """Return an id as this engine writes it."""
    return f"'{identity.hex}'" if attacker.sqlite else f"'{identity}'"


def move(attacker: Attacker, source_type: str, source: UUID, satang: int) -> str:
    """Return the INSERT of a move of the world's bill."""
    return (
        "INSERT INTO credit_move (centre_id, source_type, source_id, charge_id, amount_satang,"
        f" business_date) SELECT centre_id, '{source_type}', {key(attacker, source)}, charge_id,"
        f" {satang}, business_date FROM credit_move WHERE source_type = 'credit_repayment'"
        f" AND source_id = {key(attacker, rows.REPAID)}"
    )


def used(attacker: Attacker, source_type: str, source: UUID, satang: int) -> str:
    """Return the INSERT of a use of the world's coupon."""
    return (
        "INSERT INTO coupon_move (centre_id, source_type, source_id, coupon_id, amount_satang,"
        " reason, business_date, recorded_at, recorded_name)"
        f" SELECT centre_id, '{source_type}', {key(attacker, source)}, coupon_id, {satang}, '',"
        f" business_date, recorded_at, recorded_name FROM coupon_move"
        f" WHERE coupon_id = {key(attacker, rows.COUPON)}"
    )


def test_no_more_is_taken_off_a_bill_than_it_is(attacker: Attacker) -> None:
    words = "credit: more is taken off than the bill"
    attacker.refused(words, move(attacker, "refund", NEW, 35_01))
    attacker.refused(words, move(attacker, "credit_repayment_reversal", NEW, -15_01))
    attacker.runs(move(attacker, "refund", NEW, 35_00))
    attacker.refused(words, move(attacker, "refund", OTHER, 1))


def test_nobody_gives_up_a_bill_alone(attacker: Attacker) -> None:
    attacker.refused(
        "credit: nobody approved this", move(attacker, "credit_write_off", rows.WRITTEN_OFF, 1_00)
    )
    for who in ("NULL", key(attacker, rows.PREPARER)):
        attacker.refused(
            "credit: a second person approves",
            "INSERT INTO credit_write_off_outcome (centre_id, write_off_id, kind, business_date,"
            " recorded_at, recorded_name, recorded_by) SELECT centre_id, id, 'approved',"
            f" '2026-01-01', prepared_at, 'x', {who} FROM credit_write_off"
            f" WHERE id = {key(attacker, rows.WRITTEN_OFF)}",
        )


def test_no_more_is_used_of_a_coupon_than_it_is_worth(attacker: Attacker) -> None:
    words = "coupon: more is used than it is worth"
    attacker.refused(words, used(attacker, "sale", NEW, 20_01))
    attacker.refused(words, used(attacker, "refund", NEW, -10_01))
    attacker.runs(used(attacker, "sale", NEW, 20_00))
