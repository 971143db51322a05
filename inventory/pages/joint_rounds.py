"""Joint buying rounds as pages: the list, the form, one round, closed or cancelled.

What must stay true: nothing typed is lost when a round is refused; sending a form twice makes one
round and one purchase order, because their ids are made with the form.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.paging import all_items
from core.sheets import Cell
from core.sought import Sought
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.sheets import csv_response
from inventory.models import ROUND_STATES
from inventory.pages.blueprint import blueprint
from inventory.pages.joint_round_plot import amounts
from inventory.pages.purchase_orders import (
    FILE_MAX,
    ROWS,
    cell_names,
    goods_choices,
    mark,
    refuse_line,
    typed_rows,
    whom,
)
from inventory.schemas.joint_rounds import (
    CancelRoundForm,
    OrderRoundForm,
    RoundForm,
    RoundItemForm,
)
from inventory.services.joint_rounds import handed, reading, rounds
from inventory.services.joint_rounds.reading import RoundDoc
from inventory.services.joint_rounds.rounds import (
    ITEMS_MAX,
    CancelRound,
    OrderRound,
    RoundItem,
    SaveRound,
)
from members.services import access
from members.services import members as member_register

CELLS = ("goods", "price")


@blueprint.get("/joint-rounds")
def joint_round_list(centre_id: int) -> str:
    """Show rounds, newest first; of one member (`?member=`)."""
    actor = current_actor(centre_id)
    member_id = uuid_or_none(request.args.get("member"))
    page = reading.listing(actor, window(), _sought(), member_id)
    return render_template(
        "joint_rounds/list.html",
        member=member_register.names(centre_id, {member_id}).get(member_id) if member_id else None,
        **listed(page, "inventory.joint_round_list", centre_id=centre_id, member=member_id),
    )


@blueprint.get("/joint-rounds.csv")
def joint_round_file(centre_id: int) -> Response:
    """Return the rounds as a file, as they are narrowed."""
    actor, wanted = current_actor(centre_id), _sought()
    member_id = uuid_or_none(request.args.get("member"))
    headings: list[Cell] = [
        *(_("Number"), _("Name"), _("Supplier"), _("Orders until"), _("Orders"), _("State")),
        _("Purchase order"),
    ]
    rows: list[list[Cell]] = [
        [
            *(one.round_no, one.name, one.supplier, one.closes_on, one.orders),
            *(round_state(one.state), one.purchase_order_no),
        ]
        for one in all_items(lambda some: reading.listing(actor, some, wanted, member_id), FILE_MAX)
    ]
    return csv_response("joint-rounds", headings, rows)


def round_state(state: str) -> str:
    """Return a round's state as people call it."""
    return {
        "collecting": _("Collecting orders"),
        "ordered": _("Ordered, waiting for goods"),
        "shared": _("Goods shared out"),
        "cancelled": _("Cancelled"),
    }[state]


blueprint.add_app_template_filter(round_state, "round_state")


@blueprint.route("/joint-rounds/new", methods=["GET", "POST"])
def joint_round_new(centre_id: int) -> ResponseReturnValue:
    """Open a round."""
    actor = current_actor(centre_id)
    access.require(actor, "joint_round.manage")
    if request.method != "POST":
        given = {"id": str(uuid7()), "version": "0", "margin_basis_points": "0"}
        return _form(Form(given=given), [dict.fromkeys(CELLS, "") for _n in range(ROWS)], actor)
    return _typed(actor)


