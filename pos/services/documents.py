"""What every document of the counter shares: its digest, and the answer to a repeated id.

What must stay true: the same id with the same content gets the first answer for ever; with other
content it is refused by name and changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.errors import DifferentContent


def content_of(command: Any) -> dict[str, Any]:
    """Return a command dataclass as plain JSON data, ids and times as text."""
    assert is_dataclass(command) and not isinstance(command, type)
    plain = json.loads(json.dumps(asdict(command), default=_as_text, sort_keys=True))
    assert isinstance(plain, dict)
    return plain


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a document's content."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def require_same(earlier: Mapping[str, Any], content: Mapping[str, Any]) -> None:
    """Raise `DifferentContent` naming the fields in which a repeated id differs."""
    differs = sorted(
        key for key in {*earlier, *content} if earlier.get(key) != content.get(key)
    )
    if differs:
        raise DifferentContent(differs=differs)


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date | UUID):
        return str(value)
    raise TypeError(type(value).__name__)
