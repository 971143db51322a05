"""Forgetting the lines of brought files: they hold people's own data.

What must stay true: what was counted stays; the lines go after a while, and those of a person at
once when the person is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, tuple_, update

from core import clock
from core.db import db
from members.models import TableImport, TableImportLine

KEEP = timedelta(days=90)


def discard_old() -> int:
    """Discard the lines of imports recorded long ago and not being taken; return how many."""
    old = (
        TableImport.recorded_at < clock.now() - KEEP,
        TableImport.state != "taking",
        TableImport.lines_discarded.is_(False),
    )
    found = db.session.execute(select(TableImport.centre_id, TableImport.id).where(*old))
    keys = [(row.centre_id, row.id) for row in found]
    if not keys:
        return 0
    gone = db.session.execute(
        delete(TableImportLine)
        .where(tuple_(TableImportLine.centre_id, TableImportLine.import_id).in_(keys))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(TableImport)
        .where(tuple_(TableImport.centre_id, TableImport.id).in_(keys))
        .values(lines_discarded=True)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def forget(centre_id: int, row_ids: Sequence[UUID]) -> None:
    """Discard the lines people or producers were entered from."""
    db.session.execute(
        delete(TableImportLine)
        .where(TableImportLine.centre_id == centre_id, TableImportLine.row_id.in_(row_ids))
        .execution_options(synchronize_session=False)
    )
