"""Rule sets of a centre: added, never changed; a later day's takes the place of an earlier one.

What must stay true: a rule set is within the law on the day it begins; what was allocated by a set
keeps its words, whatever set follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import AllocationRuleSet
from accounting.rules.surplus.defaults import DEFAULTS
from accounting.rules.surplus.law import TYPES
from accounting.rules.surplus.rule_set import RuleSet, content_of, rule_set_of
from accounting.services.meetings import resolutions
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.documents import digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from members.services import access

SHIPPED_FROM = date(2018, 1, 1)


class RuleSetKnown(DomainError):
    """A set of this name begins on that day already."""

    code, status, title = "rule-set-known", 409, N_("A rule set of this name begins that day")
    detail = N_("Give it another name, or a later day.")


class RuleSetNotInForce(DomainError):
    """The scenario goes by rules that were not those of the meeting's day."""

    code, status, title = "rule-set-not-in-force", 409, N_("These rules are not in force that day")
    detail = N_("Choose rules for the scenario that are in force on %(day)s: %(name)s is not.")


@dataclass(frozen=True, slots=True)
class NewRuleSet:
    """A rule set to add."""

    id: UUID
    name: str
    valid_from: date
    rules: RuleSet
    resolution_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleSetCard:
    """A rule set as it stands; `id` is empty for the one we ship, whose name is its type's."""

    id: UUID | None
    name: str
    valid_from: date
    rules: RuleSet
    resolution_id: UUID | None = None
    note: str = ""
    recorded_by: UUID | None = None
    recorded_at: datetime | None = None

    @property
    def shipped(self) -> bool:
        return self.id is None


def shipped(organisation_type: str) -> RuleSetCard:
    """Return the rule set we ship for a type of organisation."""
    return RuleSetCard(None, "", SHIPPED_FROM, DEFAULTS[organisation_type])


def listing(actor: Actor) -> list[RuleSetCard]:
    """Return the centre's rule sets, latest first, and at the end the one we ship."""
    access.require(actor, "surplus.read")
    rows = db.session.scalars(
        select(AllocationRuleSet)
        .where(AllocationRuleSet.centre_id == actor.centre_id)
        .order_by(AllocationRuleSet.valid_from.desc(), AllocationRuleSet.name)
    )
    return [*map(_card, rows), shipped(actor.centre.organisation_type)]


def in_force(actor: Actor, on: date) -> list[RuleSetCard]:
    """Return the sets that may be used on a day: the latest under each name, and the shipped."""
    found: dict[str, RuleSetCard] = {}
    for card in listing(actor):
        if card.valid_from <= on:
            found.setdefault(card.name, card)
    mine = actor.centre.organisation_type
    return [one for one in found.values() if one.rules.organisation_type == mine]


def get(rule_set_id: UUID | None, actor: Actor) -> RuleSetCard:
    """Return a rule set; without an id the shipped one. Raises NotFound."""
    if rule_set_id is None:
        return shipped(actor.centre.organisation_type)
    row = db.session.get(AllocationRuleSet, (actor.centre_id, rule_set_id))
    if row is None:
        raise NotFound(what="allocation_rule_set")
    return _card(row)


def in_force_on(rule_set_id: UUID | None, day: date, actor: Actor) -> RuleSet:
    """Return the rules a meeting of a day divides by; raise RuleSetNotInForce, NotFound.

    A scenario may name a set that was replaced since, that begins later only, or that is of
    another kind of organisation, with other law.
    """
    card = get(rule_set_id, actor)
    if card not in in_force(actor, day):
        raise RuleSetNotInForce(name=card.name, day=day)
    return card.rules


def record(command: NewRuleSet, actor: Actor) -> RuleSetCard:
    """Add a rule set; the same id again changes nothing.

    Raises PartsNotWhole, BelowMinimum, AboveMaximum, CapAboveLaw, RuleSetKnown, NoSuchResolution,
    DifferentContent, Forbidden.
    """
    access.require(actor, "surplus_rule.change")
    assert command.rules.organisation_type in TYPES
    digest = digest_of(_said(command))
    earlier = db.session.get(AllocationRuleSet, (actor.centre_id, command.id))
    if earlier is not None:
        if earlier.digest != digest:
            raise DifferentContent(differs=["content"])
        return _card(earlier)
    command.rules.require_lawful(command.valid_from)
    if command.resolution_id is not None:
        resolutions.require_held(actor.centre_id, command.resolution_id)
    same = select(AllocationRuleSet.id).where(
        AllocationRuleSet.centre_id == actor.centre_id,
        AllocationRuleSet.name == command.name,
        AllocationRuleSet.valid_from == command.valid_from,
    )
    if db.session.execute(same).first():
        raise RuleSetKnown(field="name")
    db.session.execute(
        insert(AllocationRuleSet).values(
            centre_id=actor.centre_id,
            id=command.id,
            name=command.name,
            valid_from=command.valid_from,
            organisation_type=command.rules.organisation_type,
            content=content_of(command.rules),
            resolution_id=command.resolution_id,
            note=command.note,
            digest=digest,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(
        actor, "allocation_rule_set.recorded", "allocation_rule_set", command.id, name=command.name
    )
    return get(command.id, actor)


def _said(command: NewRuleSet) -> dict[str, Any]:
    return {
        "name": command.name,
        "valid_from": command.valid_from.isoformat(),
        "rules": content_of(command.rules),
        "resolution_id": str(command.resolution_id or ""),
        "note": command.note,
    }


def _card(row: AllocationRuleSet) -> RuleSetCard:
    return RuleSetCard(
        row.id,
        row.name,
        row.valid_from,
        rule_set_of(row.content),
        row.resolution_id,
        row.note,
        row.recorded_by,
        row.recorded_at,
    )
