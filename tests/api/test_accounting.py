"""The books over HTTP and as pages: figures drill down, days read in both eras, rights hold."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import chart, ledger
from accounting.services.ledger import PostedEntry
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import producers
from members.services.producers import NewProducer

Browser = Any
DAY = timedelta(days=1)
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 20)


@pytest.fixture
def books(app: Flask, manager: Actor) -> dict[str, Any]:
    """Money brought in October, a producer's share owed in November, one entry reversed."""
    producer = in_transaction(
        producers.create, NewProducer(name="=cmd|'/C calc'!A0", kind="person"), manager
    )
    owed = {"producer_id": producer.id}
    first = post(
        manager, OCTOBER, (Purpose.CASH_SAFE, 1000_00), (Purpose.BROUGHT_FORWARD, -1000_00)
    )
    sale = post(
        manager,
        NOVEMBER - 2 * DAY,
        (Purpose.BANK, 100_00),
        (Purpose.COMMISSION, -20_00),
        NewLine(Purpose.CONSIGNMENT_PAYABLE, credit=80_00, **owed),
        memo="@honey",
    )
    wrong = post(manager, NOVEMBER - DAY, (Purpose.BANK, 5_00), (Purpose.OTHER_INCOME, -5_00))
    in_transaction(
        ledger.reverse,
        wrong.id,
        manager,
        NOVEMBER,
        source_type="sale",
        source_id=uuid7(),
        kind="refund",
    )
    return {"first": first, "sale": sale, "wrong": wrong, "producer": producer}


def post(
    actor: Actor, day: date, *sides: tuple[Purpose, int] | NewLine, memo: str = ""
) -> PostedEntry:
    lines = [
        side
        if isinstance(side, NewLine)
        else NewLine(side[0], debit=max(side[1], 0), credit=max(-side[1], 0))
        for side in sides
    ]
    entry = NewEntry("sale", "sale", uuid7(), day, clock.now(), lines, memo)
    return in_transaction(ledger.post, entry, actor)


