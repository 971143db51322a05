"""Do joint buying rounds hold together: shared whole, in the state their documents say?

What must stay true: each check adds up in another way than the sharing did. Read-only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, or_, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import (
    JointRound,
    JointRoundOrder,
    JointRoundShare,
    JointRoundSharing,
)
from inventory.services.comparing import compared, gapless


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of joint rounds over one centre."""
    for name, column in (
        ("round goods are shared whole", "goods_satang"),
        ("round extra cost is shared whole", "extra_satang"),
    ):
        yield _shared_whole(name, column, centre_id)
    yield _dues(centre_id)
    yield _states(centre_id)
    yield gapless(centre_id, "joint_round", JointRound, JointRound.round_no, "JR-")
    yield gapless(centre_id, "joint_round_order", JointRoundOrder, JointRoundOrder.order_no, "JO-")


def _shared_whole(name: str, column: str, centre_id: int) -> Finding:
    """What a sharing cost is what its shares, what is left among them, add up to."""
    head, share = getattr(JointRoundSharing, column), getattr(JointRoundShare, column)
    said = db.session.execute(
        select(JointRoundSharing.id, head).where(JointRoundSharing.centre_id == centre_id)
    )
    parts = db.session.execute(
        select(JointRoundShare.sharing_id, sum_int(share))
        .where(JointRoundShare.centre_id == centre_id)
        .group_by(JointRoundShare.sharing_id)
    )
    return compared(name, centre_id, _pairs(said), _pairs(parts), "joint_round_sharing")


def _dues(centre_id: int) -> Finding:
    """Who ordered owes goods, extra cost, what the centre adds and VAT; got at most what was
    asked."""
    share = JointRoundShare
    owed = share.goods_satang + share.extra_satang + share.margin_satang + share.tax_satang
    return _none(
        "round shares owe what they say",
        centre_id,
        select(share.sharing_id).where(
            share.centre_id == centre_id,
            share.order_id.is_not(None),
            or_(share.due_satang != owed, share.given_milli > share.asked_milli),
        ),
        "joint_round_sharing",
    )


def _states(centre_id: int) -> Finding:
    """A round is shared when it has a sharing, and only then."""
    joined = and_(
        JointRoundSharing.centre_id == JointRound.centre_id,
        JointRoundSharing.round_id == JointRound.id,
    )
    return _none(
        "round states agree with sharings",
        centre_id,
        select(JointRound.id)
        .outerjoin(JointRoundSharing, joined)
        .where(
            JointRound.centre_id == centre_id,
            or_(
                and_(JointRound.state == "shared", JointRoundSharing.id.is_(None)),
                and_(JointRound.state != "shared", JointRoundSharing.id.is_not(None)),
            ),
        ),
        "joint_round",
    )


def _none(name: str, centre_id: int, query: Any, document_type: str) -> Finding:
    row = db.session.execute(query.limit(1)).first()
    return Finding(
        check=name,
        centre_id=centre_id,
        ok=row is None,
        actual=0 if row is None else 1,
        document_type=document_type if row else "",
        document_id=row[0] if row else "",
    )


def _pairs(rows: Any) -> dict[Any, int]:
    return dict(rows.all())
