"""A shop that began with version 0.1.0 goes on: its books are kept, and it settles what it owed.

The fixture is two days of the demo as 0.1.0 built them, as SQL.
"""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services.settlement import posting, preparing, statements
from inventory.services.settlement.preparing import PrepareSettlement
from members.services import centres, users
from migrations.run import initialise
from pos import create_app
from pos.services import verify
from tests.templates import settings_for

OLD = Path(__file__).parents[1] / "vectors" / "shop-0.1.0.sql.gz"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """The old shop's centre, its database brought up to date."""
    file = tmp_path / "sunruam.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(gzip.decompress(OLD.read_bytes()).decode())
    connection.close()
    settings = settings_for(f"sqlite:///{file}", tmp_path)
    initialise(settings)
    with create_app(settings).app_context():
        yield centres.listing()[0]
        db.session.remove()
        db.engine.dispose()


def of(centre: Centre, name: str) -> Actor:
    return Actor(centre, users.find(name), name, frozenset({name}))


def test_the_books_of_an_old_shop_hold_after_the_upgrade(centre: Centre) -> None:
    assert [one for one in verify.run(centre.id) if not one.ok] == []
    assert ledger.balance(centre.id, Purpose.CONSIGNMENT_PAYABLE) < 0


def test_what_an_old_shop_owes_is_settled_under_its_old_terms(centre: Centre) -> None:
    owed = -ledger.balance(centre.id, Purpose.CONSIGNMENT_PAYABLE)
    accountant, manager = of(centre, "accountant"), of(centre, "manager")
    run_id = in_transaction(
        preparing.prepare, PrepareSettlement(uuid7(), clock.today()), accountant
    )
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, accountant)
    assert statements.run(run_id, manager).payout_satang == owed
    assert [one for one in verify.run(centre.id) if not one.ok] == []
