"""Give up bills nobody can collect: one person proposes, another one agrees.

What must stay true: nothing is posted before the second person's yes, and then no more than is
still open; each says why, and which resolution of the meeting it stands on if there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from accounting.models import CreditWriteOff, CreditWriteOffOutcome
from accounting.rules.chart import Purpose
from accounting.rules.credit import NothingOwed
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from accounting.services.credit import bills
from accounting.services.meetings import resolutions
from accounting.services.purse import holding
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, finding, members
from members.services.members import MemberCard

SOURCE = "credit_write_off"
WAITING, APPROVED, DROPPED = "waiting", "approved", "dropped"


class WriteOffDiffers(DifferentContent):
    """The proposal's id came again with other content; the first one stands."""

    code, title = "credit-write-off-differs", N_("This was already proposed with other content")


class SecondPersonNeeded(DomainError):
    """Whoever proposed it can't agree to it."""

    code, status, title = "credit-second-person", 409, N_("Another person has to agree")
    detail = N_("Debts are given up by two people. Ask somebody else to approve it.")


class AlreadyDecided(DomainError):
    """A proposal is decided once."""

    code, status, title = "credit-decided", 409, N_("This was already decided")
    detail = N_("Open the page again to see how.")


class ReasonMissing(DomainError):
    """A debt is given up for a reason."""

    code, status, title = "credit-write-off-reason", 422, N_("The reason is missing")
    detail = N_("Write why this debt can't be collected.")


@dataclass(frozen=True, slots=True)
class ProposeWriteOff:
    """Bills of a member to be given up, whole."""

    id: UUID
    member_id: UUID
    bill_ids: tuple[UUID, ...]
    reason: str
    resolution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WriteOffDoc:
    """A proposal and what became of it."""

    id: UUID
    write_off_no: str
    member: MemberCard
    amount_satang: int
    bills: tuple[tuple[UUID, int], ...]
    reason: str
    resolution_id: UUID | None
    prepared_at: datetime
    prepared_by: UUID | None
    prepared_name: str
    state: str
    decided_on: date | None
    decided_name: str


