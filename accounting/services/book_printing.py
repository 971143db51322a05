"""Asking the worker for all books of some months on paper."""

from __future__ import annotations

from uuid import UUID

from accounting.rules.book_tasks import BOOKS
from accounting.rules.periods import BUDDHIST_OFFSET, fiscal_year
from accounting.rules.stretches import stretch_of
from core import jobs
from core.actor import Actor
from core.errors import N_, DomainError
from members.services import access

KINDS = ("month", "year")


class NoMonth(DomainError):
    """What was asked for is no month."""

    code, status, title = "no-month", 422, N_("This is not a month")
    detail = N_("Choose a month from the list.")


def ask(month: str, kind: str, actor: Actor) -> UUID:
    """Queue the printing of all books of a month or fiscal year; return the job's id.

    Raises Forbidden, NoMonth, TooManyJobs.
    """
    access.require(actor, "report.request")
    access.require(actor, "statement.read")
    if not (month.isascii() and month.isdigit() and len(month) == 6) or kind not in KINDS:
        raise NoMonth
    period_id = int(month)
    if not (1 <= period_id % 100 <= 12 and period_id >= 190001):
        raise NoMonth
    params = {"month": month, "of": kind, "subject": _subject(period_id, kind, actor)}
    return jobs.request(actor, BOOKS, {**params, "locale": actor.locale})


def _subject(period_id: int, kind: str, actor: Actor) -> str:
    start = actor.centre.fiscal_year_start_month
    if kind == "year":
        return str(fiscal_year(stretch_of(kind, period_id, start).first, start))
    return f"{period_id % 100:02d}/{period_id // 100 + BUDDHIST_OFFSET}"
