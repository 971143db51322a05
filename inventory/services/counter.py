"""What this room asks of the counter above it: drawers and the numbers on its documents.

What must stay true: this room never imports upward; pos/app.py puts a `Counter` into
`app.extensions["sunruam_counter"]`, and the edges hand it down from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from inventory.services.receipts import OpenTill


@dataclass(frozen=True, slots=True)
class OpenShift:
    """An open shift whose drawer can pay; `label` is its till as people call it."""

    id: UUID
    till_id: UUID
    label: str


@dataclass(frozen=True, slots=True)
class Counter:
    """The counter's answers: the till of an open shift, all open shifts, document numbers."""

    open_till: OpenTill
    open_shifts: Callable[[int], Sequence[OpenShift]]
    numbers: Callable[[int, Collection[tuple[str, UUID]]], Mapping[tuple[str, UUID], str]]
    """(centre, [(source type, id)]) → printed number; documents it doesn't know are missing."""
