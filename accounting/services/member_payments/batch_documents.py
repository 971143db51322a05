"""Bank files to members as people read them: the list, and each one with its lines' state.

What must stay true: the file is shown as it was handed over, whatever became of its lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select

from accounting.models import MemberBatch, MemberBatchLine, MemberPayment
from accounting.rules.member_payments import PaidItem
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from members.services import access, members
from members.services.members import MemberCard


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One member in a bank file, and what the bank answered."""

    line_no: int
    own_reference: str
    member: MemberCard
    dividend_satang: int
    patronage_satang: int
    account: str
    account_name: str
    items: tuple[PaidItem, ...]
    payment_id: UUID
    state: str
    reference: str
    payment_no: str

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang

    @property
    def account_digits(self) -> str:
        """The account without its bank's code."""
        return self.account.rpartition(" ")[2]


@dataclass(frozen=True, slots=True)
class BatchDoc:
    """A bank file."""

    id: UUID
    batch_no: str
    way: str
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
    way: str
    amount_satang: int
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: int
    waiting: int
    failed: int


def own_reference(batch_no: str, line_no: int) -> str:
    """Return our reference of a line, which the bank gives back."""
    return f"{batch_no}-{line_no:05d}"


def get(batch_id: UUID, actor: Actor) -> BatchDoc:
    """Return a bank file; raise NotFound, Forbidden."""
    access.require(actor, "member_payment.read")
    return batch_doc(actor.centre_id, batch_id)


def listing(actor: Actor, window: Window) -> Page[BatchCard]:
    """Return bank files, newest first; raise `Forbidden`."""
    access.require(actor, "member_payment.read")
    lines = _counted(actor.centre_id)
    names = [name for name in BatchCard.__dataclass_fields__ if name not in lines.c]
    query = (
        select(
            *(getattr(MemberBatch, name) for name in names),
            lines.c.lines,
            lines.c.waiting,
            lines.c.failed,
        )
        .join(lines, lines.c.batch_id == MemberBatch.id)
        .where(MemberBatch.centre_id == actor.centre_id)
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(MemberBatch.id < last)
    rows: Any = db.session.execute(query.order_by(MemberBatch.id.desc()).limit(window.limit + 1))
    return page_of([BatchCard(*row) for row in rows], window, lambda card: str(card.id))


def stale(centre_id: int, until: date) -> list[BatchCard]:
    """Return the bank files of up to a day that the bank hasn't answered whole."""
    lines = _counted(centre_id)
    names = [name for name in BatchCard.__dataclass_fields__ if name not in lines.c]
    rows: Any = db.session.execute(
        select(
            *(getattr(MemberBatch, name) for name in names),
            lines.c.lines,
            lines.c.waiting,
            lines.c.failed,
        )
        .join(lines, lines.c.batch_id == MemberBatch.id)
        .where(
            MemberBatch.centre_id == centre_id,
            MemberBatch.business_date <= until,
            lines.c.waiting > 0,
        )
        .order_by(MemberBatch.batch_no)
    )
    return [BatchCard(*row) for row in rows]


def _counted(centre_id: int) -> Any:
    def counted(state: str) -> Any:
        return sum_int(case((MemberBatchLine.state == state, 1), else_=0))

    return (
        select(
            MemberBatchLine.batch_id,
            func.count().label("lines"),
            counted("waiting").label("waiting"),
            counted("failed").label("failed"),
        )
        .where(MemberBatchLine.centre_id == centre_id)
        .group_by(MemberBatchLine.batch_id)
        .subquery()
    )


def batch_doc(centre_id: int, batch_id: UUID) -> BatchDoc:
    """Return a bank file of a centre, its lines as they stand now; raise NotFound."""
    row = db.session.execute(
        select(MemberBatch.__table__).where(
            MemberBatch.centre_id == centre_id, MemberBatch.id == batch_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="member_batch")
    found = db.session.execute(
        select(MemberBatchLine.__table__, MemberPayment.payment_no)
        .outerjoin(
            MemberPayment,
            and_(
                MemberPayment.centre_id == MemberBatchLine.centre_id,
                MemberPayment.id == MemberBatchLine.payment_id,
            ),
        )
        .where(MemberBatchLine.centre_id == centre_id, MemberBatchLine.batch_id == batch_id)
        .order_by(MemberBatchLine.line_no)
    ).all()
    people = members.names(centre_id, {line.member_id for line in found})
    return BatchDoc(
        **{name: getattr(row, name) for name in BatchDoc.__dataclass_fields__ if name != "lines"},
        lines=tuple(_line(row.batch_no, line, people[line.member_id]) for line in found),
    )


def _line(batch_no: str, line: Any, member: MemberCard) -> BatchLine:
    return BatchLine(
        line_no=line.line_no,
        own_reference=own_reference(batch_no, line.line_no),
        member=member,
        dividend_satang=line.dividend_satang,
        patronage_satang=line.patronage_satang,
        account=line.account,
        account_name=line.account_name,
        items=tuple(
            PaidItem(UUID(run_id), UUID(member_id), dividend, patronage)
            for run_id, member_id, dividend, patronage in line.items
        ),
        payment_id=line.payment_id,
        state=line.state,
        reference=line.reference,
        payment_no=line.payment_no or "",
    )
