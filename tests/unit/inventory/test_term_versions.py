"""Which version is in force, and which days can't be had twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from inventory.rules.versions import Scope, TermsOverlap, Version, chosen, last_day, require_apart

DAENG, HONEY = UUID(int=1), UUID(int=2)
PRODUCER = Scope(producer_id=DAENG)


def version(
    number: int, scope: Scope, first: int = 1, last: int | None = None, month: int = 1
) -> Version:
    until = date(2026, month, last) if last else None
    return Version(UUID(int=100 + number), f"CT-{number}", scope, date(2026, month, first), until)


def number_in_force(versions: list[Version], day: int = 15) -> str | None:
    found = chosen(versions, DAENG, HONEY, "honey", date(2026, 1, day))
    return found.terms_no if found else None


def test_the_narrowest_scope_counts() -> None:
    narrowing = [
        Scope(category="honey"),
        Scope(product_id=HONEY),
        PRODUCER,
        Scope(DAENG, category="honey"),
        Scope(DAENG, product_id=HONEY),
    ]
    versions = []
    for number, scope in enumerate(narrowing):
        versions.append(version(number, scope))
        assert number_in_force(versions) == f"CT-{number}"
        assert number_in_force(versions[::-1]) == f"CT-{number}"


def test_terms_of_others_do_not_count() -> None:
    others = [
        version(1, Scope(producer_id=UUID(int=9))),
        version(2, Scope(product_id=UUID(int=9))),
        version(3, Scope(category="fruit")),
        version(4, Scope(DAENG, category="fruit")),
    ]
    assert number_in_force(others) is None


def test_a_newer_version_ends_the_one_before() -> None:
    versions = [version(1, PRODUCER), version(2, PRODUCER, 10, 20)]
    assert [number_in_force(versions, day) for day in (9, 10, 20, 21)] == [
        "CT-1",
        "CT-2",
        "CT-2",
        None,  # the older one ended when the newer began
    ]
    assert last_day(versions[0], versions) == date(2026, 1, 9)
    assert last_day(versions[1], versions) == date(2026, 1, 20)
    assert last_day(versions[0], versions[:1]) is None


def test_an_ended_version_leaves_the_wider_scope_in_force() -> None:
    versions = [version(1, Scope(product_id=HONEY)), version(2, PRODUCER, 1, 5)]
    assert [number_in_force(versions, day) for day in (5, 6)] == ["CT-2", "CT-1"]


@pytest.mark.parametrize(
    ("first", "last", "clash"),
    [
        (10, None, True),  # the same first day
        (12, None, True),  # within the days of one that has a last day
        (20, 25, True),  # that last day itself
        (21, None, False),
        (5, None, False),  # open before it: ends on the ninth
        (5, 9, False),
        (5, 10, True),
    ],
)
def test_days_are_not_had_twice(first: int, last: int | None, *, clash: bool) -> None:
    standing = [version(1, PRODUCER, 10, 20), version(2, Scope(product_id=HONEY), first, last)]
    new = version(3, PRODUCER, first, last)
    if clash:
        with pytest.raises(TermsOverlap) as refused:
            require_apart(new, standing)
        assert refused.value.facts["terms_no"] == "CT-1"
    else:
        require_apart(new, standing)
