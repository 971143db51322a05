"""Shares that other documents make: dividends and refunds kept as shares, shares of the old books.

What must stay true: the caller posts the same amounts to share capital in an entry of the same
source and day, in the same transaction; here stands only what it does to the register. The caller
has judged the caps before: of what a resolution keeps the run holds back what passes them, and
what a member chooses to take as shares is asked of `judging`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from accounting.models import ShareMovement, ShareTransaction
from accounting.rules.shares import SharesGone
from accounting.services.shares import register, uniting, writing
from accounting.services.shares.writing import Draft
from core.actor import Actor
from core.db import db
from core.errors import DifferentContent
from core.ids import uuid7
from members.services import standing


@dataclass(frozen=True, slots=True)
class ShareCredit:
    """What one member gets as shares."""

    member_id: UUID
    amount_satang: int


def credit(
    credits: Sequence[ShareCredit],  # noqa: A002 - what it is
    *,
    on: date,
    source_type: str,
    source_id: UUID,
    actor: Actor,
    kind: str = "credited",
) -> None:
    """Enter amounts as shares from day `on` on, one transaction for all of a document's members.

    The same source again changes nothing; with other amounts it raises DifferentContent. Also
    raises MonthLocked, NotYet.
    """
    deltas = _added(credits)
    if not deltas:
        return
    register.lock(actor.centre_id)
    known = _of_source(actor.centre_id, source_type, source_id)
    if known is not None:
        if _deltas_of(actor.centre_id, known.id) != deltas:
            raise DifferentContent(id=str(source_id))
        return
    writing.write(_draft(deltas, on, source_type, source_id, kind), actor)


def credit_each(
    credits: Mapping[UUID, ShareCredit],  # noqa: A002 - what it is
    *,
    on: date,
    source_type: str,
    actor: Actor,
) -> None:
    """Enter many documents' credits, a transaction each, by the documents' ids.

    The caller is writing those documents now and has locked the register. Raises MonthLocked,
    NotYet.
    """
    drafts = [
        _draft({one.member_id: one.amount_satang}, on, source_type, source_id, "credited")
        for source_id, one in credits.items()
    ]
    writing.write_many(drafts, actor)


def _draft(
    deltas: Mapping[UUID, int], on: date, source_type: str, source_id: UUID, kind: str
) -> Draft:
    total = sum(deltas.values())
    return Draft(
        id=uuid7(),
        kind=kind,
        on=on,
        deltas=deltas,
        amount_satang=total,
        member_id=next(iter(deltas)) if len(deltas) == 1 else None,
        source_type=source_type,
        source_id=source_id,
        content={"credits": len(deltas), "satang": total},
    )


def undo(source_type: str, source_id: UUID, on: date, actor: Actor) -> None:
    """Take back from day `on` on what a source credited; again, or with nothing there, nothing.

    The caller reverses its entry under the same source. What a membership got that was merged since
    is taken from the one that stands. Raises SharesGone when somebody no longer
    holds what was credited, MonthLocked, NotYet.
    """
    register.lock(actor.centre_id)
    known = _of_source(actor.centre_id, source_type, source_id)
    if known is None or _reversed(actor.centre_id, known.id):
        return
    deltas = {who: -delta for who, delta in _deltas_of(actor.centre_id, known.id).items()}
    for who in standing.survivors(actor.centre_id).keys() & deltas.keys():
        uniting.hand_back(known.id, who, -deltas[who], actor)
    _require_there(actor.centre_id, deltas, on)
    writing.write(
        Draft(
            id=uuid7(),
            kind="reversal",
            on=on,
            deltas=deltas,
            amount_satang=known.amount_satang,
            member_id=known.member_id,
            source_type=source_type,
            source_id=source_id,
            reverses_id=known.id,
            content={"reverses": str(known.id)},
        ),
        actor,
    )


def _added(credits: Sequence[ShareCredit]) -> dict[UUID, int]:  # noqa: A002 - what it is
    deltas: dict[UUID, int] = {}
    for one in credits:
        assert one.amount_satang >= 0, "a credit is not negative"
        if one.amount_satang:
            deltas[one.member_id] = deltas.get(one.member_id, 0) + one.amount_satang
    return deltas


def _require_there(centre_id: int, deltas: Mapping[UUID, int], on: date) -> None:
    """Raise SharesGone naming the first who no longer holds what is taken back."""
    lowest = register.lowest_by_member(centre_id, on)
    for member_id, delta in deltas.items():
        if lowest.get(member_id, 0) + delta < 0:
            raise SharesGone(member_id=str(member_id), amount_satang=-delta)


def _of_source(centre_id: int, source_type: str, source_id: UUID) -> ShareTransaction | None:
    return db.session.scalars(
        select(ShareTransaction)
        .where(
            ShareTransaction.centre_id == centre_id,
            ShareTransaction.source_type == source_type,
            ShareTransaction.source_id == source_id,
            ShareTransaction.reverses_id.is_(None),
        )
        .order_by(ShareTransaction.transaction_no)
    ).first()


def _reversed(centre_id: int, transaction_id: UUID) -> bool:
    found = select(ShareTransaction.id).where(
        ShareTransaction.centre_id == centre_id, ShareTransaction.reverses_id == transaction_id
    )
    return db.session.scalar(found) is not None


def _deltas_of(centre_id: int, transaction_id: UUID) -> dict[UUID, int]:
    rows = db.session.execute(
        select(ShareMovement.member_id, ShareMovement.delta_satang).where(
            ShareMovement.centre_id == centre_id, ShareMovement.transaction_id == transaction_id
        )
    )
    return {member_id: delta for member_id, delta in rows}
