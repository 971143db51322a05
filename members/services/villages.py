"""The villages of a centre's area."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from core.text import thai_sort_key
from members.models import Village
from members.services.access import require

VILLAGES_MAX = 2000


class VillageKnown(DomainError):
    """The centre already has a village of this name."""

    code, status, title = "village-known", 409, N_("This village is already in the list")


@dataclass(frozen=True, slots=True)
class NewVillage:
    """A village to add."""

    name: str
    moo: str = ""
    tambon: str = ""
    amphoe: str = ""
    changwat: str = ""


@dataclass(frozen=True, slots=True)
class VillageCard:
    """A village of the centre."""

    id: UUID
    name: str
    moo: str
    tambon: str
    amphoe: str
    changwat: str


def create(new: NewVillage, actor: Actor) -> VillageCard:
    """Add a village to the actor's centre."""
    require(actor, "member.change")
    known = db.session.execute(
        select(Village.id).where(Village.centre_id == actor.centre_id, Village.name == new.name)
    ).first()
    if known:
        raise VillageKnown(field="name")
    card = VillageCard(uuid7(), new.name, new.moo, new.tambon, new.amphoe, new.changwat)
    values = {name: getattr(card, name) for name in card.__slots__}
    db.session.execute(insert(Village).values(centre_id=actor.centre_id, **values))
    audit.record(actor, "village.created", "village", card.id, name=new.name)
    return card


def listing(centre_id: int) -> list[VillageCard]:
    """Return a centre's villages in the order of the Thai dictionary."""
    rows = db.session.execute(
        select(
            Village.id,
            Village.name,
            Village.moo,
            Village.tambon,
            Village.amphoe,
            Village.changwat,
        )
        .where(Village.centre_id == centre_id)
        .limit(VILLAGES_MAX)
    )
    cards = [VillageCard(*row) for row in rows]
    return sorted(cards, key=lambda card: (thai_sort_key(card.name), card.id))


def require_known(centre_id: int, village_id: UUID | None) -> None:
    """Raise NotFound unless the village (if any) is one of the centre's."""
    if village_id is None:
        return
    known = db.session.execute(
        select(Village.id).where(Village.centre_id == centre_id, Village.id == village_id)
    ).first()
    if known is None:
        raise NotFound
