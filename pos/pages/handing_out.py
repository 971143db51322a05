"""Handing out an order of a joint round as a page: at which till, paid how; then the receipt.

What must stay true: sent twice it is handed out once, because the sale's id is made with the form.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.services.joint_rounds import handed, reading
from inventory.services.joint_rounds.reading import OrderDoc
from members.services import access
from pos.pages.blueprint import blueprint
from pos.pages.day_takings import tender_words
from pos.schemas.handing_out import HAND_OUT_METHODS, HandOutForm
from pos.services import handing_out, shift, tills
from pos.services.handing_out import HandOut
from pos.services.sale_rows import RecordPayment


@blueprint.route("/joint-rounds/orders/<uuid:joint_order_id>/hand-out", methods=["GET", "POST"])
def hand_out(centre_id: int, joint_order_id: UUID) -> ResponseReturnValue:
    """Take the money for an order's share and hand it out."""
    actor = current_actor(centre_id)
    access.require(actor, "sale.record")
    order = reading.order(joint_order_id, actor)
    if request.method != "POST":
        given = {"id": str(uuid7()), "method": "cash", "amount": show.baht(order.due_satang)}
        return _page(Form(given=given), order, actor)
    form = read_form(HandOutForm)
    if form.ok and handing_out.sale_of(centre_id, joint_order_id) == form.data["id"]:
        # The same form again: it was taken, here is its receipt.
        return redirect(url_for("pos.receipt", centre_id=centre_id, sale_id=form.data["id"]), 303)
    if form.ok:
        till_id, shift_id = form.data["at"]
        command = HandOut(
            id=form.data["id"],
            order_id=joint_order_id,
            till_id=till_id,
            shift_id=shift_id,
            occurred_at=clock.now(),
            payments=_payments(form.data, order.due_satang),
        )
        try:
            receipt = in_transaction(handing_out.record, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if receipt.change_satang:
                flash(_("Give back %(change)s baht.", change=show.baht(receipt.change_satang)))
            where = url_for("pos.receipt", centre_id=centre_id, sale_id=receipt.id)
            return redirect(where, 303)
    return _page(form, order, actor)


def _payments(data: dict[str, Any], due_satang: int) -> tuple[RecordPayment, ...]:
    """Return how it is paid: a part as told, the rest in the way that was chosen first."""
    also = data["also_amount"] if data["also"] else 0
    # Only cash may be more than is due, and gives change.
    rest = data["amount"] if data["method"] == "cash" else due_satang - also
    payments = [
        RecordPayment(data["method"], rest, data["reference"]),
        RecordPayment(data["also"], also, data["also_reference"]),
    ]
    return tuple(one for one in payments if one.amount_satang > 0)


def _page(form: Form, order: OrderDoc, actor: Actor) -> ResponseReturnValue:
    found = reading.get(order.round_id, actor)
    sale_id = handing_out.sale_of(actor.centre_id, order.id)
    waits = [] if sale_id else handed.waiting(found, [order], {}, actor.centre_id)
    page = render_template(
        "joint_rounds/hand_out.html",
        round=found,
        items={item.item_no: item for item in found.items},
        order=order,
        sale_id=sale_id,
        lacking=[one for one in waits if one.missing_milli],
        places=_open_tills(actor.centre_id),
        methods=[
            (one, tender_words(one))
            for one in HAND_OUT_METHODS
            if order.member_id or one not in ("credit", "purse")
        ],
        form=form,
        errors=form.errors,
    )
    return page, form.status


def _open_tills(centre_id: int) -> list[tuple[str, str]]:
    """Return the tills with an open shift, as the form names them."""
    found = []
    for till in tills.listing(centre_id):
        current = shift.current_on(centre_id, till.id)
        if current is not None:
            words = f"{till.code} {till.name} · {current.shift_no} · {current.opened_by}"
            found.append((f"{till.id}:{current.id}", words))
    return found
