"""Do the old books that were taken hold together, and is nothing of them paid twice? Read-only.

What must stay true: each check compares two sums made in different ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import case, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import Advance, OpeningDue, OpeningImport, OpeningTaking, PayoutLine
from inventory.services.comparing import compared, entries, gapless


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of openings over one centre."""
    taken = db.session.execute(
        select(
            OpeningTaking.import_id, case((OpeningTaking.entry_id.is_not(None), 1), else_=0)
        ).where(OpeningTaking.centre_id == centre_id)
    )
    yield entries("each opening has its entry", centre_id, "opening_import", taken.all())
    yield gapless(centre_id, "opening_import", OpeningImport, OpeningImport.import_no, "OB-")
    yield _taken_once(centre_id)
    yield _nothing_paid_beyond(centre_id)
    yield _advances_as_due(centre_id)


def _taken_once(centre_id: int) -> Finding:
    """An import says it was taken exactly when its taking is there."""
    said = db.session.scalars(
        select(OpeningImport.id).where(
            OpeningImport.centre_id == centre_id, OpeningImport.state == "taken"
        )
    )
    there = db.session.scalars(
        select(OpeningTaking.import_id).where(OpeningTaking.centre_id == centre_id)
    )
    return compared(
        "openings are taken once",
        centre_id,
        dict.fromkeys(said, 1),
        dict.fromkeys(there, 1),
        "opening_import",
    )


def _nothing_paid_beyond(centre_id: int) -> Finding:
    owed = _sums(select(OpeningDue.id, OpeningDue.amount_satang), OpeningDue, centre_id)
    paid: dict[Any, int] = {
        due: satang
        for due, satang in db.session.execute(
            select(PayoutLine.document_id, sum_int(PayoutLine.amount_satang))
            .where(PayoutLine.centre_id == centre_id, PayoutLine.kind == "opening")
            .group_by(PayoutLine.document_id)
        )
    }
    beyond = {due: satang for due, satang in paid.items() if satang > owed.get(due, 0)}
    most = {due: owed.get(due, 0) for due in beyond}
    return compared("no opening is paid beyond what it was", centre_id, most, beyond, "opening_due")


def _advances_as_due(centre_id: int) -> Finding:
    due = select(OpeningDue.id, OpeningDue.amount_satang).where(OpeningDue.kind == "advance")
    out = select(Advance.id, Advance.amount_satang).where(Advance.paid_from == "opening")
    return compared(
        "advances of the old books are what they say",
        centre_id,
        _sums(due, OpeningDue, centre_id),
        _sums(out, Advance, centre_id),
        "advance",
    )


def _sums(query: Any, table: Any, centre_id: int) -> dict[Any, int]:
    return {
        key: amount for key, amount in db.session.execute(query.where(table.centre_id == centre_id))
    }
