"""Document ids are unique, well-formed, and ordered as they were made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from core import clock, ids

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def test_an_id_is_a_uuid_of_version_seven() -> None:
    made = ids.uuid7()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(NOON.timestamp() * 1000)


def test_ids_of_one_millisecond_keep_the_order_they_were_made_in() -> None:
    made = [ids.uuid7() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == 2000


def test_an_id_of_a_later_instant_is_greater(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.uuid7()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(milliseconds=1))
    assert ids.uuid7() > first


def test_ids_made_side_by_side_are_all_different() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.uuid7(), range(4000)))
    assert len(set(made)) == 4000


def test_seeded_ids_start_over_even_within_one_instant() -> None:
    def draw() -> list[str]:
        with ids.seeded(7):
            return [str(ids.uuid7()) for _ in range(3)]

    assert draw() == draw()
