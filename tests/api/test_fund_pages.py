"""Funds at the browser: the committee's evening from the round to the signed voucher."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services.funds import asking, register
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from members.services import users
from members.services.users import NewUser
from tests.api.conftest import Browser
from tests.conftest import PASSWORD
from tests.funding import approved, asked, fund, give, paid, village
from tests.resolving import resolve
from tests.writing import account

BrowserOf = Callable[[str], Browser]


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def sent(browser: Browser, path: str, **fields: object) -> str:
    """Send a form that is accepted; return where it leads."""
    response = browser.form(path, **fields)
    assert response.status_code == 303, re.findall(r'class="error"[^>]*>([^<]+)', text_of(response))
    return response.location


@pytest.fixture
def second(app: Flask, manager: Actor) -> Browser:
    """A second manager at a browser of their own."""
    new = NewUser(
        username="committee", display_name="กรรมการ", password=PASSWORD, roles=("manager",)
    )
    in_transaction(users.create, new, manager)
    browser = Browser(app.test_client(), manager.centre_id)
    assert browser.sign_in("committee").status_code == 303
    return browser


def test_the_committees_evening(
    browser_of: BrowserOf, centre: Centre, manager: Actor, second: Browser
) -> None:
    home = village(manager, "บ้านลำสินธุ์")
    chair, clerk = browser_of("manager"), browser_of("accountant")
    new = {"id": str(uuid7()), "code": "YOUTH", "name_th": "กองทุนอาชีพเยาวชน"}
    sent(chair, "/c/{c}/funds", kind="occupation", **new)
    fund_id = new["id"]
    where = sent(
        chair,
        "/c/{c}/match-rounds/new",
        id=str(uuid7()),
        fund_id=fund_id,
        title="สมทบหมู่บ้านละหมื่น",
        source="network",
        giver_name="เครือข่าย",
        rule_type="fixed",
        amount="10,000",
        counts_from="1/9/2550",
        counts_to="30/9/2550",
        happened_on="1/9/2550",
        happened_precision="month",
        recipients_stated="๓๒",
    )
    sent(chair, f"{where}/match", id=str(uuid7()), village_id=str(home), paid_to="bank")
    page = text_of(chair.get(where))
    assert "10,000.00" in page and ">32<" in page and "320,000" not in page
    again = chair.form(f"{where}/match", id=str(uuid7()), village_id=str(home), paid_to="bank")
    assert again.status_code == 409
    where = sent(
        clerk,
        "/c/{c}/fund-requests/new",
        id=str(uuid7()),
        fund_id=fund_id,
        name="เด็กดี มีสุข",
        category="youth",
        village_id=str(home),
        minor="1",
        guardian_name="ยายมา มีสุข",
        guardian_relation="ยาย",
        purpose="occupation",
        amount="3,000",
        reason="ซื้อจักรเย็บผ้า",
    )
    own = clerk.form(f"{where}/approve")
    assert own.status_code == 409
    sent(chair, f"{where}/approve")
    early = chair.form(f"{where}/pay", id=str(uuid7()), paid_from="bank")
    assert early.status_code == 409
    sent(second, f"{where}/approve")
    assert "3,000.00" in text_of(chair.get(where))
    sent(chair, f"{where}/pay", id=str(uuid7()), paid_from="bank")
    page = text_of(chair.get(where))
    assert "FG-" in page and "ยายมา มีสุข" in page
    [voucher] = re.findall(r'href="([^"]+voucher\.pdf)"', page)
    assert chair.get(voucher).data[:5] == b"%PDF-"
    assert register.balance(centre.id, UUID(fund_id)) == 7_000_00
    assert "บ้านลำสินธุ์" in text_of(chair.get("/c/{c}/fund-recipients"))
    assert "เด็กดี" in text_of(clerk.get("/c/{c}/fund-recipients"))
    for path in ("/c/{c}/funds", f"/c/{{c}}/funds/{fund_id}", "/c/{c}/fund-report"):
        assert "7,000.00" in text_of(chair.get(path)), path


def test_names_are_not_for_the_auditor_and_no_file_has_any(
    browser_of: BrowserOf, accountant: Actor, manager: Actor, centre: Centre
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 1_000_00)
    request = approved(
        accountant,
        manager,
        replace(manager, user_id=uuid7()),
        fund_id,
        100_00,
        name="สมศรี ซ่อนเร้น",
        minor=True,
        guardian_name="แม่ซ่อนเร้น",
        guardian_relation="แม่",
    )
    grant = paid(manager, request.id)
    auditor, clerk = browser_of("auditor"), browser_of("accountant")
    for path in (
        "/c/{c}/fund-recipients",
        "/c/{c}/fund-requests",
        f"/c/{{c}}/fund-requests/{request.id}",
        f"/c/{{c}}/fund-grants/{grant.id}",
        f"/c/{{c}}/funds/{fund_id}",
        "/c/{c}/fund-report",
    ):
        page = text_of(auditor.get(path))
        assert "ซ่อนเร้น" not in page and "100.00" in page, path
    assert "สมศรี" in text_of(clerk.get("/c/{c}/fund-recipients"))
    forget = f"/c/{{c}}/fund-requests/{request.id}/forget"
    assert clerk.form(forget).status_code == 403
    for path in ("/c/{c}/fund-recipients.csv", "/c/{c}/fund-report.csv"):
        file = clerk.get(path)
        assert file.mimetype == "text/csv" and "ซ่อนเร้น" not in text_of(file)
        assert "100.00" in text_of(file)
    assert clerk.get("/c/{c}/fund-report.pdf").data[:5] == b"%PDF-"
    assert browser_of("cashier").get("/c/{c}/fund-requests").status_code == 403
    chair = browser_of("manager")
    assert chair.form(forget).status_code == 303
    page = text_of(chair.get(f"/c/{{c}}/fund-requests/{request.id}"))
    assert "ซ่อนเร้น" not in page and "100.00" in page and "/forget" not in page


def test_nothing_typed_is_lost(browser_of: BrowserOf, manager: Actor) -> None:
    fund_id, chair = fund(manager), browser_of("manager")
    fields = {
        "id": str(uuid7()),
        "fund_id": str(fund_id),
        "name": "นายทดสอบ",
        "category": "youth",
        "purpose": "occupation",
        "amount": "12x",
    }
    page = chair.form("/c/{c}/fund-requests/new", **fields)
    assert page.status_code == 422 and "นายทดสอบ" in text_of(page) and "12x" in text_of(page)
    minor = chair.form("/c/{c}/fund-requests/new", **fields | {"amount": "1", "minor": "1"})
    assert minor.status_code == 422 and 'id="guardian_name-error"' in text_of(minor)
    page = chair.form(
        f"/c/{{c}}/funds/{fund_id}/contribute",
        id=str(uuid7()),
        source="member",
        amount="10",
        paid_to="safe",
        member_no="999",
        note="ที่พิมพ์ไว้",
    )
    assert page.status_code == 404 and "ที่พิมพ์ไว้" in text_of(page)
    page = chair.form(f"/c/{{c}}/funds/{fund_id}/rule", id=str(uuid7()), approvals="1", giver="ใคร")
    assert page.status_code == 422 and "ใคร" in text_of(page)


def test_a_contribution_is_received_printed_and_taken_back(
    browser_of: BrowserOf, manager: Actor, centre: Centre
) -> None:
    fund_id, chair = fund(manager), browser_of("manager")
    assert 'name="amount"' in text_of(chair.get(f"/c/{{c}}/funds/{fund_id}/contribute"))
    where = sent(
        chair,
        f"/c/{{c}}/funds/{fund_id}/contribute",
        id=str(uuid7()),
        source="merit_making",
        giver_name="ผ้าป่าวัดลำสินธุ์",
        amount="๑,๒๕๐.๕๐",
        paid_to="safe",
    )
    assert "1,250.50" in text_of(chair.get(where))
    assert chair.get(f"{where}/receipt.pdf").data[:5] == b"%PDF-"
    assert chair.form(f"{where}/take-back", reason="").status_code == 422
    sent(chair, f"{where}/take-back", reason="เขียนผิดกองทุน")
    assert "เขียนผิดกองทุน" in text_of(chair.get(where))
    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == 0


def test_rule_transfer_and_end_of_a_fund(browser_of: BrowserOf, manager: Actor) -> None:
    resolution = str(resolve(manager))
    one, two, chair = fund(manager), fund(manager, "public_benefit"), browser_of("manager")
    give(manager, one, 500_00)
    base = f"/c/{{c}}/funds/{one}"
    assert "1/2569" in text_of(chair.get(f"{base}/manage"))
    rule = {"approvals": "3", "purposes": ["occupation", "education"], "request_max": "3,000"}
    sent(chair, f"{base}/rule", id=str(uuid7()), **rule)
    assert "3,000.00" in text_of(chair.get(base))
    move = {"to_fund_id": str(two), "resolution_id": resolution}
    assert chair.form(f"{base}/move", id=str(uuid7()), amount="501", **move).status_code == 409
    sent(chair, f"{base}/move", id=str(uuid7()), amount="200", **move)
    end = {"id": str(uuid7()), "resolution_id": resolution}
    assert chair.form(f"{base}/end", **end).status_code == 409
    sent(chair, f"{base}/end", **end, rest_to_fund_id=str(two))
    assert register.balance(manager.centre_id, two) == 500_00


def test_funeral_aid_has_its_own_pages(
    browser_of: BrowserOf, manager: Actor, second: Browser, accountant: Actor
) -> None:
    fund_id, chair = fund(manager, "funeral_aid"), browser_of("manager")
    where = sent(
        chair,
        f"/c/{{c}}/funds/{fund_id}/cases",
        id=str(uuid7()),
        deceased_name="ตาสี",
        died_on=clock.today().strftime("%d/%m/%Y"),
    )
    case_id = where.rpartition("/")[2]
    give(manager, fund_id, 300_00, source="member", giver_name="แดง", case_id=UUID(case_id))
    page = text_of(chair.get(where))
    assert "แดง" in page and "300.00" in page
    form = text_of(chair.get(f"/c/{{c}}/funds/{fund_id}/contribute?case={case_id}"))
    assert 'value="apart"' in form and 'value="safe"' not in form
    assert "ตาสี" in text_of(chair.get(f"/c/{{c}}/funds/{fund_id}/cases"))


def test_help_paid_back_through_the_page(
    browser_of: BrowserOf, accountant: Actor, manager: Actor
) -> None:
    fund_id, chair = fund(manager, "produce_advances"), browser_of("manager")
    give(manager, fund_id, 1_000_00)
    request = approved(
        accountant,
        manager,
        replace(manager, user_id=uuid7()),
        fund_id,
        600_00,
        purpose="produce_advance",
        category="producer",
    )
    grant = paid(manager, request.id)
    path = f"/c/{{c}}/fund-grants/{grant.id}/repay"
    assert "600.00" in text_of(chair.get(path))
    too_much = chair.form(path, id=str(uuid7()), amount="600.01", paid_to="safe")
    assert too_much.status_code == 409
    sent(chair, path, id=str(uuid7()), amount="250", paid_to="safe")
    assert "250.00" in text_of(chair.get(f"/c/{{c}}/fund-requests/{request.id}"))


def test_a_grant_says_which_cost_it_pays_for(
    browser_of: BrowserOf, accountant: Actor, manager: Actor, centre: Centre
) -> None:
    fund_id, chair = fund(manager, "restricted_grant"), browser_of("manager")
    give(manager, fund_id, 1_000_00, source="state", giver_name="จังหวัด")
    request = approved(
        accountant,
        manager,
        replace(manager, user_id=uuid7()),
        fund_id,
        100_00,
        purpose="public_work",
    )
    base = f"/c/{{c}}/fund-requests/{request.id}"
    pay = {"id": str(uuid7()), "paid_from": "bank"}
    assert chair.form(f"{base}/pay", **pay).status_code == 422
    cost = str(account(centre.id, Purpose.TRANSPORT))
    sent(chair, f"{base}/pay", **pay, expense_account_id=cost)
    assert asking.get(request.id, manager).card.state == "paid"


def test_refusing_and_withdrawing_need_a_reason(
    browser_of: BrowserOf, accountant: Actor, manager: Actor
) -> None:
    fund_id = fund(manager)
    one, two = (asked(accountant, fund_id, 1_00) for _ in range(2))
    chair, clerk = browser_of("manager"), browser_of("accountant")
    base = f"/c/{{c}}/fund-requests/{one.id}"
    assert chair.form(f"{base}/refuse").status_code == 422
    sent(chair, f"{base}/refuse", reason="ไม่ตรงหลักเกณฑ์")
    assert "ไม่ตรงหลักเกณฑ์" in text_of(clerk.get(base))
    sent(clerk, f"/c/{{c}}/fund-requests/{two.id}/withdraw", reason="ได้งานแล้ว")
    listed = text_of(clerk.get("/c/{c}/fund-requests?state=withdrawn"))
    assert two.request_no in listed and one.request_no not in listed
