"""Transactions of the share register as cards, one by one, in lists, and in a member's passbook.

What must stay true: a passbook's last balance is what the register says the member holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from accounting.models import ShareMovement, ShareTransaction
from accounting.rules.shares import is_late
from accounting.services.shares.register import OF_TRANSACTION
from accounting.services.shares.writing import SOURCE
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, finding, members
from members.services.members import MemberCard


@dataclass(frozen=True, slots=True)
class TransactionCard:
    """A transaction of the register."""

    id: UUID
    transaction_no: str
    kind: str
    effective_on: date
    recorded_on: date
    member_id: UUID | None
    to_member_id: UUID | None
    amount_satang: int
    movements: int
    place: str
    till_id: UUID | None
    shift_id: UUID | None
    subscription_id: UUID | None
    source_type: str
    source_id: UUID
    reverses_id: UUID | None
    resolution_id: UUID | None
    note: str
    recorded_name: str
    recorded_at: datetime

    @property
    def late(self) -> bool:
        """Tell whether it was entered after the month in which it counts."""
        return is_late(self.effective_on, self.recorded_on)

    @property
    def own(self) -> bool:
        """Tell whether it is a document of its own, not what another one credited."""
        return self.source_type == SOURCE


@dataclass(frozen=True, slots=True)
class TransactionView:
    """A transaction whole: whom it moved, and what took it back."""

    card: TransactionCard
    rows: tuple[tuple[MemberCard, int], ...]
    """The first members it moved, by number, with what it did."""
    reverses: TransactionCard | None
    reversed_by: TransactionCard | None


@dataclass(frozen=True, slots=True)
class PassbookRow:
    """A line of a passbook: the transaction, what it did here, and what was held after it."""

    transaction: TransactionCard
    delta_satang: int
    balance_satang: int
    taken_back: bool


CARD_COLUMNS = tuple(getattr(ShareTransaction, name) for name in TransactionCard.__slots__)
SHOWN_MAX = 200


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[TransactionCard]:
    """Return a page of transactions, the latest entered first. Raises Forbidden."""
    access.require(actor, "share.read")
    centre_id = actor.centre_id
    texts = (
        ShareTransaction.transaction_no,
        finding.of_member(centre_id, ShareTransaction.member_id),
        finding.of_member(centre_id, ShareTransaction.to_member_id),
    )
    query = select(*CARD_COLUMNS).where(
        ShareTransaction.centre_id == centre_id,
        *matching(sought, day=ShareTransaction.effective_on, text=texts),
    )
    if window.after is not None:
        query = query.where(ShareTransaction.transaction_no < window.after)
    query = query.order_by(ShareTransaction.transaction_no.desc()).limit(window.limit + 1)
    rows = [TransactionCard(*row) for row in db.session.execute(query)]
    return page_of(rows, window, lambda card: card.transaction_no)


def view(transaction_id: UUID, actor: Actor) -> TransactionView:
    """Return one transaction. Raises NotFound, Forbidden."""
    access.require(actor, "share.read")
    card = card_of(actor.centre_id, transaction_id)
    moved = db.session.execute(
        select(ShareMovement.member_id, ShareMovement.delta_satang)
        .where(
            ShareMovement.centre_id == actor.centre_id,
            ShareMovement.transaction_id == transaction_id,
        )
        .order_by(ShareMovement.delta_satang, ShareMovement.member_id)
        .limit(SHOWN_MAX)
    ).all()
    people = members.names(actor.centre_id, {member_id for member_id, _ in moved})
    return TransactionView(
        card,
        tuple((people[member_id], delta) for member_id, delta in moved),
        None if card.reverses_id is None else card_of(actor.centre_id, card.reverses_id),
        reversal_of(actor.centre_id, transaction_id),
    )


def card_of(centre_id: int, transaction_id: UUID) -> TransactionCard:
    """Return one transaction's card; raise NotFound."""
    found = find(centre_id, transaction_id)
    if found is None:
        raise NotFound(what="share_transaction")
    return found


def find(centre_id: int, transaction_id: UUID) -> TransactionCard | None:
    """Return one transaction's card, or None."""
    return _one(centre_id, ShareTransaction.id == transaction_id)


def reversal_of(centre_id: int, transaction_id: UUID) -> TransactionCard | None:
    """Return what took a transaction back, if anything did."""
    return _one(centre_id, ShareTransaction.reverses_id == transaction_id)


def passbook(centre_id: int, member_id: UUID, until: date | None = None) -> tuple[PassbookRow, ...]:
    """Return a member's lines in the order they count, with the balance after each."""
    back = aliased(ShareTransaction)
    query = (
        select(*CARD_COLUMNS, ShareMovement.delta_satang, back.id)
        .join(ShareMovement, OF_TRANSACTION)
        .outerjoin(
            back,
            (back.centre_id == ShareTransaction.centre_id)
            & (back.reverses_id == ShareTransaction.id),
        )
        .where(ShareMovement.centre_id == centre_id, ShareMovement.member_id == member_id)
        .order_by(
            ShareMovement.effective_on,
            ShareTransaction.recorded_at,
            ShareTransaction.transaction_no,
        )
    )
    if until is not None:
        query = query.where(ShareMovement.effective_on <= until)
    rows, held = [], 0
    for *facts, delta, back_id in db.session.execute(query):
        held += delta
        rows.append(PassbookRow(TransactionCard(*facts), delta, held, back_id is not None))
    return tuple(rows)


def numbers(centre_id: int, documents: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the printed numbers of the register's own transactions among some documents."""
    ids = [document_id for kind, document_id in documents if kind == SOURCE]
    if not ids:
        return {}
    rows = db.session.execute(
        select(ShareTransaction.id, ShareTransaction.transaction_no).where(
            ShareTransaction.centre_id == centre_id, ShareTransaction.id.in_(ids)
        )
    )
    return {(SOURCE, transaction_id): number for transaction_id, number in rows}


def _one(centre_id: int, condition: Any) -> TransactionCard | None:
    row = db.session.execute(
        select(*CARD_COLUMNS).where(ShareTransaction.centre_id == centre_id, condition)
    ).one_or_none()
    return None if row is None else TransactionCard(*row)
