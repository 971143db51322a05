"""What every document shares: its digest, and the answer to a repeated id.

What must stay true: the same id with the same content gets the first answer for ever; with other
content it is refused by name and changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from typing import Any
from uuid import UUID


def content_of(command: Any) -> dict[str, Any]:
    """Return a command dataclass as plain JSON data, ids and times as text."""
    assert is_dataclass(command) and not isinstance(command, type)
    plain = _plain(command)
    assert isinstance(plain, dict)
    return plain


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a document's content."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def differences(earlier: Mapping[str, Any], content: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields in which a repeated id differs."""
    return sorted(key for key in {*earlier, *content} if earlier.get(key) != content.get(key))


def _plain(value: Any) -> Any:
    """Return JSON data; on the path of every sale, so without dataclasses.asdict's copies."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
