"""The rule of each category: how its goods are treated when they do not sell.

What must stay true: a change names the version it saw and stands in the trail with both contents;
a category without a row of its own follows that of '' (all the others), and a centre without any
has agreed on nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select, update

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import ChangedMeanwhile
from inventory.models import GoodsRule, Product
from inventory.rules import unsold as rules
from inventory.rules.unsold import Rule
from members.services import access


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A category's rule; `version` None when the category has none of its own yet."""

    category: str
    rule: Rule
    version: int | None


@dataclass(frozen=True, slots=True)
class SaveRule:
    """Set the rule of a category (''=all others); `version` is the one seen, None for a new one."""

    category: str
    rule: Rule
    version: int | None = None


def rules_of(centre_id: int) -> dict[str, Rule]:
    """Return the rules of a centre by category, for another service."""
    rows = db.session.scalars(select(GoodsRule).where(GoodsRule.centre_id == centre_id))
    return {row.category: _rule(row) for row in rows}


def chosen(found: Mapping[str, Rule], category: str) -> Rule:
    """Return the rule that goods of a category follow."""
    return found.get(category) or found.get("") or Rule()


def rule_for(centre_id: int, category: str) -> Rule:
    """Return the rule that goods of a category follow, for another service."""
    return chosen(rules_of(centre_id), category)


def listing(actor: Actor) -> list[RuleCard]:
    """Return the rule of every category in use, the one for all others first."""
    access.require(actor, "unsold.read")
    rows = db.session.scalars(select(GoodsRule).where(GoodsRule.centre_id == actor.centre_id))
    own = {row.category: RuleCard(row.category, _rule(row), row.version) for row in rows}
    used = db.session.scalars(
        select(Product.category).where(Product.centre_id == actor.centre_id).distinct()
    )
    found = {category: card.rule for category, card in own.items()}
    return [
        own.get(category) or RuleCard(category, chosen(found, category), None)
        for category in sorted({"", *used, *own})
    ]


def save(command: SaveRule, actor: Actor) -> RuleCard:
    """Set a category's rule; the same again changes nothing.

    Raises StepsUnsound, ChangedMeanwhile, Forbidden.
    """
    access.require(actor, "settings.change")
    rules.require_sound(command.rule.markdown_steps)
    earlier = db.session.get(GoodsRule, (actor.centre_id, command.category))
    before = None if earlier is None else _rule(earlier)
    if earlier is not None and before == command.rule:
        return RuleCard(command.category, command.rule, earlier.version)
    if (earlier.version if earlier else None) != command.version:
        raise ChangedMeanwhile(version=earlier.version if earlier else None)
    values = _values(command.rule)
    if earlier is None:
        db.session.execute(
            insert(GoodsRule).values(
                centre_id=actor.centre_id, category=command.category, version=1, **values
            )
        )
    else:
        changed: Any = db.session.execute(
            update(GoodsRule)
            .where(
                GoodsRule.centre_id == actor.centre_id,
                GoodsRule.category == command.category,
                GoodsRule.version == command.version,
            )
            .values(version=GoodsRule.version + 1, **values)
        )
        if not changed.rowcount:
            raise ChangedMeanwhile
    audit.record(
        actor,
        "goods_rule.changed",
        "goods_rule",
        command.category,
        before=None if before is None else _values(before),
        after=values,
    )
    return RuleCard(command.category, command.rule, (command.version or 0) + 1)


def _rule(row: GoodsRule) -> Rule:
    return Rule(
        centre_bears_days=row.centre_bears_days,
        consignment_days=row.consignment_days,
        near_expiry_days=row.near_expiry_days,
        weight_loss_basis_points=row.weight_loss_basis_points,
        markdown_steps=rules.steps_of(row.markdown_steps),
    )


def _values(rule: Rule) -> dict[str, Any]:
    return {**asdict(rule), "markdown_steps": [step.content() for step in rule.markdown_steps]}
