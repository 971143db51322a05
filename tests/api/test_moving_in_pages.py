"""Moving in at a browser: a file in, its lines looked over, the good ones taken, the rest back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from core import jobs
from core.actor import Actor
from core.db import db
from core.tables_in import sheets_of
from inventory.services import catalogue
from members.services import members
from tests.api.conftest import Browser

BrowserOf = Callable[..., Browser]
LIST = "/c/1/moving-in?lang=en"
NEW = "/c/1/moving-in/products/new?lang=en"
PRODUCTS = (
    "รหัส,ชื่อ,หน่วย,ราคา,สีกล่อง\nA1,น้ำผึ้ง,ขวด,120,แดง\nA2,,ขวด,10,\nA3,ข้าว,กก.,สิบ,\n=A4,ไข่,ฟอง,5,\n"
)


@pytest.fixture
def shelf(browser_of: BrowserOf) -> Browser:
    return browser_of("manager")


def send(
    browser: Browser, data: bytes, kind: str = "products", name: str = "a.csv", **more: str
) -> TestResponse:
    fields = {"id": str(uuid4()), "file": (io.BytesIO(data), name), **more}
    return browser.form(f"/c/1/moving-in/{kind}/new?lang=en", **fields)


def test_a_file_is_looked_over_taken_and_its_rest_brought_again(shelf: Browser) -> None:
    assert "Bring a file: Products" in shelf.get(LIST).text
    assert "Names that are understood" in shelf.get(NEW).text
    brought = send(shelf, PRODUCTS.encode())
    assert brought.status_code == 303
    where = brought.location
    page = shelf.get(f"{where}?lang=en").text
    assert "These columns are not read: สีกล่อง" in page
    assert re.search(r"To be corrected: <strong>3</strong>", page)
    assert "Write the name." in page
    bad = shelf.get(f"{where}?show=bad&lang=en").text
    assert "น้ำผึ้ง" not in bad.split('id="lines"')[1]
    assert "is not an amount" in bad

    assert shelf.form(f"{where}/take?lang=en").status_code == 303
    page = shelf.get(f"{where}?lang=en").text
    assert "Taken over" in page and "Take the good lines" not in page

    rest = shelf.get(f"{where}/rest.csv?lang=en")
    text = rest.get_data(as_text=True)
    assert text.count("\n") == 4
    assert "Reason" in text.splitlines()[0] and "'=A4" in text
    workbook = shelf.get(f"{where}/rest.xlsx?lang=en")
    assert len(sheets_of(workbook.data)[0].rows) == 4
    right = text.replace("A2,,", "A2,น้ำ,").replace("สิบ", "10").replace("'=A4", "A4")
    again = send(shelf, right.encode())
    page = shelf.get(f"{again.location}?lang=en").text
    assert re.search(r"To be entered: <strong>3</strong>", page)
    assert shelf.form(f"{again.location}/take").status_code == 303
    assert {one.code for one in catalogue.shelf(1)} == {"A1", "A2", "A3", "A4"}


def test_the_same_file_is_refused_with_when_and_by_whom(shelf: Browser) -> None:
    first = send(shelf, PRODUCTS.encode())
    refused = send(shelf, PRODUCTS.encode("utf-16"), name="b.csv")
    assert refused.status_code == 409
    assert "BI-2569-00001" in refused.text and "คุณmanager" in refused.text
    assert shelf.form(f"{first.location}/drop").status_code == 303
    assert send(shelf, PRODUCTS.encode()).status_code == 303


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"PK\x03\x04 no archive",
        b"\xd0\xcf\x11\xe0 old",
        "ชื่อ,ชื่อ\nก,ข\n".encode(),
        "รหัส,ชื่อ\n".encode(),
        b"\xff\xfe\x00",
        b"code,name\n" + b"x" * 300_000,
    ],
)
def test_garbage_is_refused_and_nothing_is_kept(shelf: Browser, data: bytes) -> None:
    answer = send(shelf, data)
    assert answer.status_code in {413, 422}
    assert "Traceback" not in answer.text
    assert "Nothing was brought yet" in shelf.get(LIST).text


def test_no_file_is_a_refusal(shelf: Browser) -> None:
    answer = shelf.form(NEW, id=str(uuid4()))
    assert answer.status_code == 422 and "No file was chosen" in answer.text


def test_columns_are_matched_by_hand_on_the_page(shelf: Browser) -> None:
    where = send(shelf, "อะไร,คือ,ที่,เท่าไร\nA1,น้ำผึ้ง,ขวด,120\n".encode()).location
    page = shelf.get(f"{where}?lang=en").text
    assert "These columns are missing: Product code" in page
    fields = dict(
        zip(("column-0", "column-1", "column-2"), ("code", "name_th", "unit"), strict=True)
    )
    assert shelf.form(f"{where}/columns", **fields).status_code == 303
    assert "Write the price." in shelf.get(f"{where}?lang=en").text
    twice = fields | {"column-3": "unit"}
    assert shelf.form(f"{where}/columns", **twice).status_code == 422
    assert shelf.form(f"{where}/columns", **fields, **{"column-3": "price"}).status_code == 303
    assert "To be entered: <strong>1</strong>" in shelf.get(f"{where}?lang=en").text


def test_samples_and_tables_go_out(shelf: Browser) -> None:
    for kind in ("products", "people", "producers", "stock"):
        sample = shelf.get(f"/c/1/moving-in/{kind}/sample.csv")
        assert sample.get_data(as_text=True).count("\n") == 1
        book = sheets_of(shelf.get(f"/c/1/moving-in/{kind}/sample.xlsx").data)
        assert len(book) == 2
        assert len(book[1].rows) > 5
        assert shelf.get(f"/c/1/moving-in/{kind}/table.csv").status_code == 200
        assert shelf.get(f"/c/1/moving-in/{kind}/table.xlsx").status_code == 200
    assert shelf.get("/c/1/moving-in/stock/table.pdf").status_code == 404
    assert shelf.get("/c/1/moving-in/nothing/table.csv").status_code == 404
    trail = shelf.get("/c/1/audit?lang=en").text
    # Each of the four tables went out twice, and an empty table tells of nobody.
    assert trail.count(">A table taken away as a file</td>") == 8


def test_many_lines_are_a_job_of_the_worker(shelf: Browser, manager: Actor) -> None:
    many = "เลขที่สมาชิก,ชื่อ\n" + "".join(f"{n:05d},คนที่ {n}\n" for n in range(1, 402))
    where = send(shelf, many.encode(), kind="people").location
    asked = shelf.form(f"{where}/take")
    assert asked.status_code == 303 and "/jobs/" in asked.location
    assert "The worker is taking the lines" in shelf.get(f"{where}?lang=en").text
    again = shelf.form(f"{where}/take?lang=en")
    assert again.status_code == 409 and "right now" in again.text
    job_id = asked.location.rsplit("/", 1)[-1]
    assert _run(job_id)
    assert len(members.dates(1)) == 401
    page = shelf.get(f"{where}?lang=en").text
    assert "Taken over" in page and "401" in page
    assert shelf.get(f"/jobs/{job_id}/file").status_code == 200


def _run(job_id: str) -> bool:
    from uuid import UUID

    from flask import current_app

    from worker import running

    db.session.rollback()
    running.run(current_app._get_current_object(), 1, UUID(job_id))  # type: ignore[attr-defined]
    found = jobs.get(1, UUID(job_id))
    db.session.rollback()
    return found is not None and found.state == "done"


def test_a_cashier_is_not_let_in(browser_of: BrowserOf) -> None:
    cashier = browser_of("cashier")
    for path in (LIST, NEW, "/c/1/moving-in/people/table.csv", "/c/1/moving-in/stock/sample.csv"):
        assert cashier.get(path).status_code == 403
