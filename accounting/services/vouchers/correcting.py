"""Taking back what was posted by hand: a reversal, and where wanted a new draft in its stead.

What must stay true: nothing posted is changed; an entry is taken back at most once, and both ends
are linked; entries of other rooms are corrected at their documents, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import Voucher
from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed, period_of
from accounting.rules.vouchers import (
    JOURNAL,
    REVERSAL,
    FutureDate,
    SharesByDocument,
    VoucherContent,
    VoucherLine,
)
from accounting.services import chart, ledger, periods
from accounting.services.ledger import AlreadyReversed, EntryCard
from accounting.services.vouchers import drafting, reading
from accounting.services.vouchers.reading import SOURCE, UNDECIDED, VoucherCard
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import digest_of
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from members.services import access


class CorrectAtDocument(DomainError):
    """The entry belongs to a document, which is corrected itself."""

    code, status, title = "correct-at-document", 409, N_("This entry belongs to a document")
    detail = N_("Correct it there: cancel, refund or return. The books follow by themselves.")


class BeforeItsEntry(DomainError):
    """Nothing is taken back before it was posted."""

    code, status, title = "reversed-before-entry", 422, N_("This day is before the entry's own")
    detail = N_("Choose the day of the entry or a later one.")


@dataclass(frozen=True, slots=True)
class TakeBack:
    """An entry to be reversed on a day, with the reason; `id` is the new voucher's."""

    id: UUID
    entry_id: UUID
    business_date: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """The drafts a correction consists of."""

    reversal: VoucherCard
    draft: VoucherCard | None = None


def by_hand(card: EntryCard) -> bool:
    """Tell whether an entry was written by hand and is no reversal itself."""
    return card.source_type == SOURCE and card.reverses_id is None


def reverse(command: TakeBack, actor: Actor) -> VoucherCard:
    """Draft the reversal of an entry; when one is under way already, that one is the answer.

    Raises CorrectAtDocument, SharesByDocument, AlreadyReversed, FutureDate, BeforeItsEntry,
    PeriodClosed, Forbidden.
    """
    access.require(actor, "voucher.record")
    serialise_on(command.entry_id)
    entry = _reversible(command, actor)
    under_way = _under_way(actor.centre_id, command.entry_id)
    if under_way is not None:
        return under_way
    content = {
        "kind": REVERSAL,
        "business_date": command.business_date.isoformat(),
        "entry_id": str(command.entry_id),
        "note": command.note,
    }
    values: dict[str, Any] = {
        "kind": REVERSAL,
        "business_date": command.business_date,
        "total_satang": entry.total_satang,
        "party": "",
        "note": command.note,
        "content": content,
        "digest": digest_of(content),
        "reverse_on": None,
        "prepared_by": actor.user_id,
        "prepared_name": actor.name,
        "prepared_at": clock.now(),
    }
    drafting.insert_draft(command.id, values, actor, reverses_id=command.entry_id)
    return reading.card_of(reading.row_of(actor.centre_id, command.id))


def correct(command: TakeBack, actor: Actor) -> Correction:
    """Draft the reversal of an entry and, linked to it, a new draft with the same content.

    Raises what `reverse` does. Both are posted as any voucher, each with its own number.
    """
    reversal = reverse(command, actor)
    for known in reading.corrected_by(actor.centre_id, command.entry_id):
        if known.corrects_id == command.entry_id and known.state in UNDECIDED:
            return Correction(reversal, known)
    content = drafting.dated(_content_of(command.entry_id, actor), command.business_date)
    identity = uuid7()
    values = drafting.written(content, content.total, actor)
    drafting.insert_draft(identity, values, actor, corrects_id=command.entry_id)
    draft = reading.card_of(reading.row_of(actor.centre_id, identity))
    return Correction(reversal, draft)


def _reversible(command: TakeBack, actor: Actor) -> EntryCard:
    entry = ledger.find(actor.centre_id, command.entry_id)
    if entry is None:
        raise NotFound(what="journal_entry")
    if entry.source_type != SOURCE:
        raise CorrectAtDocument
    if entry.reverses_id or ledger.reversal_of(actor.centre_id, entry.id):
        raise AlreadyReversed(entry_id=str(entry.id))
    if any(
        line.purpose is Purpose.SHARE_CAPITAL for line in ledger.lines_of(actor.centre_id, entry.id)
    ):
        shares = chart.account_for(actor.centre_id, Purpose.SHARE_CAPITAL)
        raise SharesByDocument(account=shares.code)
    if command.business_date > clock.today():
        raise FutureDate(field="business_date")
    if command.business_date < entry.posting_date:
        raise BeforeItsEntry(field="business_date")
    if not periods.is_open(actor.centre_id, command.business_date):
        raise PeriodClosed(field="business_date", period_id=period_of(command.business_date))
    return entry


def _under_way(centre_id: int, entry_id: UUID) -> VoucherCard | None:
    row = db.session.scalars(
        select(Voucher).where(
            Voucher.centre_id == centre_id,
            Voucher.reverses_id == entry_id,
            Voucher.state.in_(UNDECIDED),
        )
    ).first()
    return None if row is None else reading.card_of(row)


def _content_of(entry_id: UUID, actor: Actor) -> VoucherContent:
    """Return what the voucher behind an entry says, or the entry's lines as a journal voucher."""
    entry = ledger.find(actor.centre_id, entry_id)
    assert entry is not None
    view = reading.get(entry.source_id, actor)
    if view.content is not None:
        return view.content
    ids = {purpose: card.id for purpose, card in chart.by_purpose(actor.centre_id).items()}
    lines = tuple(
        VoucherLine(
            line.account_id or ids[str(line.purpose)],
            line.debit,
            line.credit,
            line.member_id,
            line.producer_id,
            line.fund_id,
            line.activity_id,
            line.memo,
        )
        for line in ledger.lines_of(actor.centre_id, entry_id)
    )
    return VoucherContent(JOURNAL, entry.business_date, lines, note=entry.memo)
