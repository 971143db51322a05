"""What people do to their own account, written into the trail of every centre they work in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db
from members.models import RoleGrant
from members.services import centres


def record(user_id: UUID, action: str, **facts: Any) -> None:
    """Add a row to the trail of each centre in which the person has a role."""
    places = db.session.execute(
        select(RoleGrant.centre_id).where(RoleGrant.user_id == user_id).distinct()
    )
    for centre_id in places.scalars().all():
        centre = centres.get(centre_id)
        assert centre is not None
        audit.record(Actor(centre, user_id), action, "user", user_id, **facts)
