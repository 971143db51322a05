"""The surplus of a fiscal year: whether its books are closed, what it came to, what of it stands.

What must stay true: a year's surplus is what the books say on its last day, never a typed figure;
once the next year is closed too, what the meeting left is brought forward and can't be used here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from accounting.models import JournalEntry, SurplusAllocation, SurplusOutcome
from accounting.rules.chart import Purpose
from accounting.rules.periods import fiscal_span, fiscal_year, last_period_of_year
from accounting.services import ledger, periods
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError

YEARS_SHOWN = 10


class YearNotClosed(DomainError):
    """The year's last month is still open, so its surplus may still move."""

    code, status, title = "year-not-closed", 409, N_("The year's books are not closed")
    detail = N_("Close the months up to %(last)s first; until then there are scenarios only.")


class NothingToAllocate(DomainError):
    """The year ended without a surplus."""

    code, status, title = "no-surplus", 409, N_("There is no surplus to use")
    detail = N_("The year ended with %(surplus_satang)s baht. A loss is carried, not divided.")


class PoolTooLarge(DomainError):
    """More is to be used than stands on the account of the year's surplus."""

    code, status, title = "pool-too-large", 409, N_("This is more than the surplus there is")
    detail = N_(
        "%(wanted_satang)s baht are to be used, but %(standing_satang)s baht of that year stand on"
        " the account of the surplus. Look at what was posted there since."
    )


@dataclass(frozen=True, slots=True)
class YearSurplus:
    """A fiscal year by the Buddhist-era year in which it ends; money in satang."""

    fiscal_year: int
    first_day: date
    last_day: date
    closed: bool
    surplus_satang: int
    """What the closed year came to; 0 while it is open."""
    standing_satang: int
    """What of it is still on the account, now."""

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


def of(fiscal: int, actor: Actor) -> YearSurplus:
    """Return what a year came to."""
    centre_id, start = actor.centre_id, actor.centre.fiscal_year_start_month
    span = fiscal_span(fiscal, start)
    assert span.first is not None and span.last is not None
    closed = periods.state_of(centre_id, last_period_of_year(fiscal, start)) == "closed"
    surplus = standing = 0
    if closed:
        surplus = -ledger.balance(centre_id, Purpose.SURPLUS_OF_YEAR, until=span.last)
        next_last = last_period_of_year(fiscal + 1, start)
        if periods.state_of(centre_id, next_last) != "closed":
            standing = -ledger.balance(centre_id, Purpose.SURPLUS_OF_YEAR)
    return YearSurplus(fiscal, span.first, span.last, closed, surplus, min(surplus, standing))


def require_usable(year: YearSurplus) -> None:
    """Raise YearNotClosed, NothingToAllocate, PoolTooLarge unless the whole surplus can be used."""
    if not year.closed:
        raise YearNotClosed(last=year.last_day, fiscal_year=year.fiscal_year)
    if year.surplus_satang <= 0:
        raise NothingToAllocate(surplus_satang=year.surplus_satang)
    if year.standing_satang < year.surplus_satang:
        raise PoolTooLarge(
            wanted_satang=year.surplus_satang, standing_satang=max(year.standing_satang, 0)
        )


def allocated_by(centre_id: int, fiscal: int) -> str | None:
    """Return the number of the posted allocation of a year that stands, if there is one."""
    back = aliased(SurplusOutcome)
    return db.session.scalar(
        select(SurplusAllocation.allocation_no)
        .join(
            SurplusOutcome,
            and_(
                SurplusOutcome.centre_id == SurplusAllocation.centre_id,
                SurplusOutcome.allocation_id == SurplusAllocation.id,
                SurplusOutcome.kind == "posted",
            ),
        )
        .where(
            SurplusAllocation.centre_id == centre_id,
            SurplusAllocation.fiscal_year == fiscal,
            ~exists().where(
                back.centre_id == SurplusAllocation.centre_id,
                back.allocation_id == SurplusAllocation.id,
                back.kind == "reversed",
            ),
        )
    )


def listing(actor: Actor) -> list[YearSurplus]:
    """Return the years the books know, latest first."""
    start = actor.centre.fiscal_year_start_month
    first = db.session.scalar(
        select(func.min(JournalEntry.posting_date)).where(JournalEntry.centre_id == actor.centre_id)
    )
    latest = fiscal_year(clock.today(), start)
    earliest = fiscal_year(first, start) if first else latest
    years = range(latest, max(earliest, latest - YEARS_SHOWN) - 1, -1)
    return [of(one, actor) for one in years]


def known(fiscal: int, actor: Actor) -> bool:
    """Tell whether a year lies near enough to be spoken of: no slip of the keyboard."""
    today = fiscal_year(clock.today() + timedelta(days=1), actor.centre.fiscal_year_start_month)
    return today - 50 <= fiscal <= today + 1
