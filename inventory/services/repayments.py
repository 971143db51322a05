"""Advances given back in money.

What must stay true: no more is taken than is still out, and what comes in is shared over the
advances oldest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select

from accounting.rules.entry import NewEntry
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, NotFound
from core.ids import uuid_or_none
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import Advance, AdvanceNetting, AdvanceRepayment
from inventory.rules.payout_posting import Whose, repayment_lines
from inventory.services import advances, drawer
from members.services import access, finding, producers
from members.services.producers import ProducerCard

SOURCE = "repayment"


class RepaymentDiffers(DifferentContent):
    """The repayment's id came again with other content; the first one stands."""

    code, title = "repayment-differs", N_("This repayment was already recorded otherwise")


@dataclass(frozen=True, slots=True)
class Repay:
    """Money a producer brings to give advances back, put into till, safe or bank.

    It gives back the oldest first, or the one `advance_id` names.
    """

    id: UUID
    producer_id: UUID
    amount_satang: int
    paid_into: str
    shift_id: UUID | None = None
    note: str = ""
    advance_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RepaymentDoc:
    """A repayment as it was recorded, and the advances it gave back: (id, number, satang)."""

    id: UUID
    repayment_no: str
    producer: ProducerCard
    paid_into: str
    till_id: UUID | None
    amount_satang: int
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    parts: tuple[tuple[UUID, str, int], ...] = ()


def repay(command: Repay, actor: Actor) -> RepaymentDoc:
    """Take money for advances still out; the same command again changes nothing.

    Raises RepaymentDiffers, MoreThanOutstanding, ShiftNeeded, ShiftClosed, NotFromThere,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "advance.give")
    assert command.amount_satang > 0
    serialise_on(command.producer_id)
    content = content_of(command)
    earlier = db.session.get(AdvanceRepayment, (actor.centre_id, command.id))
    if earlier is not None:
        if differs := differences(earlier.content, content):
            raise RepaymentDiffers(differs=differs)
        return _doc(actor.centre_id, command.id)
    producer = producers.get(actor.centre_id, command.producer_id)
    amount = command.amount_satang
    advances.net(actor.centre_id, SOURCE, command.id, producer.id, amount, command.advance_id)
    purse = drawer.purse(command.paid_into, command.shift_id, actor)
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(AdvanceRepayment).values(
            centre_id=actor.centre_id,
            id=command.id,
            repayment_no=f"RP-{year}-{number:05d}",
            producer_id=producer.id,
            paid_into=command.paid_into,
            till_id=purse.till_id,
            shift_id=command.shift_id,
            amount_satang=command.amount_satang,
            note=command.note,
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    whose = Whose(producer.id, producer.member_id)
    ledger.post(
        NewEntry(
            kind=SOURCE,
            source_type=SOURCE,
            source_id=command.id,
            business_date=day,
            occurred_at=now,
            lines=repayment_lines(whose, command.amount_satang, purse),
            memo=command.note,
        ),
        actor,
    )
    return _doc(actor.centre_id, command.id)


def get(repayment_id: UUID, actor: Actor) -> RepaymentDoc:
    """Return a repayment; a producer's own is open to that producer. Raises NotFound, Forbidden."""
    whose = db.session.scalar(
        select(AdvanceRepayment.producer_id).where(
            AdvanceRepayment.centre_id == actor.centre_id, AdvanceRepayment.id == repayment_id
        )
    )
    own = whose is not None and whose == actor.producer_id
    access.require(actor, "producer_account.read" if own else "payout.read")
    return _doc(actor.centre_id, repayment_id)


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[RepaymentDoc]:
    """Return repayments, newest first, without their parts; raise `Forbidden`."""
    access.require(actor, "payout.read")
    named = finding.of_producer(actor.centre_id, AdvanceRepayment.producer_id)
    texts = (AdvanceRepayment.repayment_no, named)
    query = _select(actor.centre_id).where(
        *matching(sought, day=AdvanceRepayment.business_date, text=texts)
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(AdvanceRepayment.id < last)
    ordered = query.order_by(AdvanceRepayment.id.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.id))
    people = producers.names(actor.centre_id, {row.producer_id for row in page.items})
    return Page(tuple(_of_row(row, people[row.producer_id]) for row in page.items), page.next)


def _select(centre_id: int) -> Any:
    columns = (column for column in AdvanceRepayment.__table__.c if column.name != "content")
    return select(*columns).where(AdvanceRepayment.centre_id == centre_id)


def _of_row(
    row: Any, producer: ProducerCard, parts: tuple[tuple[UUID, str, int], ...] = ()
) -> RepaymentDoc:
    return RepaymentDoc(
        id=row.id,
        repayment_no=row.repayment_no,
        producer=producer,
        paid_into=row.paid_into,
        till_id=row.till_id,
        amount_satang=row.amount_satang,
        note=row.note,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_name=row.recorded_name,
        parts=parts,
    )


def _doc(centre_id: int, repayment_id: UUID) -> RepaymentDoc:
    row = db.session.execute(
        _select(centre_id).where(AdvanceRepayment.id == repayment_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="repayment")
    parts = db.session.execute(
        select(Advance.id, Advance.advance_no, AdvanceNetting.amount_satang)
        .join(
            AdvanceNetting,
            and_(
                AdvanceNetting.centre_id == Advance.centre_id,
                AdvanceNetting.advance_id == Advance.id,
            ),
        )
        .where(
            AdvanceNetting.centre_id == centre_id,
            AdvanceNetting.document_type == SOURCE,
            AdvanceNetting.document_id == repayment_id,
        )
        .order_by(Advance.recorded_at, Advance.id)
    )
    found = tuple((identity, number, satang) for identity, number, satang in parts)
    return _of_row(row, producers.get(centre_id, row.producer_id), found)
