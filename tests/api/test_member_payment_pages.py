"""Paying members in the browser: found by nickname, paid, refused without losing a keystroke."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accounting.services import bank_batches, member_payments
from accounting.services.bank_batches import MakeBatch
from accounting.services.member_payments import batches, choices, unclaimed
from accounting.services.member_payments.choices import Choice
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from tests.api.conftest import Browser
from tests.dividends import Allocated, allocate, member, paid


class Desk(Browser):
    """A browser on the centre's own pages."""

    def get(self, path: str, **options: Any) -> TestResponse:
        return super().get(path if path.startswith("/sign") else self.page(path), **options)

    def post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self.form(self.page(path), **(data or {}))

    def page(self, path: str) -> str:
        return path if path.startswith(("/c/", "/profile")) else f"/c/{{c}}{path}"


def signed_in(app: Flask, centre: Centre, username: str) -> Desk:
    browser = Desk(app.test_client(), centre.id)
    assert browser.sign_in(username).status_code == 303
    return browser


@pytest.fixture
def dang(system: Actor) -> UUID:
    return member(system, "สมศรี", nickname="ป้าแดง")


@pytest.fixture
def year(manager: Actor, accountant: Actor, dang: UUID) -> Allocated:
    return allocate(manager, accountant, {dang: (120_00, 80_50)}, years_ago=6)


@pytest.fixture
def desk(app: Flask, centre: Centre) -> Desk:
    return signed_in(app, centre, "accountant")


def text(browser: Desk, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def form_of(page: str) -> dict[str, list[str]]:
    """Return the hidden id and the items offered."""
    [identity] = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)
    items = re.findall(r'name="items" value="([^"]+)"', page)
    return {"id": [identity], "items": items}


def owed(actor: Actor) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    found = member_payments.unpaid(actor.centre_id)
    db.session.rollback()
    return found


@pytest.mark.usefixtures("year")
def test_a_member_is_found_by_nickname_and_paid_from_the_safe(
    desk: Desk, accountant: Actor, dang: UUID
) -> None:
    page = text(desk, "/member-payments?q=แดง")
    assert "สมศรี" in page and "200.50" in page
    place = f"/member-payments/members/{dang}"
    given = form_of(text(desk, place))
    sent = desk.post(place, data=given | {"how": ["safe"]})
    assert sent.status_code == 303
    assert owed(accountant) == {}
    again = desk.post(place, data=given | {"how": ["safe"]})
    assert again.status_code == 303 and again.location == sent.location
    assert "DV-" in text(desk, sent.location)


@pytest.mark.usefixtures("year")
def test_a_refused_payment_keeps_what_was_typed(desk: Desk, accountant: Actor, dang: UUID) -> None:
    place = f"/member-payments/members/{dang}"
    given = form_of(text(desk, place))
    wrong = given | {"how": ["safe"], "recipient_kind": ["proxy"], "note": ["มารับแทนแม่"]}
    refused = desk.post(place, data=wrong)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "มารับแทนแม่" in page and given["id"][0] in page
    nothing = desk.post(place, data={"id": given["id"], "how": ["safe"]})
    assert nothing.status_code == 422, "nothing was ticked"
    garbage = desk.post(place, data=given | {"how": ["safe"], "items": ["x_y_1_2"]})
    assert garbage.status_code == 422
    assert len(owed(accountant)) == 1


@pytest.mark.usefixtures("year")
def test_a_payment_is_taken_back_with_a_reason(desk: Desk, accountant: Actor, dang: UUID) -> None:
    document = paid(accountant, dang)
    place = f"/member-payments/{document.id}"
    assert desk.post(f"{place}/take-back", data={"reason": ""}).status_code == 422
    done = desk.post(f"{place}/take-back", data={"reason": "จ่ายผิดคน", "paid_into": "safe"})
    assert done.status_code == 303
    assert "จ่ายผิดคน" in text(desk, place)
    assert len(owed(accountant)) == 1


@pytest.mark.usefixtures("year")
def test_papers_and_files_are_there(desk: Desk, accountant: Actor, dang: UUID) -> None:
    document = paid(accountant, dang)
    voucher = desk.get(f"/member-payments/{document.id}/voucher.pdf")
    assert voucher.data.startswith(b"%PDF")
    this = clock.today().year + 543
    for form in ("csv", "xlsx"):
        answer = desk.get(f"/member-payments/income.{form}?year={this}")
        assert answer.status_code == 200 and answer.data
    listed = desk.get(f"/member-payments/income.csv?year={this}").get_data(as_text=True)
    assert "80.50" in listed and "120.00" in listed
    assert "200.50" in text(desk, f"/member-payments/income?year={this}")
    assert document.payment_no in text(desk, "/member-payments/paid")


