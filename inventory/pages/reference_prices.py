"""Reference prices as pages: the list, one price, a file looked at line by line and then taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.paging import LIMIT_MAX, Window
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.limits import takes_files
from core.web.lists import listed, window
from core.web.sheets import Cell, Table, csv_response, xlsx_response
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.schemas.reference_prices import (
    BroughtForm,
    ReferenceArgs,
    ReferenceForm,
    WithdrawForm,
)
from inventory.services import catalogue, reference_files
from inventory.services import reference_prices as prices
from inventory.services.reference_prices import ReferenceCard, WithdrawReference
from members.services import access

FILE_MAX = 2 * 1024 * 1024
FILE_ROWS_MAX = 20_000


@blueprint.get("/reference-prices")
def reference_prices(centre_id: int) -> ResponseReturnValue:
    """Show the prices, those of the latest day first."""
    return _list(Form(), current_actor(centre_id))


@blueprint.route("/reference-prices/new", methods=["GET", "POST"])
def reference_price_new(centre_id: int) -> ResponseReturnValue:
    """Enter a price."""
    actor = current_actor(centre_id)
    access.require(actor, "reference_price.change")
    form = read_form(ReferenceForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            entered = in_transaction(prices.enter, form.data["command"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The reference price is entered."), "success")
            where = url_for("inventory.reference_price", centre_id=centre_id, price_id=entered.id)
            return redirect(where, 303)
    if not form.given:
        form.given = {
            "id": str(uuid7()),
            "product_id": request.args.get("product_id", ""),
            "kind": request.args.get("kind", ""),
            "valid_from": show.day(clock.today(), "form"),
        }
    page = render_template(
        "inventory/reference_price_new.html",
        form=form,
        errors=form.errors,
        products=_products(actor),
        kinds=_kinds(),
    )
    return page, form.status


@blueprint.get("/reference-prices/<uuid:price_id>")
def reference_price(centre_id: int, price_id: UUID) -> ResponseReturnValue:
    """Show a price: who entered it, and what became of it."""
    return _one(price_id, Form(), current_actor(centre_id))


@blueprint.post("/reference-prices/<uuid:price_id>/withdraw")
def reference_price_withdraw(centre_id: int, price_id: UUID) -> ResponseReturnValue:
    """Say that a price was wrong."""
    actor = current_actor(centre_id)
    access.require(actor, "reference_price.change")
    form = read_form(WithdrawForm)
    if form.ok:
        try:
            in_transaction(prices.withdraw, WithdrawReference(price_id, form.data["reason"]), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The price is withdrawn; it counts nowhere from now on."), "success")
            where = url_for("inventory.reference_price", centre_id=centre_id, price_id=price_id)
            return redirect(where, 303)
    return _one(price_id, form, actor)


@blueprint.get("/reference-prices.<any(csv, xlsx):form>")
def reference_prices_file(centre_id: int, form: str) -> ResponseReturnValue:
    """Return the prices that count, as a file that can be filled in and brought back."""
    actor = current_actor(centre_id)
    cards: list[ReferenceCard] = []
    window = Window(limit=LIMIT_MAX)
    while len(cards) < FILE_ROWS_MAX:
        page = prices.listing(actor, window)
        cards += [one for one in page.items if not one.withdrawn_reason]
        if page.next is None:
            break
        window = Window(page.next, LIMIT_MAX)
    table = Table(_("Reference prices"), reference_files.HEADINGS, reference_files.rows(cards))
    if form == "xlsx":
        return xlsx_response("reference-prices", [table])
    return csv_response("reference-prices", table.headings, table.rows)


@blueprint.post("/reference-prices/look")
@takes_files(FILE_MAX)
def reference_prices_look(centre_id: int) -> ResponseReturnValue:
    """Show a brought file line by line; nothing is entered yet."""
    actor = current_actor(centre_id)
    access.require(actor, "reference_price.change")
    form = Form()
    sent = request.files.get("file")
    raw = sent.read() if sent and sent.filename else b""
    if not raw:
        form.errors["file"], form.status = _("Choose a file."), 422
        return _list(form, actor)
    try:
        seen = reference_files.look(raw, (sent.filename if sent else "") or "", actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _list(form, actor)
    return render_template("inventory/reference_prices_look.html", seen=seen, kinds=dict(_kinds()))


@blueprint.post("/reference-prices/take")
def reference_prices_take(centre_id: int) -> ResponseReturnValue:
    """Enter the good lines of a file that was looked at, or return the others as a file."""
    actor = current_actor(centre_id)
    access.require(actor, "reference_price.change")
    form = read_form(BroughtForm)
    if not form.ok:
        return _list(form, actor)
    raw = form.data["content"].encode()
    if form.data["what"] == "returned":
        seen = reference_files.look(raw, "", actor)
        rows: list[list[Cell]] = [
            [*one.cells, one.line, translated(one.why)] for one in seen.returned
        ]
        headings = [*reference_files.HEADINGS, "line", "why"]
        return csv_response("reference-prices-returned", headings, rows)
    try:
        seen = in_transaction(reference_files.take, raw, "", actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _list(form, actor)
    flash(
        _(
            "Taken: %(taken)s. There already: %(known)s. Sent back: %(returned)s.",
            taken=len(seen.good),
            known=len(seen.known),
            returned=len(seen.returned),
        ),
        "success",
    )
    return redirect(url_for("inventory.reference_prices", centre_id=centre_id), 303)


def _list(form: Form, actor: Actor) -> ResponseReturnValue:
    args = asked(ReferenceArgs()).data
    product_id, kind = args.get("product_id"), args.get("kind", "")
    page = prices.listing(actor, window(), product_id=product_id, kind=kind)

    shown = render_template(
        "inventory/reference_prices.html",
        form=form,
        errors=form.errors,
        products=_products(actor),
        product_id=product_id or "",
        kind=kind,
        kinds=_kinds(),
        **listed(
            page,
            "inventory.reference_prices",
            centre_id=actor.centre_id,
            product_id=product_id,
            kind=kind or None,
        ),
    )
    return shown, form.status


def _one(price_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "inventory/reference_price.html",
        price=prices.get(price_id, actor),
        form=form,
        errors=form.errors,
        kinds=dict(_kinds()),
    )
    return page, form.status


def _kinds() -> list[tuple[str, str]]:
    return [("farm_gate", _("At the farm gate")), ("shelf", _("On the shelf"))]


def _products(actor: Actor) -> list[tuple[Any, str]]:
    english = show.language() == "en"
    return [
        (one.id, one.name_en if english and one.name_en else one.name_th)
        for one in catalogue.shelf(actor.centre_id)
    ]
