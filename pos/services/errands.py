"""What rooms below ask of the counter: drawers that can pay, numbers on documents.

What must stay true: the rooms below never import this one; `pos.app` appoints it to answer.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from accounting.services.cash_drawers import OpenDrawer
from core.db import db
from pos.models import Refund, Sale, SchemeSettlement, Shift, Till


def open_drawers(centre_id: int) -> list[OpenDrawer]:
    """Return the centre's tills with an open shift."""
    rows = db.session.execute(
        select(Shift.id, Shift.till_id, Till.code, Till.name)
        .join(Till, (Till.centre_id == Shift.centre_id) & (Till.id == Shift.till_id))
        .where(Shift.centre_id == centre_id, Shift.closed_at.is_(None))
        .order_by(Till.code)
    )
    return [OpenDrawer(row.id, row.till_id, f"{row.code} {row.name}") for row in rows]


def numbers(centre_id: int, wanted: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the printed numbers of this room's documents; others are missing."""
    found: dict[tuple[str, UUID], str] = {}
    for source_type, table, number in (
        ("sale", Sale, Sale.receipt_no),
        ("refund", Refund, Refund.refund_no),
        ("scheme_settlement", SchemeSettlement, SchemeSettlement.settlement_no),
    ):
        ids = sorted(identity for kind, identity in wanted if kind == source_type)
        if ids:
            rows = db.session.execute(
                select(table.id, number).where(table.centre_id == centre_id, table.id.in_(ids))
            )
            found |= {(source_type, identity): printed for identity, printed in rows}
    return found
