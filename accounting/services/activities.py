"""The activities of a centre: the profit centres (shop, water, fertiliser …) that lines may name.

What must stay true: a code names one activity for ever; an activity is put out of use, never
removed, so that every line keeps its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import Activity
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DifferentContent, DomainError, NotFound
from members.services import access


class ActivityCodeTaken(DomainError):
    """Another activity of the centre has this code."""

    code, status, title = "activity-code-taken", 409, N_("Another activity has this code")
    detail = N_("Give the activity a code of its own.")


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity as it is set up."""

    id: UUID
    code: str
    name_th: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class ChangeActivity:
    """An activity as it shall be called from now on, and whether it is in use."""

    id: UUID
    name_th: str
    name_en: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """An activity, as other rooms and pages see it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    active: bool

    def name(self, locale: str) -> str:
        """Return the name in the reader's language, or the Thai one."""
        return self.name_en if locale == "en" and self.name_en else self.name_th


def listing(centre_id: int) -> tuple[ActivityCard, ...]:
    """Return the centre's activities by code, those out of use too."""
    rows = db.session.scalars(
        select(Activity).where(Activity.centre_id == centre_id).order_by(Activity.code)
    )
    return tuple(_card(row) for row in rows)


def card(centre_id: int, activity_id: UUID) -> ActivityCard:
    """Return an activity; raise NotFound."""
    row = db.session.get(Activity, (centre_id, activity_id), populate_existing=True)
    if row is None:
        raise NotFound(what="activity")
    return _card(row)


def create(command: NewActivity, actor: Actor) -> ActivityCard:
    """Set up an activity; raise ActivityCodeTaken, DifferentContent, Forbidden.

    The same id again changes nothing.
    """
    access.require(actor, "chart.change")
    for known in listing(actor.centre_id):
        if known.id == command.id:
            if (known.code, known.name_th, known.name_en) != _words(command):
                raise DifferentContent(id=str(command.id))
            return known
        if known.code == command.code:
            raise ActivityCodeTaken(field="code")
    db.session.execute(
        insert(Activity).values(
            centre_id=actor.centre_id,
            id=command.id,
            code=command.code,
            name_th=command.name_th,
            name_en=command.name_en,
            active=True,
        )
    )
    audit.record(actor, "activity.create", "activity", command.id, code=command.code)
    return card(actor.centre_id, command.id)


def change(command: ChangeActivity, actor: Actor) -> ActivityCard:
    """Rename an activity, put it out of use or into use again; raise NotFound, Forbidden."""
    access.require(actor, "chart.change")
    before = card(actor.centre_id, command.id)
    after = {
        "name_th": command.name_th,
        "name_en": command.name_en,
        "active": command.active,
    }
    changed = {name: value for name, value in after.items() if getattr(before, name) != value}
    if not changed:
        return before
    db.session.execute(
        update(Activity)
        .where(Activity.centre_id == actor.centre_id, Activity.id == command.id)
        .values(**changed)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "activity.change", "activity", command.id, **changed)
    return card(actor.centre_id, command.id)


def _words(command: NewActivity) -> tuple[str, str, str]:
    return command.code, command.name_th, command.name_en


def _card(row: Activity) -> ActivityCard:
    return ActivityCard(row.id, row.code, row.name_th, row.name_en, row.active)
