"""What people agreed to and asked about their data; who stands twice in the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.dates import format_date
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.sheets import Cell
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.sheets import Table, xlsx_response
from core.web.words import translated
from members.models import CONSENT_PURPOSES
from members.pages.blueprint import CENTRE, blueprint
from members.schemas.privacy import ApartForm, ConsentForm, EraseForm, MergeForm, RequestForm
from members.services import access, consents, duplicates, erasure, merging
from members.services.consents import SayConsent
from members.services.erasure import Msgid, WriteRequest
from members.services.merging import MergePeople

SHEET_MAX = 28
"""A sheet's name is short in a workbook."""


def purposes() -> list[tuple[str, str]]:
    """Return what people can agree to, in words."""
    words = {
        "photo": _("Pictures of the person are shown"),
        "line": _("Messages by LINE"),
        "survey": _("Answers to surveys"),
        "household_book": _("Keeping the household's account book here"),
        "public_name": _("The name stands on lists in public"),
    }
    return [(one, words[one]) for one in CONSENT_PURPOSES]


def request_kinds() -> list[tuple[str, str]]:
    """Return what people can ask about their data, in words."""
    return [
        ("access", _("A copy of the data")),
        ("correction", _("A correction")),
        ("erasure", _("To be erased")),
        ("objection", _("Not to be used for something")),
    ]


@blueprint.get(CENTRE + "/persons/<uuid:person_id>/privacy")
def person_privacy(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Show what a person agreed to and asked, and record more."""
    return _page(person_id, Form(), current_actor(centre_id))


@blueprint.post(CENTRE + "/persons/<uuid:person_id>/consent")
def person_consent(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Write a word down."""
    actor = current_actor(centre_id)
    form = read_form(ConsentForm)
    if not form.ok:
        return _page(person_id, form, actor)
    said = form.data
    command = SayConsent(
        said["id"],
        person_id,
        said["purpose"],
        said["given"] == "yes",
        said["on_date"],
        said["by_guardian"] == "1",
    )
    return _do(person_id, form, actor, _("The word is written down."), consents.say, command)


@blueprint.post(CENTRE + "/persons/<uuid:person_id>/request")
def person_request(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Write a request about data down, with what came of it."""
    actor = current_actor(centre_id)
    form = read_form(RequestForm)
    if form.ok and form.data["outcome"] == "refused" and not form.data["reason"]:
        form.errors["reason"], form.status = _("A refusal needs its reason."), 422
    if not form.ok:
        return _page(person_id, form, actor)
    command = WriteRequest(person_id=person_id, **form.data)
    return _do(person_id, form, actor, _("The request is written down."), erasure.write, command)


@blueprint.post(CENTRE + "/persons/<uuid:person_id>/copy")
def person_copy(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Give out everything kept about a person, as a workbook."""
    actor = current_actor(centre_id)
    sections = in_transaction(erasure.copy_of, person_id, actor)
    return xlsx_response(
        "person",
        [
            Table(
                translated(section.title)[:SHEET_MAX],
                [translated(heading) for heading in section.headings],
                [[_cell(cell) for cell in row] for row in section.rows],
            )
            for section in sections
        ],
    )


def _cell(cell: Any) -> Cell:
    return translated(cell) if isinstance(cell, Msgid) and cell else cell


@blueprint.post(CENTRE + "/persons/<uuid:person_id>/erase")
def person_erase(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Take a person out of the registers, as asked."""
    actor = current_actor(centre_id)
    access.require(actor, "privacy.erase")
    form = read_form(EraseForm)
    if not form.ok:
        return _page(person_id, form, actor)
    done = _("The person is erased; the books keep a number.")
    given = (person_id, form.data["id"], form.data["asked_on"])
    return _do(person_id, form, actor, done, erasure.erase, *given)


def _do(
    person_id: UUID,
    form: Form,
    actor: Actor,
    done: str,
    work: Callable[..., object],
    *given: object,
) -> ResponseReturnValue:
    try:
        in_transaction(work, *given, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(person_id, form, actor)
    flash(done, "success")
    where = url_for("members.person_privacy", centre_id=actor.centre_id, person_id=person_id)
    return redirect(where, 303)


def _page(person_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    access.require(actor, "privacy.read")
    log = consents.log(person_id, actor)
    page = render_template(
        "privacy/person.html",
        card=duplicates.card(person_id, actor),
        log=log,
        agreed=consents.agreed(person_id, actor),
        requests=erasure.requests(person_id, actor),
        purposes=purposes(),
        kinds=request_kinds(),
        today=format_date(clock.today(), show.language(), "form"),
        fresh=[uuid7() for _one in range(3)],
        form=form,
        errors=form.errors,
    )
    return page, form.status


# --- who stands twice ------------------------------------------------------------------------


@blueprint.route(CENTRE + "/persons/duplicates", methods=["GET", "POST"])
def duplicate_people(centre_id: int) -> ResponseReturnValue:
    """Show who may stand twice; make one of two."""
    actor = current_actor(centre_id)
    access.require(actor, "person.merge")
    form = read_form(MergeForm) if request.method == "POST" else Form()
    if request.method == "POST" and form.ok:
        try:
            in_transaction(merging.merge, MergePeople(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The two are one person now."), "success")
            return redirect(url_for("members.duplicate_people", centre_id=centre_id), 303)
    return _duplicates(form, actor)


@blueprint.post(CENTRE + "/persons/apart")
def apart_people(centre_id: int) -> ResponseReturnValue:
    """Remember that two who look alike are two."""
    actor = current_actor(centre_id)
    access.require(actor, "person.merge")
    form = read_form(ApartForm)
    if form.ok:
        given = form.data
        in_transaction(duplicates.tell_apart, given["first_id"], given["second_id"], actor)
        flash(_("They are not suggested again."), "success")
        return redirect(url_for("members.duplicate_people", centre_id=centre_id), 303)
    return _duplicates(form, actor)


def _duplicates(form: Form, actor: Actor) -> ResponseReturnValue:
    found, count = duplicates.listing(actor)
    page = render_template(
        "privacy/duplicates.html",
        rows=found,
        count=count,
        reasons=reasons(),
        fresh=[uuid7() for _one in found],
        form=form,
        errors=form.errors,
    )
    return page, form.status


def reasons() -> dict[str, str]:
    """Return what speaks for two being one, in words."""
    return {
        "name": _("same name"),
        "alike": _("names alike"),
        "phone": _("same phone"),
        "village": _("same village"),
        "house": _("same house"),
        "nickname": _("same nickname"),
        "birth": _("same year of birth"),
    }
