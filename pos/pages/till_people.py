"""The till in the office: how far a cashier goes alone, whose PINs work where, every override."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.dates import NotADate, parse_date
from core.db import in_transaction
from core.errors import ChangedMeanwhile, DomainError, NotFound
from core.ids import uuid_or_none
from core.web import auth, show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, window
from core.web.sheets import Cell, Table, baht_figure, csv_response, xlsx_response
from members.services import access, centres, staff_pins
from members.services.centres import SetLimits
from pos.models import OVERRIDE_KINDS
from pos.pages.blueprint import blueprint
from pos.schemas.till_people import EnrolForm, LimitsForm
from pos.services import overrides, receipts, refund, till_devices, tills
from pos.services.overrides import Filters, Override

DEVICE_DAYS = 400
"""As long as browsers keep a cookie."""


def kinds() -> dict[str, str]:
    """Return what overrides are called."""
    return {
        overrides.DISCOUNT: _("Discount above the limit"),
        overrides.REFUND: _("Refund above the limit"),
        overrides.CREDIT: _("Credit over the limit"),
    }


@blueprint.get("/till-setup")
def till_setup(centre_id: int) -> ResponseReturnValue:
    """Show limits, machines and PINs."""
    return _page(Form(), current_actor(centre_id))


@blueprint.post("/till-setup/limits")
def till_limits(centre_id: int) -> ResponseReturnValue:
    """Say how far a cashier goes alone."""
    actor = current_actor(centre_id)
    access.require(actor, "settings.change")
    form = read_form(LimitsForm)
    if form.ok:
        command = SetLimits(
            version=form.data["version"],
            discount_limit_basis_points=form.data["discount_part"],
            discount_limit_satang=form.data["discount_sum"],
            refund_limit_satang=form.data["refund_sum"],
        )
        try:
            in_transaction(centres.set_limits, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
            if isinstance(refusal, ChangedMeanwhile):
                form.given["version"] = _version(actor)
        else:
            flash(_("The settings were saved."), "success")
            return redirect(url_for("pos.till_setup", centre_id=centre_id), 303)
    return _page(form, actor)


@blueprint.post("/till-setup/devices")
def till_enrol(centre_id: int) -> ResponseReturnValue:
    """Make the browser at hand a till's own."""
    actor = current_actor(centre_id)
    access.require(actor, "till_device.manage")
    form = read_form(EnrolForm)
    if not form.ok:
        return _page(form, actor)
    key = in_transaction(till_devices.enrol, form.data["till_id"], form.data["name"], actor)[1]
    flash(_("This machine is set up: PINs and overrides work at its till."), "success")
    response = redirect(url_for("pos.till_setup", centre_id=centre_id), 303)
    auth.set_cookie(response, till_devices.COOKIE, key, DEVICE_DAYS * 86_400)
    return response


@blueprint.post("/till-setup/devices/<uuid:device_id>/revoke")
def till_revoke(centre_id: int, device_id: UUID) -> ResponseReturnValue:
    """Take a machine away: no PIN works on it any more."""
    in_transaction(till_devices.revoke, device_id, current_actor(centre_id))
    flash(_("The machine was taken away: no PIN works on it any more."), "success")
    return redirect(url_for("pos.till_setup", centre_id=centre_id), 303)


def _page(form: Form, actor: Actor) -> ResponseReturnValue:
    devices = till_devices.listing(actor)
    centre = actor.centre
    if not form.given:
        part, most = centre.discount_limit_basis_points, centre.discount_limit_satang
        refund = centre.refund_limit_satang
        form.given = {
            "version": centre.version,
            "discount_part": "" if part is None else show.percent(part),
            "discount_sum": "" if most is None else show.baht(most),
            "refund_sum": "" if refund is None else show.baht(refund),
        }
    key = request.cookies.get(auth.cookie_name(till_devices.COOKIE))
    page = render_template(
        "pos/till_setup.html",
        form=form,
        errors=form.errors,
        tills=tills.listing(actor.centre_id),
        devices=devices,
        here=till_devices.known(actor.centre_id, key),
        people=staff_pins.people(actor.centre_id),
    )
    return page, form.status


