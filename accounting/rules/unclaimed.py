"""When money nobody fetched may go to reserve, and how old it is. Pure.

What must stay true: a day is never called old before the same day so many years later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

YEARS = 5
"""After so many years, unless the centre's rule or the allocation itself says otherwise."""
AGES = (90, 365, 3 * 365)
"""Bounds of the ages in a list, in days."""


def years_of(allocation_rules: Mapping[str, Any], usual: int) -> int:
    """Return the years an allocation gives its members to fetch their money.

    They are those of the rule set it was made by, as it was frozen; what we ship says nothing here,
    for no meeting resolved it.
    """
    made = allocation_rules.get("allocation") or {}
    own = made.get("rule_set", {}).get("unclaimed_years") if made.get("rule_set_id") else None
    return own if type(own) is int and own > 0 else usual


def is_unclaimed(due_since: date, years: int, today: date) -> bool:
    """Tell whether an amount has been due for so many years; 29 February counts as 1 March."""
    year = due_since.year + years
    if (due_since.month, due_since.day) == (2, 29):
        return today >= date(year, 3, 1)
    return today >= due_since.replace(year=year)


def age_of(days: int) -> int:
    """Return which column of a list by age an amount belongs to, the youngest being 0."""
    return sum(days > bound for bound in AGES)
