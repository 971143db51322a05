"""The bank in a browser: a statement taken in, matched at a press, taken back; the cash book."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from accounting.rules.chart import Purpose
from accounting.services import chart, ledger
from core.actor import Centre
from core.ids import uuid7
from pos.services import verify
from pos.services.sale import RecordPayment, RecordSaleLine
from tests import banking
from tests.api.conftest import Browser
from tests.banking import COLUMNS, Told
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]
FIELDS = {name: str(getattr(COLUMNS, name)) for name in COLUMNS.__dataclass_fields__}


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    rice = shop.product("ข้าว", 100_00)
    shop.buy(rice, 100_000, 60_00)
    for reference in ("AAAA1111", "BBBB2222"):
        shop.sell(
            RecordSaleLine(rice, 1000, 100_00),
            pay=(RecordPayment("promptpay", 100_00, reference),),
        )
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


def send(browser: Browser, shop: Shop, raw: bytes) -> TestResponse:
    """Send a file the way the form does."""
    account = banking.account_id(shop.actor)
    data = {"csrf_token": browser.csrf, "file": (io.BytesIO(raw), "รายการ.csv")}
    return browser.client.post(f"/c/{shop.centre_id}/bank/{account}/import", data=data)


def page(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def taken(browser: Browser, shop: Shop, *lines: Told, opening: int = 0) -> str:
    """Send a file, say its columns, take it; return the account's page."""
    sent = send(browser, shop, banking.csv_of(lines, opening))
    assert sent.status_code == 303, page(sent)
    done = browser.form(sent.location, **FIELDS, act="take")
    assert done.status_code == 303, page(done)
    return str(done.location)


def test_a_statement_is_looked_at_then_taken_then_matched_at_a_press(
    shop: Shop, books: Browser
) -> None:
    raw = banking.csv_of([Told(100_00, "AAAA1111"), Told(100_00, "BBBB2222")], 0)
    sent = send(books, shop, raw)
    assert sent.status_code == 303
    first = page(books.get(sent.location))
    assert "AAAA1111" in first
    assert re.search(r'<select id="paid_in".*?<option value="3" selected>', first, re.DOTALL)
    looked = page(books.form(sent.location, **FIELDS, act="look"))
    assert "200.00" in looked
    assert banking.open_lines(shop.actor) == []
    done = books.form(sent.location, **FIELDS, act="take")
    account = page(books.get(done.location))
    assert account.count('class="card" id="l-') == 2
    pressed = books.form(f"{done.location}/certain")
    assert pressed.status_code == 303
    assert ledger.balance(shop.centre_id, Purpose.TRANSFERS_AWAITING) == 0
    assert 'id="l-' not in page(books.get(pressed.location))
    assert "200.00" in page(books.get("/c/{c}/bank"))


def test_the_columns_are_remembered_for_the_account(shop: Shop, books: Browser) -> None:
    day = banking.Told(100_00, "AAAA1111")
    raw = banking.csv_of([day], 0).replace("เงินเข้า".encode(), b"X").replace("เงินออก".encode(), b"Y")
    sent = send(books, shop, raw)
    assert '<option value="3" selected>' not in page(books.get(sent.location)).split("paid_out")[0]
    books.form(sent.location, **FIELDS, act="take")
    again = send(books, shop, banking.csv_of([Told(5_00)], 100_00).replace("วันที่".encode(), b"Z"))
    second = page(books.get(again.location))
    assert re.search(r'<select id="paid_in".*?<option value="3" selected>', second, re.DOTALL)


def test_the_same_file_is_refused_the_second_time(shop: Shop, books: Browser) -> None:
    taken(books, shop, Told(100_00, "AAAA1111"))
    again = send(books, shop, banking.csv_of([Told(100_00, "AAAA1111")], 0))
    assert again.status_code == 409
    assert len(banking.open_lines(shop.actor)) == 1