def _version(actor: Actor) -> int:
    now = centres.get(actor.centre_id)
    assert now is not None
    return now.version


# --- overrides -------------------------------------------------------------------------------


@blueprint.get("/overrides")
def override_list(centre_id: int) -> str:
    """Show every override, newest first."""
    actor = current_actor(centre_id)
    access.require(actor, "override.read")
    filters, kept = _filters()
    page = overrides.listing(actor, window(), filters)
    return render_template(
        "pos/overrides.html",
        kinds=kinds(),
        kept=kept,
        people=[one for one in staff_pins.people(centre_id) if one.gives_overrides],
        tills=tills.names(centre_id),
        **listed(page, "pos.override_list", centre_id=centre_id, **kept),
    )


@blueprint.get("/overrides.<any(csv, xlsx):kind>")
def override_file(centre_id: int, kind: str) -> ResponseReturnValue:
    """Give the list of overrides as a file."""
    actor = current_actor(centre_id)
    access.require(actor, "override.read")
    filters, _kept = _filters()
    table = _table(overrides.everything(actor, filters), tills.names(centre_id))
    if kind == "xlsx":
        return xlsx_response(table.name, [table])
    return csv_response(table.name, table.headings, table.rows)


@blueprint.get("/overrides/<uuid:override_id>")
def override_document(centre_id: int, override_id: UUID) -> ResponseReturnValue:
    """Lead from an override to its document: the sale's or refund's page, once it was recorded."""
    actor = current_actor(centre_id)
    access.require(actor, "override.read")
    found = overrides.get(override_id, actor)
    document_id = found.document_id
    try:
        if found.kind == overrides.REFUND:
            refund.get(document_id, actor)
            return redirect(url_for("pos.refund_page", centre_id=centre_id, refund_id=document_id))
        receipts.get(document_id, actor)
        return redirect(url_for("pos.sale", centre_id=centre_id, sale_id=document_id))
    except NotFound:
        flash(_("Nothing was recorded after this override."), "info")
        return redirect(url_for("pos.override_list", centre_id=centre_id))


def _filters() -> tuple[Filters, dict[str, Any]]:
    """Read `?kind=&by=&from=&until=`; what can't be read is left out."""
    kind = request.args.get("kind", "")
    by = uuid_or_none(request.args.get("by"))
    since, until = _day("from"), _day("until")
    filters = Filters(
        kind=kind if kind in OVERRIDE_KINDS else "",
        granted_by=by,
        since=since,
        until=None if until is None else until + timedelta(days=1),
    )
    given = {
        "kind": filters.kind,
        "by": str(by) if by else "",
        "from": show.day(since.date(), "form") if since else "",
        "until": show.day(until.date(), "form") if until else "",
    }
    return filters, {name: value for name, value in given.items() if value}


def _day(name: str) -> datetime | None:
    try:
        day = parse_date(request.args.get(name, "")[:20])
    except NotADate:
        return None
    return datetime.combine(day, time(), clock.BANGKOK)


def _table(rows: Iterable[Override], till_names: dict[UUID, str]) -> Table:
    words = kinds()
    headings: list[Cell] = [
        *(_("When"), _("What"), _("Up to (baht)"), _("Limit (baht)")),
        *(_("Reason"), _("Asked by"), _("Given by"), _("Till"), _("Document")),
    ]
    return Table(
        "overrides",
        headings,
        (
            [
                show.moment(one.at),
                words.get(one.kind, one.kind),
                baht_figure(one.asked_satang),
                "" if one.limit_satang is None else baht_figure(one.limit_satang),
                one.reason,
                one.asked_name,
                one.granted_name,
                till_names.get(one.till_id, "") if one.till_id else "",
                str(one.document_id),
            ]
            for one in rows
        ),
    )
