"""Accounts, purses, schemes and coupons in the browser, and what the till asks about them."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounting.services.credit import accounts, bills
from accounting.services.credit.accounts import SetCredit
from accounting.services.purse import holding
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.pages import schemes as scheme_pages
from pos.services import scheme_claims
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.api.test_member_payment_pages import Desk, signed_in, text
from tests.funding import fund, give
from tests.shop import Shop, shop_in
from tests.tendering import opened, scheme


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def malee(shop: Shop) -> UUID:
    new = NewMember(first_name="มาลี", nickname="ลี")
    return in_transaction(members.create, new, shop.actor).id


@pytest.fixture
def jam(shop: Shop) -> UUID:
    product = shop.product("แยม", 100_00)
    shop.buy(product, 100_000, 60_00)
    return product


@pytest.fixture
def desk(app: Flask, centre: Centre) -> Desk:
    return signed_in(app, centre, "manager")


def identity(page: str) -> str:
    return re.findall(r'name="id" value="([0-9a-f-]{36})"', page)[0]


def test_an_account_is_opened_sold_on_and_repaid(
    desk: Desk, shop: Shop, malee: UUID, jam: UUID
) -> None:
    place = f"/credit/members/{malee}"
    assert "ลี" in text(desk, "/credit?q=ลี")
    terms = {"version": "0", "state": "active", "limit_satang": "500", "terms_days": "30"}
    assert desk.post(f"{place}/terms", data=terms).status_code == 422
    assert desk.post(f"{place}/terms", data=terms | {"reason": "มติ"}).status_code == 303
    line = RecordSaleLine(jam, 1000, 100_00)
    shop.sell(line, pay=(RecordPayment("credit", 100_00),), member_id=malee)
    page = text(desk, place)
    said = {"id": identity(page), "paid_into": "safe", "amount_satang": "120"}
    refused = desk.post(place, data=said)
    assert refused.status_code == 409
    assert 'value="120"' in refused.get_data(as_text=True)
    done = desk.post(place, data=said | {"rest_to_purse": "1"})
    assert done.status_code == 303
    assert desk.post(place, data=said | {"rest_to_purse": "1"}).status_code == 303
    assert holding.balance(shop.centre_id, malee) == 20_00
    db.session.rollback()
    where = done.headers["Location"].removeprefix(f"/c/{shop.centre_id}")
    assert "CR-" in text(desk, where)
    back = desk.post(f"{where}/take-back", data={"reason": "ผิดคน"})
    assert back.status_code == 303
    assert "CR-" in text(desk, "/credit/repayments")
    assert "100.00" in text(desk, "/credit")
    assert desk.get("/credit.csv").status_code == 200
    for paper in (f"{place}/statement.pdf", "/credit/reminders.pdf"):
        assert desk.get(paper).data.startswith(b"%PDF")


def test_a_debt_is_given_up_by_two(
    app: Flask, centre: Centre, desk: Desk, shop: Shop, malee: UUID, jam: UUID
) -> None:
    in_transaction(accounts.save, SetCredit(malee, "active", 500_00, 0, "มติ"), shop.actor)
    line = RecordSaleLine(jam, 1000, 100_00)
    shop.sell(line, pay=(RecordPayment("credit", 100_00),), member_id=malee)
    [bill] = bills.open_of(shop.centre_id, malee)
    db.session.rollback()
    page = text(desk, f"/credit/members/{malee}")
    form = re.search(r'write-off">.*?name="id" value="([0-9a-f-]{36})"', page, re.DOTALL)
    assert form is not None
    said = {"id": form[1], "bill_ids": str(bill.id), "reason": "ทวงไม่ได้"}
    made = desk.post(f"/credit/members/{malee}/write-off", data=said)
    where = made.headers["Location"].removeprefix(f"/c/{shop.centre_id}")
    assert desk.post(where, data={"decision": "approve"}).status_code == 409
    second = signed_in(app, centre, "accountant")
    assert second.post(where, data={"decision": "approve"}).status_code == 303
    assert "WO-" in text(desk, "/credit/write-offs")


def test_a_purse_is_filled_and_emptied_with_a_slip(desk: Desk, shop: Shop, malee: UUID) -> None:
    place = f"/purses/members/{malee}"
    said = {"kind": "top_up", "place": "safe", "amount_satang": "100"}
    made = desk.post(place, data=said | {"id": identity(text(desk, place))})
    assert made.status_code == 303
    where = made.headers["Location"].removeprefix(f"/c/{shop.centre_id}")
    assert "PU-" in text(desk, where)
    assert desk.get(f"{where}.pdf").data.startswith(b"%PDF")
    more = said | {"kind": "withdrawal", "amount_satang": "100.25", "id": str(uuid7())}
    assert desk.post(place, data=more).status_code == 409
    assert desk.post(place, data=more | {"amount_satang": "100"}).status_code == 303
    assert "PU-" in text(desk, "/purses/slips")
    assert text(desk, "/purses")


def test_a_cashier_puts_money_in_but_hands_none_out(
    app: Flask, centre: Centre, malee: UUID
) -> None:
    cashier = signed_in(app, centre, "cashier")
    said = {"id": str(uuid7()), "place": "safe", "amount_satang": "100"}
    place = f"/purses/members/{malee}"
    assert cashier.post(place, data=said | {"kind": "withdrawal"}).status_code == 403
    assert cashier.post(place, data=said | {"kind": "top_up"}).status_code == 303


def test_a_scheme_is_kept_used_and_settled(desk: Desk, shop: Shop, jam: UUID) -> None:
    said = {"code": "W", "name_th": "บัตรสวัสดิการ", "active": "1", "bill_max_satang": "200"}
    made = desk.post("/schemes", data=said | {"id": identity(text(desk, "/schemes"))})
    assert made.status_code == 303
    answer = desk.client.get(f"/api/v1/centres/{shop.centre_id}/schemes").get_json()
    card = UUID(answer["schemes"][0]["id"])
    line = RecordSaleLine(jam, 1000, 100_00)
    receipt = shop.sell(line, pay=(RecordPayment("scheme", 100_00, "S1", card),))
    place = f"/schemes/{card}"
    page = text(desk, place)
    paid = {
        "id": identity(page),
        "received_satang": "58",
        "fee_satang": "2",
        f"chosen_{receipt.id}": "1",
        f"accepted_{receipt.id}": "60",
        f"rejected_{receipt.id}": "40",
    }
    assert desk.post(place, data=paid).status_code == 422
    wrong = desk.post(place, data=paid | {f"accepted_{receipt.id}": "ก"})
    assert wrong.status_code == 422
    done = desk.post(place, data=paid | {f"bearer_{receipt.id}": "centre"})
    assert done.status_code == 303
    assert "SC-" in text(desk, done.headers["Location"].removeprefix(f"/c/{shop.centre_id}"))
    assert scheme_claims.open_by_scheme(shop.centre_id) == {}
    db.session.rollback()
    assert desk.get(f"{place}.csv").status_code == 200


def test_many_claims_are_shown_some_at_a_time(
    desk: Desk, shop: Shop, jam: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheme_pages, "CLAIMS_SHOWN", 2)
    card = scheme(shop)
    line = RecordSaleLine(jam, 1000, 100_00)
    sold = [
        shop.sell(line, pay=(RecordPayment("scheme", 100_00, f"S{number}", card),))
        for number in range(3)
    ]
    first = text(desk, f"/schemes/{card}")
    assert "300.00" in first, "what all of them come to"
    assert [f"accepted_{one.id}" in first for one in sold] == [True, True, False]
    [after] = re.findall(r"claims_after=([^\"&]+)", first)
    place = f"/schemes/{card}?claims_after={after}"
    last = text(desk, place)
    assert [f"accepted_{one.id}" in last for one in sold] == [False, False, True]
    paid = {
        "id": identity(last),
        "received_satang": "100",
        f"chosen_{sold[2].id}": "1",
        f"accepted_{sold[2].id}": "100",
    }
    assert desk.post(place, data=paid).status_code == 303


def test_coupons_are_made_printed_found_and_cancelled(
    desk: Desk, shop: Shop, manager: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 500_00)
    said = {
        "id": identity(text(desk, "/coupons")),
        "fund_id": str(fund_id),
        "name": "คูปองช่วยเหลือ",
        "count": "2",
        "amount_satang": "50",
        "valid_until": (clock.today() + timedelta(days=9)).isoformat(),
        "rest": "stays",
    }
    assert desk.post("/coupons", data=said | {"amount_satang": "251"}).status_code == 409
    made = desk.post("/coupons", data=said)
    assert made.status_code == 303
    where = made.headers["Location"].removeprefix(f"/c/{shop.centre_id}")
    page = text(desk, where)
    code = re.findall(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", page)[0]
    address = f"/api/v1/centres/{shop.centre_id}/coupons"
    assert desk.client.get(address, query_string={"code": code}).get_json()["left_satang"] == 50_00
    assert desk.client.get(address, query_string={"code": "AAAA"}).status_code == 409
    assert desk.get(f"{where}/sheet.pdf").data.startswith(b"%PDF")
    assert desk.post(f"{where}/cancel", data={"reason": ""}).status_code == 422
    unsaid = desk.post(f"{where}/cancel", data={"reason": "พิมพ์ผิด"})
    assert unsaid.status_code == 422, "none is ticked, and nobody said all of them"
    assert "พิมพ์ผิด" in unsaid.get_data(as_text=True)
    said_so = {"reason": "พิมพ์ผิด", "every": "1"}
    assert desk.post(f"{where}/cancel", data=said_so).status_code == 303
    assert desk.client.get(address, query_string={"code": code}).get_json()["left_satang"] == 0


def test_the_till_is_told_what_a_member_has(desk: Desk, shop: Shop, malee: UUID) -> None:
    in_transaction(accounts.save, SetCredit(malee, "active", 500_00, 30, "มติ"), shop.actor)
    answer = desk.client.get(f"/api/v1/centres/{shop.centre_id}/members/{malee}/money")
    assert answer.get_json() == {
        "purse_satang": 0,
        "state": "active",
        "limit_satang": 500_00,
        "owed_satang": 0,
        "overdue_satang": 0,
        "left_satang": 500_00,
    }
    unknown = desk.client.get(f"/api/v1/centres/{shop.centre_id}/members/{uuid7()}/money")
    assert unknown.status_code == 404


def test_a_refund_says_where_each_part_of_it_went(
    desk: Desk, shop: Shop, jam: UUID, malee: UUID
) -> None:
    opened(shop, malee, 500_00)
    line = RecordSaleLine(jam, 1000, 100_00)
    pay = (RecordPayment("credit", 60_00), RecordPayment("cash", 40_00))
    back = shop.refund(shop.sell(line, pay=pay, member_id=malee), (1, 1000))
    desk.get("/", headers={"Accept-Language": "th"})
    page = text(desk, f"/refunds/{back.id}")
    assert "เงินเชื่อสมาชิก" in page and "60.00" in page and "40.00" in page
    assert "<dd>โอนเงิน" not in page
