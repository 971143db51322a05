"""Villages named in a brought table: found by their names, added where nobody wrote them down.

What must stay true: a name that differs only in spaces, dots or tones' order is the same village
only when spelt the same after `normalise`; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from core.actor import Actor
from core.db import db, insert_rows
from core.ids import uuid7
from members.models import Village


def by_name(centre_id: int) -> dict[str, UUID]:
    """Return a centre's villages by their names."""
    rows = db.session.execute(
        select(Village.name, Village.id).where(Village.centre_id == centre_id)
    )
    return {name: village_id for name, village_id in rows}


def with_new(names: Iterable[str], actor: Actor) -> dict[str, UUID]:
    """Return the villages by name; those nobody knew are added to the list."""
    known = by_name(actor.centre_id)
    added = {name: uuid7() for name in sorted({name for name in names if name} - known.keys())}
    insert_rows(
        Village,
        [
            {
                "centre_id": actor.centre_id,
                "id": village_id,
                "name": name,
                "moo": "",
                "tambon": "",
                "amphoe": "",
                "changwat": "",
            }
            for name, village_id in added.items()
        ],
    )
    return known | added
