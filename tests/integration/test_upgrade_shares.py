"""Shares that were only lines of an account are in the register after the upgrade."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from accounting.services import verify_shares
from accounting.services.shares import reading, register
from core.actor import Centre, system_actor
from core.db import db
from core.paging import Window
from members.services import centres
from migrations.run import initialise
from pos import create_app
from tests.templates import settings_for

OLD = Path(__file__).parents[1] / "vectors" / "shop-0.1.0.sql.gz"
ENTRY, SOURCE = UUID(int=0x5B01), UUID(int=0x5B02)
MONEY, SHARES = "cash_safe", "share_capital"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """The old shop with 1,500 baht of shares in its books, brought up to date."""
    file = tmp_path / "sunruam.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(gzip.decompress(OLD.read_bytes()).decode())
        for line, purpose, debit, credit, member in (
            (1, MONEY, 1_500_00, 0, "NULL"),
            (2, SHARES, 0, 1_000_00, "(SELECT min(id) FROM member)"),
            (3, SHARES, 0, 500_00, "(SELECT max(id) FROM member)"),
        ):
            connection.execute(
                "INSERT INTO journal_line (centre_id, entry_id, line_no, account_id,"
                f" business_date, debit, credit, member_id, memo) SELECT 1, '{ENTRY.hex}', {line},"
                f" id, '2026-11-20', {debit}, {credit}, {member}, '' FROM account"
                f" WHERE purpose = '{purpose}'"
            )
        connection.execute(
            "INSERT INTO journal_entry SELECT centre_id, ?, fiscal_year, 88, period_id,"
            " business_date, occurred_at, posted_at, posted_by, 'opening', 'opening', ?, '', NULL,"
            " 3, 150000, 150000 FROM journal_entry WHERE entry_no = 87",
            (ENTRY.hex, SOURCE.hex),
        )
        connection.execute("UPDATE number_series SET last_number = 88 WHERE series = 'journal'")
    connection.close()
    settings = settings_for(f"sqlite:///{file}", tmp_path)
    initialise(settings)
    with create_app(settings).app_context():
        yield centres.listing()[0]
        db.session.remove()
        db.engine.dispose()


def test_what_stood_on_share_capital_is_in_the_register(centre: Centre) -> None:
    held = register.balances(centre.id)
    assert sorted(held.values()) == [500_00, 1_000_00]
    assert register.balances(centre.id, date(2026, 11, 19)) == {}
    [card] = reading.listing(system_actor(centre), Window()).items
    assert (card.transaction_no, card.kind, card.source_id) == ("S-2569-00001", "opening", SOURCE)
    assert (card.effective_on, card.amount_satang) == (date(2026, 11, 20), 1_500_00)
    assert [one.check for one in verify_shares.checks(centre.id) if not one.ok] == []