def propose(command: ProposeWriteOff, actor: Actor) -> WriteOffDoc:
    """Propose bills to be given up; the same command again changes nothing.

    Raises WriteOffDiffers, ReasonMissing, NothingOwed, NotFound, Forbidden.
    """
    access.require(actor, "credit.write_off")
    centre_id = actor.centre_id
    serialise_on(command.id)
    content = content_of(command)
    if (earlier := db.session.get(CreditWriteOff, (centre_id, command.id))) is not None:
        if differs := differences(earlier.content, content):
            raise WriteOffDiffers(differs=differs)
        return doc_of(centre_id, command.id)
    if not command.reason.strip():
        raise ReasonMissing(field="reason")
    if command.resolution_id is not None:
        resolutions.require_held(centre_id, command.resolution_id)
    holding.hold(centre_id, command.member_id)
    known = {bill.id: bill.open_satang for bill in bills.open_of(centre_id, command.member_id)}
    chosen = [(one, known.get(one, 0)) for one in dict.fromkeys(command.bill_ids)]
    if not chosen or not all(satang for _, satang in chosen):
        raise NothingOwed(field="bill_ids")
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(CreditWriteOff).values(
            centre_id=centre_id,
            id=command.id,
            write_off_no=f"WO-{year}-{number:05d}",
            member_id=command.member_id,
            amount_satang=sum(satang for _, satang in chosen),
            bills=[[str(one), satang] for one, satang in chosen],
            reason=command.reason.strip(),
            resolution_id=command.resolution_id,
            prepared_at=now,
            prepared_by=actor.user_id,
            prepared_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    return doc_of(centre_id, command.id)


def approve(write_off_id: UUID, actor: Actor) -> WriteOffDoc:
    """Agree as a second person: the bills are given up at the centre's cost; again is nothing.

    Raises SecondPersonNeeded, AlreadyDecided, NothingOwed, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "credit.write_off")
    known = _decide(write_off_id, APPROVED, actor)
    if known.state == APPROVED:
        return known
    if actor.user_id is None or known.prepared_by in (None, actor.user_id):
        raise SecondPersonNeeded
    centre_id = actor.centre_id
    holding.hold(centre_id, known.member.id)
    still = {bill.id: bill.open_satang for bill in bills.open_of(centre_id, known.member.id)}
    if any(still.get(one, 0) < satang for one, satang in known.bills):
        raise NothingOwed
    now = clock.now()
    day = clock.business_date(now)
    _write_outcome(known.id, APPROVED, day, now, actor)
    bills.take_off(centre_id, (SOURCE, known.id), known.bills, day)
    lines = (
        NewLine(Purpose.EXPENSE_OTHER, debit=known.amount_satang, member_id=known.member.id),
        NewLine(Purpose.MEMBER_RECEIVABLE, credit=known.amount_satang, member_id=known.member.id),
    )
    entry = NewEntry(SOURCE, SOURCE, known.id, day, now, lines, known.reason[:200])
    ledger.post(entry, actor)
    audit.record(actor, "credit.written_off", SOURCE, known.id, satang=known.amount_satang)
    return doc_of(centre_id, known.id)


def drop(write_off_id: UUID, actor: Actor) -> WriteOffDoc:
    """Drop a proposal; again changes nothing. Raises AlreadyDecided, NotFound, Forbidden."""
    access.require(actor, "credit.write_off")
    known = _decide(write_off_id, DROPPED, actor)
    if known.state != DROPPED:
        now = clock.now()
        _write_outcome(known.id, DROPPED, clock.business_date(now), now, actor)
    return doc_of(actor.centre_id, write_off_id)


def _decide(write_off_id: UUID, wanted: str, actor: Actor) -> WriteOffDoc:
    serialise_on(write_off_id)
    known = doc_of(actor.centre_id, write_off_id)
    if known.state not in (WAITING, wanted):
        raise AlreadyDecided
    return known


def _write_outcome(write_off_id: UUID, kind: str, day: date, now: datetime, actor: Actor) -> None:
    db.session.execute(
        insert(CreditWriteOffOutcome).values(
            centre_id=actor.centre_id,
            write_off_id=write_off_id,
            kind=kind,
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )


# --- reading -----------------------------------------------------------------------------------


def get(write_off_id: UUID, actor: Actor) -> WriteOffDoc:
    """Return a proposal; raise NotFound, Forbidden."""
    access.require(actor, "credit.read")
    return doc_of(actor.centre_id, write_off_id)


def doc_of(centre_id: int, write_off_id: UUID) -> WriteOffDoc:
    """Return a proposal of a centre; raise NotFound."""
    row = db.session.execute(
        _select(centre_id).where(CreditWriteOff.id == write_off_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="credit_write_off")
    return _doc(row, members.names(centre_id, [row.member_id])[row.member_id])


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[WriteOffDoc]:
    """Return proposals, newest first. Raises Forbidden."""
    access.require(actor, "credit.read")
    named = finding.of_member(actor.centre_id, CreditWriteOff.member_id)
    narrowed = matching(
        sought,
        day=CreditWriteOff.prepared_at,
        state=func.coalesce(CreditWriteOffOutcome.kind, "waiting"),
        text=(CreditWriteOff.write_off_no, CreditWriteOff.reason, named),
    )
    query = _select(actor.centre_id).where(*narrowed)
    if window.after:
        query = query.where(CreditWriteOff.write_off_no < window.after)
    ordered = query.order_by(CreditWriteOff.write_off_no.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.write_off_no))
    people = members.names(actor.centre_id, {row.member_id for row in page.items})
    return Page(tuple(_doc(row, people[row.member_id]) for row in page.items), page.next)


def waiting(centre_id: int) -> list[tuple[UUID, str, int]]:
    """Return proposals nobody has decided: id, number, satang."""
    query = _select(centre_id).where(CreditWriteOffOutcome.kind.is_(None))
    rows = db.session.execute(query.order_by(CreditWriteOff.write_off_no))
    return [(row.id, row.write_off_no, row.amount_satang) for row in rows]


def _select(centre_id: int) -> Any:
    end = CreditWriteOffOutcome
    columns = (column for column in CreditWriteOff.__table__.c if column.name != "content")
    return (
        select(
            *columns,
            end.kind.label("outcome"),
            end.business_date.label("decided_on"),
            end.recorded_name.label("decided_by"),
        )
        .outerjoin(
            end,
            (end.centre_id == CreditWriteOff.centre_id) & (end.write_off_id == CreditWriteOff.id),
        )
        .where(CreditWriteOff.centre_id == centre_id)
    )


def _doc(row: Any, member: MemberCard) -> WriteOffDoc:
    return WriteOffDoc(
        row.id,
        row.write_off_no,
        member,
        row.amount_satang,
        tuple((UUID(one), satang) for one, satang in row.bills),
        row.reason,
        row.resolution_id,
        row.prepared_at,
        row.prepared_by,
        row.prepared_name,
        row.outcome or WAITING,
        row.decided_on,
        row.decided_by or "",
    )
