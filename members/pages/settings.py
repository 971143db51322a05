"""A centre's settings and the audit trail as pages.

What must stay true: two people who change the settings at once each learn of it, and the second one
keeps every entry.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor, TaxSetting
from core.db import in_transaction
from core.errors import ChangedMeanwhile, DomainError
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from members.pages import choices, trail_words
from members.pages.blueprint import CENTRE, blueprint
from members.pages.trail_details import TrailReader
from members.rules.roles import allowed
from members.schemas.settings import CentreForm, CentreIn, TaxSettingIn
from members.services import access, audit_trail, centres
from members.services.centres import ChangeCentre

_SHOWN = tuple(CentreIn().fields)


@blueprint.route(CENTRE + "/settings", methods=["GET", "POST"])
def centre_settings(centre_id: int) -> ResponseReturnValue:
    """Show the settings; change them."""
    actor = current_actor(centre_id)
    access.require(actor, "settings.read")
    if request.method == "POST":
        access.require(actor, "settings.change")
    form = read_form(CentreForm) if request.method == "POST" else Form(given=_known(actor))
    theirs: dict[str, Any] = {}
    if request.method == "POST" and form.ok:
        try:
            in_transaction(centres.change, ChangeCentre(**form.data), actor)
        except ChangedMeanwhile as refusal:
            form.refuse(refusal)
            theirs = _differences(form, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The settings were saved."), "success")
            return redirect(url_for("members.centre_settings", centre_id=centre_id), 303)
    return _page(form, actor, theirs)


@blueprint.post(CENTRE + "/settings/tax")
def centre_tax(centre_id: int) -> ResponseReturnValue:
    """Let the centre stand to VAT in a new way from a day on."""
    actor = current_actor(centre_id)
    form = read_form(TaxSettingIn)
    if form.ok:
        try:
            in_transaction(centres.set_tax, TaxSetting(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The VAT setting was added."), "success")
            return redirect(url_for("members.centre_settings", centre_id=centre_id), 303)
    form.given |= _known(actor)
    return _page(form, actor, {})


def _known(actor: Actor) -> dict[str, Any]:
    centre = actor.centre
    return {name: getattr(centre, name) for name in _SHOWN} | {"version": centre.version}


def _differences(form: Form, actor: Actor) -> dict[str, Any]:
    """What the other person saved, where it differs; sending again then overrules it knowingly."""
    now = centres.get(actor.centre_id)
    assert now is not None
    form.given["version"] = now.version
    return {
        name: getattr(now, name) for name in _SHOWN if getattr(now, name) != form.data.get(name)
    }


def _page(form: Form, actor: Actor, theirs: dict[str, Any]) -> ResponseReturnValue:
    page = render_template(
        "members/settings.html",
        form=form,
        errors=form.errors,
        theirs=theirs,
        changes=allowed(actor.roles, "settings.change"),
        tax_settings=actor.centre.tax_settings,
        choices=choices,
    )
    return page, form.status


@blueprint.get(CENTRE + "/audit")
def audit_list(centre_id: int) -> str:
    """Show who did what, latest first."""
    actor = current_actor(centre_id)
    filters = {
        "subject_type": request.args.get("subject_type", "")[:40],
        "subject_id": request.args.get("subject_id", "")[:60],
    }
    user_id = _uuid_or_none(request.args.get("user_id"))
    page = audit_trail.listing(actor, window(), sought(), user_id=user_id, **filters)
    kept: dict[str, Any] = {name: value for name, value in filters.items() if value}
    reader = TrailReader()
    return render_template(
        "members/audit.html",
        actions=trail_words.actions(),
        subjects=trail_words.subjects(),
        details=reader.details,
        subject=reader.subject,
        filtered=any(filters.values()) or user_id is not None,
        **listed(page, "members.audit_list", centre_id=centre_id, user_id=user_id, **kept),
    )


def _uuid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
