"""Purchase orders as pages: the list, the form, one order, its paper, and what becomes of it.

What must stay true: nothing typed is lost when an order is refused, and sending the form twice
writes one order, because its id is made with the empty form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from marshmallow import ValidationError

from core.actor import Actor
from core.baht_text import baht_text
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
from core.web.pdf import render_pdf
from core.web.problems import flattened
from core.web.sheets import baht_figure, csv_response
from core.web.words import translated
from inventory.models import ORDER_STATES
from inventory.pages.blueprint import blueprint
from inventory.pages.choices import producer_choices
from inventory.schemas.buying import EndForm, OrderForm, OrderLineForm
from inventory.services import catalogue
from inventory.services.buying import orders, suppliers
from inventory.services.buying.orders import LINES_MAX, EndOrder, OrderDoc, OrderLine, SaveOrder
from members.services import access

ROWS = 4
CELLS = ("goods", "quantity", "price")
FILE_MAX = 5_000
Row = dict[str, str]


@blueprint.get("/purchase-orders")
def order_list(centre_id: int) -> str:
    """Show orders, newest first."""
    actor = current_actor(centre_id)
    page = orders.listing(actor, window(), _sought())
    return render_template(
        "buying/orders.html",
        **listed(page, "inventory.order_list", centre_id=centre_id),
    )


@blueprint.get("/purchase-orders.csv")
def order_file(centre_id: int) -> Response:
    """Return the orders as a file."""
    actor, wanted = current_actor(centre_id), _sought()
    headings: list[Cell] = [
        *(_("Number"), _("Date"), _("Supplier"), _("Expected on"), _("State"), _("Amount (baht)")),
    ]
    rows: list[list[Cell]] = [
        [
            *(one.order_no, one.ordered_on, one.producer_name, one.expected_on),
            *(state_words(one.state), baht_figure(one.amount_satang)),
        ]
        for one in all_items(lambda some: orders.listing(actor, some, wanted), FILE_MAX)
    ]
    return csv_response("purchase-orders", headings, rows)


def state_words(state: str) -> str:
    """Return a state as people call it."""
    return {
        "draft": _("Draft"),
        "sent": _("Sent to the supplier"),
        "partly": _("Partly received"),
        "received": _("All received"),
        "closed": _("Ended early"),
        "cancelled": _("Cancelled"),
    }[state]


blueprint.add_app_template_filter(state_words, "order_state")


@blueprint.route("/purchase-orders/new", methods=["GET", "POST"])
def order_new(centre_id: int) -> ResponseReturnValue:
    """Write an order; `?supplier=&product=&quantity=&product=…` fills it."""
    actor = current_actor(centre_id)
    access.require(actor, "purchase.order")
    if request.method != "POST":
        given = {"id": str(uuid7()), "prices": "none", "version": "0"}
        given["producer_id"] = str(uuid_or_none(request.args.get("supplier", "")) or "")
        return _form(Form(given=given), _hinted(), actor)
    return _typed(actor)


@blueprint.route("/purchase-orders/<uuid:order_id>/edit", methods=["GET", "POST"])
def order_edit(centre_id: int, order_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    actor = current_actor(centre_id)
    access.require(actor, "purchase.order")
    known = orders.get(order_id, actor)
    if request.method == "POST":
        return _typed(actor, known)
    given: dict[str, Any] = {
        "id": str(order_id),
        "version": str(known.version),
        "producer_id": str(known.producer_id),
        "expected_on": known.expected_on.isoformat() if known.expected_on else "",
        "prices": known.prices,
        "terms_days": str(known.terms_days),
        "note": known.note,
    }
    rows = [
        {
            "goods": f"{line.product_id}:{line.unit_id}" if line.unit_id else str(line.product_id),
            "quantity": show.quantity(line.quantity_milli),
            "price": show.baht(line.unit_price_satang),
        }
        for line in known.lines
    ]
    return _form(Form(given=given), rows, actor, known)


@blueprint.get("/purchase-orders/<uuid:order_id>")
def order(centre_id: int, order_id: UUID) -> ResponseReturnValue:
    """Show an order: what was asked, what came, what is still expected."""
    return _page(order_id, Form(), current_actor(centre_id))


@blueprint.post("/purchase-orders/<uuid:order_id>/send")
def order_send(centre_id: int, order_id: UUID) -> ResponseReturnValue:
    """Note that the order went to its supplier."""
    actor = current_actor(centre_id)
    access.require(actor, "purchase.order")
    form = Form()
    try:
        in_transaction(orders.send, order_id, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(order_id, form, actor)
    flash(_("Noted as sent. Goods can come on it now."), "success")
    return redirect(url_for("inventory.order", centre_id=centre_id, order_id=order_id), 303)


@blueprint.post("/purchase-orders/<uuid:order_id>/cancel")
def order_cancel(centre_id: int, order_id: UUID) -> ResponseReturnValue:
    """Cancel an order of which nothing came."""
    return _ended(order_id, orders.cancel, current_actor(centre_id))


@blueprint.post("/purchase-orders/<uuid:order_id>/close")
def order_close(centre_id: int, order_id: UUID) -> ResponseReturnValue:
    """Expect nothing more of an order."""
    return _ended(order_id, orders.close, current_actor(centre_id))


@blueprint.get("/purchase-orders/<uuid:order_id>/order.pdf")
def order_pdf(centre_id: int, order_id: UUID) -> ResponseReturnValue:
    """Return the order to hand over or send, A4, always in Thai."""
    actor = current_actor(centre_id)
    found = orders.get(order_id, actor)
    with force_locale("th"):
        html = render_template(
            "documents/purchase_order.html",
            locale="th",
            order=found,
            supplier=suppliers.of(centre_id, found.producer_id),
            number=found.order_no,
            document_date=found.ordered_on,
            cancelled=found.state == "cancelled",
            amount_words=baht_text(found.amount_satang),
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.order_no}.pdf"'
    return response


def _sought() -> Sought:
    return sought([(one, state_words(one)) for one in ORDER_STATES])


def _ended(
    order_id: UUID, end: Callable[[EndOrder, Actor], OrderDoc], actor: Actor
) -> ResponseReturnValue:
    access.require(actor, "purchase.order")
    form = read_form(EndForm)
    if form.ok:
        try:
            found = in_transaction(end, EndOrder(order_id, form.data["reason"]), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{found.order_no}: {state_words(found.state)}", "success")
            where = url_for("inventory.order", centre_id=actor.centre_id, order_id=order_id)
            return redirect(where, 303)
    return _page(order_id, form, actor)


def _page(order_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "buying/order.html", order=orders.get(order_id, actor), form=form, errors=form.errors
    )
    return page, form.status


# --- the form --------------------------------------------------------------------------------


def _typed(actor: Actor, known: OrderDoc | None = None) -> ResponseReturnValue:
    """Read the form and write the order, or show what is wrong."""
    rows = typed_rows(CELLS, LINES_MAX, ROWS)
    if "more" in request.form:
        fields = OrderForm().fields
        given = {name: request.form.get(name, "") for name in fields}
        return _form(Form(given=given), rows, actor, known)
    form = read_form(OrderForm, keep=cell_names(CELLS, len(rows)))
    lines = _lines(rows, form)
    if form.ok:
        data = dict(form.data)
        if known is not None:
            data["id"] = known.id
        command = SaveOrder(lines=tuple(lines), **data)
        try:
            saved = in_transaction(orders.save, command, actor)
        except DomainError as refusal:
            refuse_line(form, refusal, rows, "goods")
        else:
            flash(_("Order %(number)s is written.", number=saved.order_no), "success")
            where = url_for("inventory.order", centre_id=actor.centre_id, order_id=saved.id)
            return redirect(where, 303)
    return _form(form, rows, actor, known)


def typed_rows(cells: tuple[str, ...], most: int, fewest: int) -> list[Row]:
    """Return the typed rows, and empty ones behind them when more were asked for."""
    count = request.form.get("rows", "")
    shown = min(int(count), most) if count.isascii() and count.isdigit() else fewest
    if "more" in request.form:
        shown = min(shown + ROWS, most)
    return [
        {cell: request.form.get(f"{cell}_{number}", "").strip() for cell in cells}
        for number in range(1, shown + 1)
    ]


def cell_names(cells: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return the names of the cells of so many rows, and of the count itself."""
    return ("rows", *(f"{cell}_{number}" for number in range(1, count + 1) for cell in cells))


