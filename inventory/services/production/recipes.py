"""Recipes: what usually goes into a batch and comes out of it.

What must stay true: a recipe is only a template, a batch keeps the one it began with; a change
names the version it saw, and stands in the trail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from core import audit
from core.actor import Actor
from core.db import db
from core.documents import content_of
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from inventory.models import Recipe
from inventory.services import catalogue
from members.services import access

LINES_MAX = 30


class RecipeNameTaken(DomainError):
    """Another recipe has this name."""

    code, status, title = "recipe-name-taken", 409, N_("Another recipe has this name")
    detail = N_("Choose another name, or change that recipe.")


class RecipeEmpty(DomainError):
    """A recipe says at least what comes out."""

    code, status, title = "recipe-empty", 422, N_("A recipe needs goods that come out")
    detail = N_("Enter at least one product that comes out.")


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """A line of a recipe. `side` is in, cost or out; what a side does not have is empty or 0.

    `quantity` is for one batch; of a cost it is hours or units, `rate` the price of one.
    """

    side: str
    quantity_milli: int
    product_id: UUID | None = None
    unit_grams: int = 0
    kind: str = ""
    label: str = ""
    rate_satang: int = 0
    role: str = ""
    unit_value_satang: int = 0


@dataclass(frozen=True, slots=True)
class SaveRecipe:
    """Make a recipe (`version` None) or change the version that was seen."""

    id: UUID
    name: str
    kind: str
    basis: str
    loss_rule: str
    lines: tuple[RecipeLine, ...]
    note: str = ""
    active: bool = True
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RecipeCard:
    """A recipe whole."""

    id: UUID
    name: str
    kind: str
    basis: str
    loss_rule: str
    lines: tuple[RecipeLine, ...]
    note: str
    active: bool
    version: int

    @property
    def in_grams(self) -> int:
        return sum(one.quantity_milli * one.unit_grams // 1000 for one in self._side("in"))

    @property
    def out_grams(self) -> int:
        """What of it comes out as main goods."""
        return sum(
            one.quantity_milli * one.unit_grams // 1000
            for one in self._side("out")
            if one.role == "main"
        )

    def _side(self, side: str) -> list[RecipeLine]:
        return [one for one in self.lines if one.side == side]


def save(command: SaveRecipe, actor: Actor) -> RecipeCard:
    """Make or change a recipe; the same again changes nothing.

    Raises RecipeNameTaken, RecipeEmpty, ChangedMeanwhile, NotFound, Forbidden.
    """
    access.require(actor, "recipe.change")
    if not any(line.side == "out" for line in command.lines):
        raise RecipeEmpty(field="out_1_product")
    _require_products(command, actor)
    earlier = db.session.get(Recipe, (actor.centre_id, command.id))
    values = _values(command)
    if earlier is not None and _values(_card(earlier)) == values:
        return _card(earlier)
    if (earlier.version if earlier else None) != command.version:
        raise ChangedMeanwhile(version=earlier.version if earlier else None)
    _require_name(command, actor)
    before = None if earlier is None else _values(_card(earlier))
    if earlier is None:
        db.session.execute(
            insert(Recipe).values(centre_id=actor.centre_id, id=command.id, version=1, **values)
        )
    else:
        changed: Any = db.session.execute(
            update(Recipe)
            .where(
                Recipe.centre_id == actor.centre_id,
                Recipe.id == command.id,
                Recipe.version == command.version,
            )
            .values(version=Recipe.version + 1, **values)
        )
        if not changed.rowcount:
            raise ChangedMeanwhile
        db.session.expire_all()
    audit.record(actor, "recipe.changed", "recipe", str(command.id), before=before, after=values)
    return get(command.id, actor)


def get(recipe_id: UUID, actor: Actor) -> RecipeCard:
    """Return a recipe; raise NotFound, Forbidden."""
    access.require(actor, "production.read")
    row = db.session.get(Recipe, (actor.centre_id, recipe_id))
    if row is None:
        raise NotFound(what="recipe")
    return _card(row)


def listing(actor: Actor, *, active_only: bool = False) -> list[RecipeCard]:
    """Return the recipes by name; raise `Forbidden`."""
    access.require(actor, "production.read")
    query = select(Recipe).where(Recipe.centre_id == actor.centre_id).order_by(Recipe.name)
    if active_only:
        query = query.where(Recipe.active)
    return [_card(row) for row in db.session.scalars(query)]


def lines_of(content: list[dict[str, Any]]) -> tuple[RecipeLine, ...]:
    """Return lines read back from JSON."""
    return tuple(
        RecipeLine(
            **{
                **line,
                "product_id": UUID(line["product_id"]) if line.get("product_id") else None,
            }
        )
        for line in content
    )


def _require_products(command: SaveRecipe, actor: Actor) -> None:
    wanted = {line.product_id for line in command.lines if line.product_id}
    known = catalogue.for_sale(actor.centre_id, wanted)
    for line_no, line in enumerate(command.lines, start=1):
        if line.product_id and line.product_id not in known:
            raise NotFound(what="product", line_no=line_no)


def _require_name(command: SaveRecipe, actor: Actor) -> None:
    taken = db.session.scalar(
        select(Recipe.id).where(
            Recipe.centre_id == actor.centre_id,
            Recipe.name == command.name,
            Recipe.id != command.id,
        )
    )
    if taken is not None:
        raise RecipeNameTaken(field="name")


def _values(recipe: SaveRecipe | RecipeCard) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "kind": recipe.kind,
        "basis": recipe.basis,
        "loss_rule": recipe.loss_rule,
        "lines": [content_of(line) for line in recipe.lines],
        "note": recipe.note,
        "active": recipe.active,
    }


def _card(row: Recipe) -> RecipeCard:
    return RecipeCard(
        id=row.id,
        name=row.name,
        kind=row.kind,
        basis=row.basis,
        loss_rule=row.loss_rule,
        lines=lines_of(row.lines),
        note=row.note,
        active=row.active,
        version=row.version,
    )
