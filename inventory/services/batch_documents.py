"""Bank files as people read them: the list, and each one with the state of its lines.

What must stay true: the file is shown as it was handed over, whatever became of its lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from inventory.models import Payout, PayoutBatch, PayoutBatchLine
from members.services import access, producers
from members.services.producers import ProducerCard


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One producer in a bank file, and what the bank answered."""

    line_no: int
    own_reference: str
    producer: ProducerCard
    amount_satang: int
    account: str
    account_name: str
    pays: dict[str, Any]
    state: str
    reference: str
    payout_id: UUID | None
    payout_no: str

    @property
    def account_digits(self) -> str:
        """The account without its bank's code."""
        return self.account.rpartition(" ")[2]


@dataclass(frozen=True, slots=True)
class BatchDoc:
    """A bank file."""

    id: UUID
    batch_no: str
    method: str
    amount_satang: int
    file_content: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: tuple[BatchLine, ...]

    @property
    def waiting(self) -> int:
        return sum(line.state == "waiting" for line in self.lines)


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A bank file in a list: how many lines, how many of them wait or failed."""

    id: UUID
    batch_no: str
    method: str
    amount_satang: int
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: int
    waiting: int
    failed: int


def own_reference(batch_no: str, line_no: int) -> str:
    """Return our reference of a line, which the bank gives back."""
    return f"{batch_no}-{line_no:04d}"


def get(batch_id: UUID, actor: Actor) -> BatchDoc:
    """Return a bank file; raise NotFound, Forbidden."""
    access.require(actor, "payout.read")
    return batch_doc(actor.centre_id, batch_id)


def listing(actor: Actor, window: Window) -> Page[BatchCard]:
    """Return bank files, newest first; raise `Forbidden`."""
    access.require(actor, "payout.read")

    def counted(state: str) -> Any:
        return sum_int(case((PayoutBatchLine.state == state, 1), else_=0))

    lines = (
        select(
            PayoutBatchLine.batch_id,
            func.count().label("lines"),
            counted("waiting").label("waiting"),
            counted("failed").label("failed"),
        )
        .where(PayoutBatchLine.centre_id == actor.centre_id)
        .group_by(PayoutBatchLine.batch_id)
        .subquery()
    )
    names = [name for name in BatchCard.__dataclass_fields__ if name not in lines.c]
    query = (
        select(
            *(getattr(PayoutBatch, name) for name in names),
            lines.c.lines,
            lines.c.waiting,
            lines.c.failed,
        )
        .join(lines, lines.c.batch_id == PayoutBatch.id)
        .where(PayoutBatch.centre_id == actor.centre_id)
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(PayoutBatch.id < last)
    rows: Any = db.session.execute(query.order_by(PayoutBatch.id.desc()).limit(window.limit + 1))
    cards = [BatchCard(*row) for row in rows]
    return page_of(cards, window, lambda card: str(card.id))


def batch_doc(centre_id: int, batch_id: UUID) -> BatchDoc:
    """Return a bank file of a centre, its lines as they stand now; raise NotFound."""
    row = db.session.execute(
        select(PayoutBatch.__table__).where(
            PayoutBatch.centre_id == centre_id, PayoutBatch.id == batch_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="payout_batch")
    found = db.session.execute(
        select(PayoutBatchLine.__table__)
        .where(PayoutBatchLine.centre_id == centre_id, PayoutBatchLine.batch_id == batch_id)
        .order_by(PayoutBatchLine.line_no)
    ).all()
    people = producers.names(centre_id, {line.producer_id for line in found})
    numbers: dict[UUID, str] = dict(
        db.session.execute(
            select(Payout.id, Payout.payout_no).where(
                Payout.centre_id == centre_id,
                Payout.id.in_([line.payout_id for line in found if line.payout_id]),
            )
        ).all()
    )
    return BatchDoc(
        id=row.id,
        batch_no=row.batch_no,
        method=row.method,
        amount_satang=row.amount_satang,
        file_content=row.file_content,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_name=row.recorded_name,
        lines=tuple(
            BatchLine(
                line_no=line.line_no,
                own_reference=own_reference(row.batch_no, line.line_no),
                producer=people[line.producer_id],
                amount_satang=line.amount_satang,
                account=line.account,
                account_name=line.account_name,
                pays=line.pays,
                state=line.state,
                reference=line.reference,
                payout_id=line.payout_id,
                payout_no=numbers.get(line.payout_id, ""),
            )
            for line in found
        ),
    )