def mark(form: Form, number: int, messages: Any, cells: tuple[str, ...]) -> None:
    """Put what is wrong with a row beside its cells."""
    form.status = 422
    for path, message in flattened(messages):
        name = path[0] if path and path[0] in cells else cells[0]
        form.errors.setdefault(f"{name}_{number}", translated(message))


def refuse_line(form: Form, refusal: DomainError, rows: list[Row], cell: str) -> None:
    """Show a refusal of a line beside its row, any other above the form."""
    filled = [number for number, row in enumerate(rows, start=1) if any(row.values())]
    line_no = refusal.facts.get("line_no")
    if isinstance(line_no, int) and 0 < line_no <= len(filled):
        sentence = translated(refusal.detail or refusal.title, refusal.facts)
        form.status = refusal.status
        form.errors[f"{cell}_{filled[line_no - 1]}"] = sentence
    else:
        form.refuse(refusal)


def _lines(rows: list[Row], form: Form) -> list[OrderLine]:
    lines = []
    for number, row in enumerate(rows, start=1):
        typed = {cell: text for cell, text in row.items() if text}
        if not typed:
            continue
        try:
            lines.append(OrderLineForm().load(typed))
        except ValidationError as error:
            mark(form, number, error.messages, CELLS)
    if not lines and not form.errors:
        form.status, form.errors["goods_1"] = 422, _("Enter at least one line")
    return lines


