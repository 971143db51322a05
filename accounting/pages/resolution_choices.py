"""Choosing the resolution that allows a document."""

from __future__ import annotations

from datetime import date

from accounting.services.meetings import resolutions
from core.web import show

OFFERED = 200


def resolution_choices(
    centre_id: int, after: date = date.min, until: date = date.max
) -> list[tuple[str, str]]:
    """Return what meetings of `after` (not itself) to `until` resolved, the latest first.

    What a later meeting dropped allows nothing new and isn't offered.
    """
    held = [
        one
        for one in resolutions.listing(centre_id)
        if after < one.resolved_on <= until and one.outcome != resolutions.DROPPED
    ]
    return [
        (str(one.id), f"{one.resolution_no} · {show.day(one.resolved_on)} · {one.text[:60]}")
        for one in held[:OFFERED]
    ]
