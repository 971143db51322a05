"""What the database refuses of outright buying, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_buying import LOT, ORDER, RECEIPT, RETURN
from tests.integration.guarded_world import World


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre with a draft, a delivery and a return."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: object) -> str:
    """Return an id as this engine writes it."""
    return f"'{str(identity).replace('-', '')}'" if attacker.sqlite else f"'{identity}'"


SENT = "buying: an order that was sent stays as it was sent"


def test_an_order_goes_on_by_its_states_only(attacker: Attacker) -> None:
    which = f"WHERE id = {key(attacker, ORDER)}"
    for change in ("state = 'received'", "state = 'closed'", "order_no = 'PO-x'"):
        attacker.refused(SENT, f"UPDATE purchase_order SET {change} {which}")


def test_lines_of_an_order_are_written_anew_never_changed(attacker: Attacker) -> None:
    words = "buying: lines of an order are written anew, not changed"
    attacker.refused(words, "UPDATE purchase_order_line SET quantity_milli = 1")


def test_no_more_of_a_lot_goes_back_than_came(attacker: Attacker) -> None:
    row = f"centre_id, {key(attacker, RETURN)}, 2, {key(attacker, LOT)}, 8001, 0, 0"
    attacker.refused(
        "buying: more goes back than came",
        f"INSERT INTO supplier_return_line SELECT {row} FROM supplier_return_line",
    )


def test_nothing_comes_on_a_draft(attacker: Attacker) -> None:
    attacker.refused(
        "buying: nothing is expected on this order",
        "INSERT INTO goods_receipt (centre_id, id, receipt_no, producer_id, kind, paid,"
        " location_id, business_date, recorded_at, note, cost_satang, digest, content, order_id)"
        f" SELECT centre_id, {key(attacker, LOT)}, 'IN-x', producer_id, kind, paid, location_id,"
        f" business_date, recorded_at, note, cost_satang, digest, content, {key(attacker, ORDER)}"
        f" FROM goods_receipt WHERE id = {key(attacker, RECEIPT)}",
    )
