"""The months of a centre's books: open until closed, and then closed for good in this release.

What must stay true: a posting and the close of its month never pass each other unseen (the guards
lock the month's row), so that nothing is ever dated in a closed month.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from accounting.models import AccountingPeriod
from accounting.rules.periods import first_day, period_of
from core import audit, clock
from core.actor import Actor
from core.db import db, remembered
from core.numbering import insert_for
from members.services import access


def ensure(centre_id: int, day: date) -> int:
    """Make the period a day falls in, if it isn't there, and return its id."""
    period_id = period_of(day)
    if remembered(("period", centre_id, period_id), lambda: _found(centre_id, period_id)) is None:
        new = insert_for(db.session.connection().dialect.name)(AccountingPeriod)
        db.session.execute(
            new.values(centre_id=centre_id, id=period_id, state="open").on_conflict_do_nothing()
        )
    return period_id


def is_open(centre_id: int, day: date) -> bool:
    """Tell whether something may be dated on a day; a month nobody used yet is open."""
    state = db.session.scalar(
        select(AccountingPeriod.state).where(
            AccountingPeriod.centre_id == centre_id, AccountingPeriod.id == period_of(day)
        )
    )
    return state != "closed"


def close(period_id: int, actor: Actor) -> None:
    """Lock a month; doing it again changes nothing. Raises Forbidden."""
    access.require(actor, "period.close")
    ensure(actor.centre_id, first_day(period_id))
    here = (AccountingPeriod.centre_id == actor.centre_id, AccountingPeriod.id == period_id)
    state = db.session.scalar(select(AccountingPeriod.state).where(*here).with_for_update())
    if state == "closed":
        return
    db.session.execute(
        update(AccountingPeriod)
        .where(*here)
        .values(state="closed", closed_at=clock.now(), closed_by=actor.user_id)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "period.closed", "accounting_period", period_id)


def _found(centre_id: int, period_id: int) -> int | None:
    return db.session.scalar(
        select(AccountingPeriod.id).where(
            AccountingPeriod.centre_id == centre_id, AccountingPeriod.id == period_id
        )
    )
