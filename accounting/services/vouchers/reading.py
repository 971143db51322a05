"""Vouchers as cards, one by one and in lists.

What must stay true: a discarded draft is in no list; a page of any length costs two statements.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, literal, select, tuple_

from accounting.models import Voucher
from accounting.rules.vouchers import REVERSAL, VoucherContent, content_from
from accounting.services import book_settings, ledger
from accounting.services.ledger import EntryCard
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access

SOURCE = "voucher"
ACCRUAL = "accrual_reversal"
DRAFT, WAITING, POSTED, REFUSED, DISCARDED = "draft", "waiting", "posted", "refused", "discarded"
UNDECIDED = (DRAFT, WAITING)


@dataclass(frozen=True, slots=True)
class VoucherCard:
    """A voucher in a list."""

    id: UUID
    kind: str
    state: str
    voucher_no: str | None
    business_date: date
    total_satang: int
    party: str
    note: str
    reverse_on: date | None
    reverses_id: UUID | None
    corrects_id: UUID | None
    template_id: UUID | None
    prepared_by: UUID | None
    prepared_name: str
    prepared_at: datetime
    decided_name: str
    decided_at: datetime | None
    reason: str
    version: int

    @property
    def number(self) -> str:
        """The printed number, or nothing before it is posted."""
        return self.voucher_no or ""


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher whole: what was written, and what came of it."""

    card: VoucherCard
    content: VoucherContent | None
    """None for a reversal, which has the lines of the entry it takes back."""
    needs_second: bool
    entry: EntryCard | None
    accrual_entry: EntryCard | None
    reversed_by: EntryCard | None
    reverses: EntryCard | None
    corrects: EntryCard | None


_COLUMNS = tuple(getattr(Voucher, name) for name in VoucherCard.__dataclass_fields__)


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[VoucherCard]:
    """Return a page of vouchers, latest day first. Raises Forbidden."""
    access.require(actor, "voucher.read")
    texts = (Voucher.voucher_no, Voucher.party, Voucher.note)
    query = select(*_COLUMNS).where(
        Voucher.centre_id == actor.centre_id,
        Voucher.state != DISCARDED,
        *matching(sought, day=Voucher.business_date, state=Voucher.state, text=texts),
    )
    after = _position(window.after)
    key = tuple_(Voucher.business_date, Voucher.id)
    if after is not None:
        query = query.where(key < tuple_(literal(after[0], Date), literal(after[1], Uuid)))
    query = query.order_by(Voucher.business_date.desc(), Voucher.id.desc())
    rows = db.session.execute(query.limit(window.limit + 1))
    return page_of([VoucherCard(*row) for row in rows], window, _key_of)


def _key_of(card: VoucherCard) -> str:
    return f"{card.business_date.isoformat()}_{card.id}"


def _position(after: str | None) -> tuple[date, UUID] | None:
    """Read the key a page goes on after; nonsense starts from the beginning."""
    day, _, voucher = (after or "").partition("_")
    voucher_id = uuid_or_none(voucher)
    try:
        return None if voucher_id is None else (date.fromisoformat(day), voucher_id)
    except ValueError:
        return None


def get(voucher_id: UUID, actor: Actor) -> VoucherView:
    """Return one voucher. Raises Forbidden, NotFound."""
    access.require(actor, "voucher.read")
    row = row_of(actor.centre_id, voucher_id)
    card = card_of(row)
    entries = {one.kind: one for one in ledger.entry_of(actor.centre_id, SOURCE, voucher_id)}
    entry = entries.get(f"voucher_{card.kind}")
    return VoucherView(
        card,
        None if card.kind == REVERSAL else content_from(row.content),
        needs_second(actor.centre_id, card.total_satang),
        entry,
        entries.get(ACCRUAL),
        ledger.reversal_of(actor.centre_id, entry.id) if entry else None,
        _entry(actor.centre_id, card.reverses_id),
        _entry(actor.centre_id, card.corrects_id),
    )


def corrected_by(centre_id: int, entry_id: UUID) -> list[VoucherCard]:
    """Return the vouchers that take an entry back or stand in for it, but for discarded ones."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            Voucher.centre_id == centre_id,
            (Voucher.reverses_id == entry_id) | (Voucher.corrects_id == entry_id),
            Voucher.state.not_in((DISCARDED, REFUSED)),
        )
        .order_by(Voucher.id)
    )
    return [VoucherCard(*row) for row in rows]


def numbers(centre_id: int, documents: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the printed numbers of the posted vouchers among some documents."""
    ids = [document_id for kind, document_id in documents if kind == SOURCE]
    if not ids:
        return {}
    rows = db.session.execute(
        select(Voucher.id, Voucher.voucher_no).where(
            Voucher.centre_id == centre_id, Voucher.id.in_(ids), Voucher.voucher_no.is_not(None)
        )
    )
    return {(SOURCE, voucher_id): number for voucher_id, number in rows if number}


def needs_second(centre_id: int, total_satang: int) -> bool:
    """Tell whether a second person must approve an amount."""
    return total_satang > book_settings.of(centre_id).approval_limit_satang


def row_of(centre_id: int, voucher_id: UUID) -> Voucher:
    """Return the row as it is now; raise NotFound. A discarded draft is no more to be found."""
    row = db.session.get(Voucher, (centre_id, voucher_id), populate_existing=True)
    if row is None or row.state == DISCARDED:
        raise NotFound(what="voucher")
    return row


def card_of(row: Any) -> VoucherCard:
    """Return the card of a row."""
    return VoucherCard(*(getattr(row, name) for name in VoucherCard.__dataclass_fields__))


def _entry(centre_id: int, entry_id: UUID | None) -> EntryCard | None:
    return ledger.find(centre_id, entry_id) if entry_id else None
