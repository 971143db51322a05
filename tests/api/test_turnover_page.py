"""The turnover gauge as a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounting.services import book_settings
from core.actor import Actor, Centre
from core.db import in_transaction
from pos.services.sale import RecordSaleLine
from tests.shop import shop_in

Browser = Any


@pytest.fixture
def sold(centre: Centre) -> None:
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(honey, 10_000)
    shop.open()
    shop.sell(RecordSaleLine(honey, 5_000, 100_00))


def limit(manager: Actor, satang: int) -> None:
    card = book_settings.of(manager.centre_id)
    values = {name: getattr(card, name) for name in book_settings.FIELDS}
    values |= {"turnover_limit_satang": satang, "version": card.version}
    in_transaction(book_settings.change, type(card)(**values), manager)


@pytest.mark.parametrize(
    ("satang", "words"),
    [
        (1_000_00, "Well below the limit."),
        (140_00, "More than 70 per cent of the limit."),
        (110_00, "More than 90 per cent of the limit."),
        (100_00, "The limit is reached."),
    ],
)
def test_the_page_says_how_near_the_limit_is(
    sold: None,
    manager: Actor,
    browser_of: Callable[[str], Browser],
    satang: int,
    words: str,
) -> None:
    limit(manager, satang)
    page = browser_of("auditor").get("/c/{c}/turnover?lang=en").get_data(as_text=True)
    assert words in page
    assert "100.00" in page and "500.00" in page and "<svg" in page


def test_nonsense_is_told_and_a_cashier_refused(browser_of: Callable[[str], Browser]) -> None:
    assert browser_of("manager").get("/c/{c}/turnover?month=202600").status_code == 422
    assert browser_of("cashier").get("/c/{c}/turnover").status_code == 403
