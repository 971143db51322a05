"""Meetings as pages: the list, one meeting with its minutes, who came, what was resolved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.models.meetings import MEETING_KINDS
from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.rules import meetings as rules
from accounting.schemas.meetings import (
    AttendForm,
    LeaveForm,
    MeetingForm,
    MinutesForm,
    ResolutionForm,
    SettleForm,
)
from accounting.services import book_settings
from accounting.services.meetings import meetings as register
from accounting.services.meetings import packs, resolutions, uses
from accounting.services.meetings.meetings import (
    AGENDA_MAX,
    Attend,
    NewMeeting,
    Point,
    SaveMinutes,
)
from accounting.services.meetings.resolutions import (
    NoSuchResolution,
    ResolutionCard,
    SettleResolution,
)
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.words import translated
from members.services import access, members

FOUND_MAX = 8
BLANK_POINTS = 3


@blueprint.route("/meetings", methods=["GET", "POST"])
def meetings(centre_id: int) -> ResponseReturnValue:
    """Show the meetings and what is still to be done; call a new one."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        access.require(actor, "meeting.record")
        form = read_form(MeetingForm)
        if form.ok:
            command = NewMeeting(**form.data, agenda=_standard(form.data["kind"]))
            try:
                made = in_transaction(register.create, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("The meeting is in the list."), "success")
                return redirect(
                    url_for("accounting.meeting", centre_id=centre_id, meeting_id=made.id), 303
                )
    else:
        near = rules.due(clock.today(), book_settings.of(centre_id).meeting_day)
        form = Form(given={"id": str(uuid7()), "kind": "monthly", "held_on": typed(near)})
    return _list(form, actor)


def _standard(kind: str) -> tuple[str, ...]:
    return tuple(translated(point) for point in rules.AGENDA) if kind == "monthly" else ()


def _list(form: Form, actor: Actor) -> ResponseReturnValue:
    page = register.listing(actor, window(), sought())

    shown = render_template(
        "meetings/list.html",
        came=register.came(actor.centre_id),
        open_resolutions=resolutions.listing(actor.centre_id, open_only=True),
        today=clock.today(),
        kinds=kinds(),
        form=form,
        errors=form.errors,
        **listed(page, "accounting.meetings", centre_id=actor.centre_id),
    )
    return shown, form.status


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of meetings as people call them."""
    words = {
        "monthly": _("Monthly meeting"),
        "general": _("General meeting"),
        "committee": _("Committee meeting"),
    }
    return [(kind, words[kind]) for kind in MEETING_KINDS]


# --- one meeting -----------------------------------------------------------------------------


@blueprint.get("/meetings/<uuid:meeting_id>")
def meeting(centre_id: int, meeting_id: UUID) -> ResponseReturnValue:
    """Show a meeting: paper, agenda and minutes, who came, resolutions."""
    return _page(meeting_id, Form(), current_actor(centre_id))


@blueprint.post("/meetings/<uuid:meeting_id>/minutes")
def meeting_minutes(centre_id: int, meeting_id: UUID) -> ResponseReturnValue:
    """Write agenda and minutes."""
    actor = current_actor(centre_id)
    access.require(actor, "meeting.record")
    form = read_form(MinutesForm)
    if form.ok:
        data = form.data
        points = [
            Point(data[f"title_{number}"], data[f"minutes_{number}"])
            for number in range(1, AGENDA_MAX + 1)
            if data[f"title_{number}"]
        ]
        command = SaveMinutes(
            meeting_id, data["version"], tuple(points), data["place"], data["note"]
        )
        return _do(meeting_id, form, actor, _("The minutes are kept."), register.save, command)
    return _page(meeting_id, form, actor)


@blueprint.post("/meetings/<uuid:meeting_id>/attend")
def meeting_attend(centre_id: int, meeting_id: UUID) -> ResponseReturnValue:
    """Note who came: by name, nickname or number, or as a guest."""
    actor = current_actor(centre_id)
    access.require(actor, "meeting.record")
    form = read_form(AttendForm)
    if not form.ok:
        return _page(meeting_id, form, actor)
    data = form.data
    found = []
    if data["member_id"] is None and data["guest"] != "1":
        found = members.search(centre_id, data["who"], FOUND_MAX) if data["who"] else []
        if len(found) != 1:
            form.status = 422
            form.errors["who"] = (
                _("Several are called so: choose one.")
                if found
                else _("Nobody is found under this. Write it otherwise, or enter a guest.")
            )
            return _page(meeting_id, form, actor, found=found)
    member_id = data["member_id"] or (found[0].id if found else None)
    command = Attend(data["id"], meeting_id, member_id, "" if member_id else data["who"])
    if member_id is None and not data["who"]:
        form.errors["who"], form.status = _("Write the guest's name."), 422
        return _page(meeting_id, form, actor)
    return _do(meeting_id, form, actor, _("Noted."), register.attend, command, at="came")


@blueprint.post("/meetings/<uuid:meeting_id>/leave")
def meeting_leave(centre_id: int, meeting_id: UUID) -> ResponseReturnValue:
    """Take a name off the list of those who came."""
    actor = current_actor(centre_id)
    access.require(actor, "meeting.record")
    form = read_form(LeaveForm)
    if not form.ok:
        return _page(meeting_id, form, actor)
    which = form.data["attendance_id"]
    return _do(
        meeting_id, form, actor, _("Taken off."), register.leave, meeting_id, which, at="came"
    )


@blueprint.post("/meetings/<uuid:meeting_id>/pack")
def meeting_pack(centre_id: int, meeting_id: UUID) -> ResponseReturnValue:
    """Ask for the meeting's paper, as things stand now."""
    actor = current_actor(centre_id)
    try:
        job_id = in_transaction(packs.request, meeting_id, actor)
    except DomainError as refusal:
        form = Form()
        form.refuse(refusal)
        return _page(meeting_id, form, actor)
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)


