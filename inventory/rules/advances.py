"""Advances given back: which one first, and never more than is left. Pure; money in satang."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.errors import N_, DomainError


class MoreThanOutstanding(DomainError):
    """More would be taken back than was advanced and is still out."""

    code, status, title = "more-than-outstanding", 409, N_("More than the advance still out")
    detail = N_("At most %(left_satang)s baht of advances can be taken back.")


def oldest_first(left: Sequence[tuple[UUID, int]], amount_satang: int) -> list[tuple[UUID, int]]:
    """Share an amount over advances in the order given: (advance, part), parts above zero.

    Raises MoreThanOutstanding when they don't hold it.
    """
    assert amount_satang > 0
    parts = []
    missing = amount_satang
    for advance_id, still_out in left:
        part = min(still_out, missing)
        if part > 0:
            parts.append((advance_id, part))
            missing -= part
    if missing:
        raise MoreThanOutstanding(left_satang=amount_satang - missing, field="amount_satang")
    return parts
