"""Paying producers in a browser: the voucher form, its paper, advances, repayments, bank files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import update

from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services import advances, payouts
from members.models import CentreRow
from members.services import grants, payment_details, users
from members.services.payment_details import PaymentDetails
from members.services.users import NewUser
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.conftest import PASSWORD
from tests.paying import due, settle
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    """After each test every check of the books holds."""
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


@pytest.fixture
def books(browser_of: BrowserOf) -> Browser:
    return browser_of("accountant")


@pytest.fixture
def producer(shop: Shop, browser_of: BrowserOf, manager: Actor) -> Browser:
    """The shop's producer, signed in on her phone."""
    new = NewUser(
        username="pa.daeng",
        display_name="ป้าแดง",
        password=PASSWORD,
        roles=("producer",),
        producer_id=shop.producer_id,
    )
    in_transaction(users.create, new, manager)
    return browser_of("pa.daeng")


def rows_of(shop: Shop) -> dict[str, str]:
    """Return the form's fields that pay everything that is due."""
    fields = {}
    for number, line in enumerate(due(shop), start=1):
        fields[f"line_{number}"] = f"{line.kind}:{line.document_id}"
        fields[f"pay_{number}"] = "1"
        fields[f"amount_{number}"] = f"{line.left_satang // 100}.{line.left_satang % 100:02d}"
    return {"rows": str(len(due(shop))), **fields}


def id_in(location: str) -> UUID:
    found = re.search(r"[0-9a-f-]{36}", location)
    assert found
    return UUID(found[0])


def test_a_producer_is_paid_on_one_voucher_and_signs_it(
    shop: Shop, books: Browser, accountant: Actor, manager: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(honey, 10_000)
    receipt = shop.sell(RecordSaleLine(honey, 3_000, 100_00))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1_000))
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    page = books.get("/c/{c}/payouts?q=แดง").get_data(as_text=True)
    assert "ป้าแดง" in page
    assert "ป้าแดง" not in books.get("/c/{c}/payouts?q=ลุง").get_data(as_text=True)
    assert "190.00" in page
    path = f"/c/{{c}}/producers/{shop.producer_id}/pay"
    form = books.get(path).get_data(as_text=True)
    assert "RT1-" in form, "the refund stands there by its number"
    fields = {"id": str(uuid7()), "way": "safe", **rows_of(shop)}
    summed = books.form(path, sum="1", **fields)
    assert "190.00" in summed.get_data(as_text=True)
    paid = books.form(path, **fields)
    assert paid.status_code == 303
    again = books.form(path, **fields)
    assert again.headers["Location"] == paid.headers["Location"]
    assert "PV-" in books.get("/c/{c}/payouts/paid").get_data(as_text=True)
    voucher = books.get(paid.headers["Location"])
    assert "190.00" in voucher.get_data(as_text=True)
    paper = books.get(f"{paid.headers['Location']}/voucher.pdf?paper=a4")
    assert paper.data.startswith(b"%PDF")


def test_cash_leaves_what_no_coin_can_pay_for_the_next_voucher(
    shop: Shop, books: Browser, accountant: Actor, manager: Actor
) -> None:
    db.session.execute(update(CentreRow).values(cash_rounding_satang=25))
    db.session.commit()
    honey = shop.product("น้ำผึ้ง", 101_33)
    shop.consign(honey, 10_000)
    shop.sell(RecordSaleLine(honey, 1_000, 101_33))
    settle(accountant, manager)
    form = books.get(f"/c/{{c}}/producers/{shop.producer_id}/pay").get_data(as_text=True)
    assert "81.06" in form, "80 percent of 101.33"
    assert 'value="81.00"' in form