def account_id(actor: Actor, purpose: Purpose) -> str:
    return str(chart.account_for(actor.centre_id, purpose).id)


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/c/[^"]*)"', page)]


# --- the API ---------------------------------------------------------------------------------


def test_the_trial_balance_balances_at_any_day(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    october = browser.get("/trial_balance?on=2026-10-31").get_json()
    assert [row["account"]["code"] for row in october["rows"]] == ["1120", "3310"]
    assert (october["debit_satang"], october["credit_satang"]) == (1000_00, 1000_00)
    november = browser.get("/trial_balance?on=20/11/2569").get_json()
    assert november["on"] == "2026-11-20"
    assert november["debit_satang"] == november["credit_satang"] == 1100_00
    assert browser.get("/trial_balance?on=2026-10-30").get_json()["rows"] == []
    assert browser.get("/trial_balance").status_code == 200


def test_a_ledger_runs_from_opening_to_closing_over_its_pages(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    bank = account_id(manager, Purpose.BANK)
    post(manager, date(2026, 12, 1), (Purpose.BANK, 7_00), (Purpose.OTHER_INCOME, -7_00))
    browser = browser_of("auditor")
    address = f"/accounts/{bank}/ledger?from=2026-11-01&to=2026-11-30&limit=2"
    first = browser.get(address).get_json()
    assert (first["opening_satang"], first["closing_satang"]) == (0, 100_00)
    assert (first["debit_satang"], first["credit_satang"]) == (105_00, 5_00)
    assert [row["balance_satang"] for row in first["items"]] == [100_00, 105_00]
    second = browser.get(f"{address}&after={first['next']}").get_json()
    assert [row["balance_satang"] for row in second["items"]] == [100_00]
    assert second["next"] is None
    december = browser.get(f"/accounts/{bank}/ledger?from=2026-12-01").get_json()
    assert (december["opening_satang"], december["closing_satang"]) == (100_00, 107_00)


def test_a_control_account_is_read_by_producer(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    payable = account_id(manager, Purpose.CONSIGNMENT_PAYABLE)
    browser = browser_of("accountant")
    parties = browser.get(f"/accounts/{payable}/parties?on=2026-11-30").get_json()
    [row] = parties["rows"]
    assert row["balance_satang"] == parties["balance_satang"] == -80_00
    assert row["party"]["id"] == str(books["producer"].id)
    of_one = browser.get(f"/accounts/{payable}/ledger?producer_id={row['party']['id']}").get_json()
    assert of_one["closing_satang"] == -80_00
    assert of_one["items"][0]["party"]["number"] == books["producer"].producer_no
    of_nobody = browser.get(f"/accounts/{payable}/ledger?producer_id={uuid7()}").get_json()
    assert (of_nobody["items"], of_nobody["closing_satang"]) == ([], 0)
    assert browser.get(f"/accounts/{account_id(manager, Purpose.BANK)}/parties").status_code == 404


def test_the_journal_goes_on_by_key_latest_first(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("manager")
    seen: list[str] = []
    after = ""
    for _ in range(4):
        page = browser.get(f"/journal_entries?limit=1{after}").get_json()
        seen += [entry["number"] for entry in page["items"]]
        after = f"&after={page['next']}"
    assert seen == ["J-2569-00004", "J-2569-00003", "J-2569-00002", "J-2569-00001"]
    assert page["next"] is None
    refunds = browser.get("/journal_entries?kind=refund").get_json()["items"]
    assert [entry["number"] for entry in refunds] == ["J-2569-00004"]
    october = browser.get("/journal_entries?to=2026-10-31").get_json()["items"]
    assert [entry["number"] for entry in october] == ["J-2569-00001"]


def test_an_entry_shows_its_lines_and_both_ends_of_a_reversal(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    wrong = browser.get(f"/journal_entries/{books['wrong'].id}").get_json()
    assert wrong["reverses"] is None
    reversal = browser.get(f"/journal_entries/{wrong['reversed_by']['id']}").get_json()
    assert reversal["reverses"]["id"] == str(books["wrong"].id)
    assert [
        (line["account"]["purpose"], line["debit_satang"], line["credit_satang"])
        for line in reversal["lines"]
    ] == [("bank", 0, 5_00), ("other_income", 5_00, 0)]
    sale = browser.get(f"/journal_entries/{books['sale'].id}").get_json()
    assert sale["posted_by"] == "คุณmanager"
    assert sale["lines"][2]["party"]["kind"] == "producer"


def test_an_opening_is_posted_once_and_by_those_who_keep_the_books(
    app: Flask, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    address = f"/openings/{uuid7()}"
    money = {"safe_satang": 500_00, "bank_satang": "๑๐๐", "business_date": "1/10/2569"}
    first = browser.send("PUT", address, json=money)
    assert first.status_code == 201
    entry = first.get_json()
    assert (entry["total_satang"], entry["business_date"]) == (600_00 - 99_00, "2026-10-01")
    again = browser.send("PUT", address, json=money)
    assert (again.status_code, again.get_json()["id"]) == (200, entry["id"])
    other = browser.send("PUT", address, json=money | {"safe_satang": 1})
    assert (other.status_code, other.get_json()["differs"]) == (409, ["safe_satang"])
    tomorrow = {"business_date": (clock.today() + timedelta(days=1)).isoformat()}
    early = browser.send("PUT", f"/openings/{uuid7()}", json=money | tomorrow)
    assert (early.status_code, early.get_json()["code"]) == (422, "opening-in-future")
    nothing = browser.send("PUT", f"/openings/{uuid7()}", json={})
    assert (nothing.status_code, nothing.get_json()["code"]) == (422, "nothing-to-open-with")
    refused = browser_of("auditor").send("PUT", f"/openings/{uuid7()}", json=money)
    assert refused.status_code == 403


READS = (
    "/accounts",
    "/trial_balance",
    "/accounts/{bank}/ledger",
    "/journal_entries",
    "/journal_entries/{entry}",
    "/c/{c}/trial-balance",
    "/c/{c}/trial-balance.csv",
    "/c/{c}/accounts",
    "/c/{c}/accounts/{bank}",
    "/c/{c}/accounts/{bank}/ledger.csv",
    "/c/{c}/journal",
    "/c/{c}/journal.csv",
    "/c/{c}/journal/{entry}",
)


@pytest.mark.parametrize("path", READS)
def test_only_those_with_the_right_read_the_books(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser], path: str
) -> None:
    path = path.replace("{bank}", account_id(manager, Purpose.BANK))
    path = path.replace("{entry}", str(books["sale"].id))
    for username, status in (
        ("accountant", 200),
        ("auditor", 200),
        ("manager", 200),
        ("cashier", 403),
        ("stock_keeper", 403),
        ("oth_accountant", 404),
    ):
        browser = browser_of(username)
        assert browser.get(path).status_code == status, username


def test_a_strangers_account_and_entry_look_like_none(
    books: dict[str, Any], manager: Actor, other_centre: Any, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("oth_accountant", other_centre.id)
    for path in (
        f"/accounts/{account_id(manager, Purpose.BANK)}/ledger",
        f"/journal_entries/{books['sale'].id}",
        f"/c/{{c}}/accounts/{account_id(manager, Purpose.BANK)}",
        f"/c/{{c}}/journal/{books['sale'].id}",
        f"/journal_entries/{uuid7()}",
    ):
        assert browser.get(path).status_code == 404, path


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("/trial_balance?on=30/2/2569", "#/on"),
        ("/trial_balance?colour=red", "#/colour"),
        ("/journal_entries?from=2026-11-02&to=2026-11-01", "#/to"),
        ("/journal_entries?limit=0", "#/limit"),
        ("/journal_entries?kind=%27%20OR%201=1", "#/kind"),
        ("/accounts/{bank}/ledger?producer_id=7", "#/producer_id"),
    ],
)
def test_questions_that_make_no_sense_are_told_where(
    books: dict[str, Any],
    manager: Actor,
    browser_of: Callable[..., Browser],
    query: str,
    pointer: str,
) -> None:
    path = query.replace("{bank}", account_id(manager, Purpose.BANK))
    response = browser_of("accountant").get(path)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.get_json()["errors"]] == [pointer]


def test_a_nonsense_place_in_a_list_is_its_beginning(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    bank = account_id(manager, Purpose.BANK)
    for after in ("x", "2026-11-20_x_1", f"2026-99-99_{uuid7()}_1", f"2026-11-20_{uuid7()}_๑"):
        assert len(browser.get(f"/accounts/{bank}/ledger?after={after}").get_json()["items"]) == 3
        assert len(browser.get(f"/journal_entries?after={after}").get_json()["items"]) == 4


# --- the pages -------------------------------------------------------------------------------


def test_a_number_leads_to_its_entry_and_on_to_its_document_and_back(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    balance = browser.get("/c/{c}/trial-balance?on=20/11/2569").get_data(as_text=True)
    assert "20 พฤศจิกายน 2569" in balance
    assert "1,100.00" in balance
    bank = account_id(manager, Purpose.BANK)
    to_ledger = next(link for link in links(balance) if f"/accounts/{bank}?" in link)
    page = browser.get(to_ledger).get_data(as_text=True)
    back = f"/c/{manager.centre_id}/trial-balance?on=20%2F11%2F2569#a-{bank}"
    assert back in links(page)
    to_entry = next(link for link in links(page) if f"/journal/{books['sale'].id}" in link)
    entry = browser.get(to_entry).get_data(as_text=True)
    assert any(
        f"/accounts/{bank}?" in link and link.endswith(f"#e-{books['sale'].id}")
        for link in links(entry)
    )
    assert any(f"/c/{manager.centre_id}/sales/" in link for link in links(entry))
    assert "J-2569-00002" in entry
    assert "เจ้าหนี้ผู้ฝากขาย" in entry


def test_the_way_back_never_leaves_the_house(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    for address in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        page = browser.get(
            f"/c/{{c}}/journal/{books['sale'].id}", query_string={"back": address}
        ).get_data(as_text=True)
        assert "evil.example" not in page.split("<main")[1]
        assert 'href="javascript' not in page


def test_going_round_in_circles_keeps_addresses_short(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    address = "/c/{c}/trial-balance"
    for step in range(12):
        wanted = "/journal/" if step % 2 else "/accounts/"
        page = browser.get(address).get_data(as_text=True)
        found = [link for link in links(page) if wanted in link and "back=" in link]
        address = found[0]
        assert len(address) < 1500, step


def test_a_day_that_is_none_is_said_and_kept(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    for path, field in (("trial-balance?on=", "on"), ("journal?from=", "from")):
        response = browser.get(f"/c/{{c}}/{path}31/2/2569")
        page = response.get_data(as_text=True)
        assert response.status_code == 422
        assert 'value="31/2/2569"' in page
        assert f'id="{field}-error"' in page


def test_thai_digits_and_months_are_read(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    page = browser_of("accountant").get("/c/{c}/trial-balance", query_string={"on": "๓๑ ต.ค. ๒๕๖๙"})
    assert "31 ตุลาคม 2569" in page.get_data(as_text=True)


def test_the_files_hold_no_formulas_and_open_in_thai(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    response = browser.get("/c/{c}/journal.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    text = response.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert len(rows) == 1 + 2 + 3 + 2 + 2
    sale = [row for row in rows if row[1] == "J-2569-00002"]
    assert {row[3] for row in sale} == {"'@honey"}
    assert sale[2][4:] == [
        *("2120", "เจ้าหนี้ผู้ฝากขาย", books["producer"].producer_no),
        *("'=cmd|'/C calc'!A0", "0.00", "80.00"),
    ]
    bank = account_id(manager, Purpose.BANK)
    rows = read_csv(browser, f"/c/{{c}}/accounts/{bank}/ledger.csv?to=2026-11-30")
    assert [row[-1] for row in rows[1:]] == ["100.00", "105.00", "100.00"]
    rows = read_csv(browser, "/c/{c}/trial-balance.csv?on=2026-11-20&lang=en")
    assert ["2120", "Consignment payable", "0.00", "80.00"] in rows
    payable = account_id(manager, Purpose.CONSIGNMENT_PAYABLE)
    rows = read_csv(browser, f"/c/{{c}}/accounts/{payable}/parties.csv?on=2026-11-20")
    assert rows[1][-1] == "-80.00"


def read_csv(browser: Browser, path: str) -> list[list[str]]:
    text = browser.get(path).get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_opening_is_posted_from_its_page(
    app: Flask, manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    page = browser.get("/c/{c}/opening").get_data(as_text=True)
    identity = re.search(r'name="id" value="([0-9a-f-]{36})"', page)
    assert identity
    form = {"id": identity[1], "safe": "๑,๕๐๐.๒๕", "bank": "", "business_date": "1/11/2569"}
    for _ in range(2):
        response = browser.form("/c/{c}/opening", **form)
        assert response.status_code == 303
    shown = browser.get(response.headers["Location"]).get_data(as_text=True)
    assert "1,500.25" in shown
    assert ledger.balance(manager.centre_id, Purpose.CASH_SAFE) == 1500_25
    empty = browser.form("/c/{c}/opening", safe="", bank="")
    assert empty.status_code == 422
    assert browser_of("auditor").get("/c/{c}/opening").status_code == 403
    assert browser.form("/c/{c}/opening", safe="-1").status_code == 422
    early = browser.form("/c/{c}/opening?lang=en", safe="1", business_date="1/1/2600")
    assert early.status_code == 422 and "The opening day is in the future" in early.text
