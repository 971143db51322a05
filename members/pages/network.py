"""The network and its centres as pages: who is in it, who is asked, and what a centre answers.

What must stay true: an officer sees a centre's name and days here, never its people; a centre sees
which networks it belonged to and who asks it, never another centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.pages.blueprint import CENTRE, blueprint
from members.schemas.network import CodeForm, InviteForm
from members.services import access, centres, invitations, networks
from members.services.invitations import Invitation, Invite, Invited

NETWORK = CENTRE + "/network"


@dataclass(frozen=True, slots=True)
class CentreLine:
    """A centre of the network and since when it is in it."""

    id: int
    code: str
    name_th: str
    name_en: str
    first: date | None


# --- the officer -----------------------------------------------------------------------------


@blueprint.route(NETWORK + "/centres", methods=["GET", "POST"])
def network_desk(centre_id: int) -> ResponseReturnValue:
    """Show the centres of the network and its invitations; send one, whose code is shown once."""
    actor = current_actor(centre_id)
    access.require(actor, "network.manage")
    form = read_form(InviteForm) if request.method == "POST" else Form()
    made: Invited | None = None
    if form.given and form.ok:
        try:
            made = in_transaction(invitations.invite, Invite(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            form = Form()
    page = render_template(
        "members/network.html",
        form=form,
        errors=form.errors,
        fresh=uuid7(),
        made=made,
        network=networks.card(actor.centre.network_id),
        centres=_centres(actor),
        invitations=invitations.listing(actor),
    )
    return page, form.status


@blueprint.post(NETWORK + "/invitations/<uuid:invitation_id>/withdraw")
def invitation_withdraw(centre_id: int, invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    in_transaction(invitations.withdraw, invitation_id, current_actor(centre_id))
    flash(_("The invitation was taken back."), "success")
    return redirect(url_for("members.network_desk", centre_id=centre_id), 303)


def _centres(actor: Actor) -> list[CentreLine]:
    """Return the centres of today; a stretch begins on 1 January 1900 when it always was here."""
    network_id = actor.centre.network_id
    since = {
        one.centre_id: None if one.first == centres.BEGINNING else one.first
        for one in networks.stretches(network_id, centres.BEGINNING, clock.today())
    }
    return [
        CentreLine(one.id, one.code, one.name_th, one.name_en, since[one.id])
        for one in centres.listing(network_id)
    ]


# --- the centre ------------------------------------------------------------------------------


@blueprint.route(NETWORK, methods=["GET", "POST"])
def own_network(centre_id: int) -> ResponseReturnValue:
    """Show the centre's networks and who asks it; a code typed in opens its invitation."""
    actor = current_actor(centre_id)
    access.require(actor, "network.join")
    form = read_form(CodeForm) if request.method == "POST" else Form()
    asked: Invitation | None = None
    if form.given and form.ok:
        try:
            asked = invitations.for_centre(form.data["invitation_id"], form.data["code"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
    return _own_page(form, actor, asked)


@blueprint.post(NETWORK + "/accept")
def network_accept(centre_id: int) -> ResponseReturnValue:
    """Join the network that asks."""
    return _answered(current_actor(centre_id), accepts=True)


@blueprint.post(NETWORK + "/decline")
def network_decline(centre_id: int) -> ResponseReturnValue:
    """Say no to the network that asks."""
    return _answered(current_actor(centre_id), accepts=False)


def _answered(actor: Actor, *, accepts: bool) -> ResponseReturnValue:
    access.require(actor, "network.join")
    form = read_form(CodeForm)
    if form.ok:
        try:
            one = in_transaction(_answer, form, actor, accepts)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            words = (
                _("The centre belongs to %(network)s now.", network=one.network_th)
                if accepts
                else _("The invitation was declined.")
            )
            flash(words, "success")
            return redirect(url_for("members.own_network", centre_id=actor.centre_id), 303)
    return _own_page(form, actor, None)


def _answer(form: Form, actor: Actor, accepts: bool) -> Invitation:
    code = form.data["code"]
    one = invitations.for_centre(form.data["invitation_id"], code, actor)
    work = invitations.accept if accepts else invitations.decline
    return work(one.id, code, actor)


def _own_page(form: Form, actor: Actor, asked: Invitation | None) -> ResponseReturnValue:
    page = render_template(
        "members/own_network.html",
        form=form,
        errors=form.errors,
        asked=asked,
        history=networks.history(actor.centre_id),
        waiting=invitations.waiting_for(actor),
    )
    return page, form.status
