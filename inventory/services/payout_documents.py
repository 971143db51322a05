"""Vouchers as people read them: the list and each one whole.

What must stay true: a voucher shows what was paid, never today's terms; a producer opens own ones
only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import (
    Advance,
    GoodsReceipt,
    OpeningDue,
    OpeningImport,
    Payout,
    PayoutLine,
    Settlement,
    SupplierReturn,
)
from members.services import access, finding, producers
from members.services.producers import ProducerCard

_NUMBER = re.compile(r"PV-[0-9]{4}-[0-9]{5}")


@dataclass(frozen=True, slots=True)
class PayoutLineDoc:
    """A line of a voucher, below zero when it takes off; a refund's number is the counter's."""

    line_no: int
    kind: str
    document_id: UUID
    number: str
    amount_satang: int


@dataclass(frozen=True, slots=True)
class PayoutDoc:
    """A voucher as it was paid."""

    id: UUID
    payout_no: str
    producer: ProducerCard
    method: str
    paid_from: str
    till_id: UUID | None
    amount_satang: int
    withheld_satang: int
    withheld_basis_points: int
    recipient_kind: str
    recipient_name: str
    recipient_relation: str
    reference: str
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: tuple[PayoutLineDoc, ...] = ()


def get(payout_id: UUID, actor: Actor) -> PayoutDoc:
    """Return a voucher; a producer's own is open to that producer. Raises NotFound, Forbidden."""
    whose = db.session.scalar(
        select(Payout.producer_id).where(
            Payout.centre_id == actor.centre_id, Payout.id == payout_id
        )
    )
    own = whose is not None and whose == actor.producer_id
    access.require(actor, "producer_account.read" if own else "payout.read")
    return doc_of(actor.centre_id, payout_id)


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, *, producer_id: UUID | None = None
) -> Page[PayoutDoc]:
    """Return vouchers, newest first, without their lines; of one producer if given."""
    own = producer_id is not None and actor.producer_id == producer_id
    access.require(actor, "producer_account.read" if own else "payout.read")
    texts = (Payout.payout_no, finding.of_producer(actor.centre_id, Payout.producer_id))
    query = _select(actor.centre_id).where(*matching(sought, day=Payout.business_date, text=texts))
    if producer_id is not None:
        query = query.where(Payout.producer_id == producer_id)
    # By number: the ids of vouchers that a bank paid are as old as its file.
    if window.after is not None and _NUMBER.fullmatch(window.after):
        query = query.where(Payout.payout_no < window.after)
    ordered = query.order_by(Payout.payout_no.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.payout_no))
    people = producers.names(actor.centre_id, {row.producer_id for row in page.items})
    return Page(tuple(_of_row(row, people[row.producer_id]) for row in page.items), page.next)


def _select(centre_id: int) -> Any:
    columns = (column for column in Payout.__table__.c if column.name != "content")
    return select(*columns).where(Payout.centre_id == centre_id)


def _of_row(row: Any, producer: ProducerCard, lines: Sequence[PayoutLineDoc] = ()) -> PayoutDoc:
    return PayoutDoc(
        id=row.id,
        payout_no=row.payout_no,
        producer=producer,
        method=row.method,
        paid_from=row.paid_from,
        till_id=row.till_id,
        amount_satang=row.amount_satang,
        withheld_satang=row.withheld_satang,
        withheld_basis_points=row.withheld_basis_points,
        recipient_kind=row.recipient_kind,
        recipient_name=row.recipient_name,
        recipient_relation=row.recipient_relation,
        reference=row.reference,
        note=row.note,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_name=row.recorded_name,
        lines=tuple(lines),
    )


def doc_of(centre_id: int, payout_id: UUID) -> PayoutDoc:
    """Return a voucher whole; raise NotFound."""
    row = db.session.execute(_select(centre_id).where(Payout.id == payout_id)).one_or_none()
    if row is None:
        raise NotFound(what="payout")
    found = db.session.execute(
        select(
            PayoutLine.line_no, PayoutLine.kind, PayoutLine.document_id, PayoutLine.amount_satang
        )
        .where(PayoutLine.centre_id == centre_id, PayoutLine.payout_id == payout_id)
        .order_by(PayoutLine.line_no)
    ).all()
    numbers = _numbers(centre_id, {line.document_id for line in found})
    lines = [
        PayoutLineDoc(
            line.line_no,
            line.kind,
            line.document_id,
            numbers.get(line.document_id, ""),
            line.amount_satang,
        )
        for line in found
    ]
    return _of_row(row, producers.get(centre_id, row.producer_id), lines)


def _numbers(centre_id: int, ids: Collection[UUID]) -> dict[UUID, str]:
    numbers: dict[UUID, str] = {}
    table: Any
    for table, column in (
        (Settlement, Settlement.settlement_no),
        (GoodsReceipt, GoodsReceipt.receipt_no),
        (Advance, Advance.advance_no),
        (SupplierReturn, SupplierReturn.return_no),
    ):
        rows = db.session.execute(
            select(table.id, column).where(table.centre_id == centre_id, table.id.in_(ids))
        )
        numbers.update({identity: number for identity, number in rows})
    opened = db.session.execute(
        select(OpeningDue.id, OpeningImport.import_no)
        .join(
            OpeningImport,
            and_(
                OpeningImport.centre_id == OpeningDue.centre_id,
                OpeningImport.id == OpeningDue.import_id,
            ),
        )
        .where(
            OpeningDue.centre_id == centre_id,
            OpeningDue.kind != "advance",
            OpeningDue.id.in_(ids),
        )
    )
    numbers.update({identity: number for identity, number in opened})
    return numbers