def test_statements_are_asked_of_the_worker(desk: Desk, year: Allocated) -> None:
    asked = desk.post(f"/member-payments/statements/{year.allocation_id}")
    assert asked.status_code == 303 and "/jobs/" in asked.location


@pytest.mark.usefixtures("year")
def test_a_bank_file_goes_out_and_its_answer_comes_in(
    desk: Desk, accountant: Actor, dang: UUID
) -> None:
    place = f"/member-payments/members/{dang}/choice"
    assert desk.post(place, data={"way": "promptpay", "promptpay_id": "12"}).status_code == 422
    kept = desk.post(
        place, data={"way": "promptpay", "promptpay_id": "081-234-5678", "version": "0"}
    )
    assert kept.status_code == 303
    made = desk.post("/member-batches/new", data={"id": str(uuid7()), "way": "promptpay"})
    assert made.status_code == 303
    batch_id = made.location.rpartition("/")[2]
    page = text(desk, f"/member-batches/{batch_id}")
    assert "0812345678" not in page and "5678" in page
    file = desk.get(f"/member-batches/{batch_id}/file.csv").get_data(as_text=True)
    assert "0812345678" in file
    wrong = desk.post(f"/member-batches/{batch_id}/answers", data={"answer": "x"})
    assert wrong.status_code == 422
    answer = {"line_no": "1", "result": "paid", "reference": "KB-1"}
    assert desk.post(f"/member-batches/{batch_id}/answer", data=answer).status_code == 303
    assert owed(accountant) == {}
    assert "DB-" in text(desk, "/member-batches")


@pytest.mark.usefixtures("year")
def test_unclaimed_money_needs_two_people(
    desk: Desk, app: Flask, centre: Centre, accountant: Actor
) -> None:
    assert "200.50" in text(desk, "/member-payments/unclaimed")
    made = desk.post("/member-payments/unclaimed", data={"id": str(uuid7())})
    assert made.status_code == 303
    taking_id = made.location.rpartition("/")[2]
    own = desk.post(f"/member-payments/unclaimed/{taking_id}/approve")
    assert own.status_code == 409
    chief = signed_in(app, centre, "manager")
    assert chief.post(f"/member-payments/unclaimed/{taking_id}/approve").status_code == 303
    assert owed(accountant) == {}
    place = f"/member-payments/unclaimed/{taking_id}/reverse"
    assert chief.post(place, data={"reason": ""}).status_code == 422
    assert chief.post(place, data={"reason": "มารับแล้ว"}).status_code == 303
    assert len(owed(accountant)) == 1
    listed = desk.get("/member-payments/unclaimed.csv").get_data(as_text=True)
    assert "80.50" in listed


@pytest.mark.usefixtures("year")
def test_a_credit_of_many_is_asked_of_the_worker_once(
    desk: Desk, accountant: Actor, dang: UUID
) -> None:
    in_transaction(choices.save, dang, Choice("purse"), accountant)
    order = {"id": str(uuid7()), "way": "purse"}
    first = desk.post("/member-payments/credit", data=order)
    assert first.status_code == 303 and "/jobs/" in first.location
    assert desk.post("/member-payments/credit", data=order).location == first.location


@pytest.mark.usefixtures("year")
def test_who_may_only_read_pays_nobody(
    app: Flask, centre: Centre, accountant: Actor, dang: UUID
) -> None:
    browser = signed_in(app, centre, "auditor")
    assert browser.get("/member-payments").status_code == 200
    place = f"/member-payments/members/{dang}"
    assert browser.post(place, data={"id": str(uuid7()), "how": "safe"}).status_code == 403
    in_transaction(choices.save, dang, Choice("promptpay", "0812345678"), accountant)
    command = MakeBatch(uuid7(), "promptpay")
    batch = in_transaction(bank_batches.make, batches.DEBT, command, accountant)
    assert browser.get(f"/member-batches/{batch.id}/file.csv").status_code == 403
    with pytest.raises(unclaimed.NothingUnclaimed):
        in_transaction(unclaimed.prepare, uuid7(), accountant)
