"""Categories as pages: their order, a new one, renaming, merging two."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.sheets import Cell, Table, csv_response, xlsx_response
from inventory.pages.blueprint import blueprint
from inventory.schemas.catalogue import CategoryForm, MergeForm, MoveForm
from inventory.services.catalogue import categories
from inventory.services.catalogue.categories import CategoryCard, MergeCategory, NameCategory
from members.services import access


@blueprint.route("/categories", methods=["GET", "POST"])
def category_list(centre_id: int) -> ResponseReturnValue:
    """Show the categories in their order; enter a new one."""
    actor = current_actor(centre_id)
    rows = categories.listing(actor)
    kind = request.args.get("format")
    if request.method == "GET" and kind in ("csv", "xlsx"):
        cells: list[list[Cell]] = [
            [one.name_th, one.name_en, one.products, one.on_sale] for one in rows
        ]
        table = Table("categories", ["name_th", "name_en", "products", "on_sale"], cells)
        if kind == "csv":
            return csv_response("categories", table.headings, table.rows)
        return xlsx_response("categories", [table])
    if request.method == "POST":
        access.require(actor, "product.change")
    form = read_form(CategoryForm) if request.method == "POST" else Form()
    if form.given and form.ok and _named(form, form.data["id"] or uuid7(), actor):
        flash(_("The change was saved."), "success")
        return redirect(url_for("inventory.category_list", centre_id=centre_id), 303)
    form.given.setdefault("id", str(uuid7()))
    page = render_template("inventory/categories.html", form=form, errors=form.errors, rows=rows)
    return page, form.status


@blueprint.route("/categories/<uuid:category_id>", methods=["GET", "POST"])
def category(centre_id: int, category_id: UUID) -> ResponseReturnValue:
    """Show a category; rename it."""
    actor = current_actor(centre_id)
    known = _known(category_id, actor)
    if request.method == "POST":
        access.require(actor, "product.change")
    form = read_form(CategoryForm) if request.method == "POST" else Form()
    if form.given and form.ok and _named(form, category_id, actor):
        flash(_("The change was saved."), "success")
        return redirect(url_for("inventory.category_list", centre_id=centre_id), 303)
    return _page(form, known, actor)


@blueprint.post("/categories/<uuid:category_id>/move")
def category_move(centre_id: int, category_id: UUID) -> ResponseReturnValue:
    """Move a category one place up or down."""
    actor = current_actor(centre_id)
    access.require(actor, "product.change")
    form = read_form(MoveForm)
    if form.ok:
        places = -1 if form.data["way"] == "up" else 1
        in_transaction(categories.move, category_id, places, actor)
    return redirect(url_for("inventory.category_list", centre_id=centre_id), 303)


@blueprint.post("/categories/<uuid:category_id>/merge")
def category_merge(centre_id: int, category_id: UUID) -> ResponseReturnValue:
    """Give all goods of a category to another."""
    actor = current_actor(centre_id)
    access.require(actor, "product.change")
    known = _known(category_id, actor)
    form = read_form(MergeForm)
    if form.ok:
        command = MergeCategory(category_id, form.data["into_id"], form.data["version"])
        try:
            moved = in_transaction(categories.merge, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            words = ngettext(
                "%(num)s product belongs to the other category now.",
                "%(num)s products belong to the other category now.",
                moved,
            )
            flash(words, "success")
            return redirect(url_for("inventory.category_list", centre_id=centre_id), 303)
    return _page(form, known, actor)


def _known(category_id: UUID, actor: Actor) -> CategoryCard:
    found = [one for one in categories.listing(actor) if one.id == category_id]
    if not found:
        raise NotFound(what="product_category")
    return found[0]


def _named(form: Form, category_id: UUID, actor: Actor) -> bool:
    command = NameCategory(
        category_id, form.data["name_th"], form.data["name_en"], form.data["version"] or None
    )
    try:
        in_transaction(categories.save, command, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _page(form: Form, known: CategoryCard, actor: Actor) -> ResponseReturnValue:
    if "name_th" not in form.given:
        form.given |= {"name_th": known.name_th, "name_en": known.name_en}
    page = render_template(
        "inventory/category.html",
        form=form,
        errors=form.errors,
        category=known,
        others=[
            (one.id, one.name(show.language()))
            for one in categories.in_order(actor.centre_id)
            if one.id != known.id
        ],
    )
    return page, form.status
