"""The chart of a centre: seeded once, then read by purpose (rules) or by code (people).

What must stay true: every purpose has one account in every centre, and what an account is for never
changes, so its id may be remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import Account
from accounting.rules.chart import DEBIT_TYPES, MONEY, Purpose, read_chart
from core.db import db, insert_rows, remembered
from core.errors import NotFound
from core.ids import uuid7

SEED = Path(__file__).parent.parent / "charts" / "community_enterprise.csv"


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account, as other rooms and pages see it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    type: str
    purpose: str | None
    control_key: str
    active: bool
    money: str = ""

    @property
    def rises_by_debit(self) -> bool:
        """Tell on which side the account's balance stands as a rule."""
        return self.type in DEBIT_TYPES


_COLUMNS = (
    Account.id,
    Account.code,
    Account.name_th,
    Account.name_en,
    Account.type,
    Account.purpose,
    Account.control_key,
    Account.active,
    Account.money,
)


def seed(centre_id: int) -> None:
    """Give a centre every account of the seed chart that it lacks; harmless to repeat."""
    with SEED.open(encoding="utf-8") as lines:
        accounts = read_chart(lines)
    there = set(db.session.scalars(select(Account.purpose).where(Account.centre_id == centre_id)))
    insert_rows(
        Account,
        [
            {
                "centre_id": centre_id,
                "id": uuid7(),
                "code": account.code,
                "name_th": account.name_th,
                "name_en": account.name_en,
                "type": account.type,
                "purpose": account.purpose.value,
                "control_key": account.control_key,
                "money": MONEY.get(account.purpose, ""),
                "active": True,
            }
            for account in accounts
            if account.purpose not in there
        ],
    )


def listing(centre_id: int) -> tuple[AccountCard, ...]:
    """Return the chart by code."""
    rows = db.session.execute(
        select(*_COLUMNS).where(Account.centre_id == centre_id).order_by(Account.code)
    )
    return tuple(_card(row) for row in rows)


def get(centre_id: int, account_id: UUID) -> AccountCard:
    """Return one account; raise NotFound."""
    row = db.session.execute(
        select(*_COLUMNS).where(Account.centre_id == centre_id, Account.id == account_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="account")
    return _card(row)


def by_purpose(centre_id: int) -> dict[str, AccountCard]:
    """Return the accounts rules post to; read once per process, for purposes never move."""
    return remembered(("accounts", centre_id), lambda: _by_purpose(centre_id)) or {}


def account_for(centre_id: int, purpose: Purpose) -> AccountCard:
    """Return the account of a purpose; a centre without it was never seeded, which is our fault."""
    account = by_purpose(centre_id).get(purpose)
    assert account is not None, f"centre {centre_id} has no account for {purpose}"
    return account


def _by_purpose(centre_id: int) -> dict[str, AccountCard] | None:
    found = {card.purpose: card for card in listing(centre_id) if card.purpose is not None}
    return found if len(found) >= len(Purpose) else None


def _card(row: Any) -> AccountCard:
    return AccountCard(*row)
