"""What the database refuses of a settlement, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_settlement import ADVANCE, PAYOUT, RETURN, SETTLEMENT
from tests.integration.guarded_world import World


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre with a settlement posted, half paid, and a return of it half taken back."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: object) -> str:
    """Return an id as this engine writes it."""
    return f"'{str(identity).replace('-', '')}'" if attacker.sqlite else f"'{identity}'"


def test_no_run_is_posted_that_nobody_approved(attacker: Attacker, world: World) -> None:
    run = key(attacker, "00000000-0000-0000-0000-00000000aaaa")
    attacker.runs(
        f"INSERT INTO settlement_run SELECT centre_id, {run}, 'SR-x', cut_off, recipe, producers,"
        " payout_satang, prepared_at, prepared_by, prepared_name, digest, content"
        " FROM settlement_run"
    )
    attacker.refused(
        "settlement: nobody approved this run",
        f"INSERT INTO settlement_outcome SELECT centre_id, {run}, 'posted', business_date,"
        " recorded_at, recorded_by, reason FROM settlement_outcome",
    )
    attacker.refused(
        "settlement: the approval names another preparer",
        f"INSERT INTO settlement_approval SELECT centre_id, {run}, approved_by, prepared_by,"
        " approved_name, approved_at, waiver FROM settlement_approval",
    )
    attacker.refused(
        "two_people",
        f"INSERT INTO settlement_approval SELECT centre_id, {run}, prepared_by, prepared_by,"
        " approved_name, approved_at, waiver FROM settlement_approval",
    )


def test_a_settlement_is_not_paid_beyond_what_it_was(attacker: Attacker) -> None:
    paid = (
        f"INSERT INTO payout_line (centre_id, payout_id, line_no, kind, document_id, amount_satang)"
        f" SELECT centre_id, {key(attacker, PAYOUT)}, 2, 'settlement',"
        f" {key(attacker, SETTLEMENT)}, {{amount}} FROM settlement"
    )
    attacker.refused("settlement: more is paid than was settled", paid.format(amount=30_01))
    attacker.runs(paid.format(amount=30_00))


def test_a_return_is_not_taken_back_twice(attacker: Attacker) -> None:
    taken = (
        "INSERT INTO recovery (centre_id, document_type, document_id, source_type, source_id,"
        " move_no, producer_id, amount_satang, recorded_at)"
        f" SELECT centre_id, 'settlement', {key(attacker, SETTLEMENT)}, source_type, source_id,"
        " move_no, producer_id, {amount}, recorded_at FROM recovery"
        f" WHERE source_id = {key(attacker, RETURN)}"
    )
    attacker.refused(
        "settlement: more is taken back than the return was worth", taken.format(amount=10_01)
    )
    attacker.runs(taken.format(amount=10_00))


def test_an_advance_is_not_netted_beyond_what_was_given(attacker: Attacker) -> None:
    netted = (
        "INSERT INTO advance_netting (centre_id, document_type, document_id, advance_id,"
        f" amount_satang, recorded_at) SELECT centre_id, 'payout', {key(attacker, PAYOUT)},"
        f" {key(attacker, ADVANCE)}, {{amount}}, recorded_at FROM advance_netting"
    )
    attacker.refused("settlement: more is netted than was advanced", netted.format(amount=40_01))
    attacker.runs(netted.format(amount=40_00))


def test_only_a_posted_settlement_settles_goods(attacker: Attacker) -> None:
    waiting = key(attacker, "00000000-0000-0000-0000-00000000aaaa")
    attacker.runs(
        f"INSERT INTO settlement_run SELECT centre_id, {waiting}, 'SR-x', cut_off, recipe,"
        " producers, payout_satang, prepared_at, prepared_by, prepared_name, digest, content"
        " FROM settlement_run",
        f"INSERT INTO settlement SELECT centre_id, {waiting}, 'ST-x', {waiting}, producer_id,"
        " brought_forward_satang, earned_satang, recovered_satang, netted_satang, payout_satang,"
        " carried_satang, content, digest FROM settlement",
    )
    attacker.refused(
        "settlement: only a posted one settles goods",
        "INSERT INTO settled_move SELECT centre_id, source_type, source_id, move_no,"
        f" {waiting} FROM stock_move WHERE source_id = {key(attacker, RETURN)}",
    )