def test_a_bad_line_is_named_and_nothing_is_taken(shop: Shop, books: Browser) -> None:
    raw = banking.csv_of([Told(100_00), Told(50_00)], 0).replace(b"50.00", b"5o.00")
    sent = send(books, shop, raw)
    refused = books.form(sent.location, **FIELDS, act="take")
    assert refused.status_code == 422
    assert "3" in re.findall(r"role=\"alert\".*?</div>", page(refused), re.DOTALL)[0]
    # What was chosen is still there.
    assert re.search(
        r'<select id="balance".*?<option value="5" selected>', page(refused), re.DOTALL
    )
    assert banking.open_lines(shop.actor) == []


@pytest.mark.parametrize("raw", [b"", b"\x00\x01\x02", b"PK\x03\x04nonsense", b"\xff\xfe\x00"])
def test_what_is_no_statement_is_refused(shop: Shop, books: Browser, raw: bytes) -> None:
    assert send(books, shop, raw).status_code == 422


def test_a_line_is_matched_by_hand_and_undone(shop: Shop, books: Browser) -> None:
    account = taken(books, shop, Told(200_00, "ยอดรวม"))
    [line] = banking.open_lines(shop.actor)
    items = banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)
    where = f"/c/{shop.centre_id}/bank/lines/{line.id}"
    assert all(item.written in page(books.get(where)) for item in items)
    short = books.form(where, id=str(uuid7()), items=[items[0].written])
    assert short.status_code == 409
    assert f'value="{items[0].written}" checked' in page(short)
    done = books.form(where, id=str(uuid7()), items=[item.written for item in items])
    assert done.status_code == 303
    assert done.location == account
    matched = books.get(where)
    assert matched.status_code == 303
    assert "200.00" in page(books.get(matched.location))
    assert "200.00" in page(books.get("/c/{c}/bank/matches"))
    undone = books.form(f"{matched.location}/undo")
    assert undone.status_code == 303
    assert len(banking.open_lines(shop.actor)) == 1
    assert len(banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)) == 2


def test_a_fee_is_posted_from_its_page(shop: Shop, books: Browser) -> None:
    taken(books, shop, Told(-15_00, "", "ค่าธรรมเนียม"), opening=500_00)
    fee = banking.open_lines(shop.actor)[1]
    cost = chart.account_for(shop.centre_id, Purpose.EXPENSE_OTHER).id
    where = f"/c/{shop.centre_id}/bank/lines/{fee.id}/entry"
    assert books.form(where, id=str(uuid7())).status_code == 422
    safe = chart.account_for(shop.centre_id, Purpose.CASH_SAFE).id
    assert books.form(where, id=str(uuid7()), account_id=str(safe)).status_code == 422
    done = books.form(where, id=str(uuid7()), account_id=str(cost), memo="ค่าธรรมเนียม")
    assert done.status_code == 303
    assert ledger.balance(shop.centre_id, Purpose.EXPENSE_OTHER) == 15_00


def test_a_fee_for_an_activity_that_is_not_there_is_refused(shop: Shop, books: Browser) -> None:
    taken(books, shop, Told(-15_00), opening=500_00)
    fee = banking.open_lines(shop.actor)[1]
    cost = str(chart.account_for(shop.centre_id, Purpose.EXPENSE_OTHER).id)
    where = f"/c/{shop.centre_id}/bank/lines/{fee.id}/entry"
    strange = str(uuid7())
    refused = books.form(where, id=str(uuid7()), account_id=cost, activity_id=strange, memo="กขค")
    assert refused.status_code == 422
    assert 'value="กขค"' in page(refused)


def test_a_second_press_answers_like_the_first(shop: Shop, books: Browser) -> None:
    taken(books, shop, Told(100_00, "AAAA1111"), Told(-15_00))
    came, fee = banking.open_lines(shop.actor)
    item = banking.open_in_books(shop.actor, Purpose.TRANSFERS_AWAITING)[0]
    cost = str(chart.account_for(shop.centre_id, Purpose.EXPENSE_OTHER).id)
    for path, fields in (
        (f"{came.id}", {"id": str(uuid7()), "items": [item.written]}),
        (f"{fee.id}/entry", {"id": str(uuid7()), "account_id": cost}),
    ):
        where = f"/c/{shop.centre_id}/bank/lines/{path}"
        first, again = books.form(where, **fields), books.form(where, **fields)
        assert (first.status_code, again.status_code) == (303, 303)
        assert first.location == again.location
        # Another match of the same line is refused in words, not as if the line were gone.
        assert books.form(where, **{**fields, "id": str(uuid7())}).status_code == 409
    assert ledger.balance(shop.centre_id, Purpose.BANK) == 85_00


