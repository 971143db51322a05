"""A brought table for the guarded world: taken, one of its lines entered."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert, update

from core.db import db
from members.models import TableImport, TableImportLine

BROUGHT = UUID("00000000-0000-0000-0000-0000000000b1")
MOMENT = datetime(2026, 11, 20, 5, tzinfo=UTC)


def write(centre_id: int) -> None:
    """Write an import of people that was taken, with its one line."""
    db.session.execute(
        insert(TableImport).values(
            centre_id=centre_id,
            id=BROUGHT,
            import_no="BI-2569-90001",
            kind="people",
            file_name="a.csv",
            state="open",
            digest="0" * 64,
            headings=["ชื่อ"],
            places={"name": 0},
            choices={},
            lines=1,
            counts={"new": 1},
            recorded_at=MOMENT,
            recorded_by=None,
            recorded_name="นิด",
            taken_name="",
            lines_discarded=False,
        )
    )
    db.session.execute(
        insert(TableImportLine).values(
            centre_id=centre_id,
            import_id=BROUGHT,
            line_no=2,
            cells=["ก"],
            verdict="new",
            told={},
            outcome="waiting",
        )
    )
    of_it = (TableImport.centre_id == centre_id, TableImport.id == BROUGHT)
    db.session.execute(update(TableImport).where(*of_it).values(state="taking"))
    db.session.execute(
        update(TableImportLine)
        .where(TableImportLine.centre_id == centre_id, TableImportLine.import_id == BROUGHT)
        .values(outcome="entered")
    )
    db.session.execute(
        update(TableImport).where(*of_it).values(state="taken", taken_at=MOMENT, taken_name="นิด")
    )
