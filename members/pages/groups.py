"""The people of producer groups, as pages: who belongs to one, since when, until when."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.pages.blueprint import CENTRE, blueprint
from members.pages.persons import PERSON, person_page
from members.pages.register import producer_page
from members.schemas.persons import GroupForm, LeaveForm
from members.services import access, groups, people, producers
from members.services.groups import JoinGroup


@blueprint.post(PERSON + "/groups")
def person_group(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Let a person belong to a group from a day on."""
    actor = current_actor(centre_id)
    access.require(actor, "producer.change")
    known = people.get(person_id, actor)
    form = read_form(GroupForm)
    if form.ok:
        command = JoinGroup(
            id=form.data["id"],
            producer_id=form.data["group_id"],
            person_id=person_id,
            joined_on=form.data["from_day"],
        )
        try:
            in_transaction(groups.join, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            where = url_for(
                "members.producer", centre_id=centre_id, producer_id=command.producer_id
            )
            return redirect(where, 303)
    typed, form.given = form.given, {}
    return person_page(form, actor, known, person_id, typed_group=typed)


@blueprint.post(CENTRE + "/producers/<uuid:producer_id>/people/<uuid:group_member_id>/leave")
def group_leave(centre_id: int, producer_id: UUID, group_member_id: UUID) -> ResponseReturnValue:
    """Note that somebody left a group."""
    actor = current_actor(centre_id)
    access.require(actor, "producer.change")
    known = producers.get(centre_id, producer_id)
    form = read_form(LeaveForm)
    if form.ok:
        try:
            in_transaction(groups.leave, group_member_id, form.data["left_on"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            where = url_for("members.producer", centre_id=centre_id, producer_id=producer_id)
            return redirect(where, 303)
    shown = Form(errors=form.errors, refusal=form.refusal, status=form.status)
    return producer_page(shown, actor, known)
