"""Changing a row only as it was seen: the version named must be the one that stands.

What must stay true: of two people who change one row, the second is told; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from core.db import Base, db
from core.errors import ChangedMeanwhile, VersionRequired


def require_seen(version: int | None, standing: int) -> None:
    """Raise VersionRequired when no version is named, ChangedMeanwhile when it is an older one."""
    if version is None:
        raise VersionRequired
    if version != standing:
        raise ChangedMeanwhile(version=standing)


def change(
    model: type[Base], key: Mapping[str, Any], version: int, values: Mapping[str, Any]
) -> None:
    """Write `values` over the version seen and count it up; raise ChangedMeanwhile."""
    columns: Any = model.__table__.c
    found: Any = db.session.execute(
        update(model)
        .where(*(columns[name] == value for name, value in key.items()))
        .where(columns.version == version)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if found.rowcount == 0:
        raise ChangedMeanwhile
    db.session.expire_all()
