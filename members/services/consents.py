"""What people agreed to: a photo, LINE messages, a survey … What the books need asks nobody.

What must stay true: nothing is agreed to until somebody says so, the latest word holds, and for a
minor the guardian says it (Personal Data Protection Act B.E. 2562 s.19–20).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from members.models import Consent, Person
from members.services import persons
from members.services.access import require


class ConsentInFuture(DomainError):
    """A word is given by today."""

    code, status, title = "consent-in-future", 422, N_("This day has not come yet")
    detail = N_("Record it on that day.")


@dataclass(frozen=True, slots=True)
class SayConsent:
    """Someone agrees to a purpose, or no longer does, on a day."""

    id: UUID
    person_id: UUID
    purpose: str
    given: bool
    on_date: date
    by_guardian: bool = False


@dataclass(frozen=True, slots=True)
class ConsentCard:
    """A word that was given."""

    id: UUID
    person_id: UUID
    purpose: str
    given: bool
    on_date: date
    by_guardian: bool
    recorded_at: datetime


_CARD = tuple(getattr(Consent, name) for name in ConsentCard.__slots__)


def log(person_id: UUID, actor: Actor) -> list[ConsentCard]:
    """Return every word of a person, the latest first. Raises Forbidden."""
    require(actor, "member.read")
    rows = db.session.execute(
        select(*_CARD)
        .where(
            Consent.centre_id == actor.centre_id,
            Consent.person_id.in_(persons.selves(actor.centre_id, person_id)),
        )
        .order_by(Consent.on_date.desc(), Consent.recorded_at.desc(), Consent.id.desc())
    )
    return [ConsentCard(*row) for row in rows]


def agreed(person_id: UUID, actor: Actor) -> dict[str, bool]:
    """Return the word that holds for each purpose ever spoken of."""
    latest: dict[str, bool] = {}
    for card in log(person_id, actor):
        latest.setdefault(card.purpose, card.given)
    return latest


def say(command: SayConsent, actor: Actor) -> None:
    """Write a word down; the same id again changes nothing.

    Raises NotFound, ConsentInFuture, Forbidden.
    """
    require(actor, "privacy.record")
    centre_id = actor.centre_id
    if db.session.get(Person, (centre_id, command.person_id)) is None:
        raise NotFound(what="person")
    if command.on_date > clock.today():
        raise ConsentInFuture(field="on_date")
    if db.session.get(Consent, (centre_id, command.id)) is not None:
        return
    db.session.execute(
        insert(Consent).values(
            centre_id=centre_id,
            id=command.id,
            person_id=command.person_id,
            purpose=command.purpose,
            given=command.given,
            on_date=command.on_date,
            by_guardian=command.by_guardian,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(
        actor,
        "consent.given" if command.given else "consent.taken_back",
        "person",
        command.person_id,
        purpose=command.purpose,
    )
