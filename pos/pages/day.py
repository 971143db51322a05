"""The manager's day: what was taken, by whom and of what, beside the days before.

What must stay true: each figure leads to its documents; every table is a file too; a page never
waits for more than today's documents and a few days the worker has not come to.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked as read_query
from accounting.pages.asking import typed
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.web import plots, show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.sheets import csv_response, xlsx_response
from members.services import access
from pos.pages import day_plots, day_tables
from pos.pages.blueprint import blueprint
from pos.pages.day_sheet import Asked, percent, table_of
from pos.rules.day_figures import Days, month_end, part
from pos.schemas.day import ChoicesForm, DayArgs, ReportForm, TableArgs
from pos.services.day_figures import exceptions, goods, reading, report, settings

DAY = timedelta(days=1)
SPAN_MAX = 3_660
ROWS_SHOWN = 100


@blueprint.get("/day")
def day(centre_id: int) -> ResponseReturnValue:
    """Show the period as a whole: sums, plots, what wants a look."""
    actor = current_actor(centre_id)
    form = read_query(DayArgs())
    found = opened(form, actor)
    whole, before = found.read.whole(), found.before.whole()
    sellers = goods.sellers(found.read, actor)
    best, slow = day_plots.of_sellers(sellers)
    drawn = (
        (_time_words(found), day_plots.of_time(found)),
        (_("Takings by way of paying"), day_plots.of_tenders(found)),
        (_("Best sellers"), best),
        (_("Slow sellers, what is left of them"), slow),
    )
    page = render_template(
        "day/day.html",
        **frame(form, found, ""),
        whole=whole,
        before=before,
        change=percent_change,
        plots=[(words, plots.fitting(one)) for words, one in drawn if one is not None],
        odd=exceptions.counts(found.read.days, actor) if found.inside else (),
        odd_titles=odd_titles(),
        counted_max=exceptions.COUNTED_MAX,
        report=_report_of(found),
    )
    return page, form.status


@blueprint.get("/day/<view>")
def day_view(centre_id: int, view: str) -> ResponseReturnValue:
    """Show one table of the period."""
    actor = current_actor(centre_id)
    form = read_query(TableArgs())
    found = opened(form, actor)
    made = day_tables.sheet(view, found)
    start = _start(form)
    ends = start + ROWS_SHOWN
    more = len(made.rows) > ends and not made.rows[ends].total
    address: dict[str, Any] = {
        "centre_id": centre_id,
        "view": view,
        **query_of(form, found.read.days),
    }
    page = render_template(
        "day/table.html",
        **frame(form, found, view),
        made=made,
        rows=[*made.rows[start:ends], *(row for row in made.rows[ends:] if row.total)],
        next_url=url_for("pos.day_view", **address, after=ends) if more else None,
        first_url=url_for("pos.day_view", **address) if start else None,
    )
    return page, form.status


def _time_words(found: Asked) -> str:
    return _("Takings by hour") if found.read.days.count == 1 else _("Takings by day")


def _start(form: Form) -> int:
    """Return behind which row a page of a long table begins: its order is worked out, not kept."""
    return int(form.data.get("after") or 0)


@blueprint.get("/day/<view>.csv")
def day_csv(centre_id: int, view: str) -> ResponseReturnValue:
    """Send one table as a file."""
    found = opened(_strictly(), current_actor(centre_id))
    table = table_of(day_tables.sheet(view, found))
    return csv_response(f"day-{view}-{_stamp(found)}", table.headings, table.rows)


@blueprint.get("/day.xlsx")
def day_xlsx(centre_id: int) -> ResponseReturnValue:
    """Send every table the reader may open as one workbook."""
    found = opened(_strictly(), current_actor(centre_id))
    tables = [table_of(day_tables.sheet(view, found)) for view in day_tables.views(found)]
    return xlsx_response(f"day-{_stamp(found)}", tables)


@blueprint.post("/day/report")
def day_report(centre_id: int) -> ResponseReturnValue:
    """Let the worker make the paper of a day."""
    actor = current_actor(centre_id)
    form = read_form(ReportForm)
    if not form.ok:
        raise NotFound(what="report")
    job_id = in_transaction(report.ask, form.data["day"], actor)
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)


@blueprint.get("/day/settings")
def day_settings(centre_id: int) -> ResponseReturnValue:
    """Show when the paper is made and what the hints reckon with."""
    access.require(current_actor(centre_id), "settings.change")
    return _settings(centre_id, Form())


@blueprint.post("/day/settings")
def day_settings_save(centre_id: int) -> ResponseReturnValue:
    """Keep them."""
    actor = current_actor(centre_id)
    form = read_form(ChoicesForm)
    if form.ok:
        try:
            in_transaction(settings.save, form.data["command"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("pos.day", centre_id=centre_id), 303)
    return _settings(centre_id, form)


def _settings(centre_id: int, form: Form) -> ResponseReturnValue:
    now = settings.of(centre_id)
    given = form.given or {name: getattr(now, name) for name in now.__dataclass_fields__}
    if form.refusal:
        # What another wrote is shown beside what was typed, and may be saved over knowingly.
        given = {**form.given, "version": now.version}
    page = render_template("day/settings.html", form=form, errors=form.errors, given=given, now=now)
    return page, form.status


# --- which days --------------------------------------------------------------------------------


def opened(form: Form, actor: Actor) -> Asked:
    """Return the days asked for and those before; today when they can't be read.

    Raises Forbidden.
    """
    days = days_of(form)
    read = reading.open_period(days, actor)
    return Asked(actor, read, reading.open_period(_before(days, form), actor))


def days_of(form: Form) -> Days:
    """Return the days asked for, by a name or from and to; without any, today."""
    today = clock.today()
    named = form.data.get("period")
    first, last = form.data.get("first"), form.data.get("last")
    if named in _NAMED:
        return _NAMED[named](today)
    if first is None and last is None:
        return Days(today, today)
    first, last = first or last or today, last or first or today
    return Days(max(first, last - DAY * SPAN_MAX), last)


def _month_before(today: date) -> Days:
    end = today.replace(day=1) - DAY
    return Days(end.replace(day=1), end)


_NAMED = {
    "today": lambda today: Days(today, today),
    "yesterday": lambda today: Days(today - DAY, today - DAY),
    "week": lambda today: Days(today - DAY * today.weekday(), today),
    "month": lambda today: Days(today.replace(day=1), today),
    "last_month": _month_before,
}


def _before(days: Days, form: Form) -> Days:
    """Return what a period is compared with: of a week or month begun, as much of the last one."""
    named = form.data.get("period")
    if named == "week":
        return Days(days.first - DAY * 7, days.last - DAY * 7)
    if named == "month":
        first = (days.first - DAY).replace(day=1)
        return Days(first, min(first + (days.last - days.first), month_end(first)))
    return days.before


def query_of(form: Form, days: Days) -> dict[str, str]:
    """Return the days for the address of another page."""
    if form.ok and form.data.get("period") in _NAMED:
        return {"period": form.data["period"]}
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}


def periods() -> dict[str, str]:
    """Return the periods people ask for most."""
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "week": _("This week"),
        "month": _("This month"),
        "last_month": _("Last month"),
    }


def days_words(days: Days) -> str:
    """Return the days in words."""
    if days.count == 1:
        return show.day(days.first, "long")
    return f"{show.day(days.first, 'long')} – {show.day(days.last, 'long')}"


def odd_titles() -> dict[str, str]:
    """Return the name of each kind of what wants a look."""
    return {
        exceptions.FLAGS: _("Sales with a remark"),
        exceptions.OVERRIDES: _("Let through by a manager"),
        exceptions.VOIDS: _("Receipts taken back whole the same day"),
        exceptions.REFUNDS: _("Refunds"),
        exceptions.DRAWERS: _("Drawers over or short"),
        exceptions.REPRINTS: _("Receipts printed again"),
        exceptions.LATE: _("Sales that came late"),
        exceptions.HELD: _("Baskets on hold, never fetched"),
        exceptions.DISCOUNTS: _("Sales with a discount"),
    }


def percent_change(now: int, then: int) -> str:
    """Return a change as a per cent with its sign; nothing where there was nothing before."""
    if not then:
        return ""
    change = part(abs(now - then), abs(then))
    return f"{'+' if now >= then else '-'}{percent(change)}%"


def frame(form: Form, found: Asked, view: str) -> dict[str, Any]:
    """Return what every page of the day shows: the days, their choice, the way to the others."""
    days = found.read.days
    query = query_of(form, days)
    given = (
        {name: request.args.get(name, "") for name in ("from", "to")}
        if form.errors
        else {"from": typed(days.first), "to": typed(days.last)}
    )
    return {
        "form": form,
        "errors": form.errors,
        "asked": found,
        "days_words": days_words(days),
        "before_words": days_words(found.before.days),
        "given": given,
        "query": query,
        "period": form.data.get("period") if form.ok else None,
        "periods": periods(),
        "views": day_tables.views(found),
        "view": view,
        "percent": percent,
        "dates": {"from": days.first.isoformat(), "to": days.last.isoformat()},
        "today": days == Days(clock.today(), clock.today()),
    }


def _report_of(found: Asked) -> Any:
    days = found.read.days
    if not found.inside or days.count > 1 or days.first > clock.today():
        return None
    return {"day": days.first, "made": report.last_made(days.first, found.actor)}


def _strictly() -> Form:
    form = read_query(DayArgs())
    if not form.ok:
        raise NotFound(what="page")
    return form


def _stamp(found: Asked) -> str:
    days = found.read.days
    return f"{days.first:%Y%m%d}-{days.last:%Y%m%d}"
