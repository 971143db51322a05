"""Sharing a joint round out: a table to look over and change by hand, then kept for good.

What must stay true: what is kept is what was shown; a part left empty follows the rule.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.problems import flattened
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.pages.joint_rounds import round_url
from inventory.schemas.joint_rounds import AskedForm, ShareForm
from inventory.services.buying import order_documents
from inventory.services.joint_rounds import reading, sharing
from inventory.services.joint_rounds.reading import OrderDoc, RoundDoc
from inventory.services.joint_rounds.sharing import Shared, ShareRound
from members.services import access


@blueprint.route("/joint-rounds/<uuid:joint_round_id>/share", methods=["GET", "POST"])
def joint_round_share(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Look over how a round is shared, change it, keep it."""
    actor = current_actor(centre_id)
    access.require(actor, "joint_round.manage")
    found = reading.get(joint_round_id, actor)
    orders = reading.orders(joint_round_id, actor)
    if request.method != "POST":
        start = ShareRound(uuid7(), joint_round_id)
        form = Form(given={"id": str(start.id), "extra_basis": "cost"})
        return _page(form, found, start, actor)
    cells = {
        f"given_{order.order_no}_{item.item_no}": (order, item.item_no)
        for order in orders
        for item in found.items
    }
    form = read_form(ShareForm, keep=(*cells, "keep", "reckon"))
    given = _given(form, cells)
    if not form.ok:
        return _page(form, found, ShareRound(uuid7(), joint_round_id), actor)
    command = ShareRound(round_id=joint_round_id, given=given, **form.data)
    if "keep" in request.form:
        try:
            in_transaction(sharing.record, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The round is shared out. Hand the goods out at the till."), "success")
            return redirect(round_url(centre_id, joint_round_id), 303)
    return _page(form, found, command, actor)


def _given(form: Form, cells: dict[str, tuple[OrderDoc, int]]) -> tuple[tuple[UUID, int, int], ...]:
    given = []
    for name, (order, item_no) in cells.items():
        typed = request.form.get(name, "").strip()
        if not typed:
            continue
        form.given[name] = typed
        try:
            quantity = AskedForm().load({"quantity": typed})["quantity"]
        except ValidationError as error:
            form.status = 422
            for _path, message in flattened(error.messages):
                form.errors.setdefault(name, translated(message))
        else:
            given.append((order.id, item_no, quantity))
    return tuple(given)


def _page(form: Form, found: RoundDoc, command: ShareRound, actor: Actor) -> ResponseReturnValue:
    shown: Shared | None = None
    try:
        shown = sharing.preview(command, actor)
    except DomainError as refusal:
        if not form.refusal:
            form.refuse(refusal)
        shown = _by_rule(command, actor)
    expecting = False
    if found.purchase_order_id is not None:
        expecting = order_documents.of(actor.centre_id, found.purchase_order_id).expecting
    page = render_template(
        "joint_rounds/share.html",
        round=found,
        shown=shown,
        due={(row["order_id"], row["item_no"]): row for row in shown.rows} if shown else {},
        expecting=expecting,
        form=form,
        errors=form.errors,
    )
    return page, form.status


def _by_rule(command: ShareRound, actor: Actor) -> Shared | None:
    """Return the sharing without what was typed, so that a refusal stands on a whole page."""
    try:
        return sharing.preview(ShareRound(command.id, command.round_id), actor)
    except DomainError:
        return None
