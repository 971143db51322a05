"""Recipes as pages: the list, and one to make or change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.pages.production import product_names
from inventory.pages.rows import Rows
from inventory.schemas.production import (
    PutInLineForm,
    RecipeCostForm,
    RecipeForm,
    RecipeOutForm,
)
from inventory.services import catalogue
from inventory.services.production import issuing, recipes
from inventory.services.production.recipes import RecipeCard, RecipeLine, SaveRecipe
from members.services import access

IN = Rows("in", PutInLineForm, "quantity")
COST = Rows("cost", RecipeCostForm, "quantity", usual=("kind",), rows=2)
OUT = Rows("out", RecipeOutForm, "quantity", usual=("role",))


@blueprint.get("/recipes")
def recipe_list(centre_id: int) -> str:
    """Show the recipes."""
    actor = current_actor(centre_id)
    return render_template(
        "production/recipes.html",
        rows=recipes.listing(actor),
        names=product_names(actor),
    )


@blueprint.route("/recipes/new", methods=["GET", "POST"])
def recipe_new(centre_id: int) -> ResponseReturnValue:
    """Write a recipe down."""
    return _edit(centre_id, None)


@blueprint.route("/recipes/<uuid:recipe_id>", methods=["GET", "POST"])
def recipe_page(centre_id: int, recipe_id: UUID) -> ResponseReturnValue:
    """Show a recipe, and change it."""
    return _edit(centre_id, recipe_id)


def _edit(centre_id: int, recipe_id: UUID | None) -> ResponseReturnValue:
    actor = current_actor(centre_id)
    known = recipes.get(recipe_id, actor) if recipe_id else None
    if known is None or request.method == "POST":
        access.require(actor, "recipe.change")
    if request.method != "POST" or "more" in request.form:
        given = {name: request.form.get(name, "") for name in RecipeForm().fields}
        if request.method != "POST":
            given = _given(known)
        return _page(known, Form(given=given), actor)
    form = read_form(RecipeForm, keep=(*IN.names(), *COST.names(), *OUT.names()))
    lines = _lines(form, actor)
    if form.ok:
        data = {**form.data, "id": recipe_id or form.data["id"]}
        try:
            saved = in_transaction(recipes.save, SaveRecipe(lines=lines, **data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The recipe is kept."), "success")
            where = url_for("inventory.recipe_page", centre_id=centre_id, recipe_id=saved.id)
            return redirect(where, 303)
    return _page(known, form, actor)


def _lines(form: Form, actor: Actor) -> tuple[RecipeLine, ...]:
    put_in, costs, out = IN.read(form), COST.read(form), OUT.read(form)
    wanted = {row["product"] for row in (*put_in, *out) if row["product"]}
    cards = catalogue.for_sale(actor.centre_id, wanted)
    weighs = issuing.usual_grams(actor.centre_id, [(one.id, one.unit) for one in cards.values()])

    def grams(row: dict[str, Any]) -> int:
        return weighs.get(row["product"], 0) if row["weight"] is None else row["weight"]

    lines = [
        RecipeLine("in", row["quantity"], product_id=row["product"], unit_grams=grams(row))
        for row in put_in
    ]
    for row in costs:
        per_unit = row["weight"] * 1000 // row["quantity"]
        lines.append(
            RecipeLine(
                "cost",
                row["quantity"],
                unit_grams=per_unit,
                kind=row["kind"],
                label=row["label"],
                rate_satang=row["rate"],
            )
        )
    lines += [
        RecipeLine(
            "out",
            row["quantity"],
            product_id=row["product"],
            unit_grams=1000 if row["role"] == "waste" else grams(row),
            role=row["role"],
            unit_value_satang=row["value"],
        )
        for row in out
        if row["product"] or row["role"] == "waste"
    ]
    return tuple(lines)


def _given(known: RecipeCard | None) -> dict[str, Any]:
    if known is None:
        # The id is made with the form, so that sending it twice makes one recipe.
        return {
            "id": str(uuid7()),
            "kind": "own",
            "basis": "weight",
            "loss_rule": "spread",
            "active": "1",
        }
    return {
        "id": str(known.id),
        "version": known.version,
        "name": known.name,
        "kind": known.kind,
        "basis": known.basis,
        "loss_rule": known.loss_rule,
        "note": known.note,
        "active": "1" if known.active else "",
    }


def _shown(known: RecipeCard, side: str, rows: Rows) -> list[dict[str, str]]:
    """Return the lines of a side as they would be typed, with an empty row behind them."""
    shown = []
    for line in known.lines:
        if line.side != side:
            continue
        weight = line.unit_grams
        if side == "cost":
            weight = line.unit_grams * line.quantity_milli // 1000
        row = {
            "product": str(line.product_id or ""),
            "quantity": _decimal(line.quantity_milli),
            "weight": _decimal(weight) if weight else "",
            "kind": line.kind,
            "label": line.label,
            "rate": _decimal(line.rate_satang * 10),
            "role": line.role,
            "value": _decimal(line.unit_value_satang * 10) if line.unit_value_satang else "",
        }
        shown.append({cell: row[cell] for cell in rows.cells})
    return [*shown, dict.fromkeys(rows.cells, "")]


def _page(known: RecipeCard | None, form: Form, actor: Actor) -> ResponseReturnValue:
    typed = request.method == "POST" or known is None
    sides = {
        rows.prefix: rows.typed() if typed or known is None else _shown(known, rows.prefix, rows)
        for rows in (IN, COST, OUT)
    }
    page = render_template(
        "production/recipe.html",
        recipe=known,
        form=form,
        errors=form.errors,
        sides=sides,
        products=catalogue.shelf(actor.centre_id),
        names=product_names(actor),
    )
    return page, form.status


def _decimal(milli: int) -> str:
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")
