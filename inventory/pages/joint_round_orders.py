"""The orders of a joint round as pages: whose, how much, changed, withdrawn; and the papers.

What must stay true: who orders is searched for and chosen, never typed; nothing typed is lost.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from marshmallow import ValidationError

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7, uuid_or_none
from core.sheets import Cell, Figure
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.pdf import render_pdf
from core.web.problems import flattened
from core.web.sheets import baht_figure, csv_response
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.pages.joint_rounds import round_url
from inventory.schemas.joint_rounds import AskedForm, RoundOrderForm
from inventory.services.joint_rounds import handed, orders, reading
from inventory.services.joint_rounds.orders import SaveRoundOrder
from inventory.services.joint_rounds.reading import OrderDoc, RoundDoc
from members.services import access, producers
from members.services import members as member_register


@blueprint.route("/joint-rounds/<uuid:joint_round_id>/orders/new", methods=["GET", "POST"])
def joint_order_new(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Take an order: search and choose who (`?q=`, `?member=`, `?group=`), then how much."""
    actor = current_actor(centre_id)
    access.require(actor, "joint_round.order")
    found = reading.get(joint_round_id, actor)
    if request.method == "POST":
        return _typed(found, actor)
    member_id = uuid_or_none(request.args.get("member"))
    group_id = uuid_or_none(request.args.get("group"))
    given = {"id": str(uuid7()), "version": "0"}
    given["member_id"] = str(member_id) if member_id else ""
    given["producer_id"] = str(group_id) if group_id and not member_id else ""
    return _form(Form(given=given), found, actor)


@blueprint.route("/joint-rounds/orders/<uuid:joint_order_id>", methods=["GET", "POST"])
def joint_order(centre_id: int, joint_order_id: UUID) -> ResponseReturnValue:
    """Show an order; change it while the round collects."""
    actor = current_actor(centre_id)
    known = reading.order(joint_order_id, actor)
    found = reading.get(known.round_id, actor)
    if request.method == "POST":
        access.require(actor, "joint_round.order")
        return _typed(found, actor, known)
    given: dict[str, Any] = {
        "id": str(known.id),
        "version": str(known.version),
        "member_id": str(known.member_id or ""),
        "producer_id": str(known.producer_id or ""),
        "note": known.note,
    }
    given |= {f"quantity_{item_no}": show.quantity(milli) for item_no, milli in known.lines}
    return _form(Form(given=given), found, actor, known)


