"""The duty roster as pages: a week, one's own duties, who works, at which times, days off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock
from core.actor import Actor
from core.dates import NotADate, parse_date
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.sheets import csv_response, xlsx_response
from members.pages.blueprint import CENTRE, blueprint
from members.pages.roster_tables import off_kinds, tasks, week_table, weekday
from members.rules import roster as rules
from members.schemas.work import (
    DayOffForm,
    DutyForm,
    PublishForm,
    WorkerForm,
    WorkTimeForm,
)
from members.services import access
from members.services.roster import planning, reading, staffing
from members.services.roster.planning import AddDuty
from members.services.roster.staffing import SaveTime, SaveWorker, TakeOff

ROSTER = CENTRE + "/roster"


@blueprint.get(ROSTER)
def roster(centre_id: int) -> ResponseReturnValue:
    """Show a week (`?week=` any day of it; this one when left out)."""
    return _week_page(Form(), _day(), current_actor(centre_id))


@blueprint.post(ROSTER + "/duties")
def duty_add(centre_id: int) -> ResponseReturnValue:
    """Ask somebody to work."""
    actor = current_actor(centre_id)
    access.require(actor, "roster.plan")
    form = read_form(DutyForm)
    if form.ok:
        made = _try(form, planning.add, AddDuty(**form.data), actor)
        if made is not None:
            return _to_week(actor, made.on_date)
    day = form.data.get("on_date") or _day()
    return _week_page(form, day, actor)


@blueprint.post(ROSTER + "/duties/<uuid:duty_id>/remove")
def duty_remove(centre_id: int, duty_id: UUID) -> ResponseReturnValue:
    """Take a duty out."""
    actor, form = current_actor(centre_id), Form()
    monday = _try(form, planning.remove, duty_id, actor)
    return _week_page(form, _day(), actor) if monday is None else _to_week(actor, monday)


@blueprint.post(ROSTER + "/copy")
def roster_copy(centre_id: int) -> Response:
    """Put in what last week's roster had."""
    actor = current_actor(centre_id)
    day = _day()
    done = in_transaction(planning.copy_last_week, day, actor)
    flash(_("Duties copied from last week: %(count)s.", count=done.copied), "success")
    if done.left_out:
        names = ", ".join(done.left_out)
        flash(_("Not copied, for it can't be this week: %(names)s", names=names), "warning")
    return _to_week(actor, day)


@blueprint.post(ROSTER + "/publish")
def roster_publish(centre_id: int) -> ResponseReturnValue:
    """Show a week to everybody."""
    actor = current_actor(centre_id)
    access.require(actor, "roster.plan")
    form, day = read_form(PublishForm), _day()
    if form.ok:
        data = form.data
        if _try(form, planning.publish, day, data["version"], data["no_cashier_reason"], actor):
            flash(_("The roster is published: everybody sees their own duties."), "success")
            return _to_week(actor, day)
    return _week_page(form, day, actor)


@blueprint.get(ROSTER + "/week.<any(csv, xlsx):kind>")
def roster_file(centre_id: int, kind: str) -> ResponseReturnValue:
    """Give a week as a file, a row per duty."""
    actor = current_actor(centre_id)
    table = week_table(reading.week(_day(), actor))
    if kind == "xlsx":
        return xlsx_response(table.name, [table])
    return csv_response(table.name, table.headings, table.rows)


@blueprint.get(ROSTER + "/mine")
def own_duties(centre_id: int) -> ResponseReturnValue:
    """Show one's own duties of the next weeks, on a phone."""
    return _own_page(Form(), current_actor(centre_id))


@blueprint.post(ROSTER + "/off")
def day_off(centre_id: int) -> ResponseReturnValue:
    """Note days off: one's own, or anybody's by who plans."""
    actor = current_actor(centre_id)
    form = read_form(DayOffForm)
    back = request.args.get("back", "")
    if form.ok:
        data = form.data
        command = TakeOff(**{**data, "last_day": data["last_day"] or data["first_day"]})
        if _try(form, _done, staffing.take_off, command, actor):
            flash(_("The days were noted."), "success")
            where = "members.own_duties" if back == "mine" else "members.roster_people"
            return redirect(url_for(where, centre_id=centre_id), 303)
    return _own_page(form, actor) if back == "mine" else _people_page(form, actor, "off")