def test_what_is_typed_too_high_is_said_beside_it_and_nothing_is_lost(
    shop: Shop, books: Browser
) -> None:
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    path = f"/c/{{c}}/producers/{shop.producer_id}/pay"
    fields = {"id": str(uuid7()), "way": "safe", "note": "จ่ายเอง", **rows_of(shop)}
    refused = books.form(path, **fields | {"amount_1": "30.01"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert 'id="amount_1-error"' in page
    assert "30.00" in page
    assert "จ่ายเอง" in page
    assert books.form(path, **fields | {"amount_1": "x"}).status_code == 422
    assert books.form(path, **fields | {"way": "till"}).status_code == 422


def test_a_producer_opens_own_vouchers_only(
    shop: Shop, books: Browser, producer: Browser, cashier: Actor, browser_of: BrowserOf
) -> None:
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    path = f"/c/{{c}}/producers/{shop.producer_id}/pay"
    paid = books.form(path, id=str(uuid7()), way="safe", **rows_of(shop))
    assert producer.get(paid.headers["Location"]).status_code == 200
    assert producer.get("/c/{c}/payouts").status_code == 403
    assert producer.get("/c/{c}/payouts/paid").status_code == 403
    assert producer.get(path).status_code == 403
    assert browser_of("cashier").get(paid.headers["Location"]).status_code == 403


def test_an_advance_of_goods_is_given_and_money_brought_back(shop: Shop, books: Browser) -> None:
    seed = shop.product("เมล็ดพันธุ์", 40_00)
    shop.buy(seed, 5_000, 25_00)
    assert books.get("/c/{c}/advances/new").status_code == 200
    fields = {
        "id": str(uuid7()),
        "producer_id": str(shop.producer_id),
        "paid_from": "shelf",
        "rows": "4",
        "product_1": str(seed),
        "quantity_1": "9",
    }
    refused = books.form("/c/{c}/advances/new", **fields)
    assert refused.status_code == 409
    assert "เมล็ดพันธุ์" in refused.get_data(as_text=True)
    given = books.form("/c/{c}/advances/new", **fields | {"quantity_1": "2"})
    assert given.status_code == 303
    page = books.get(given.headers["Location"]).get_data(as_text=True)
    assert "80.00" in page
    assert books.get(f"{given.headers['Location']}/slip.pdf").data.startswith(b"%PDF")
    repay = f"/c/{{c}}/producers/{shop.producer_id}/repay"
    assert "80.00" in books.get(repay).get_data(as_text=True)
    fields = {"id": str(uuid7()), "paid_into": "safe"}
    assert books.form(repay, amount="80.01", **fields).status_code == 409
    taken = books.form(repay, amount="50", **fields)
    assert "50.00" in books.get(taken.headers["Location"]).get_data(as_text=True)
    found = advances.outstanding(shop.centre_id)[shop.producer_id]
    assert [one.left_satang for one in found] == [30_00]
    for path in ("/c/{c}/advances", "/c/{c}/repayments", given.headers["Location"]):
        assert "30.00" in (text := books.get(path).get_data(as_text=True)) or "50.00" in text


def test_whoever_would_pay_themselves_by_a_bank_file_is_led_to_the_waiver(
    shop: Shop, books: Browser, accountant: Actor, system: Actor
) -> None:
    assert accountant.user_id is not None
    in_transaction(grants.give, accountant.user_id, "producer", system, shop.producer_id)
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    details = PaymentDetails(promptpay_id="0812345678")
    in_transaction(payment_details.save, shop.producer_id, details, 1, shop.actor)
    refused = books.form("/c/{c}/payout-batches/new", id=str(uuid7()), way="promptpay")
    assert refused.status_code == 409
    assert f"/c/{shop.centre_id}/duties" in refused.get_data(as_text=True)


def test_a_bank_file_is_made_downloaded_and_answered(shop: Shop, books: Browser) -> None:
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    fields = {"id": str(uuid7()), "way": "promptpay"}
    refused = books.form("/c/{c}/payout-batches/new", **fields)
    assert refused.status_code == 409
    assert "ป้าแดง" in refused.get_data(as_text=True)
    details = PaymentDetails(promptpay_id="0812345678")
    in_transaction(payment_details.save, shop.producer_id, details, 1, shop.actor)
    made = books.form("/c/{c}/payout-batches/new", **fields)
    assert made.status_code == 303
    where = made.headers["Location"]
    file = books.get(f"{where}/file.csv")
    assert file.data.startswith(b"\xef\xbb\xbfreference,")
    assert b",0812345678," in file.data
    bad = books.form(f"{where}/answers", answer="reference\nPB-1\n")
    assert bad.status_code == 422
    assert "PB-1" in bad.get_data(as_text=True), "what was pasted is given back"
    assert books.form(f"{where}/answer", line_no="1", result="failed").status_code == 422
    row = file.get_data(as_text=True).splitlines()[1].partition(",")[0]
    sent = io.BytesIO(f"reference,result,note\n{row},paid,TX1\n".encode())
    answered = books.form(f"{where}/answers", answer="", file=(sent, "answer.csv"))
    assert answered.status_code == 303
    assert "TX1" in books.get(where).get_data(as_text=True)
    assert books.get("/c/{c}/payout-batches").status_code == 200
    assert payouts.dues(shop.actor) == []


def test_where_money_goes_is_kept_on_a_page_of_its_own(shop: Shop, browser_of: BrowserOf) -> None:
    keeper = browser_of("stock_keeper")
    path = f"/c/{{c}}/producers/{shop.producer_id}/payment"
    assert keeper.get(path).status_code == 200
    assert keeper.form(path, version="1", promptpay_id="0212345678").status_code == 422
    saved = keeper.form(
        path,
        version="1",
        promptpay_id="081 234 5678",
        bank_code="034",
        bank_account="012-3-45678-9",
        bank_account_name="นางแดง",
    )
    assert saved.status_code == 303
    assert "0812345678" in keeper.get(path).get_data(as_text=True)
