"""A centre's network and an answered invitation for the guarded world."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select

from core.db import db
from core.ids import uuid7
from members.models import CentreNetwork, CentreRow, NetworkInvitation, NetworkInvitationOutcome
from tests.integration.guarded_ledger import NOON


def write(centre_id: int) -> None:
    """Write the rows; the centre's first network is there already."""
    network_id = db.session.scalars(
        select(CentreRow.network_id).where(CentreRow.id == centre_id)
    ).one()
    assert db.session.get(CentreNetwork, (centre_id, date(1900, 1, 1))) is not None
    invitation_id = uuid7()
    db.session.execute(
        insert(NetworkInvitation).values(
            id=invitation_id,
            network_id=network_id,
            kind="join",
            for_code="C9",
            code_hash="0" * 64,
            created_at=NOON,
            expires_at=NOON,
        )
    )
    db.session.execute(
        insert(NetworkInvitationOutcome).values(
            invitation_id=invitation_id, outcome="withdrawn", decided_at=NOON
        )
    )
