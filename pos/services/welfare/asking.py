"""Asking the worker for the villagers' paper or the auditor's table of some days."""

from __future__ import annotations

from uuid import UUID

from core import dates, jobs
from core.actor import Actor
from core.jobs import JobCard
from members.services import access
from pos.rules.welfare_tasks import TASKS
from pos.services.welfare.gathering import Days


def ask(name: str, span: Days, actor: Actor) -> UUID:
    """Queue the job and return its id. Raises Forbidden, TooManyJobs."""
    access.require(actor, "welfare.read")
    assert name in TASKS
    first, last = span.first.isoformat(), span.last.isoformat()
    subject = " – ".join(dates.format_date(day, actor.locale) for day in (span.first, span.last))
    params = {"first": first, "last": last, "span": _key(span), "subject": subject}
    params["locale"] = actor.locale
    return jobs.request(actor, name, params)


def last_made(name: str, span: Days, actor: Actor) -> JobCard | None:
    """Return the job of these very days that was asked for last. Raises Forbidden."""
    access.require(actor, "welfare.read")
    return jobs.last_asked(actor.centre_id, name, "span", _key(span))


def _key(span: Days) -> str:
    return f"{span.first.isoformat()}_{span.last.isoformat()}"
