"""Tables people bring in: a file's lines as they came, what was said of each, what became of it.

An import may be changed while it is looked over; taken or dropped it stays as it is. The same table
is not brought twice while its first import is open or taken. Lines hold people's own data: they go
after a while, what was counted stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, UtcDateTime, Uuid, one_of

TABLE_STATES = ("open", "taking", "taken", "dropped")
VERDICTS = ("unread", "new", "changed", "there", "bad")
OUTCOMES = ("waiting", "entered", "changed", "left")


class TableImport(Base):
    """A file of one kind of table, brought to be looked over and taken; `counts` by verdict."""

    __tablename__ = "table_import"
    __table_args__ = (
        one_of("state", TABLE_STATES),
        UniqueConstraint("centre_id", "import_no"),
        CheckConstraint("lines >= 0", name="lines_natural"),
        CheckConstraint("(taken_at IS NULL) = (state <> 'taken')", name="taken_at_a_moment"),
        Index(
            "uq_table_import_digest",
            "centre_id",
            "kind",
            "digest",
            unique=True,
            postgresql_where=text("state <> 'dropped'"),
            sqlite_where=text("state <> 'dropped'"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    import_no: Mapped[str] = mapped_column(String(30), nullable=False)
    kind: Mapped[str] = mapped_column(String(20), nullable=False)
    """Which table it is: the rooms declare them."""
    file_name: Mapped[str] = mapped_column(String(120), nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="open")
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    """SHA-256 of headings and cells, whatever the file is called or saved as."""
    headings: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    places: Mapped[dict[str, int]] = mapped_column(JSON, nullable=False)
    """Column → which cell of a line it is, counted from 0."""
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """What was decided with it: whether known rows are written over, the opening day of stock."""
    lines: Mapped[int] = mapped_column(Integer, nullable=False)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, nullable=False)
    job_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The last job asked to take it; jobs are forgotten in time."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_by: Mapped[UUID | None] = mapped_column(Uuid)
    taken_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    lines_discarded: Mapped[bool] = mapped_column(nullable=False, default=False)


class TableImportLine(Base):
    """A line of a brought file; `told` holds why, hints, and what would change into what."""

    __tablename__ = "table_import_line"
    __table_args__ = (
        one_of("verdict", VERDICTS),
        one_of("outcome", OUTCOMES),
        ForeignKeyConstraint(
            ["centre_id", "import_id"], ["table_import.centre_id", "table_import.id"]
        ),
        Index(
            "ix_table_import_line_verdict",
            "centre_id",
            "import_id",
            "verdict",
            "outcome",
            "line_no",
        ),
        Index("ix_table_import_line_row_id", "centre_id", "row_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    import_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    """The line of the file, as an editor shows it."""
    cells: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    verdict: Mapped[str] = mapped_column(String(8), nullable=False, default="unread")
    told: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    outcome: Mapped[str] = mapped_column(String(8), nullable=False, default="waiting")
    row_id: Mapped[UUID | None] = mapped_column(Uuid)
    """What the line became, by the key of its own table."""
