"""Coupons of funds as pages: made out, printed, cancelled.

What must stay true: a code is shown to those who may read coupons, and printed on the sheet.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.pages.credit_papers import pdf
from accounting.pages.resolution_choices import resolution_choices
from accounting.schemas.credit import CancelForm, CouponsForm
from accounting.services.coupons import issuing
from accounting.services.coupons.issuing import IssueCoupons
from accounting.services.funds import register as funds
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import barcodes
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from members.services import access


@blueprint.route("/coupons", methods=["GET", "POST"])
def coupons(centre_id: int) -> ResponseReturnValue:
    """Show the coupons made out; make out more."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _overview(Form(), actor)
    access.require(actor, "coupon.issue")
    form = read_form(CouponsForm)
    if form.ok:
        try:
            made = in_transaction(issuing.issue, IssueCoupons(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Made out under %(number)s.", number=made.issue_no), "success")
            where = url_for("accounting.coupon_issue", centre_id=centre_id, issue_id=made.id)
            return redirect(where, 303)
    return _overview(form, actor)


def _overview(form: Form, actor: Actor) -> ResponseReturnValue:
    if not form.given:
        form.given = {"id": str(uuid7()), "rest": "stays"}
    page = issuing.listing(actor, window(), sought())
    usable = [one for one in funds.listing(actor.centre_id) if one.active]
    text = render_template(
        "coupons/overview.html",
        **listed(page, "accounting.coupons", centre_id=actor.centre_id),
        funds=[(str(one.id), one.name_th) for one in usable],
        names={one.id: one.name_th for one in funds.listing(actor.centre_id)},
        resolutions=resolution_choices(actor.centre_id),
        today=clock.today(),
        form=form,
        errors=form.errors,
    )
    return text, form.status


@blueprint.get("/coupons/<uuid:issue_id>")
def coupon_issue(centre_id: int, issue_id: UUID) -> ResponseReturnValue:
    """Show the coupons of an issue."""
    return _issue_page(issue_id, Form(), current_actor(centre_id))


@blueprint.post("/coupons/<uuid:issue_id>/cancel")
def coupon_cancel(centre_id: int, issue_id: UUID) -> ResponseReturnValue:
    """Cancel what is left of coupons."""
    actor = current_actor(centre_id)
    access.require(actor, "coupon.issue")
    form = read_form(CancelForm)
    if form.ok and not form.data["coupon_ids"] and not form.data["every"]:
        # A cancelled coupon stays so: all of them are cancelled only when that was said.
        form.errors["every"] = _("Tick the coupons to cancel, or that all of them are.")
        form.status = 422
    if form.ok:
        ids = () if form.data["every"] else tuple(form.data["coupon_ids"])
        try:
            in_transaction(issuing.cancel, issue_id, ids, form.data["reason"], actor)
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            flash(_("Cancelled: the fund has the money free again."), "success")
            where = url_for("accounting.coupon_issue", centre_id=centre_id, issue_id=issue_id)
            return redirect(where, 303)
    return _issue_page(issue_id, form, actor)


def _issue_page(issue_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    issue, rows = issuing.get(issue_id, actor)
    page = render_template(
        "coupons/issue.html",
        issue=issue,
        rows=rows,
        fund=funds.card(actor.centre_id, issue.fund_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


@blueprint.get("/coupons/<uuid:issue_id>/sheet.pdf")
def coupon_sheet(centre_id: int, issue_id: UUID) -> ResponseReturnValue:
    """Return the coupons that are still good, to print and cut."""
    actor = current_actor(centre_id)
    issue, rows = issuing.get(issue_id, actor)
    return pdf(
        "documents/coupons.html",
        issue.issue_no,
        actor,
        number=issue.issue_no,
        issue=issue,
        rows=[one for one in rows if one.left_satang],
        bars=lambda code: barcodes.code128_uri(code, 250, 10),
        qr=barcodes.qr_uri,
    )
