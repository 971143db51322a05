"""A network to add up in tests: what it trades, and how its sums are read."""

from __future__ import annotations

from datetime import UTC, date, datetime

from accounting.rules.stretches import Stretch
from accounting.services import financial_statements
from accounting.services.financial_statements import Ask
from core.db import db
from core.ids import uuid7
from pos.services.rollups import books
from pos.services.rollups.scope import Scope
from pos.services.sale import RecordSaleLine
from tests.shop import Shop

MARCH, JULY, AUGUST = (datetime(2026, month, 10, 5, tzinfo=UTC) for month in (3, 7, 8))
DECEMBER = datetime(2026, 12, 10, 5, tzinfo=UTC)
MOVED = date(2026, 7, 1)
YEAR = 202601, 202612
PRICE, COST = 9_000, 3_300


def trade_a_day(shop: Shop, pieces: int) -> None:
    """Buy twice what is sold, and sell it."""
    oil = shop.product(f"น้ำมัน {uuid7()}", PRICE)
    shop.buy(oil, pieces * 2_000, COST)
    shop.open()
    shop.sell(RecordSaleLine(oil, pieces * 1_000, PRICE))
    shop.close((1_000, 100 + pieces * PRICE // 1_000))


def own(centre_id: int, kind: str, last: int) -> dict[str, int]:
    """A centre's own statement, by purpose, as it reads it itself."""
    ask = Ask(kind, Stretch("year", 202601, last), "none")
    shown = financial_statements.of_centre(ask, centre_id, 1)
    db.session.rollback()
    return {
        shown.accounts[row.account_id].purpose or "": row.amounts[0]
        for row in shown.statement.rows
        if row.account_id is not None
    }


def rolled(shown: books.Shown) -> dict[str, int]:
    return {
        shown.accounts[row.account_id].key: row.amounts[0]
        for row in shown.statement.rows
        if row.account_id is not None
    }


def added(*parts: dict[str, int]) -> dict[str, int]:
    keys = {key for part in parts for key in part}
    sums = {key: sum(part.get(key, 0) for part in parts) for key in keys}
    return {key: amount for key, amount in sums.items() if amount}


def income_of(scope: Scope) -> int:
    return books.income(scope).statement.totals["income"][0]
