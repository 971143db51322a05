"""The printed numbers of documents of credit, purses and coupons, for whoever lists entries."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import CouponIssue, CreditRepayment, CreditWriteOff, PurseMovement
from core.db import db

Key = tuple[str, UUID]
_NUMBERED: tuple[tuple[str, Any, Any], ...] = (
    ("credit_repayment", CreditRepayment, CreditRepayment.repayment_no),
    ("credit_write_off", CreditWriteOff, CreditWriteOff.write_off_no),
    ("purse_movement", PurseMovement, PurseMovement.movement_no),
    ("coupon_issue", CouponIssue, CouponIssue.issue_no),
)


def numbers(centre_id: int, wanted: Collection[Key]) -> dict[Key, str]:
    """Return the printed numbers of those of some documents that are of this topic."""
    found: dict[Key, str] = {}
    for source_type, table, number in _NUMBERED:
        ids = sorted(identity for kind, identity in wanted if kind == source_type)
        if ids:
            rows = db.session.execute(
                select(table.id, number).where(table.centre_id == centre_id, table.id.in_(ids))
            )
            found |= {(source_type, identity): printed for identity, printed in rows}
    return found
