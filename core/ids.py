"""Document ids: UUIDv7, made where the document is made, ordered by time.

The only place ids and secrets come from, so that a seeded run can replace them.
"""

from __future__ import annotations

import random
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from core import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_RANDOM_BITS = 74
_bits: Callable[[int], int] = secrets.randbits
_last = (0, 0)  # the millisecond and the random part of the id made last
_one_at_a_time = threading.Lock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw ids from a seed inside the block: the demo is the same shop for the same seed."""
    global _bits, _last
    before, _bits = _bits, random.Random(seed).getrandbits  # noqa: S311 - ids, not secrets
    _last = (0, 0)
    try:
        yield
    finally:
        _bits = before


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, 74 random bits.

    Ids that one process makes within a millisecond count up by a random step (RFC 9562 §6.2,
    method 2), so that what was written last is also listed last.
    """
    global _last
    milliseconds = (clock.now() - _EPOCH) // _MILLISECOND
    with _one_at_a_time:
        if milliseconds == _last[0]:
            tail = (_last[1] + 1 + _bits(32)) % (1 << _RANDOM_BITS)
        else:
            tail = _bits(_RANDOM_BITS - 1)  # the top bit is left free to count up into
        _last = (milliseconds, tail)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (tail >> 62) << 64
    value |= 0x2 << 62 | tail & ((1 << 62) - 1)
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
