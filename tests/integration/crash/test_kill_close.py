"""The process that signs a close second is killed (SIGKILL) half-way: the month stays open."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounting.models import AccountMonth, JournalEntry, MonthCloseApproval, Seal
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger, periods
from accounting.services.closing import signing
from accounting.services.closing.signing import PrepareClose
from core import clock
from core.actor import Actor, Centre
from core.config import Settings
from core.db import db, in_transaction
from core.ids import uuid7
from pos.services import verify
from tests.starting import told_before_killed

SIGNS = """
import sys, time
from pathlib import Path
from uuid import UUID
from datetime import UTC, datetime
from core import clock
from core.actor import Actor
from core.db import in_transaction
from accounting.services import periods
from accounting.services.closing import signing
from members.services import centres
from pos import create_app
from tests.templates import settings_for

url, folder, centre_id, close_id, user_id, before = sys.argv[1:]

def stop(*_args, **_rest):
    print("here", flush=True)
    time.sleep(60)  # killed here, in the middle of the transaction

setattr(*{"carry": (signing.year, "carry"), "seal": (signing.sealing, "seal_all"),
          "lock": (periods, "lock")}[before], stop)
with create_app(settings_for(url, Path(folder))).app_context():
    with clock.travel(lambda: datetime(2027, 1, 2, tzinfo=UTC)):
        actor = Actor(centres.get(int(centre_id)), UUID(user_id), "", frozenset({"manager"}))
        in_transaction(signing.sign, UUID(close_id), actor)
"""


@pytest.mark.parametrize("before", ["carry", "seal", "lock"])
def test_a_close_killed_half_way_leaves_an_open_month_and_is_signed_once_after(
    app: Flask, settings: Settings, centre: Centre, accountant: Actor, manager: Actor, before: str
) -> None:
    lines = (NewLine(Purpose.CASH_SAFE, debit=500), NewLine(Purpose.SALES, credit=500))
    with clock.travel(lambda: datetime(2027, 1, 2, tzinfo=UTC)):
        entry = NewEntry("opening", "opening", uuid7(), date(2026, 12, 30), clock.now(), lines)
        in_transaction(ledger.post, entry, accountant)
        # The founding month comes first; it is closed without a kill.
        for period_id in (202611,):
            prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), period_id), accountant)
            in_transaction(signing.sign, prepared.id, manager)
        card = in_transaction(signing.prepare, PrepareClose(uuid7(), 202612), accountant)
        had = counts()

        kill_before(before, settings, centre, card.id.hex, str(manager.user_id))
        db.session.remove()
        assert periods.state_of(centre.id, 202612) == "open"
        assert counts() == had

        signed = in_transaction(signing.sign, card.id, manager)
        assert signed.in_force
        assert periods.state_of(centre.id, 202612) == "closed"
        assert [one for one in verify.run(centre.id) if not one.ok] == []


def kill_before(
    before: str, settings: Settings, centre: Centre, close_id: str, user_id: str
) -> None:
    """Sign in a process of its own and kill it just before a step."""
    arguments = [settings.database_url, str(settings.var), str(centre.id), close_id, user_id]
    assert told_before_killed(SIGNS, *arguments, before, lines=1) == ["here"]


def counts() -> list[int]:
    """How many rows a close writes to have."""
    tables = (MonthCloseApproval, Seal, AccountMonth, JournalEntry)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
