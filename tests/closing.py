"""Closing months in tests: trade of a kind, the close by two people, and the bare lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from accounting.models import MonthClose, MonthCloseApproval
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.seals import BEGINNING
from accounting.rules.statements import result_of
from accounting.services import chart, contributors, financial_statements, ledger, periods
from accounting.services.closing import checklist, reopening, signing
from accounting.services.closing.reopening import AskReopening
from accounting.services.closing.signing import CloseCard, PrepareClose
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7


@contextmanager
def quiet_rooms() -> Iterator[None]:
    """Let only the books speak in the close."""
    matters, ties = tuple(contributors.MATTERS), tuple(contributors.TIES)
    contributors.MATTERS.appoint()
    contributors.TIES.appoint()
    try:
        yield
    finally:
        contributors.MATTERS.appoint(*matters)
        contributors.TIES.appoint(*ties)


def result_between(centre_id: int, first: date, last: date) -> int:
    """Return income less costs of some days, years' closes left out."""
    nets: dict[UUID, int] = {}
    moved = financial_statements.nets_between(centre_id, first, last, False)
    for (account_id, _activity), net in moved.items():
        nets[account_id] = nets.get(account_id, 0) + net
    facts = financial_statements.facts_of(chart.listing(centre_id))
    return result_of(facts, nets)


def lock_month(period_id: int, preparer: Actor, signer: Actor) -> None:
    """Lock a month for two people, in the running transaction; the guards watch as ever."""
    assert preparer.user_id is not None and signer.user_id is not None
    centre_id, close_id = preparer.centre_id, uuid7()
    periods.hold(centre_id, period_id)
    db.session.execute(
        insert(MonthClose).values(
            centre_id=centre_id,
            id=close_id,
            period_id=period_id,
            prepared_at=clock.now(),
            prepared_by=preparer.user_id,
            content={},
            digest="0" * 64,
        )
    )
    db.session.execute(
        insert(MonthCloseApproval).values(
            centre_id=centre_id,
            close_id=close_id,
            prepared_by=preparer.user_id,
            signed_by=signer.user_id,
            signed_at=clock.now(),
            sealed_to=0,
            seal_hash=BEGINNING,
            content_hash=checklist.content_hash(BEGINNING, {}),
        )
    )
    periods.lock(centre_id, period_id, signer.user_id)


def posts(
    actor: Actor, day: date, debit: Purpose, credit: Purpose, satang: int, may_be_late: bool = False
) -> UUID:
    lines = (NewLine(debit, debit=satang), NewLine(credit, credit=satang))
    entry = NewEntry("opening", "opening", uuid7(), day, clock.now(), lines)
    return in_transaction(ledger.post, replace(entry, may_be_late=may_be_late), actor).id


def trade(actor: Actor, day: date, sales: int = 500, costs: int = 200) -> None:
    posts(actor, day, Purpose.CASH_SAFE, Purpose.SALES, sales)
    posts(actor, day, Purpose.WAGES, Purpose.CASH_SAFE, costs)


def close(period_id: int, preparer: Actor, signer: Actor) -> CloseCard:
    prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), period_id), preparer)
    return in_transaction(signing.sign, prepared.id, signer)


def close_through(last: int, preparer: Actor, signer: Actor) -> CloseCard:
    """Close month after month, from January on."""
    for period_id in range(last // 100 * 100 + 1, last):
        close(period_id, preparer, signer)
    return close(last, preparer, signer)


def reopen(period_id: int, one: Actor, two: Actor) -> None:
    asked = in_transaction(reopening.ask, AskReopening(uuid7(), period_id, "ใบเสร็จตกหล่น"), one)
    in_transaction(reopening.agree, asked.id, two)
