"""The paper of the day: asked for by a person, or by the worker once a day for each centre.

What must stay true: the worker asks once for each day, whoever restarts it, and makes up for the
days it was away; a day nobody traded on gets no paper by itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from core import clock, dates, jobs
from core.actor import Actor, Centre, system_actor
from core.clock import BANGKOK
from core.db import serialise_on
from core.errors import N_, DomainError
from core.jobs import JobCard
from members.services import access
from pos.rules.day_tasks import DAY_REPORT
from pos.services.day_figures import settings, standing
from pos.services.day_figures.exceptions import PERMISSION
from pos.services.day_figures.settings import DayChoices

FAILURES_MAX = 3
DAYS_BACK = 7
"""So many days back are made up for when the worker was away."""


class DayToCome(DomainError):
    """A day that has not begun has no report."""

    code, status, title = "day-to-come", 422, N_("This day has not begun")
    detail = N_("Choose today or a day before.")


def ask(day: date, actor: Actor) -> UUID:
    """Queue the report of a day and return its job's id. Raises Forbidden, DayToCome, TooManyJobs.

    It tells of cashiers and of what wants a look, so it is for who may see those.
    """
    access.require(actor, PERMISSION)
    if day > clock.today():
        raise DayToCome(field="day")
    words = dates.format_date(day, actor.locale)
    params = {"day": day.isoformat(), "subject": words, "locale": actor.locale}
    return jobs.request(actor, DAY_REPORT, params)


def last_made(day: date, actor: Actor) -> JobCard | None:
    """Return the report of a day that was asked for last. Raises Forbidden."""
    access.require(actor, PERMISSION)
    return jobs.last_asked(actor.centre_id, DAY_REPORT, "day", day.isoformat())


def ask_if_due(centre: Centre) -> int:
    """Ask for the reports that are due by now and nobody asked for; return how many."""
    chosen = settings.of(centre.id)
    if not chosen.report_on:
        return 0
    serialise_on(uuid5(NAMESPACE_OID, f"{DAY_REPORT}:{centre.id}"))
    missing = _missing(centre.id, _last_due(chosen))
    for day in missing:
        ask(day, system_actor(centre))
    return len(missing)


def _last_due(chosen: DayChoices) -> date:
    """Return the last day whose report is due by now."""
    now = clock.now().astimezone(BANGKOK)
    days_ago = int(chosen.report_next_day) + int(now.hour < chosen.report_hour)
    return now.date() - timedelta(days=days_ago)


def _missing(centre_id: int, last: date) -> list[date]:
    """Return days of trade without a report, oldest first, back to the last that has one.

    Where none of a week has one it is the last day alone: the centre has just begun with them.
    """
    found: list[date] = []
    for back in range(DAYS_BACK):
        day = last - timedelta(days=back)
        if jobs.last_asked(centre_id, DAY_REPORT, "day", day.isoformat(), FAILURES_MAX):
            return found[::-1]
        if standing.seen(centre_id, day).documents:
            found.append(day)
    return [day for day in found if day == last]
