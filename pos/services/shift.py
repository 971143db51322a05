"""A shift over a drawer: counted float, cash in and out, blind count, over or short.

What must stay true: the drawer's cash in the books is what the shift expects; closing counts first
and posts the difference, so that afterwards books and drawer agree. A drawer is a chain: a float
that differs from what the last count left came from, or went to, the safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, insert, select, update

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import book_settings, ledger, periods
from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import content_of, digest_of
from core.errors import N_, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from core.sought import NOTHING, Sought, matching
from members.services import access, users
from pos.models import CashCount, CashMovement, Shift, Till
from pos.rules import shift as rules
from pos.services.tills import ShiftClosed
from pos.services.tills import get as till_of


class ShiftAlreadyOpen(DomainError):
    """A till has one open shift at a time."""

    code, status, title = "shift-already-open", 409, N_("This till already has an open shift")
    detail = N_("Close it first, or sell in it.")


class CashDiffers(DomainError):
    """The movement's id came again with other content."""

    code, status, title = "cash-movement-differs", 409, N_("This was already recorded differently")
    detail = N_("The first one is kept. Enter a new one for the change.")


@dataclass(frozen=True, slots=True)
class OpenShift:
    """Open a shift on a till with the float counted into the drawer."""

    id: UUID
    till_id: UUID
    float_satang: int


@dataclass(frozen=True, slots=True)
class MoveCash:
    """Put cash into the drawer or take it out; `category` says where it came from or went."""

    id: UUID
    shift_id: UUID
    kind: str
    amount_satang: int
    reason: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class CloseShift:
    """Close a shift with the blind count: (denomination in satang, pieces)."""

    id: UUID
    counts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ShiftDoc:
    """A shift; the last three are None while it is open (the count is blind)."""

    id: UUID
    shift_no: str
    till_id: UUID
    till_code: str
    business_date: date
    opened_at: datetime
    opened_by: str
    float_satang: int
    closed_at: datetime | None
    closed_by: str
    expected_satang: int | None
    counted_satang: int | None
    over_short_satang: int | None


@dataclass(frozen=True, slots=True)
class MovementDoc:
    """Cash put in or taken out."""

    id: UUID
    movement_no: str
    shift_id: UUID
    kind: str
    category: str
    amount_satang: int
    reason: str
    recorded_at: datetime


def open_shift(command: OpenShift, actor: Actor) -> ShiftDoc:
    """Open a shift; the same command again returns the same shift.

    Raises ShiftAlreadyOpen, NotFound, PeriodClosed.
    """
    access.require(actor, "shift.open")
    till = till_of(actor.centre_id, command.till_id)
    earlier = _find(actor.centre_id, command.id)
    if earlier is not None:
        if (earlier.till_id, earlier.float_satang) != (command.till_id, command.float_satang):
            raise ShiftAlreadyOpen(shift_no=earlier.shift_no)
        return earlier
    current = current_on(actor.centre_id, command.till_id)
    if current is not None:
        raise ShiftAlreadyOpen(shift_no=current.shift_no, shift_id=str(current.id))
    now = clock.now()
    day = clock.business_date(now)
    periods.ensure(actor.centre_id, day)
    [number] = next_numbers(actor.centre_id, [(f"shift:{till.code}", buddhist_year(day))])
    db.session.execute(
        insert(Shift).values(
            centre_id=actor.centre_id,
            id=command.id,
            shift_no=f"S{till.code}-{buddhist_year(day)}-{number:05d}",
            till_id=till.id,
            business_date=day,
            opened_at=now,
            opened_by=actor.user_id,
            float_satang=command.float_satang,
        )
    )
    left = ledger.balance(actor.centre_id, Purpose.CASH_TILL, till_id=till.id)
    _post(
        rules.float_lines(command.float_satang, left, till.id), "shift_open", command.id, day, actor
    )
    return get(actor.centre_id, command.id)