# --- resolutions -----------------------------------------------------------------------------


@blueprint.post("/meetings/<uuid:meeting_id>/resolutions")
def resolution_new(centre_id: int, meeting_id: UUID) -> ResponseReturnValue:
    """Minute a resolution."""
    actor = current_actor(centre_id)
    access.require(actor, "meeting.record")
    form = read_form(ResolutionForm)
    if not form.ok:
        return _page(meeting_id, form, actor)
    command = form.data["command"]
    done = _("Resolution %(number)s is minuted.", number=command.resolution_no)
    return _do(meeting_id, form, actor, done, resolutions.record, command, at="resolved")


def _card(centre_id: int, resolution_id: UUID) -> ResolutionCard:
    try:
        return resolutions.card(centre_id, resolution_id)
    except NoSuchResolution:
        abort(404)  # its page is not there; on a form it is the form that is wrong


@blueprint.route("/resolutions/<uuid:resolution_id>", methods=["GET", "POST"])
def resolution(centre_id: int, resolution_id: UUID) -> ResponseReturnValue:
    """Show a resolution with the documents and postings it allowed; say what came of it."""
    actor = current_actor(centre_id)
    access.require(actor, "meeting.read")
    if request.method == "POST":
        access.require(actor, "meeting.record")
    form = Form()
    if request.method == "POST":
        form = read_form(SettleForm)
        if form.ok:
            try:
                command = SettleResolution(resolution_id, **form.data)
                in_transaction(resolutions.settle, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Kept."), "success")
                return redirect(request.path, 303)
    shown = render_template(
        "meetings/resolution.html",
        card=_card(centre_id, resolution_id),
        uses=uses.of(resolution_id, actor),
        kinds=dict(kinds()),
        today=clock.today(),
        form=form,
        errors=form.errors,
    )
    return shown, form.status


def _do(
    meeting_id: UUID,
    form: Form,
    actor: Actor,
    done: str,
    work: Callable[..., object],
    *given: object,
    at: str = "",
) -> ResponseReturnValue:
    try:
        in_transaction(work, *given, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(meeting_id, form, actor)
    flash(done, "success")
    where = url_for("accounting.meeting", centre_id=actor.centre_id, meeting_id=meeting_id)
    return redirect(f"{where}#{at}" if at else where, 303)


def _page(
    meeting_id: UUID, form: Form, actor: Actor, found: list[Any] | None = None
) -> ResponseReturnValue:
    access.require(actor, "meeting.read")
    centre_id = actor.centre_id
    card = register.card(centre_id, meeting_id)
    points = register.points(centre_id, meeting_id)
    blanks = max(0, min(BLANK_POINTS, AGENDA_MAX - len(points)))
    shown = render_template(
        "meetings/meeting.html",
        card=card,
        points=[*points, *[Point("")] * blanks],
        attendance=register.attendance(centre_id, meeting_id),
        resolutions=resolutions.listing(centre_id, meeting_id),
        next_no=rules.next_number(resolutions.numbers(centre_id), card.held_on),
        pack=packs.last(centre_id, meeting_id),
        kinds=dict(kinds()),
        found=found or [],
        fresh=[uuid7(), uuid7(), uuid7()],
        form=form,
        errors=form.errors,
    )
    return shown, form.status
