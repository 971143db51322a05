"""The books as plain tables, to take away: chart, journal line by line, trial balance of today."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, select

from accounting.models import Account, JournalEntry, JournalLine
from accounting.services import chart, statements
from core import clock
from core.actor import Actor
from core.db import db
from core.sheets import Cell, Table, baht_figure
from members.services import access


def tables(actor: Actor) -> Iterator[Table]:
    """Yield the tables of the actor's centre. Raises Forbidden."""
    access.require(actor, "journal.read")
    yield Table(
        "accounts",
        ("code", "name_th", "name_en", "type", "purpose", "control_key"),
        (
            (one.code, one.name_th, one.name_en, one.type, one.purpose, one.control_key)
            for one in chart.listing(actor.centre_id)
        ),
    )
    yield Table(
        "journal",
        (
            *("fiscal_year", "entry_no", "business_date", "kind", "source_type", "source_id"),
            *("line_no", "account", "debit", "credit", "producer_id", "member_id", "lot_id"),
            *("till_id", "memo"),
        ),
        _journal(actor.centre_id),
    )
    balance = statements.trial_balance(clock.today(), actor)
    yield Table(
        "trial_balance",
        ("on", "account", "name_th", "debit", "credit"),
        (
            (
                balance.on,
                row.account.code,
                row.account.name_th,
                baht_figure(row.debit_balance_satang),
                baht_figure(row.credit_balance_satang),
            )
            for row in balance.rows
        ),
    )


def _journal(centre_id: int) -> Iterator[tuple[Cell, ...]]:
    rows = db.session.execute(
        select(JournalEntry, JournalLine, Account.code)
        .join(
            JournalLine,
            and_(
                JournalLine.centre_id == JournalEntry.centre_id,
                JournalLine.entry_id == JournalEntry.id,
            ),
        )
        .join(
            Account,
            and_(Account.centre_id == JournalLine.centre_id, Account.id == JournalLine.account_id),
        )
        .where(JournalEntry.centre_id == centre_id)
        .order_by(JournalEntry.fiscal_year, JournalEntry.entry_no, JournalLine.line_no)
        .execution_options(yield_per=1000)
    )
    for entry, line, code in rows:
        keys = (line.producer_id, line.member_id, line.lot_id, line.till_id)
        yield (
            entry.fiscal_year,
            entry.entry_no,
            entry.business_date,
            entry.kind,
            entry.source_type,
            str(entry.source_id),
            line.line_no,
            code,
            baht_figure(line.debit),
            baht_figure(line.credit),
            *(str(key) if key else "" for key in keys),
            line.memo or entry.memo,
        )
