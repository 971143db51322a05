"""Accruals that go back by themselves, on the day their voucher says.

What must stay true: an accrual is taken back once, never before its day, even when the chore runs
twice or comes days late; when the month of that day is locked by then, it counts today.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from accounting.models import JournalEntry, Voucher
from accounting.services import ledger
from accounting.services.vouchers.reading import ACCRUAL, POSTED, SOURCE
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from members.services import access


@dataclass(frozen=True, slots=True)
class DueAccrual:
    """A posted accrual whose day has come, not yet taken back."""

    voucher_id: UUID
    voucher_no: str
    entry_id: UUID
    reverse_on: date
    total_satang: int


def due(centre_id: int, until: date, only: Collection[UUID] | None = None) -> list[DueAccrual]:
    """Return the accruals due up to and including a day, the earliest first."""
    back = aliased(JournalEntry)
    query = (
        select(
            Voucher.id,
            Voucher.voucher_no,
            JournalEntry.id,
            Voucher.reverse_on,
            Voucher.total_satang,
        )
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == Voucher.centre_id,
                JournalEntry.source_type == SOURCE,
                JournalEntry.source_id == Voucher.id,
                JournalEntry.kind == "voucher_" + Voucher.kind,
            ),
        )
        .where(
            Voucher.centre_id == centre_id,
            Voucher.state == POSTED,
            Voucher.reverse_on <= until,
            ~exists().where(back.centre_id == centre_id, back.reverses_id == JournalEntry.id),
        )
        .order_by(Voucher.reverse_on, Voucher.id)
    )
    if only is not None:
        query = query.where(Voucher.id.in_(only))
    found = []
    for voucher_id, voucher_no, entry_id, reverse_on, total in db.session.execute(query):
        assert voucher_no is not None and reverse_on is not None
        found.append(DueAccrual(voucher_id, voucher_no, entry_id, reverse_on, total))
    return found


def take_back_due(actor: Actor, until: date | None = None) -> int:
    """Post the reversals that are due by a day (today); return how many. Raises Forbidden."""
    access.require(actor, "voucher.record")
    last = min(until or clock.today(), clock.today())
    return sum(_take_back(one, actor) for one in due(actor.centre_id, last))


def _take_back(one: DueAccrual, actor: Actor) -> bool:
    serialise_on(one.entry_id)
    # Another chore may have been quicker while we waited.
    if ledger.reversal_of(actor.centre_id, one.entry_id) is not None:
        return False
    ledger.reverse(
        one.entry_id,
        actor,
        one.reverse_on,
        source_type=SOURCE,
        source_id=one.voucher_id,
        kind=ACCRUAL,
        may_be_late=True,
    )
    return True
