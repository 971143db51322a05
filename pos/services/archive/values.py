"""A row as a line of JSON, and back, by the types of its columns.

What must stay true: what is read back equals what was written, on either engine; a number is never
a float on the way.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Date, LargeBinary, null
from sqlalchemy import Uuid as AnyUuid

from core.db import UtcDateTime


def to_line(row: Mapping[str, Any]) -> bytes:
    """Return a row as a line of JSON."""
    plain = {name: _plain(value) for name, value in row.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes, columns: Sequence[Column[Any]]) -> dict[str, Any]:
    """Return the row of a line; raise ValueError or KeyError when it is not one."""
    plain = json.loads(line)
    if not isinstance(plain, dict) or len(plain) != len(columns):
        raise ValueError("not a row of this table")
    return {column.name: _read(column, plain[column.name]) for column in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    assert not isinstance(value, float), "a float in the books"
    return value


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        # A JSON column would keep a JSON null of its own.
        return null() if isinstance(column.type, JSON) and column.nullable else None
    if isinstance(column.type, AnyUuid):
        return UUID(value)
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    return value
