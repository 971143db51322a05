"""The rules for shares as a centre set them, by date.

What must stay true: rules are only ever added; the latest entered of those valid on a day counts,
and where a centre set none, those of its kind of organisation.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import ShareRule
from accounting.rules.shares import DEFAULTS, ShareRules, check_rules, rules_from
from accounting.services import periods
from accounting.services.meetings import resolutions
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import DifferentContent
from members.services import access


@dataclass(frozen=True, slots=True)
class SetShareRules:
    """Rules to count from a day on, by a resolution where there is one."""

    id: UUID
    valid_from: date
    rules: ShareRules
    resolution_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShareRuleCard:
    """Rules as they were set; those of the kind of organisation have no id."""

    id: UUID | None
    valid_from: date | None
    rules: ShareRules
    resolution_id: UUID | None = None
    note: str = ""
    recorded_at: datetime | None = None


def on(actor: Actor, day: date) -> ShareRules:
    """Return the rules that count on a day."""
    return card_on(actor, day).rules


def card_on(actor: Actor, day: date) -> ShareRuleCard:
    """Return the rules that count on a day, and since when."""
    row = db.session.scalars(_latest(actor.centre_id, day)).first()
    return shipped(actor) if row is None else _card(row)


def shipped(actor: Actor) -> ShareRuleCard:
    """Return the rules of the centre's kind of organisation."""
    return ShareRuleCard(None, None, DEFAULTS[actor.centre.organisation_type])


def listing(actor: Actor) -> list[ShareRuleCard]:
    """Return all rules, the latest first, those of the kind of organisation last.

    Raises Forbidden.
    """
    access.require(actor, "share.read")
    rows = db.session.scalars(_latest(actor.centre_id, None))
    return [*map(_card, rows), shipped(actor)]


def set_rules(command: SetShareRules, actor: Actor) -> ShareRuleCard:
    """Add rules; the same id again changes nothing.

    Raises BadRule, PeriodClosed, NoSuchResolution, DifferentContent, Forbidden.
    """
    access.require(actor, "share_rule.change")
    known = db.session.get(ShareRule, (actor.centre_id, command.id))
    if known is not None:
        if _card(known).rules != command.rules or known.valid_from != command.valid_from:
            raise DifferentContent(id=str(command.id))
        return _card(known)
    check_rules(command.rules)
    if command.valid_from <= clock.today():
        periods.require_open(actor.centre_id, command.valid_from)
    if command.resolution_id is not None:
        resolutions.require_held(actor.centre_id, command.resolution_id)
    values: dict[str, Any] = asdict(command.rules)
    db.session.execute(
        insert(ShareRule).values(
            centre_id=actor.centre_id,
            id=command.id,
            valid_from=command.valid_from,
            resolution_id=command.resolution_id,
            note=command.note,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
            **values,
        )
    )
    audit.record(actor, "share_rule.set", "share_rule", command.id, **values)
    return _card(db.session.get_one(ShareRule, (actor.centre_id, command.id)))


def _latest(centre_id: int, day: date | None) -> Any:
    query = select(ShareRule).where(ShareRule.centre_id == centre_id)
    if day is not None:
        query = query.where(ShareRule.valid_from <= day)
    return query.order_by(
        ShareRule.valid_from.desc(), ShareRule.recorded_at.desc(), ShareRule.id.desc()
    )


def _card(row: ShareRule) -> ShareRuleCard:
    return ShareRuleCard(
        row.id, row.valid_from, rules_from(row), row.resolution_id, row.note, row.recorded_at
    )
