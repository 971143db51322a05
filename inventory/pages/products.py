"""Products as pages: the list, a new one, and one to change."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import activities
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.paging import Window
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, window
from inventory.pages.blueprint import blueprint
from inventory.schemas.products import ProductForm
from inventory.services import catalogue, lots, price_parts
from inventory.services.catalogue import ProductDoc, SaveProduct
from inventory.services.price_parts import LotParts
from members.rules.roles import allowed
from members.services import access

SEARCH_LENGTH = 100
LOTS_SHOWN = 20


def searched() -> str:
    """Return what was typed into a list's search box."""
    return request.args.get("q", "").strip()[:SEARCH_LENGTH]


@blueprint.get("/products")
def products(centre_id: int) -> str:
    """Show products in Thai order, or those a search finds."""
    actor = current_actor(centre_id)
    text = searched()
    page = catalogue.listing(actor, window(), text=text)

    return render_template(
        "inventory/products.html",
        q=text,
        **listed(page, "inventory.products", centre_id=centre_id, q=text or None),
    )


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
            return redirect(url_for("inventory.products", centre_id=centre_id), 303)
    if not form.given:
        form.given = {"sold_by": "piece", "tax_code": "exempt", "active": True}
    return _page(form, actor)


@blueprint.route("/products/<uuid:product_id>", methods=["GET", "POST"])
def product(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Show a product; change what is known. A price change is kept in the trail."""
    actor = current_actor(centre_id)
    known = catalogue.get(product_id, actor)
    form = read_form(ProductForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        saved = _save(product_id, form, actor)
        if saved is not None:
            flash(_("The change was saved."), "success")
            return redirect(url_for("inventory.products", centre_id=centre_id), 303)
    if not form.given:
        form.given = {name: getattr(known, name) for name in ProductDoc.__dataclass_fields__}
        form.given["price"] = show.baht(known.price_satang)
    return _page(form, actor, known)


def _save(product_id: UUID, form: Form, actor: Actor) -> ProductDoc | None:
    try:
        saved, _new = in_transaction(
            catalogue.save,
            SaveProduct(product_id, form.data["facts"], form.data["version"]),
            actor,
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return None
    return saved


def _page(form: Form, actor: Actor, known: ProductDoc | None = None) -> ResponseReturnValue:
    page = render_template(
        "inventory/product.html",
        form=form,
        errors=form.errors,
        product=known,
        parts=_parts(known, actor),
        categories=catalogue.categories(actor.centre_id),
        sold_by=[("piece", _("by the piece")), ("weight", _("by weight"))],
        tax_codes=[
            ("exempt", _("Exempt (farm goods)")),
            ("standard", _("Standard rate")),
            ("zero", _("Zero rate")),
        ],
        activities=_activities(actor.centre_id, known),
    )
    return page, form.status


def _activities(centre_id: int, known: ProductDoc | None) -> list[tuple[str, str]]:
    """Return the activities in use, and the product's own even when it no longer is."""
    own = known.activity_id if known else None
    return [
        (str(one.id), one.name(show.language()))
        for one in activities.listing(centre_id)
        if one.active or one.id == own
    ]


def _parts(known: ProductDoc | None, actor: Actor) -> list[LotParts]:
    """Return what the price is made of for the newest lots with something left."""
    if known is None or not allowed(actor.roles, "stock.read"):
        return []
    page = lots.listing(actor, Window(limit=LOTS_SHOWN), product_id=known.id)
    return price_parts.of_lots(page.items, known, actor)
