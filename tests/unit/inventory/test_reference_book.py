"""Which reference price holds on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inventory.rules.reference_prices import Reference, ReferenceBook

RICE, HONEY = UUID(int=1), UUID(int=2)


def seen(number: int, day: date, product: UUID = RICE, kind: str = "shelf") -> Reference:
    return Reference(UUID(int=number), product, kind, 10, 10, 10, day)


def test_the_latest_not_after_the_day_holds_until_it_is_too_old() -> None:
    book = ReferenceBook([seen(2, date(2026, 3, 1)), seen(1, date(2026, 1, 1))], holds_days=90)
    assert book.on(RICE, "shelf", date(2025, 12, 31)) is None
    for day, number in (
        (date(2026, 1, 1), 1),
        (date(2026, 2, 28), 1),
        (date(2026, 3, 1), 2),
        (date(2026, 5, 30), 2),
    ):
        found = book.on(RICE, "shelf", day)
        assert found is not None and found.id.int == number
    assert book.on(RICE, "shelf", date(2026, 5, 31)) is None


def test_an_older_price_does_not_come_back_when_the_newer_one_is_too_old() -> None:
    book = ReferenceBook([seen(1, date(2026, 1, 1)), seen(2, date(2026, 1, 2))], holds_days=1)
    assert book.on(RICE, "shelf", date(2026, 1, 4)) is None


def test_of_one_days_prices_the_last_entered_holds() -> None:
    day = date(2026, 1, 1)
    found = ReferenceBook([seen(1, day), seen(2, day)], 10).on(RICE, "shelf", day)
    assert found is not None and found.id.int == 2


def test_kinds_and_products_are_kept_apart() -> None:
    day = date(2026, 1, 1)
    book = ReferenceBook([seen(1, day), seen(2, day, HONEY), seen(3, day, RICE, "farm_gate")], 10)
    assert book.on(HONEY, "farm_gate", day) is None
    found = book.on(RICE, "farm_gate", day)
    assert found is not None and found.id.int == 3
