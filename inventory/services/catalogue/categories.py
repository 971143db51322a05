"""Categories: their names, their order, and two that become one.

What must stay true: the key of a category never changes, for terms, promotions, rules and reports
name it; a name means one category, and never one that once was another's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, insert, or_, select, update

from core import audit, clock
from core.actor import Actor
from core.appointed import Appointed
from core.db import db, serialise_on, sum_int
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from core.text import normalise, thai_sort_key
from inventory.models import (
    ConsignmentTerms,
    ConsignmentTermsDecision,
    Product,
    ProductCategory,
)
from inventory.services import goods_rules
from inventory.services.catalogue import finding, versioned
from members.services import access

NAMED_BY: Appointed[Callable[[int, str], Iterator[str]]] = Appointed()
"""Rooms above say what of theirs, in force now or later, names a category by its key."""


class CategoryTaken(DomainError):
    """Another category has, or had, this name."""

    code, status, title = "category-taken", 409, N_("Another category has this name")
    detail = N_("«%(name)s» is another category's name. Choose another, or merge the two.")


class CategoryNotMerged(DomainError):
    """Terms, promotions or rules of its own would silently stop to hold."""

    code, status, title = "category-not-merged", 409, N_("The category can't be merged yet")
    detail = N_(
        "%(what)s: they would no longer hold for its goods. End them, or agree them for the other"
        " category, first."
    )


class CategoryRulesDiffer(DomainError):
    """Losses of its goods would be borne otherwise from one moment to the next."""

    code, status, title = "category-rules-differ", 409, N_("The category can't be merged yet")
    detail = N_("The two have different rules for unsold goods. Make the rules alike first.")


_MERGING = UUID("5c0f3f6e-0003-4000-8000-000000000000")


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """A category in its place, with how many products it has."""

    id: UUID
    key: str
    name_th: str
    name_en: str
    position: int
    version: int
    products: int = 0
    on_sale: int = 0

    def name(self, language: str) -> str:
        """Return its name in a language."""
        return self.name_en if language == "en" else self.name_th


def names(centre_id: int) -> dict[str, tuple[str, str]]:
    """Return the Thai and English name of each key; what was merged is called as it was."""
    rows = db.session.execute(
        select(ProductCategory.key, ProductCategory.name_th, ProductCategory.name_en).where(
            ProductCategory.centre_id == centre_id
        )
    )
    return {key: (name_th, name_en) for key, name_th, name_en in rows}


def choices(centre_id: int, language: str = "th") -> list[tuple[str, str]]:
    """Return (key, name) of the categories in their order, for a form that names one."""
    return [(one.key, one.name(language)) for one in in_order(centre_id)]


def in_order(centre_id: int) -> list[CategoryCard]:
    """Return the categories that stand, in their order, without counting goods."""
    rows = db.session.scalars(
        select(ProductCategory).where(
            ProductCategory.centre_id == centre_id, ProductCategory.merged_into_id.is_(None)
        )
    )
    own = [
        field.name for field in fields(CategoryCard) if field.name not in ("products", "on_sale")
    ]
    cards = [CategoryCard(**{name: getattr(row, name) for name in own}) for row in rows]
    return sorted(cards, key=lambda one: (one.position, thai_sort_key(one.name_th)))


def settle(name: str, actor: Actor) -> str:
    """Return the key of the category of this name, making it when there is none; '' stays ''."""
    wanted = normalise(name)
    if not wanted:
        return ""
    found = db.session.scalars(
        select(ProductCategory).where(
            ProductCategory.centre_id == actor.centre_id,
            or_(ProductCategory.name_th == wanted, ProductCategory.key == wanted),
        )
    ).all()
    standing = [one for one in found if one.merged_into_id is None]
    if standing:
        return standing[0].key
    if found:
        return _heir(found[0]).key
    return _make(wanted, wanted, actor).key


def _heir(row: ProductCategory) -> ProductCategory:
    """Follow what a category was merged into to the one that stands."""
    while row.merged_into_id is not None:
        row = db.session.get_one(ProductCategory, (row.centre_id, row.merged_into_id))
    return row


def _make(name_th: str, name_en: str, actor: Actor, row_id: UUID | None = None) -> ProductCategory:
    last = db.session.scalar(
        select(func.max(ProductCategory.position)).where(
            ProductCategory.centre_id == actor.centre_id
        )
    )
    row_id = row_id or uuid7()
    db.session.execute(
        insert(ProductCategory).values(
            centre_id=actor.centre_id,
            id=row_id,
            key=name_th,
            name_th=name_th,
            name_en=name_en or name_th,
            position=(last or 0) + 1,
            version=1,
        )
    )
    audit.record(actor, "category.created", "product_category", row_id, name=name_th)
    return db.session.get_one(ProductCategory, (actor.centre_id, row_id))


@dataclass(frozen=True, slots=True)
class NameCategory:
    """Make a category (`version` None) or rename the version that was seen."""

    id: UUID
    name_th: str
    name_en: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MergeCategory:
    """Let all goods of one category belong to another from now on."""

    id: UUID
    into_id: UUID
    version: int


def listing(actor: Actor) -> list[CategoryCard]:
    """Return the categories in their order, with how many products each has."""
    access.require(actor, "product.read")
    counted = {
        key: (products, on_sale)
        for key, products, on_sale in db.session.execute(
            select(
                Product.category,
                func.count(),
                sum_int(case((Product.active, 1), else_=0)),
            )
            .where(Product.centre_id == actor.centre_id)
            .group_by(Product.category)
        )
    }
    return [
        replace(one, products=products, on_sale=on_sale)
        for one in in_order(actor.centre_id)
        for products, on_sale in [counted.get(one.key, (0, 0))]
    ]


def save(command: NameCategory, actor: Actor) -> CategoryCard:
    """Make or rename a category; the same names again change nothing.

    Raises CategoryTaken, NotFound, VersionRequired, ChangedMeanwhile, Forbidden.
    """
    access.require(actor, "product.change")
    name_th = normalise(command.name_th)
    name_en = normalise(command.name_en) or name_th
    earlier = _standing(actor, command.id)
    _require_free(actor, command.id, name_th)
    if earlier is None:
        if command.version is not None:
            raise NotFound(what="product_category")
        _make(name_th, name_en, actor, command.id)
    elif (earlier.name_th, earlier.name_en) != (name_th, name_en):
        versioned.require_seen(command.version, earlier.version)
        before = earlier.name_th
        key = {"centre_id": actor.centre_id, "id": command.id}
        values = {"name_th": name_th, "name_en": name_en}
        versioned.change(ProductCategory, key, earlier.version, values)
        finding.write_anew(actor.centre_id, Product.category == earlier.key)
        audit.record(
            actor,
            "category.renamed",
            "product_category",
            command.id,
            before=before,
            after=name_th,
        )
    return next(one for one in in_order(actor.centre_id) if one.id == command.id)


def move(category_id: UUID, places: int, actor: Actor) -> None:
    """Move a category so many places down (negative: up) in the order. Raises NotFound."""
    access.require(actor, "product.change")
    order = [one.id for one in in_order(actor.centre_id)]
    if category_id not in order:
        raise NotFound(what="product_category")
    at = order.index(category_id)
    to = min(max(at + places, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    for position, one in enumerate(order, start=1):
        db.session.execute(
            update(ProductCategory)
            .where(
                ProductCategory.centre_id == actor.centre_id,
                ProductCategory.id == one,
                ProductCategory.position != position,
            )
            .values(position=position)
            .execution_options(synchronize_session=False)
        )


def merge(command: MergeCategory, actor: Actor) -> int:
    """Give all goods of a category to another; return how many. The emptied one is shown no more.

    Raises CategoryNotMerged while terms or promotions in force name it, CategoryRulesDiffer,
    NotFound, ChangedMeanwhile, Forbidden.
    """
    access.require(actor, "product.change")
    access.require(actor, "settings.change")
    serialise_on(UUID(int=_MERGING.int + actor.centre_id))  # two at once could merge in a circle
    gone, into = _standing(actor, command.id), _standing(actor, command.into_id)
    if gone is None or into is None or gone.id == into.id:
        raise NotFound(what="product_category")
    versioned.require_seen(command.version, gone.version)
    rules = goods_rules.rules_of(actor.centre_id)
    if goods_rules.chosen(rules, gone.key) != goods_rules.chosen(rules, into.key):
        raise CategoryRulesDiffer
    named = list(_named(actor.centre_id, gone.key))
    if named:
        raise CategoryNotMerged(what=", ".join(named))
    keys, name = (gone.key, into.key), gone.name_th
    moved: Any = db.session.execute(
        update(Product)
        .where(Product.centre_id == actor.centre_id, Product.category == keys[0])
        .values(category=keys[1], version=Product.version + 1)
        .execution_options(synchronize_session=False)
    )
    key = {"centre_id": actor.centre_id, "id": command.id}
    versioned.change(ProductCategory, key, command.version, {"merged_into_id": command.into_id})
    finding.write_anew(actor.centre_id, Product.category == keys[1])
    audit.record(
        actor,
        "category.merged",
        "product_category",
        command.id,
        name=name,
        into=keys[1],
        products=moved.rowcount,
    )
    return int(moved.rowcount)


def _named(centre_id: int, key: str) -> Iterator[str]:
    """What would silently stop to hold for the goods of a category."""
    newest: dict[UUID | None, ConsignmentTerms] = {}
    for row in db.session.scalars(
        select(ConsignmentTerms)
        .outerjoin(
            ConsignmentTermsDecision,
            and_(
                ConsignmentTermsDecision.centre_id == ConsignmentTerms.centre_id,
                ConsignmentTermsDecision.terms_id == ConsignmentTerms.id,
            ),
        )
        .where(
            ConsignmentTerms.centre_id == centre_id,
            ConsignmentTerms.category == key,
            func.coalesce(ConsignmentTermsDecision.kind, "") != "withdrawn",
        )
        .order_by(ConsignmentTerms.valid_from, ConsignmentTerms.id)
    ):
        newest[row.producer_id] = row
    for row in newest.values():
        if row.valid_until is None or row.valid_until >= clock.today():
            yield row.terms_no
    for ask in NAMED_BY:
        yield from ask(centre_id, key)


def _standing(actor: Actor, category_id: UUID) -> ProductCategory | None:
    return db.session.scalars(
        select(ProductCategory)
        .where(
            ProductCategory.centre_id == actor.centre_id,
            ProductCategory.id == category_id,
            ProductCategory.merged_into_id.is_(None),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()


def _require_free(actor: Actor, category_id: UUID, name_th: str) -> None:
    """A name is nobody else's, nor was it: old files and papers call the other by it."""
    taken = select(ProductCategory.id).where(
        ProductCategory.centre_id == actor.centre_id,
        ProductCategory.id != category_id,
        or_(ProductCategory.name_th == name_th, ProductCategory.key == name_th),
    )
    if db.session.scalar(taken.limit(1)) is not None:
        raise CategoryTaken(field="name_th", name=name_th)