@blueprint.route("/joint-rounds/<uuid:joint_round_id>/edit", methods=["GET", "POST"])
def joint_round_edit(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Change a round that collects."""
    actor = current_actor(centre_id)
    access.require(actor, "joint_round.manage")
    known = reading.get(joint_round_id, actor)
    if request.method == "POST":
        return _typed(actor, known)
    given: dict[str, Any] = {
        "id": str(joint_round_id),
        "version": str(known.version),
        "name": known.name,
        "producer_id": str(known.producer_id),
        "closes_on": known.closes_on.isoformat(),
        "expected_on": known.expected_on.isoformat() if known.expected_on else "",
        "margin_basis_points": show.percent(known.margin_basis_points),
        "note": known.note,
    }
    rows = [
        {
            "goods": f"{item.product_id}:{item.unit_id}" if item.unit_id else str(item.product_id),
            "price": show.baht(item.expected_price_satang),
        }
        for item in known.items
    ]
    return _form(Form(given=given), rows, actor, known)


@blueprint.get("/joint-rounds/<uuid:joint_round_id>")
def joint_round(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Show a round: what is asked, by whom, and what became of it."""
    return _page(joint_round_id, Form(), current_actor(centre_id))


@blueprint.post("/joint-rounds/<uuid:joint_round_id>/order")
def joint_round_order(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Take no more orders, and make the purchase order of them all."""
    actor = current_actor(centre_id)
    form = read_form(OrderRoundForm)
    if form.ok:
        try:
            command = OrderRound(joint_round_id, form.data["purchase_order_id"])
            done = in_transaction(rounds.order, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The purchase order is a draft: look it over, then send it."), "success")
            where = url_for("inventory.order", centre_id=centre_id, order_id=done.purchase_order_id)
            return redirect(where, 303)
    return _page(joint_round_id, form, actor)


@blueprint.post("/joint-rounds/<uuid:joint_round_id>/cancel")
def joint_round_cancel(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Cancel a round, and say why."""
    actor = current_actor(centre_id)
    form = read_form(CancelRoundForm)
    if form.ok:
        try:
            command = CancelRound(joint_round_id, form.data["reason"])
            in_transaction(rounds.cancel, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The round is cancelled."), "success")
            return redirect(round_url(centre_id, joint_round_id), 303)
    return _page(joint_round_id, form, actor)


def round_url(centre_id: int, joint_round_id: UUID) -> str:
    """Return the address of a round's page."""
    return url_for("inventory.joint_round", centre_id=centre_id, joint_round_id=joint_round_id)


def _page(joint_round_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = reading.get(joint_round_id, actor)
    orders = reading.orders(joint_round_id, actor, withdrawn=True)
    sales = handed.sales_of(actor.centre_id, [one.id for one in orders])
    shared = found.sharing is not None
    page = render_template(
        "joint_rounds/round.html",
        round=found,
        items={item.item_no: item for item in found.items},
        orders=orders,
        sales=sales,
        waiting=handed.waiting(found, orders, sales, actor.centre_id) if shared else [],
        plot=amounts(found),
        new_order_id=str(uuid7()),
        form=form,
        errors=form.errors,
    )
    return page, form.status


def _sought() -> Sought:
    return sought([(one, round_state(one)) for one in ROUND_STATES])


# --- the form --------------------------------------------------------------------------------


def _typed(actor: Actor, known: RoundDoc | None = None) -> ResponseReturnValue:
    """Read the form and write the round, or show what is wrong."""
    rows = typed_rows(CELLS, ITEMS_MAX, ROWS)
    if "more" in request.form:
        given = {name: request.form.get(name, "") for name in RoundForm().fields}
        return _form(Form(given=given), rows, actor, known)
    form = read_form(RoundForm, keep=cell_names(CELLS, len(rows)))
    items = _items(rows, form)
    if form.ok:
        data = dict(form.data)
        if known is not None:
            data["id"] = known.id
        try:
            saved = in_transaction(rounds.save, SaveRound(items=tuple(items), **data), actor)
        except DomainError as refusal:
            refuse_line(form, refusal, rows, "goods")
        else:
            flash(_("Round %(number)s is open for orders.", number=saved.round_no), "success")
            return redirect(round_url(actor.centre_id, saved.id), 303)
    return _form(form, rows, actor, known)


def _items(rows: list[dict[str, str]], form: Form) -> list[RoundItem]:
    items = []
    for number, row in enumerate(rows, start=1):
        typed = {cell: text for cell, text in row.items() if text}
        if not typed:
            continue
        try:
            items.append(RoundItemForm().load(typed))
        except ValidationError as error:
            mark(form, number, error.messages, CELLS)
    if not items and not form.errors:
        form.status, form.errors["goods_1"] = 422, _("Enter at least one line")
    return items


def _form(
    form: Form, rows: list[dict[str, str]], actor: Actor, known: RoundDoc | None = None
) -> ResponseReturnValue:
    page = render_template(
        "joint_rounds/form.html",
        form=form,
        errors=form.errors,
        rows=rows,
        known=known,
        more=len(rows) < ITEMS_MAX,
        suppliers=whom(actor),
        goods=goods_choices(actor),
    )
    return page, form.status
