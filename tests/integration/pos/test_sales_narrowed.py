"""A list of sales narrowed to something is what a plain look at every sale gives, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event, exists, select

from core import clock
from core.actor import Centre
from core.db import db
from core.paging import Window, all_items
from pos.models import Payment, Sale, SaleLine
from pos.services import sales_list
from pos.services.receipts import SaleSummary
from pos.services.sales_list import Wanted
from tests.shop import Shop, shop_in
from tests.trading import DAYS, Moving, on, roll_all, trade


@pytest.fixture
def moving() -> Iterator[Moving]:
    moment = Moving()
    with clock.travel(lambda: moment.now):
        yield moment


@pytest.fixture
def shop(centre: Centre, moving: Moving) -> Shop:
    return shop_in(centre)


def listed(shop: Shop, wanted: Wanted, limit: int) -> list[SaleSummary]:
    """Walk the list page by page."""
    found: list[SaleSummary] = []
    after: str | None = None
    while True:
        page = sales_list.listing(shop.actor, Window(after, limit), wanted)
        assert len(page.items) == limit or page.next is None
        found += page.items
        if page.next is None:
            return found
        after = page.next


def plainly(shop: Shop, wanted: Wanted) -> list[str]:
    """Ask every sale."""
    query = select(Sale.receipt_no).where(Sale.centre_id == shop.centre_id)
    if wanted.method is not None:
        paid = exists().where(Payment.sale_id == Sale.id, Payment.method == wanted.method)
        query = query.where(paid)
    if wanted.product is not None:
        has = exists().where(SaleLine.sale_id == Sale.id, SaleLine.product_id == wanted.product)
        query = query.where(has)
    if wanted.till is not None:
        query = query.where(Sale.till_id == wanted.till)
    if wanted.cashier is not None:
        query = query.where(Sale.cashier_id == wanted.cashier)
    if wanted.first is not None:
        query = query.where(Sale.business_date >= wanted.first)
    if wanted.last is not None:
        query = query.where(Sale.business_date <= wanted.last)
    ordered = query.order_by(Sale.business_date.desc(), Sale.id.desc())
    return list(db.session.scalars(ordered))


@pytest.mark.parametrize("seed", range(3))
def test_a_narrowed_list_leaves_nothing_out(
    shop: Shop, moving: Moving, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """With days added up, with none, with a sale that came since; in pages of one to many."""
    monkeypatch.setattr(sales_list, "SURELY_READ", 1)
    trade(shop, moving, seed)
    product = db.session.scalars(select(SaleLine.product_id)).first()
    narrow = [
        Wanted(method="cash"),
        Wanted(method="promptpay"),
        Wanted(method="promptpay", product=product),
        Wanted(product=product, first=on(1), last=on(3)),
        Wanted(till=shop.till_id, method="transfer"),
        Wanted(cashier=shop.actor.user_id),
    ]
    for kept in (False, True):
        if kept:
            assert roll_all(shop) == DAYS
        for wanted in narrow:
            for limit in (1, 3, 50):
                numbers = [one.receipt_no for one in listed(shop, wanted, limit)]
                assert numbers == plainly(shop, wanted), (kept, wanted, limit)
    by_hour = [
        one for hour in range(24) for one in listed(shop, Wanted(hour=hour, last=on(DAYS)), 2)
    ]
    assert sorted(one.receipt_no for one in by_hour) == sorted(plainly(shop, Wanted()))


def test_what_hardly_anybody_paid_with_is_not_sought_in_every_sale(
    shop: Shop, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kept figures say that no day has any: no sale of the days before is read."""
    monkeypatch.setattr(sales_list, "SURELY_READ", 1)
    trade(shop, moving, 5)
    roll_all(shop)
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    page = sales_list.listing(shop.actor, Window(), Wanted(method="voucher"))
    event.remove(db.engine, "before_cursor_execute", note)
    assert page.items == ()
    assert sum("JOIN till" in one for one in seen) == 1
    paid = replace(Wanted(method="cash"), first=on(0))
    found = all_items(lambda window: sales_list.listing(shop.actor, window, paid), 1000)
    assert len(found) == len(plainly(shop, paid)) > 0
