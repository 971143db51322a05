"""The months of a centre's books: open, locked by a close, opened again by a reopening.

What must stay true: a posting and the lock of its month never pass each other unseen (the guards
lock the month's row), so that nothing is ever added to a locked month. `lock` and `unlock` are for
the close alone; the guards refuse them without its signatures.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from accounting.models import AccountingPeriod
from accounting.rules.periods import (
    LongAgo,
    PeriodClosed,
    counts_on,
    first_day,
    may_be_locked,
    period_of,
)
from core import clock
from core.db import db, remembered
from core.numbering import insert_for

YEARS_BACK = 3
_LATER_CLOSED = "a later month is closed"


def ensure(centre_id: int, day: date) -> int:
    """Make the period a day falls in, if it isn't there, and return its id.

    Raises PeriodClosed for a new month before one that is locked, LongAgo for one that only a slip
    of the year explains: every month since would have to be closed.
    """
    period_id = period_of(day)
    if remembered(("period", centre_id, period_id), lambda: _found(centre_id, period_id)) is None:
        if period_id < period_of(clock.today()) - YEARS_BACK * 100:
            raise LongAgo(field="business_date")
        new = insert_for(db.session.connection().dialect.name)(AccountingPeriod)
        try:
            db.session.execute(
                new.values(centre_id=centre_id, id=period_id, state="open").on_conflict_do_nothing()
            )
        except IntegrityError as error:
            # A month before the first locked one, which nobody used: it stays as empty as it was.
            if _LATER_CLOSED in str(error.orig):
                raise PeriodClosed(period_id=period_id) from None
            raise
    return period_id


def state_of(centre_id: int, period_id: int) -> str:
    """Return `open` or `closed`; a month nobody used yet is open unless a later one is locked."""
    state = db.session.scalar(_row(centre_id, period_id))
    if state is not None:
        return state
    later = db.session.scalar(
        select(AccountingPeriod.id)
        .where(
            AccountingPeriod.centre_id == centre_id,
            AccountingPeriod.id > period_id,
            AccountingPeriod.state == "closed",
        )
        .limit(1)
    )
    return "open" if later is None else "closed"


def is_open(centre_id: int, day: date) -> bool:
    """Tell whether something may be dated on a day."""
    return state_of(centre_id, period_of(day)) == "open"


def require_open(centre_id: int, day: date) -> None:
    """Raise PeriodClosed when the month of a day is locked."""
    if not is_open(centre_id, day):
        raise PeriodClosed(period_id=period_of(day))


def posting_date(centre_id: int, business_date: date, may_be_late: bool) -> date:
    """Return the day on which something dated `business_date` counts in the books.

    That day itself; but when its month is locked and the document may be late, today (a month is
    locked only when it is over, so today's is open). Only documents of earlier months that may be
    late cost a statement. The month's row is held until the transaction ends, so that no lock or
    reopening comes between the question and the posting.
    """
    today = clock.today()
    if not may_be_late or not may_be_locked(business_date, today):
        return business_date
    period_id = ensure(centre_id, business_date)
    shared = _row(centre_id, period_id).with_for_update(read=True, key_share=True)
    return counts_on(business_date, today, own_month_open=db.session.scalar(shared) == "open")


def lock(centre_id: int, period_id: int, by: UUID) -> None:
    """Lock a month; the guards refuse it unless its latest close is signed by two people."""
    _set(centre_id, period_id, state="closed", closed_at=clock.now(), closed_by=by)


def unlock(centre_id: int, period_id: int) -> None:
    """Open a locked month; the guards refuse it unless two people agreed."""
    _set(centre_id, period_id, state="open", closed_at=None, closed_by=None)


def hold(centre_id: int, period_id: int) -> str:
    """Keep every posting out of a month until the transaction ends; return the month's state.

    On PostgreSQL the row is locked so that postings (which share its key) wait; SQLite has one
    writer anyway.
    """
    ensure(centre_id, first_day(period_id))
    state = db.session.scalar(_row(centre_id, period_id).with_for_update())
    assert state is not None
    return state


def _set(centre_id: int, period_id: int, **values: object) -> None:
    db.session.execute(
        update(AccountingPeriod)
        .where(AccountingPeriod.centre_id == centre_id, AccountingPeriod.id == period_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _row(centre_id: int, period_id: int) -> Select[str]:
    return select(AccountingPeriod.state).where(
        AccountingPeriod.centre_id == centre_id, AccountingPeriod.id == period_id
    )


def _found(centre_id: int, period_id: int) -> int | None:
    return db.session.scalar(
        select(AccountingPeriod.id).where(
            AccountingPeriod.centre_id == centre_id, AccountingPeriod.id == period_id
        )
    )
