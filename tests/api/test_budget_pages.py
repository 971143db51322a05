"""The budget as a page: typed, refused without losing a keystroke, given out and brought back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import chart, ledger
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7

Browser = Any
PAGE, LINE = "/c/{c}/budget", "/c/{c}/budget/line"


def text_of(response: Any) -> str:
    return unescape(response.get_data(as_text=True))


def account(actor: Actor, purpose: Purpose) -> str:
    return str(chart.account_for(actor.centre_id, purpose).id)


@pytest.fixture
def wages(app: Flask, accountant: Actor) -> str:
    """An account with something spent in March 2026."""
    lines = (NewLine(Purpose.WAGES, 130_00), NewLine(Purpose.BANK, credit=130_00))
    entry = NewEntry("sale", "opening", uuid7(), date(2026, 3, 5), clock.now(), lines)
    in_transaction(ledger.post, entry, accountant)
    return account(accountant, Purpose.WAGES)


def test_a_line_is_planned_and_shown_beside_what_came_of_it(
    wages: str, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    form = {"year": "2569", "account_id": wages, "version": "0", "whole": "๑,๒๐๐"}
    response = browser.form(LINE, **form)
    assert response.status_code == 303
    page = text_of(browser.get(f"{PAGE}?year=2569"))
    row = page.split(f'id="b-{wages}-"', maxsplit=1)[1].split("</tr>", maxsplit=1)[0]
    assert "1,200.00" in row and "130.00" in row
    [address] = re.findall(r'href="([^"]*from=2026-01-01[^"]*)"', row)
    assert "130.00" in text_of(browser.client.get(address))
    months = text_of(browser.get(f"{LINE}?year=2569&account_id={wages}"))
    assert months.count('value="100.00"') == 12
    # The same again says nothing new; who saw an older version is told, with all they typed kept.
    assert browser.form(LINE, **form).status_code == 303
    refused = browser.form(LINE, **{**form, "whole": "77.77"})
    assert refused.status_code == 409 and 'value="77.77"' in text_of(refused)


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"month_3": "many"}, 422), ({"whole": "1e9"}, 422), ({"month_1": "9" * 12}, 422)],
)
def test_what_is_no_amount_is_refused_beside_its_field(
    typed: dict[str, str], status: int, wages: str, browser_of: Callable[..., Browser]
) -> None:
    response = browser_of("accountant").form(
        LINE, year="2569", account_id=wages, version="0", **typed
    )
    page = text_of(response)
    assert response.status_code == status
    assert 'class="error"' in page and f'value="{next(iter(typed.values()))}"' in page


def test_the_file_goes_out_and_comes_back(wages: str, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("accountant")
    text = browser.get(f"{PAGE}.csv?year=2569").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == ["5210"] and len(rows[0]) == 16
    rows[1][15] = "2400"
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    response = bring(browser, buffer.getvalue().encode())
    assert response.status_code == 303
    content = browser.get(f"{PAGE}.xlsx?year=2569").get_data()
    back = list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    assert back[1][3:] == (*[200] * 12, 2400)
    # The workbook is taken as well, and changes nothing.
    assert bring(browser, content, "budget.xlsx").status_code == 303


def test_a_bad_file_is_refused_with_its_line(
    wages: str, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("accountant")
    response = bring(browser, b"account,name,activity,m1\n9999,,,5\n")
    assert response.status_code == 422 and "9999" in text_of(response)
    assert bring(browser, b"").status_code == 422


def bring(browser: Browser, data: bytes, name: str = "budget.csv") -> Any:
    return browser.client.post(
        browser._full(f"{PAGE}/import"),
        data={"csrf_token": browser.csrf, "year": "2569", "file": (io.BytesIO(data), name)},
    )


def test_an_auditor_reads_and_changes_nothing(
    wages: str, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("auditor")
    page = text_of(browser.get(f"{PAGE}?year=2569"))
    assert "130.00" in page and "budget/import" not in page
    form = {"year": "2569", "account_id": wages, "version": "0", "whole": "1"}
    assert browser.form(LINE, **form).status_code == 403
    assert bring(browser, b"a,b\n1,2\n").status_code == 403
    assert browser_of("cashier").get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{PAGE}?year=1999", 422),
        (LINE, 404),
        (f"{LINE}?account_id=00000000-0000-0000-0000-000000000001", 404),
        (f"{PAGE}?year=2570", 200),
    ],
)
def test_odd_addresses_are_answered(
    path: str, status: int, browser_of: Callable[..., Browser]
) -> None:
    assert browser_of("manager").get(path).status_code == status
