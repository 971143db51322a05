"""The forms in which vouchers are written: payment and receipt, and the journal with free lines.

What must stay true: nothing typed is ever lost, whatever is refused; sending a form twice keeps one
draft, because its id is made with the empty form. No script is needed.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages import voucher_cells as cells
from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.rules.vouchers import BY_HAND, JOURNAL, WRITTEN, VoucherContent
from accounting.schemas.vouchers import HeadForm, SimpleForm
from accounting.services import activities, chart, funds
from accounting.services.vouchers import drafting, reading, templates
from accounting.services.vouchers.drafting import NoLongerADraft, SaveDraft
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access


@blueprint.route("/vouchers/new/<string:kind>", methods=["GET", "POST"])
def voucher_new(centre_id: int, kind: str) -> ResponseReturnValue:
    """Write a new voucher, from nothing, a template or another voucher."""
    actor = current_actor(centre_id)
    access.require(actor, "voucher.record")
    if kind not in WRITTEN:
        abort(404)
    start = _start(actor) if request.method == "GET" else None
    if start is not None and start.kind != kind:
        abort(404)
    return _written(kind, start, str(uuid7()), 0, actor)


@blueprint.route("/vouchers/<uuid:voucher_id>/edit", methods=["GET", "POST"])
def voucher_edit(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    actor = current_actor(centre_id)
    access.require(actor, "voucher.record")
    view = reading.get(voucher_id, actor)
    if view.content is None or view.card.state != reading.DRAFT:
        raise NoLongerADraft
    return _written(view.card.kind, view.content, str(voucher_id), view.card.version, actor)


def _start(actor: Actor) -> VoucherContent | None:
    """Return what a new voucher begins with, when the address names it."""
    template_id = uuid_or_none(request.args.get("template"))
    if template_id is not None:
        return templates.filled(templates.get(template_id, actor), clock.today())
    voucher_id = uuid_or_none(request.args.get("copy"))
    if voucher_id is not None:
        content = reading.get(voucher_id, actor).content
        return drafting.dated(content, clock.today()) if content else None
    return None


def _written(
    kind: str, start: VoucherContent | None, identity: str, version: int, actor: Actor
) -> ResponseReturnValue:
    if request.method == "GET":
        given = {"id": identity, "version": str(version), "business_date": typed(clock.today())}
        given |= cells.typed_of(start, actor.centre_id) if start else {}
        return _page(kind, Form(given=given), actor)
    if "more" in request.form:
        return _page(kind, Form(given=request.form.to_dict()), actor)
    if kind == JOURNAL:
        form = read_form(HeadForm, keep=cells.names(request.form))
        form.given |= {name: request.form.get(name, "") for name in cells.names(request.form)}
    else:
        form = read_form(SimpleForm)
    content = cells.content_of(kind, form, actor.centre_id)
    if content is not None and _save(form, content, kind, actor):
        where = url_for("accounting.voucher", centre_id=actor.centre_id, voucher_id=form.data["id"])
        return redirect(where, 303)
    return _page(kind, form, actor)


def _save(form: Form, content: VoucherContent, kind: str, actor: Actor) -> bool:
    command = SaveDraft(form.data["id"], content, form.data["version"])
    try:
        in_transaction(drafting.save, command, actor)
    except DomainError as refusal:
        cells.refuse(form, refusal, kind)
        return False
    flash(_("The draft is kept. It counts when it is posted."), "success")
    return True


def _page(kind: str, form: Form, actor: Actor) -> ResponseReturnValue:
    accounts = [
        one for one in chart.listing(actor.centre_id) if one.active and one.control_key in BY_HAND
    ]
    english = show.language() == "en"
    known = _named(funds.listing(actor.centre_id, of_members=False))
    page = render_template(
        "vouchers/form.html",
        kind=kind,
        form=form,
        errors=form.errors,
        given=form.given,
        rows=cells.rows(form.given),
        accounts=[(one.id, f"{one.code} {one.name_en if english else one.name_th}")
                  for one in cells.likely_first(accounts, kind)],
        money=[(one.id, f"{one.code} {one.name_en if english else one.name_th}")
               for one in accounts if one.money and one.purpose != "transfers_awaiting"],
        funds=known,
        with_funds=bool(known) or any(name.startswith("fund_") for name in form.errors),
        activities=_named(activities.listing(actor.centre_id)),
    )  # fmt: skip
    return page, form.status


def _named(cards: Any) -> list[tuple[UUID, str]]:
    english = show.language() == "en"
    return [
        (one.id, f"{one.code} {(english and one.name_en) or one.name_th}")
        for one in cards
        if one.active
    ]
