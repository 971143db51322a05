"""Seals: how posted entries are chained, so that nobody alters one unseen. Pure.

An entry's hash is SHA-256 over its canonical text; a seal's is SHA-256 over the seal before it, the
run it covers, and the hashes of the run's entries in order. Whoever changes, removes or inserts an
entry changes its seal and every one after it, up to the one printed on the close pack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RUN_MAX = 2_000
"""Entries in one seal at most: what one transaction of the sealing chore writes."""
MARK_BYTES = 8
BEGINNING = "0" * 64
"""What the first seal of a centre follows."""


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as computed: its hash and the marks of its entries."""

    hash: str
    marks: bytes


def entry_hash(header: str, lines: Iterable[str]) -> bytes:
    """Return an entry's hash from the canonical texts of its header and its lines, in order.

    Each text is preceded by its length, so that no text can pass for two.
    """
    digest = hashlib.sha256()
    for text in (header, *lines):
        data = text.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


def link(
    previous: str, fiscal_year: int, first_no: int, last_no: int, hashes: Sequence[bytes]
) -> Link:
    """Return the seal that follows `previous` over a run of entries of a fiscal year."""
    assert len(hashes) == last_no - first_no + 1
    digest = hashlib.sha256(f"{previous}|{fiscal_year}|{first_no}|{last_no}|".encode())
    digest.update(b"".join(hashes))
    return Link(digest.hexdigest(), b"".join(one[:MARK_BYTES] for one in hashes))


def altered(marks: bytes, hashes: Sequence[bytes]) -> list[int]:
    """Return the places (0 is first) at which entries no longer fit the marks of their seal."""
    return [
        place
        for place, one in enumerate(hashes)
        if marks[place * MARK_BYTES : (place + 1) * MARK_BYTES] != one[:MARK_BYTES]
    ]
