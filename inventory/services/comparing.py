"""What every check of the stock room is made of: two sums compared key by key.

What must stay true: a check that fails names the first document at fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.db import db
from core.findings import Finding
from core.models import NumberSeries
from inventory.services import control_accounts
from inventory.services.control_accounts import Control

Key = Any
OWED = frozenset({Purpose.CONSIGNMENT_PAYABLE, Purpose.PAYABLE_OUTRIGHT, Purpose.UNCLAIMED_PAYOUTS})


def compared(
    check: str,
    centre_id: int,
    expected: Mapping[Key, int],
    actual: Mapping[Key, int],
    document_type: str,
) -> Finding:
    """Compare two sums key by key; the first key that differs is the document at fault."""
    differing = [key for key in {*expected, *actual} if expected.get(key, 0) != actual.get(key, 0)]
    if not differing:
        total = sum(expected.values())
        return Finding(check, centre_id, True, total, sum(actual.values()))
    first = min(differing, key=str)
    document: UUID | str = first[0] if isinstance(first, tuple) else first or ""
    return Finding(
        check=check,
        centre_id=centre_id,
        ok=False,
        expected=expected.get(first, 0),
        actual=actual.get(first, 0),
        document_type=document_type,
        document_id=document,
        detail=f"{len(differing)} differ",
    )


def entries(check: str, centre_id: int, source_type: str, documents: Iterable[Any]) -> Finding:
    """Compare how many entries each document should have, (id, count), with the journal."""
    return compared(
        check,
        centre_id,
        dict(documents),
        ledger.source_counts(centre_id, source_type),
        source_type,
    )


def tied(check: str, centre_id: int, control: Control, document_type: str) -> Finding:
    """Compare a control account with its documents, by lot or by producer, as of now.

    Debts are told as what is owed, as people read them.
    """
    sign = -1 if control.purpose in OWED else 1
    documents = control_accounts.documents(centre_id, control)
    books = control_accounts.books(centre_id, control)
    return compared(
        check,
        centre_id,
        {key: sign * satang for key, satang in documents.items()},
        {key: sign * satang for key, satang in books.items()},
        document_type,
    )


def gapless(
    centre_id: int,
    series: str,
    table: Any,
    column: Any,
    prefix: str,
    besides: Collection[str] = (),
) -> Finding:
    """See that the numbers drawn from a series are all on a document, as `<prefix><year>-<n>`.

    `besides` are numbers that came from elsewhere.
    """
    drawn = db.session.execute(
        select(NumberSeries.year, NumberSeries.last_number).where(
            NumberSeries.centre_id == centre_id, NumberSeries.series == series
        )
    ).all()
    found = db.session.execute(select(column).where(table.centre_id == centre_id)).scalars()
    return compared(
        f"{series} numbers gapless",
        centre_id,
        {
            f"{prefix}{year}-{number:05d}": 1
            for year, last in drawn
            for number in range(1, last + 1)
        },
        dict.fromkeys(set(found) - set(besides), 1),
        table.__tablename__,
    )
