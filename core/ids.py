"""Document ids: UUIDv7, made where the document is made, ordered by time.

The only place ids and secrets come from, so that a seeded run can replace them.
"""

from __future__ import annotations

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def new_secret() -> str:
    """Return 256 random bits as URL-safe text: session tokens, bearer tokens, first passwords."""
    return secrets.token_urlsafe(32)


def uuid_or_none(text: str | None) -> uuid.UUID | None:
    """Read an id that may be missing or nonsense, such as the `after` of a page's address."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