@blueprint.post("/joint-rounds/orders/<uuid:joint_order_id>/withdraw")
def joint_order_withdraw(centre_id: int, joint_order_id: UUID) -> ResponseReturnValue:
    """Withdraw an order while the round collects."""
    actor = current_actor(centre_id)
    form = Form()
    try:
        done = in_transaction(orders.withdraw, joint_order_id, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        known = reading.order(joint_order_id, actor)
        return _form(form, reading.get(known.round_id, actor), actor, known)
    flash(_("Order %(number)s is withdrawn.", number=done.order_no), "success")
    return redirect(round_url(centre_id, done.round_id), 303)


@blueprint.get("/joint-rounds/<uuid:joint_round_id>/orders.csv")
def joint_order_file(centre_id: int, joint_round_id: UUID) -> Response:
    """Return who asked for what, and what each got and owes, as a file."""
    actor = current_actor(centre_id)
    found = reading.get(joint_round_id, actor)
    items = {item.item_no: item for item in found.items}
    listed = reading.orders(joint_round_id, actor)
    sales = handed.sales_of(centre_id, [one.id for one in listed])
    headings: list[Cell] = [
        *(_("Round order"), _("Who"), _("Number"), _("Product"), _("Wanted"), _("Unit")),
        *(_("Gets"), _("Unit"), _("Owes (baht)"), _("Handed out")),
    ]
    rows: list[list[Cell]] = []
    for one in listed:
        shares = {share.item_no: share for share in one.shares}
        for item_no, milli in one.lines:
            item, share = items[item_no], shares.get(item_no)
            rows.append(
                [
                    *(one.order_no, one.buyer, one.buyer_no, item.name_th),
                    *(_figure(milli), item.unit),
                    _figure(share.given_milli) if share else "",
                    item.base_unit,
                    baht_figure(share.due_satang) if share else "",
                    _("yes") if one.id in sales else "",
                ]
            )
    return csv_response(f"{found.round_no}", headings, rows)


@blueprint.get("/joint-rounds/<uuid:joint_round_id>/order-sheet.pdf")
def joint_order_sheet(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Return who wants what, with room for signatures, A4."""
    return _paper("joint_order_sheet", joint_round_id, current_actor(centre_id))


@blueprint.get("/joint-rounds/<uuid:joint_round_id>/sharing-list.pdf")
def joint_sharing_list(centre_id: int, joint_round_id: UUID) -> ResponseReturnValue:
    """Return who gets what and owes what, with room for signatures, A4."""
    return _paper("joint_sharing_list", joint_round_id, current_actor(centre_id))


def _paper(name: str, joint_round_id: UUID, actor: Actor) -> ResponseReturnValue:
    found = reading.get(joint_round_id, actor)
    if name == "joint_sharing_list" and found.sharing is None:
        raise NotFound(what="document")
    listed = reading.orders(joint_round_id, actor)
    with force_locale("th"):
        html = render_template(
            f"documents/{name}.html",
            locale="th",
            round=found,
            items={item.item_no: item for item in found.items},
            orders=listed,
            number=found.round_no,
            document_date=found.sharing.business_date if found.sharing else clock.today(),
            cancelled=found.state == "cancelled",
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.round_no}.pdf"'
    return response


def _figure(milli: int) -> Figure:
    return Figure(f"{milli // 1000}.{milli % 1000:03d}")


# --- the form --------------------------------------------------------------------------------


def _typed(found: RoundDoc, actor: Actor, known: OrderDoc | None = None) -> ResponseReturnValue:
    """Read the form and keep the order, or show what is wrong."""
    cells = {f"quantity_{item.item_no}": item.item_no for item in found.items}
    # What is no longer on offer is told, not dropped.
    gone = tuple(
        name for name in request.form if name.startswith("quantity_") and name not in cells
    )
    form = read_form(RoundOrderForm, keep=(*cells, *gone))
    lines = []
    for name, item_no in cells.items():
        form.given[name] = typed = request.form.get(name, "").strip()
        try:
            quantity = AskedForm().load({"quantity": typed} if typed else {})["quantity"]
        except ValidationError as error:
            form.status = 422
            for _path, message in flattened(error.messages):
                form.errors.setdefault(name, translated(message))
        else:
            lines.append((item_no, quantity))
    if any(request.form[name].strip() for name in gone):
        form.status = 409
        form.errors["form"] = _("What the round offers has changed meanwhile. Look it over again.")
    if form.ok:
        data = dict(form.data)
        if known is not None:
            data |= {"id": known.id, "member_id": known.member_id, "producer_id": known.producer_id}
        command = SaveRoundOrder(round_id=found.id, lines=tuple(lines), **data)
        try:
            saved = in_transaction(orders.save, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            flash(_("Order %(number)s is noted.", number=saved.order_no), "success")
            return redirect(round_url(actor.centre_id, found.id), 303)
    return _form(form, found, actor, known)


def _refuse(form: Form, refusal: DomainError) -> None:
    """Show a refusal of a line beside it, any other above the form."""
    form.refuse(refusal)
    line_no = refusal.facts.get("line_no")
    if isinstance(line_no, int) and form.refusal:
        form.errors[f"quantity_{line_no}"] = form.refusal


def _form(
    form: Form, found: RoundDoc, actor: Actor, known: OrderDoc | None = None
) -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:80]
    member_id = uuid_or_none(form.given.get("member_id", ""))
    group_id = uuid_or_none(form.given.get("producer_id", ""))
    buyer = known.buyer if known else _name(actor.centre_id, member_id, group_id)
    groups = [one for one in producers.search(actor.centre_id, text) if one.kind == "group"]
    page = render_template(
        "joint_rounds/order.html",
        round=found,
        order=known,
        buyer=buyer,
        sale_id=handed.sales_of(actor.centre_id, [known.id]).get(known.id) if known else None,
        q=text,
        members=member_register.search(actor.centre_id, text),
        groups=groups,
        open=found.state == "collecting" and (known is None or known.withdrawn_at is None),
        form=form,
        errors=form.errors,
    )
    return page, form.status


def _name(centre_id: int, member_id: UUID | None, group_id: UUID | None) -> str:
    """Return who was chosen, '' for nobody we know."""
    people = member_register.names(centre_id, {member_id})
    groups = producers.names(centre_id, {group_id} if group_id else set())
    named = [*(one.name for one in people.values()), *(one.name for one in groups.values())]
    return named[0] if named else ""
