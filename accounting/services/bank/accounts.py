"""The centre's bank accounts: what the books say, what the bank says, and why they differ.

What must stay true: book less what the bank has not seen yet, more what the books have not seen
yet, is the balance of the statement; a difference is never hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select

from accounting.models import BankLine, BankStatement
from accounting.rules.chart import Purpose
from accounting.services import balances, chart
from accounting.services.bank import open_items
from accounting.services.bank.open_items import Sum
from accounting.services.chart import AccountCard
from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from members.services import access


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A bank account at the end of a day; `covered_to` is the last day the bank has told of."""

    account: AccountCard
    on: date
    book_satang: int
    statement_satang: int
    covered_to: date | None
    lines: Sum
    items: Sum

    @property
    def explained_satang(self) -> int:
        """What the statement should say: the book, less what the bank hasn't seen, more …"""
        return self.book_satang - self.items.satang + self.lines.satang

    @property
    def difference_satang(self) -> int:
        return self.statement_satang - self.explained_satang


@dataclass(frozen=True, slots=True)
class Awaited:
    """Transfers taken at the counter that no bank line has answered."""

    account: AccountCard
    balance_satang: int
    items: Sum


def cards(centre_id: int) -> tuple[AccountCard, ...]:
    """Return the accounts a bank sends statements of, by code."""
    return tuple(
        card
        for card in chart.listing(centre_id)
        if card.money == "bank" and card.purpose != Purpose.TRANSFERS_AWAITING
    )


def card(centre_id: int, account_id: UUID) -> AccountCard:
    """Return one of them; raise NotFound."""
    for one in cards(centre_id):
        if one.id == account_id:
            return one
    raise NotFound(what="bank_account")


def listing(actor: Actor, on: date | None = None) -> tuple[tuple[Reconciliation, ...], Awaited]:
    """Return every bank account at the end of a day (today, unless told), and what is awaited.

    Raises Forbidden.
    """
    access.require(actor, "bank.read")
    day = on or clock.today()
    sums = balances.until(actor.centre_id, day)
    found = tuple(
        reconciliation(actor.centre_id, one, day, _net(sums, one.id))
        for one in cards(actor.centre_id)
    )
    return found, awaited(actor.centre_id, day, sums)


def awaited(centre_id: int, on: date, sums: dict[UUID, tuple[int, int]] | None = None) -> Awaited:
    """Return what transfers are awaited at the end of a day."""
    account = chart.account_for(centre_id, Purpose.TRANSFERS_AWAITING)
    sums = balances.until(centre_id, on) if sums is None else sums
    return Awaited(account, _net(sums, account.id), open_items.items_sum(centre_id, account.id, on))


def reconciliation(
    centre_id: int, account: AccountCard, on: date, book_satang: int | None = None
) -> Reconciliation:
    """Return one account at the end of a day."""
    if book_satang is None:
        book_satang = _net(balances.until(centre_id, on), account.id)
    return Reconciliation(
        account=account,
        on=on,
        book_satang=book_satang,
        statement_satang=statement_balance(centre_id, account.id, on),
        covered_to=covered_to(centre_id, account.id),
        lines=open_items.lines_sum(centre_id, account.id, on),
        items=open_items.items_sum(centre_id, account.id, on),
    )


def statement_balance(centre_id: int, account_id: UUID, on: date) -> int:
    """Return what the bank's lines come to at the end of a day, the first opening included."""
    query = (
        select(sum_int(BankLine.amount_satang))
        .join(
            BankStatement,
            and_(
                BankStatement.centre_id == BankLine.centre_id,
                BankStatement.id == BankLine.statement_id,
            ),
        )
        .where(
            BankLine.centre_id == centre_id,
            BankLine.account_id == account_id,
            BankStatement.live.is_not(None),
            BankLine.day <= on,
        )
    )
    return db.session.scalar(query) or 0


def covered_to(centre_id: int, account_id: UUID) -> date | None:
    """Return the last day the bank's statements tell of."""
    return db.session.scalar(
        select(func.max(BankStatement.last_day)).where(
            BankStatement.centre_id == centre_id,
            BankStatement.account_id == account_id,
            BankStatement.live.is_not(None),
        )
    )


def _net(sums: dict[UUID, tuple[int, int]], account_id: UUID) -> int:
    debit, credit = sums.get(account_id, (0, 0))
    return debit - credit
