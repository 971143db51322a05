"""The index of the few documents that came after their shift was counted."""

from __future__ import annotations

from sqlalchemy import Index, text


def late_ones(name: str) -> Index:
    """Return an index of the few documents that came after their shift was counted."""
    return Index(
        name,
        *("centre_id", "business_date", "id"),
        postgresql_where=text("late"),
        sqlite_where=text("late = 1"),  # as SQLite is asked
    )
