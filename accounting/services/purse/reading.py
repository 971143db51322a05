"""Purses as people read them: who holds how much, and everything that moved one.

What must stay true: every movement is a line of the ledger under the member, of whatever document;
the balance after each is worked out from them, and the last one is what the purse holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.models import JournalEntry, JournalLine
from accounting.rules import sources
from accounting.rules.chart import Purpose
from accounting.services import chart, ledger, rooms, sub_ledgers
from accounting.services.purse import holding
from core.actor import Actor
from core.db import db, sum_int
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, holds
from members.services import access, members
from members.services.members import MemberCard

SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class PurseRow:
    """A member and what the purse holds."""

    member: MemberCard
    satang: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of an account of a member; above zero it grew."""

    day: date
    kind: str
    number: str
    address: str
    satang: int
    balance_satang: int


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[PurseRow]:
    """Return members whose purse holds something, by member number. Raises Forbidden."""
    access.require(actor, "purse.read")
    held = ledger.sub_ledger(actor.centre_id, Purpose.MEMBER_PURSE, "member")
    people = members.names(actor.centre_id, set(held))
    rows = sorted(
        (PurseRow(people[one], -satang) for one, satang in held.items()),
        key=lambda row: row.member.member_no,
    )
    rows = [
        row
        for row in rows
        if holds(sought, row.member.member_no, row.member.name, row.member.nickname)
    ]
    if window.after:
        rows = [row for row in rows if row.member.member_no > window.after]
    return page_of(rows[: window.limit + 1], window, lambda row: row.member.member_no)


def total(actor: Actor) -> int:
    """Return what all purses hold together. Raises Forbidden."""
    access.require(actor, "purse.read")
    return -ledger.balance(actor.centre_id, Purpose.MEMBER_PURSE)


def balance(member_id: UUID, actor: Actor) -> int:
    """Return what one purse holds. Raises Forbidden."""
    access.require(actor, "purse.read")
    return holding.balance(actor.centre_id, member_id)


def movements(centre_id: int, purpose: Purpose, member_id: UUID) -> list[Moved]:
    """Return what moved a member's account, newest first, at most `SHOWN_MAX`.

    A purse grows by credits, a debt by debits: `satang` is above zero when it grew.
    """
    sign = 1 if purpose is Purpose.MEMBER_RECEIVABLE else -1
    account = chart.account_for(centre_id, purpose)
    net: Any = sum_int(JournalLine.debit - JournalLine.credit)
    columns: tuple[Any, ...] = (
        JournalEntry.business_date,
        JournalEntry.kind,
        JournalEntry.source_type,
        JournalEntry.source_id,
        JournalEntry.posted_at,
        JournalEntry.id,
    )
    rows = db.session.execute(
        select(*columns, net)
        .join(
            JournalLine,
            and_(
                JournalLine.centre_id == JournalEntry.centre_id,
                JournalLine.entry_id == JournalEntry.id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account.id,
            JournalLine.member_id == member_id,
        )
        .group_by(*columns)
        .order_by(JournalEntry.posted_at.desc(), JournalEntry.id.desc())
        .limit(SHOWN_MAX)
    ).all()
    stands = sign * ledger.sub_ledger(centre_id, purpose, "member", [member_id]).get(member_id, 0)
    keys = [(row.source_type, row.source_id) for row in rows]
    numbers = sub_ledgers.numbers(centre_id, keys) | rooms.numbers_of(centre_id, keys)
    found = []
    for row in rows:
        satang = sign * row[-1]
        found.append(
            Moved(
                row.business_date,
                sources.KINDS.get(row.kind, row.kind),
                numbers.get((row.source_type, row.source_id), ""),
                sources.address_of(centre_id, row.source_type, row.source_id) or "",
                satang,
                stands,
            )
        )
        stands -= satang
    return found
