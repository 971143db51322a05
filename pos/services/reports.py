"""Ask for a report: the right, the name and what it is about are checked now, it is made later.

What must stay true: only a report that can be made is queued, so a job fails for our reasons only.
"""

from __future__ import annotations

from uuid import UUID

from core import dates, jobs
from core.actor import Actor
from core.errors import N_, DomainError
from core.reports import ReportChoice, RequestReport
from members.services import access
from pos.rules.reports import KINDS, SHIFT_SUMMARY
from pos.services import shift, shift_report
from pos.services.shift import ShiftDoc

CHOICES_SHOWN = 30


class UnknownReport(DomainError):
    """There is no report of this name."""

    code, status, title = "unknown-report", 422, N_("There is no such report")
    detail = N_("Choose one of the reports that are offered.")


def request(command: RequestReport, actor: Actor) -> UUID:
    """Queue a report and return its job's id.

    Raises Forbidden, UnknownReport, NotFound, ShiftStillOpen, TooManyJobs.
    """
    access.require(actor, "report.request")
    if command.name not in KINDS:
        raise UnknownReport(name=command.name)
    params = {name: str(value) for name, value in command.params.items()}
    return jobs.request(
        actor,
        command.name,
        {**params, "subject": _subject(command, actor), "locale": command.locale},
    )


def choices(name: str, locale: str, actor: Actor) -> list[ReportChoice]:
    """Return what this report can be asked for, newest first."""
    access.require(actor, "report.request")
    assert name == SHIFT_SUMMARY
    closed = [one for one in shift.listing(actor, limit=CHOICES_SHOWN) if one.closed_at]
    return [ReportChoice({"shift_id": str(one.id)}, _words(one, locale)) for one in closed]


def _words(one: ShiftDoc, locale: str) -> str:
    words = (one.shift_no, dates.format_date(one.business_date, locale), one.opened_by)
    return " · ".join(word for word in words if word)


def _subject(command: RequestReport, actor: Actor) -> str:
    """Return the number people know the report's subject by; refuse what can't be reported on."""
    assert command.name == SHIFT_SUMMARY
    return shift_report.require_closed(command.params["shift_id"], actor).shift_no