def _hinted() -> list[Row]:
    """Return the rows that a hint of the reorder list names, and empty ones behind them."""
    goods = request.args.getlist("product")[:LINES_MAX]
    quantities = request.args.getlist("quantity")
    rows = [
        {
            "goods": goods_id,
            "quantity": quantities[place] if place < len(quantities) else "",
            "price": "",
        }
        for place, goods_id in enumerate(goods)
    ]
    empty = dict.fromkeys(CELLS, "")
    return rows + [dict(empty) for _n in range(max(ROWS - len(rows), 1 if not rows else 0))]


def _form(
    form: Form, rows: list[Row], actor: Actor, known: OrderDoc | None = None
) -> ResponseReturnValue:
    page = render_template(
        "buying/order_form.html",
        form=form,
        errors=form.errors,
        rows=rows,
        known=known,
        more=len(rows) < LINES_MAX,
        suppliers=whom(actor),
        goods=goods_choices(actor),
    )
    return page, form.status


def whom(actor: Actor) -> list[tuple[str, str]]:
    """Return whom one can buy from: suppliers first, then everybody else who delivers."""
    first = suppliers.choices(actor)
    there = {value for value, _words in first}
    return first + [
        (str(one.id), f"{one.name} ({one.producer_no})")
        for one in producer_choices(actor)
        if str(one.id) not in there
    ]


def goods_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return each product in each of its units, as one choice."""
    english = show.language() == "en"
    found = []
    for one in catalogue.shelf(actor.centre_id):
        name = one.name_en if english and one.name_en else one.name_th
        found.append((str(one.id), f"{name} · {one.unit}"))
        found += [
            (f"{one.id}:{unit.id}", f"{name} · {unit.label}") for unit in one.units if unit.active
        ]
    return found