@blueprint.post(ROSTER + "/off/<uuid:off_id>/remove")
def day_off_remove(centre_id: int, off_id: UUID) -> Response:
    """Take days off away again."""
    actor = current_actor(centre_id)
    in_transaction(staffing.come_after_all, off_id, actor)
    where = "members.own_duties" if request.args.get("back") == "mine" else "members.roster_people"
    return redirect(url_for(where, centre_id=centre_id), 303)


@blueprint.get(ROSTER + "/people")
def roster_people(centre_id: int) -> ResponseReturnValue:
    """Show who works, the times of work, and days off to come."""
    return _people_page(Form(), current_actor(centre_id))


@blueprint.post(ROSTER + "/people")
def worker_save(centre_id: int) -> ResponseReturnValue:
    """Add or change somebody who works."""
    actor = current_actor(centre_id)
    form = read_form(WorkerForm)
    if form.ok:
        data = dict(form.data)
        hourly = data.pop("hourly")
        command = SaveWorker(**{**data, "tasks": tuple(data["tasks"])}, hourly_satang=hourly)
        if _try(form, _done, staffing.save_worker, command, actor):
            flash(_("The change was saved."), "success")
            return redirect(url_for("members.roster_people", centre_id=centre_id), 303)
    return _people_page(form, actor, "worker")


@blueprint.post(ROSTER + "/times")
def work_time_save(centre_id: int) -> ResponseReturnValue:
    """Add or change a time of work."""
    actor = current_actor(centre_id)
    form = read_form(WorkTimeForm)
    if form.ok:
        data = form.data
        command = SaveTime(
            id=data["id"],
            name=data["name"],
            starts_minute=rules.minutes_of(data["starts"]),
            ends_minute=rules.minutes_of(data["ends"]),
            active=data["active"],
            version=data["version"],
        )
        if _try(form, _done, staffing.save_time, command, actor):
            flash(_("The change was saved."), "success")
            return redirect(url_for("members.roster_people", centre_id=centre_id), 303)
    return _people_page(form, actor, "time")


# --- pages -----------------------------------------------------------------------------------


def _week_page(form: Form, day: date, actor: Actor) -> ResponseReturnValue:
    week = reading.week(day, actor)
    today = clock.today()
    page = render_template(
        "work/roster.html",
        week=week,
        form=form,
        errors=form.errors,
        tasks=tasks(),
        off_kinds=off_kinds(),
        today=today,
        next_id=str(uuid7()) if not form.given.get("id") else form.given["id"],
        before=week.monday - timedelta(days=7),
        after=week.monday + timedelta(days=7),
        weekday=weekday,
        hours_of=lambda minutes: f"{minutes // 60}:{minutes % 60:02d}",
    )
    return page, form.status


def _own_page(form: Form, actor: Actor) -> ResponseReturnValue:
    access.require(actor, "roster.read")
    me = staffing.own(actor)
    page = render_template(
        "work/own_duties.html",
        me=me,
        duties=reading.mine(actor),
        off=staffing.days_off(actor.centre_id, clock.today(), me.id) if me else [],
        form=form,
        errors=form.errors,
        tasks=tasks(),
        off_kinds=off_kinds(),
        today=clock.today(),
        weekday=weekday,
        next_id=str(uuid7()),
    )
    return page, form.status


def _people_page(form: Form, actor: Actor, refused: str = "") -> ResponseReturnValue:
    access.require(actor, "roster.plan")
    page = render_template(
        "work/roster_people.html",
        workers=staffing.workers(actor.centre_id),
        times=staffing.times(actor.centre_id),
        off=staffing.days_off(actor.centre_id, clock.today()),
        colleagues=staffing.colleagues(actor.centre_id),
        form=form,
        errors=form.errors,
        refused=refused,
        tasks=tasks(),
        off_kinds=off_kinds(),
        today=clock.today(),
        clock_of=rules.clock_of,
        new_id=lambda: str(uuid7()),
    )
    return page, form.status


def _try(form: Form, work: Callable[..., Any], *given: Any) -> Any:
    """Do it in a transaction; None, with the refusal on the form, when it was refused."""
    try:
        return in_transaction(work, *given)
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def _done(work: Callable[..., None], *given: Any) -> bool:
    work(*given)
    return True


def _day() -> date:
    try:
        return parse_date(request.args.get("week", "")[:20])
    except NotADate:
        return clock.today()


def _to_week(actor: Actor, day: date) -> Response:
    monday = rules.monday_of(day).isoformat()
    return redirect(url_for("members.roster", centre_id=actor.centre_id, week=monday), 303)
