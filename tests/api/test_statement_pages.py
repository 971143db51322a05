"""The statements as pages, papers and files: the same figures, each opening its very lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from accounting.models import NO_ACTIVITY
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import activities, chart, ledger
from accounting.services.activities import NewActivity
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import producers
from members.services.producers import NewProducer
from tests.rendering import assert_numbers_visible

Browser = Any
PAGE = "/c/{c}/statements"
AT = "month=202610&of=month"


@pytest.fixture
def books(app: Flask, manager: Actor) -> dict[str, Any]:
    """Two months: a shop and its water, wages, a producer who owes after a return."""
    water = in_transaction(
        activities.create, NewActivity(uuid7(), "water", "น้ำดื่ม", "Water"), manager
    )
    producer = in_transaction(producers.create, NewProducer(name="ป้าน้อย", kind="person"), manager)
    sept, octo = date(2026, 9, 10), date(2026, 10, 10)
    post(manager, sept, "opening", NewLine(Purpose.BANK, 5_000_00),
         NewLine(Purpose.BROUGHT_FORWARD, credit=5_000_00))  # fmt: skip
    for day, shop, from_water in ((sept, 100_00, 0), (octo, 400_00, 60_00)):
        lines = [NewLine(Purpose.BANK, shop + from_water), NewLine(Purpose.SALES, credit=shop)]
        if from_water:
            lines.append(NewLine(Purpose.SALES, credit=from_water, activity_id=water.id))
        post(manager, day, "sale", *lines)
    post(
        manager,
        octo,
        "pay_out",
        NewLine(Purpose.WAGES, 150_00),
        NewLine(Purpose.BANK, credit=150_00),
    )
    owing = {"producer_id": producer.id}
    post(manager, octo, "refund", NewLine(Purpose.CONSIGNMENT_PAYABLE, 80_00, **owing),
         NewLine(Purpose.BANK, credit=80_00))  # fmt: skip
    return {"water": water, "producer": producer}


def post(actor: Actor, day: date, kind: str, *lines: NewLine) -> None:
    entry = NewEntry(kind, "opening", uuid7(), day, clock.now(), lines)
    in_transaction(ledger.post, entry, actor)


def text_of(page: Any) -> str:
    assert page.status_code == 200, page.get_data(as_text=True)[:2000]
    return unescape(page.get_data(as_text=True))


def account_id(actor: Actor, purpose: Purpose) -> str:
    return str(chart.account_for(actor.centre_id, purpose).id)


def figures(page: str, anchor: str) -> list[tuple[str, str]]:
    """Return (address, figure) of a row."""
    row = page.split(f'id="{anchor}"', maxsplit=1)[1].split("</tr>", maxsplit=1)[0]
    return re.findall(r'<a href="([^"]+)"><span class="nowrap[^"]*">([^<]+)</span>', row)


def test_each_figure_opens_the_lines_it_is_made_of(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("auditor")
    sales = account_id(manager, Purpose.SALES)
    page = text_of(browser.get(f"{PAGE}?{AT}&beside=activity"))
    [water, none, own] = figures(page, f"a-{sales}")
    assert (water[1], none[1], own[1]) == ("60.00", "400.00", "460.00")
    for address, figure in (water, none, own):
        assert "from=2026-10-01" in address and "to=2026-10-31" in address
        lines = text_of(browser.client.get(address))
        credit = re.findall(r"<dd><span[^>]*>([\d,.]+)</span></dd>", lines)[2]
        assert credit == figure


def test_paper_and_files_have_the_figures_of_the_page(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    for kind, figure in (("income", "310.00"), ("balance", "5,410.00"), ("cash_flow", "230.00")):
        query = f"statement={kind}&{AT}"
        assert figure in text_of(browser.get(f"{PAGE}?{query}"))
        response = browser.get(f"/c/{{c}}/statements.csv?{query}")
        table = list(csv.reader(io.StringIO(response.get_data(as_text=True))))
        plain = figure.replace(",", "")
        assert any(row[2] == plain for row in table)
        book = load_workbook(
            io.BytesIO(browser.get(f"/c/{{c}}/statements.xlsx?{query}").get_data())
        )
        cells = [row for row in book.worksheets[0].iter_rows(values_only=True)]
        assert [len(row) for row in cells] == [len(row) for row in table]
        for given, row in zip(cells[1:], table[1:], strict=True):
            assert [
                Decimal(str(cell)).quantize(Decimal("0.01"))
                for cell in given[2:]
                if cell is not None
            ] == [Decimal(cell) for cell in row[2:] if cell]
        paper = browser.get(f"/c/{{c}}/statements.pdf?{query}")
        assert_numbers_visible(paper.data, figure)


def test_a_producer_who_owes_is_shown_as_owing_and_the_ledger_kept_in_sight(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    page = text_of(browser_of("accountant").get(f"{PAGE}?statement=balance&{AT}&beside=none"))
    [(_address, ledger_side)] = figures(
        page, f"a-{account_id(manager, Purpose.CONSIGNMENT_PAYABLE)}"
    )
    assert ledger_side == "-80.00"
    shown = [row for row in page.split("<tr")[1:] if 'class="moved"' in row.split(">")[0]]
    assert len(shown) == 2 and all(
        "80.00" in row and "/parties?on=2026-10-31" in row for row in shown
    )


def test_what_moved_is_explained_by_its_documents(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    page = text_of(browser.get(f"{PAGE}?{AT}"))
    why = page.split('id="why"', maxsplit=1)[1]
    assert "100.00 → 460.00 (+360.00)" in why
    assert "J-2569-00003" in why
    assert "0.00 → 150.00 (+150.00)" in why
    [of_kind] = {
        address
        for address in re.findall(r'href="([^"]*/journal[^"]*)"', why)
        if "kind=sale" in address
    }
    assert "from=2026-10-01" in of_kind and "to=2026-10-31" in of_kind
    assert "J-2569-00003" in text_of(browser.client.get(of_kind))


@pytest.mark.parametrize("of", ["month", "quarter", "year"])
@pytest.mark.parametrize("kind", ["income", "balance", "cash_flow"])
@pytest.mark.parametrize("beside", ["both", "parts", "activity", "none"])
def test_every_choice_is_shown(
    of: str, kind: str, beside: str, books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("manager")
    query = f"statement={kind}&of={of}&beside={beside}&month=202610"
    page = text_of(browser.get(f"{PAGE}?{query}"))
    assert '<svg class="plot"' in page and "<style" not in page
    assert browser.get(f"/c/{{c}}/statements.csv?{query}").status_code == 200


@pytest.mark.parametrize("query", ["month=202613", "month=x", "statement=guess", "of=week"])
def test_a_choice_there_is_not_is_said_beside_its_field(
    query: str, browser_of: Callable[..., Browser]
) -> None:
    page = browser_of("accountant").get(f"{PAGE}?{query}")
    assert page.status_code == 422
    assert 'class="error"' in page.get_data(as_text=True)


@pytest.mark.parametrize("path", [PAGE, "/c/{c}/statements.pdf", "/c/{c}/statements.csv"])
def test_a_cashier_reads_no_statement(path: str, browser_of: Callable[..., Browser]) -> None:
    assert browser_of("cashier").get(path).status_code == 403


def test_a_ledger_says_which_activity_it_shows(
    books: dict[str, Any], manager: Actor, browser_of: Callable[..., Browser]
) -> None:
    browser, sales = browser_of("auditor"), account_id(manager, Purpose.SALES)
    for activity, name in ((books["water"].id, "น้ำดื่ม"), (NO_ACTIVITY, "ไม่ระบุกิจการ|No activity")):
        page = text_of(browser.get(f"/c/{{c}}/accounts/{sales}?activity_id={activity}"))
        notice = page.split('class="notice info"', maxsplit=1)[1][:400]
        assert re.search(name, notice)
    # One that does not exist has no lines.
    page = text_of(browser.get(f"/c/{{c}}/accounts/{sales}?activity_id={uuid7()}"))
    assert 'class="empty"' in page


def test_the_trial_balance_on_paper_and_as_workbook_has_the_same_totals(
    books: dict[str, Any], browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("auditor")
    paper = browser.get("/c/{c}/trial-balance.pdf?on=2026-10-31")
    assert paper.mimetype == "application/pdf"
    assert_numbers_visible(paper.data, "5,560.00")
    content = browser.get("/c/{c}/trial-balance.xlsx?on=2026-10-31").get_data()
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    assert rows[-1][2] == rows[-1][3] == 5560