def move_cash(command: MoveCash, actor: Actor) -> MovementDoc:
    """Record a pay-in or pay-out of an open shift; idempotent by id.

    Raises ShiftClosed, CashDiffers, ExpenseNeedsVoucher, NotFound, PeriodClosed.
    """
    access.require(actor, "cash.move")
    digest = digest_of(content_of(command))
    earlier = db.session.execute(
        select(CashMovement.__table__).where(
            CashMovement.centre_id == actor.centre_id, CashMovement.id == command.id
        )
    ).one_or_none()
    if earlier is not None:
        if earlier.digest != digest:
            raise CashDiffers(movement_no=earlier.movement_no)
        return _movement(earlier)
    shift = _lock_open(actor.centre_id, command.shift_id)
    category = command.category or rules.USUAL_CATEGORY[command.kind]
    limit = book_settings.of(actor.centre_id).approval_limit_satang
    rules.require_small_expense(category, command.amount_satang, limit)
    till_code = till_of(actor.centre_id, shift.till_id).code
    year = buddhist_year(shift.business_date)
    [number] = next_numbers(actor.centre_id, [(f"cash:{till_code}", year)])
    now = clock.now()
    db.session.execute(
        insert(CashMovement).values(
            centre_id=actor.centre_id,
            id=command.id,
            movement_no=f"C{till_code}-{year}-{number:05d}",
            shift_id=shift.id,
            kind=command.kind,
            category=category,
            amount_satang=command.amount_satang,
            reason=command.reason,
            recorded_at=now,
            recorded_by=actor.user_id,
            digest=digest,
        )
    )
    lines = rules.movement_lines(command.kind, category, command.amount_satang, shift.till_id)
    ledger.post(
        NewEntry(
            kind=command.kind,
            source_type="cash_movement",
            source_id=command.id,
            business_date=shift.business_date,
            occurred_at=now,
            lines=lines,
            memo=command.reason,
            may_be_late=True,
        ),
        actor,
    )
    return movement(actor.centre_id, command.id)


def close_shift(command: CloseShift, actor: Actor) -> ShiftDoc:
    """Close a shift: what the books expect against what was counted, the difference posted.

    The same count again returns the closed shift; another raises ShiftClosed. Raises NotFound,
    PeriodClosed.
    """
    access.require(actor, "shift.close")
    counted = rules.total_of(command.counts)
    shift = _row(actor.centre_id, command.id, lock=True)
    if shift.closed_at is not None:
        if shift.counted_satang != counted:
            raise ShiftClosed(shift_id=str(command.id))
        return get(actor.centre_id, command.id)
    expected = ledger.balance(actor.centre_id, Purpose.CASH_TILL, till_id=shift.till_id)
    _post(
        rules.over_short_lines(expected, counted, shift.till_id),
        "shift_close",
        command.id,
        shift.business_date,
        actor,
    )
    insert_rows(
        CashCount,
        [
            {
                "centre_id": actor.centre_id,
                "shift_id": command.id,
                "denomination_satang": denomination,
                "pieces": pieces,
            }
            for denomination, pieces in command.counts
            if pieces
        ],
    )
    db.session.execute(
        update(Shift)
        .where(Shift.centre_id == actor.centre_id, Shift.id == command.id)
        .values(
            closed_at=clock.now(),
            closed_by=actor.user_id,
            expected_satang=expected,
            counted_satang=counted,
        )
        .execution_options(synchronize_session=False)
    )
    return get(actor.centre_id, command.id)


def current_on(centre_id: int, till_id: UUID) -> ShiftDoc | None:
    """Return the open shift of a till, if any."""
    shift_id = db.session.scalar(
        select(Shift.id).where(
            Shift.centre_id == centre_id, Shift.till_id == till_id, Shift.closed_at.is_(None)
        )
    )
    return None if shift_id is None else get(centre_id, shift_id)


def get(centre_id: int, shift_id: UUID) -> ShiftDoc:
    """Return a shift; raise NotFound."""
    shift = _find(centre_id, shift_id)
    if shift is None:
        raise NotFound(what="shift")
    return shift


