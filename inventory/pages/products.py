"""Products as pages: the list, a new one, and one to change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import activities
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.paging import LIMIT_MAX, Window
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, window
from core.web.sheets import Cell, Table, baht_figure, csv_response, xlsx_response
from inventory.pages.blueprint import blueprint
from inventory.pages.catalogue_words import licence_kinds, price_sources
from inventory.pages.product_prices import plot_of
from inventory.rules.units import suggestions
from inventory.schemas.products import ProductForm
from inventory.services import catalogue, lots, price_parts
from inventory.services.catalogue import (
    ProductDoc,
    SaveProduct,
    Wanted,
    categories,
    licences,
    pictures,
    prices,
    running_offers,
    tiers,
    units,
)
from inventory.services.price_parts import LotParts
from members.rules.roles import allowed
from members.services import access

SEARCH_LENGTH = 100
LOTS_SHOWN = 20
CHANGES_SHOWN = 8


def searched() -> str:
    """Return what was typed into a list's search box."""
    return request.args.get("q", "").strip()[:SEARCH_LENGTH]


def _wanted() -> Wanted:
    """Return what the list was narrowed to; a value nobody offers narrows nothing."""
    state = {"on": True, "off": False}.get(request.args.get("state", ""))
    return Wanted(
        text=searched(),
        category=request.args.get("category", "")[:60],
        active=state,
        without_price=request.args.get("only") == "no_price",
        licence_expiring=request.args.get("only") == "licence",
    )


@blueprint.get("/products")
def products(centre_id: int) -> ResponseReturnValue:
    """Show products in Thai order, or those that were looked for; give them as a file."""
    actor = current_actor(centre_id)
    wanted, kind = _wanted(), request.args.get("format")
    if kind in ("csv", "xlsx"):
        table = Table("products", _headings(), _rows(actor, wanted))
        if kind == "csv":
            return csv_response("products", table.headings, table.rows)
        return xlsx_response("products", [table])
    page = catalogue.listing(actor, window(), wanted)
    asked = {name: request.args.get(name) or None for name in ("q", "category", "state", "only")}
    return render_template(
        "inventory/products.html",
        q=wanted.text,
        asked=asked,
        narrowed=any(asked.values()),
        categories=categories.choices(centre_id, show.language()),
        parts=price_parts.of_products(page.items, actor),
        pictures=pictures.digests_of(centre_id, [one.id for one in page.items]),
        warned=licences.warned_of(centre_id),
        **listed(page, "inventory.products", centre_id=centre_id, **asked),
    )


def _headings() -> list[Cell]:
    """The same headings as the file that brings products in."""
    return [
        *("code", "barcodes", "name_th", "name_en", "category", "sold_by", "unit", "price"),
        *("tax_code", "active", "producer_part", "centre_part", "levy"),
    ]


def _rows(actor: Actor, wanted: Wanted) -> Iterator[list[Cell]]:
    at: Window | None = Window(limit=LIMIT_MAX)
    while at is not None:
        page = catalogue.listing(actor, at, wanted)
        parts = price_parts.of_products(page.items, actor)
        for one in page.items:
            found = parts[one.id].parts if one.id in parts else None
            made_of = (
                (found.producer_satang, found.centre_satang, found.levy_satang) if found else ()
            )
            yield [
                *(one.code, " ".join(one.barcodes), one.name_th, one.name_en, one.category_th),
                *(one.sold_by, one.unit, baht_figure(one.price_satang), one.tax_code),
                "yes" if one.active else "no",
                *(baht_figure(satang) for satang in made_of),
            ]
        at = Window(page.next, LIMIT_MAX) if page.next else None


@blueprint.route("/products/new", methods=["GET", "POST"])
def product_new(centre_id: int) -> ResponseReturnValue:
    """Enter a product."""
    actor = current_actor(centre_id)
    access.require(actor, "product.change")
    form = read_form(ProductForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        saved = _save(uuid7(), form, actor)
        if saved is not None:
            flash(_("%(name)s was entered.", name=saved.name_th), "success")
            where = url_for("inventory.product", centre_id=centre_id, product_id=saved.id)
            return redirect(where, 303)
    if not form.given:
        form.given = {"sold_by": "piece", "tax_code": "exempt", "active": True}
    return product_page(form, actor)


@blueprint.route("/products/<uuid:product_id>", methods=["GET", "POST"])
def product(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Show a product; change what is known. A price change is kept in the trail."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        access.require(actor, "product.change")
    known = catalogue.get(product_id, actor)
    form = read_form(ProductForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        saved = _save(product_id, form, actor)
        if saved is not None:
            flash(_("The change was saved."), "success")
            where = url_for("inventory.product", centre_id=centre_id, product_id=product_id)
            return redirect(where, 303)
    return product_page(form, actor, known)


def _save(product_id: UUID, form: Form, actor: Actor) -> ProductDoc | None:
    try:
        saved, _new = in_transaction(
            catalogue.save,
            SaveProduct(product_id, form.data["facts"], form.data["version"], "page"),
            actor,
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return None
    return saved


def product_page(form: Form, actor: Actor, known: ProductDoc | None = None) -> ResponseReturnValue:
    """Return a product's page, with what was typed; None is a new one."""
    if known is not None and not form.given:
        form.given = {name: getattr(known, name) for name in ProductDoc.__dataclass_fields__}
        form.given["price"] = show.baht(known.price_satang)
        form.given["category"] = known.category_th
        form.given["barcodes"] = " ".join(known.barcodes)
    page = render_template(
        "inventory/product.html",
        form=form,
        errors=form.errors,
        product=known,
        categories=[one.name_th for one in categories.in_order(actor.centre_id)],
        sold_by=[("piece", _("by the piece")), ("weight", _("by weight"))],
        tax_codes=[
            ("exempt", _("Exempt (farm goods)")),
            ("standard", _("Standard rate")),
            ("zero", _("Zero rate")),
        ],
        activities=_activities(actor.centre_id, known),
        **({} if known is None else _hanging_on(known, actor)),
    )
    return page, form.status


def _hanging_on(known: ProductDoc, actor: Actor) -> dict[str, Any]:
    """Return all that is shown below a product's own facts."""
    there = units.of(known.id, actor)
    taken = {one.label for one in there}
    return {
        "units": there,
        "unit_labels": {one.id: one.label for one in there},
        "suggested": [one for one in suggestions(known.unit) if one.label not in taken],
        "tiers": tiers.of(known.id, actor),
        "licences": licences.of(known.id, actor),
        "licence_names": dict(licence_kinds()),
        "picture": pictures.digest_of(actor.centre_id, known.id),
        "offers": running_offers.of(known.id, actor),
        "changes": prices.history(known.id, actor, Window(limit=CHANGES_SHOWN)),
        "sources": price_sources(),
        "plot": plot_of(known.id, known.unit, actor),
        "made_of": price_parts.of_products([known], actor).get(known.id),
        "parts": _parts(known, actor),
    }


def _activities(centre_id: int, known: ProductDoc | None) -> list[tuple[str, str]]:
    """Return the activities in use, and the product's own even when it no longer is."""
    own = known.activity_id if known else None
    return [
        (str(one.id), one.name(show.language()))
        for one in activities.listing(centre_id)
        if one.active or one.id == own
    ]


def _parts(known: ProductDoc, actor: Actor) -> list[LotParts]:
    """Return what the price is made of for the newest lots with something left."""
    if not allowed(actor.roles, "stock.read"):
        return []
    page = lots.listing(actor, Window(limit=LOTS_SHOWN), product_id=known.id)
    return price_parts.of_lots(page.items, known, actor)
