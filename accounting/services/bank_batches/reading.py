"""Bank files as people read them: the list, and each one with the state of its lines.

What must stay true: the file is shown as it was handed over, whatever became of its lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select

from accounting.services.bank_batches.debts import BatchCard, BatchDoc, BatchLine, Debt
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access


def get(debt: Debt, batch_id: UUID, actor: Actor) -> BatchDoc:
    """Return a bank file; raise NotFound, Forbidden."""
    access.require(actor, debt.reads)
    return batch_doc(debt, actor.centre_id, batch_id)


def listing(debt: Debt, actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[BatchCard]:
    """Return bank files, newest first; raise `Forbidden`."""
    access.require(actor, debt.reads)
    texts = (debt.batch.batch_no, debt.batch.recorded_name)
    narrowed = matching(sought, day=debt.batch.business_date, text=texts)
    query = (
        _cards(debt, actor.centre_id)
        .where(*narrowed)
        .order_by(debt.batch.id.desc())
        .limit(window.limit + 1)
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(debt.batch.id < last)
    cards = [BatchCard(*row) for row in db.session.execute(query)]
    return page_of(cards, window, lambda card: str(card.id))


def stale(debt: Debt, centre_id: int, until: date) -> list[BatchCard]:
    """Return the bank files of up to a day that the bank hasn't answered whole."""
    query = _cards(debt, centre_id)
    query = query.where(debt.batch.business_date <= until, query.selected_columns.waiting > 0)
    return [BatchCard(*row) for row in db.session.execute(query.order_by(debt.batch.batch_no))]


def _cards(debt: Debt, centre_id: int) -> Any:
    def counted(state: str) -> Any:
        return sum_int(case((debt.line.state == state, 1), else_=0))

    lines = (
        select(
            debt.line.batch_id,
            func.count().label("lines"),
            counted("waiting").label("waiting"),
            counted("failed").label("failed"),
        )
        .where(debt.line.centre_id == centre_id)
        .group_by(debt.line.batch_id)
        .subquery()
    )
    return (
        select(
            debt.batch.id,
            debt.batch.batch_no,
            debt.way,
            debt.batch.amount_satang,
            debt.batch.business_date,
            debt.batch.recorded_at,
            debt.batch.recorded_name,
            lines.c.lines,
            lines.c.waiting,
            lines.c.failed,
        )
        .join(lines, lines.c.batch_id == debt.batch.id)
        .where(debt.batch.centre_id == centre_id)
    )


def batch_doc(debt: Debt, centre_id: int, batch_id: UUID) -> BatchDoc:
    """Return a bank file of a centre, its lines as they stand now; raise NotFound."""
    batch = debt.batch
    row = db.session.execute(
        select(
            batch.id,
            batch.batch_no,
            debt.way,
            batch.amount_satang,
            batch.file_content,
            batch.business_date,
            batch.recorded_at,
            batch.recorded_name,
        ).where(batch.centre_id == centre_id, batch.id == batch_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what=batch.__tablename__)
    return BatchDoc(*row, lines=tuple(_lines(debt, centre_id, batch_id, row.batch_no)))


def _lines(debt: Debt, centre_id: int, batch_id: UUID, batch_no: str) -> Iterator[BatchLine]:
    line = debt.line
    rows = db.session.execute(
        select(
            line.line_no,
            debt.payee,
            debt.amount,
            line.account,
            line.account_name,
            debt.pays,
            debt.document_id,
            func.coalesce(debt.document_no, ""),
            line.state,
            line.reference,
        )
        .outerjoin(
            debt.document,
            and_(
                debt.document.centre_id == line.centre_id,
                debt.document.id == debt.document_id,
            ),
        )
        .where(line.centre_id == centre_id, line.batch_id == batch_id)
        .order_by(line.line_no)
    ).all()
    payees = debt.names(centre_id, {payee_id for _line_no, payee_id, *_rest in rows})
    for line_no, payee_id, *rest in rows:
        yield BatchLine(line_no, debt.reference(batch_no, line_no), payees[payee_id], *rest)
