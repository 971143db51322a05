"""A bill begun before midnight whose month is locked before it is written counts the day after.

On SQLite nobody can come between: one writer at a time, and the clock is read after it is one's
turn. On PostgreSQL a machine that stands still for a moment is enough.
"""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask

from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.clock import BANGKOK
from core.db import db, in_transaction
from pos.services.sale import RecordSaleLine
from tests.closing import lock_month
from tests.shop import shop_in

HONEY = 10_000
BEFORE = datetime(2026, 10, 31, 23, 59, tzinfo=BANGKOK)
AFTER = datetime(2026, 11, 1, 0, 1, tzinfo=BANGKOK)


def test_a_bill_overtaken_by_the_lock_counts_today(
    centre: Centre, app: Flask, accountant: Actor, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    moments = [BEFORE]
    with clock.travel(lambda: moments[-1]):
        shop = shop_in(centre)
        honey = shop.product("น้ำผึ้ง", HONEY)
        shop.consign(honey, 2000)
        shop.open(0)
        real, calls = ledger.next_numbers, []

        def lock_first(*args: Any) -> Any:
            """Lock the month elsewhere while the bill has its lines but not its header."""
            calls.append(args)
            if len(calls) == 1:
                moments.append(AFTER)
                elsewhere(app, lambda: lock_month(202610, accountant, manager))
            return real(*args)

        monkeypatch.setattr(ledger, "next_numbers", lock_first)
        sold = shop.record(shop.command(RecordSaleLine(honey, 1000, HONEY)))[0]
        monkeypatch.undo()
        [entry] = ledger.entry_of(centre.id, "sale", sold.id)
        assert len(calls) == 2, "it was run again, once"
        assert (entry.business_date, entry.posting_date) == (date(2026, 10, 31), date(2026, 11, 1))


def elsewhere(app: Flask, work: Any) -> None:
    def run() -> None:
        with app.app_context():
            in_transaction(work)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
