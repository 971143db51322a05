"""What moved on an account between two moments, by the kind of document that moved it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.sources import OWN_DOCUMENTS
from accounting.services.chart import account_for
from core import clock
from core.db import db, sum_int


def by_source(
    centre_id: int, purpose: Purpose, till_id: UUID, since: datetime, until: datetime
) -> dict[str, int]:
    """Return debit − credit of a till's lines posted from `since` to `until`, by source type."""
    day = JournalLine.posting_date
    query = (
        select(JournalEntry.source_type, sum_int(JournalLine.debit - JournalLine.credit))
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == JournalLine.centre_id,
                JournalEntry.id == JournalLine.entry_id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account_for(centre_id, purpose).id,
            JournalLine.till_id == till_id,
            # Posted says when; the date lets the account's index leave out all other days.
            day >= clock.business_date(since),
            day <= clock.business_date(until),
            JournalEntry.posted_at >= since,
            JournalEntry.posted_at <= until,
        )
        .group_by(JournalEntry.source_type)
    )
    return {source_type: satang for source_type, satang in db.session.execute(query)}


def of_sources(centre_id: int, purpose: Purpose, source_types: Collection[str]) -> int:
    """Return debit − credit that documents of some types ever brought to an account."""
    query = (
        select(sum_int(JournalLine.debit - JournalLine.credit))
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == JournalLine.centre_id,
                JournalEntry.id == JournalLine.entry_id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account_for(centre_id, purpose).id,
            JournalEntry.source_type.in_(source_types),
        )
    )
    return db.session.scalar(query) or 0


def by_member(centre_id: int, purpose: Purpose, source_type: str) -> dict[UUID, int]:
    """Return debit − credit that documents of a type ever brought to each member's account."""
    query = _lines(centre_id, purpose, JournalLine.member_id).where(
        JournalLine.member_id.is_not(None), JournalEntry.source_type == source_type
    )
    rows = db.session.execute(query.group_by(JournalLine.member_id))
    return {member_id: satang for member_id, satang in rows if member_id is not None}


def as_they_say(centre_id: int, purpose: Purpose, on: date) -> int:
    """Return debit − credit that openings and vouchers brought to an account until a day."""
    query = _lines(centre_id, purpose).where(
        JournalLine.posting_date <= on, JournalEntry.source_type.in_(sorted(OWN_DOCUMENTS))
    )
    return db.session.scalar(query) or 0


def counted_after(centre_id: int, purpose: Purpose, on: date) -> int:
    """Return debit − credit of documents dated until a day that count only after it."""
    query = _lines(centre_id, purpose).where(
        JournalLine.posting_date > on, JournalEntry.business_date <= on
    )
    return db.session.scalar(query) or 0


def _lines(centre_id: int, purpose: Purpose, *columns: Any) -> Any:
    return (
        select(*columns, sum_int(JournalLine.debit - JournalLine.credit))
        .join(
            JournalEntry,
            and_(
                JournalEntry.centre_id == JournalLine.centre_id,
                JournalEntry.id == JournalLine.entry_id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account_for(centre_id, purpose).id,
        )
    )