def test_money_carried_is_on_its_way_and_cancels_out(shop: Shop, books: Browser) -> None:
    places = [
        str(chart.account_for(shop.centre_id, purpose).id)
        for purpose in (Purpose.BANK, Purpose.CASH_SAFE)
    ]
    there = {"from_id": places[0], "to_id": places[1], "amount": "๑๐๐.๐๐", "day": "1/1/2569"}
    done = books.form("/c/{c}/bank/move", id=str(uuid7()), **there)
    assert done.status_code == 303
    wrong = books.form("/c/{c}/bank/move", id=str(uuid7()), **{**there, "to_id": places[0]})
    assert wrong.status_code == 422
    future = books.form("/c/{c}/bank/move", id=str(uuid7()), **{**there, "day": "1/1/2643"})
    assert future.status_code == 422
    back = {**there, "from_id": places[1], "to_id": places[0]}
    assert books.form("/c/{c}/bank/move", id=str(uuid7()), **back).status_code == 409
    [item] = banking.open_in_books(shop.actor)
    where = f"/c/{shop.centre_id}/bank/{places[0]}/open"
    assert item.written in page(books.get(where))
    alone = books.form(where, id=str(uuid7()), items=[item.written])
    assert alone.status_code == 409


def test_a_statement_read_wrongly_is_withdrawn_and_taken_again(shop: Shop, books: Browser) -> None:
    account = taken(books, shop, Told(100_00, "AAAA1111"))
    found = re.search(
        r"/bank/statements/([0-9a-f-]+)/withdraw", page(books.get(f"{account}/statements"))
    )
    assert found
    books.form(f"{account}/certain")
    refused = books.form(f"/c/{shop.centre_id}{found[0]}")
    assert refused.status_code == 409
    match = re.search(r"/bank/matches/[0-9a-f-]+", page(books.get("/c/{c}/bank/matches")))
    assert match
    books.form(f"/c/{shop.centre_id}{match[0]}/undo")
    assert books.form(f"/c/{shop.centre_id}{found[0]}").status_code == 303
    assert banking.open_lines(shop.actor) == []
    taken(books, shop, Told(100_00, "AAAA1111"))


def test_the_cash_book_runs_line_by_line_for_safe_and_drawer(shop: Shop, books: Browser) -> None:
    safe = page(books.get("/c/{c}/cash-book"))
    assert "-1,000.00" in safe  # the float came from a safe that was never opened
    drawer = page(books.get(f"/c/{{c}}/cash-book?till_id={shop.till_id}"))
    assert "1,000.00" in drawer
    for suffix in (".csv", ".xlsx"):
        answer = books.get(f"/c/{{c}}/cash-book{suffix}?till_id={shop.till_id}")
        assert answer.status_code == 200
        assert answer.data
    assert books.get(f"/c/{{c}}/cash-book?till_id={uuid4()}").status_code == 200


def test_an_auditor_reads_and_changes_nothing(shop: Shop, browser_of: BrowserOf) -> None:
    books = browser_of("accountant")
    account = taken(books, shop, Told(100_00, "AAAA1111"))
    auditor = browser_of("auditor")
    seen = page(auditor.get(account))
    assert 'id="l-' in seen
    assert 'method="post"' not in seen.split("<main")[1]
    assert auditor.form(f"{account}/certain").status_code == 403
    assert send(auditor, shop, b"x").status_code == 403
    [line] = banking.open_lines(shop.actor)
    for path in (f"lines/{line.id}", f"lines/{line.id}/entry", "move"):
        assert auditor.form(f"/c/{shop.centre_id}/bank/{path}", id=str(uuid7())).status_code == 403
    assert browser_of("cashier").get("/c/{c}/bank").status_code == 403