def listing(
    actor: Actor, sought: Sought = NOTHING, *, after: UUID | None = None, limit: int = 50
) -> list[ShiftDoc]:
    """Return shifts, newest first, keyset-paged by id."""
    access.require(actor, "shift.read")
    state = case((Shift.closed_at.is_(None), "open"), else_="closed")
    texts = (Shift.shift_no, Till.code)
    narrowed = matching(sought, day=Shift.business_date, state=state, text=texts)
    query = _select().where(Shift.centre_id == actor.centre_id, *narrowed).order_by(Shift.id.desc())
    if after is not None:
        query = query.where(Shift.id < after)
    return _docs(db.session.execute(query.limit(limit)).all())


def movement(centre_id: int, movement_id: UUID) -> MovementDoc:
    """Return a cash movement; raise NotFound."""
    row = db.session.execute(
        select(CashMovement.__table__).where(
            CashMovement.centre_id == centre_id, CashMovement.id == movement_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="cash_movement")
    return _movement(row)


def movements(centre_id: int, shift_id: UUID) -> list[MovementDoc]:
    """Return a shift's cash movements in order."""
    rows = db.session.execute(
        select(CashMovement.__table__)
        .where(CashMovement.centre_id == centre_id, CashMovement.shift_id == shift_id)
        .order_by(CashMovement.id)
    )
    return [_movement(row) for row in rows]


def open_till(centre_id: int, shift_id: UUID) -> UUID:
    """Return the till of an open shift, locked against its close; raise ShiftClosed/NotFound.

    For documents of other rooms that take money from the drawer (an intake paid in cash).
    """
    till_id: UUID = _lock_open(centre_id, shift_id).till_id
    return till_id


def _lock_open(centre_id: int, shift_id: UUID) -> Shift:
    row = db.session.execute(
        select(Shift)
        .where(Shift.centre_id == centre_id, Shift.id == shift_id)
        .with_for_update(read=True, key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound(what="shift")
    if row.closed_at is not None:
        raise ShiftClosed(shift_id=str(shift_id))
    return row


def _row(centre_id: int, shift_id: UUID, *, lock: bool) -> Shift:
    query = select(Shift).where(Shift.centre_id == centre_id, Shift.id == shift_id)
    if lock:
        query = query.with_for_update()
    row = db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound(what="shift")
    return row


def _post(lines: tuple[NewLine, ...], kind: str, shift_id: UUID, day: date, actor: Actor) -> None:
    if lines:
        ledger.post(
            NewEntry(
                kind=kind,
                source_type="shift",
                source_id=shift_id,
                business_date=day,
                occurred_at=clock.now(),
                lines=lines,
                # A drawer can always be counted, also when its month was locked meanwhile.
                may_be_late=True,
            ),
            actor,
        )


def _select() -> Any:
    return select(Shift, Till.code).join(
        Till, (Till.centre_id == Shift.centre_id) & (Till.id == Shift.till_id)
    )


def _find(centre_id: int, shift_id: UUID) -> ShiftDoc | None:
    query = _select().where(Shift.centre_id == centre_id, Shift.id == shift_id)
    rows = db.session.execute(query.execution_options(populate_existing=True)).all()
    return _docs(rows)[0] if rows else None


def _docs(rows: Sequence[Any]) -> list[ShiftDoc]:
    people = {shift.opened_by for shift, _ in rows} | {shift.closed_by for shift, _ in rows}
    names = users.names({person for person in people if person is not None})
    return [
        ShiftDoc(
            id=shift.id,
            shift_no=shift.shift_no,
            till_id=shift.till_id,
            till_code=till_code,
            business_date=shift.business_date,
            opened_at=shift.opened_at,
            opened_by=names.get(shift.opened_by, "") if shift.opened_by else "",
            float_satang=shift.float_satang,
            closed_at=shift.closed_at,
            closed_by=names.get(shift.closed_by, "") if shift.closed_by else "",
            expected_satang=shift.expected_satang,
            counted_satang=shift.counted_satang,
            over_short_satang=(
                None
                if shift.counted_satang is None or shift.expected_satang is None
                else shift.counted_satang - shift.expected_satang
            ),
        )
        for shift, till_code in rows
    ]


def _movement(row: object) -> MovementDoc:
    return MovementDoc(**{name: getattr(row, name) for name in MovementDoc.__dataclass_fields__})
