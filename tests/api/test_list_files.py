"""Every list goes out as a file of what it shows, whole, and no further than its page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.actor import Centre
from core.db import db
from core.ids import uuid7
from core.sheets import Figure
from core.web import lists
from core.web.list_files import _read
from inventory.models import Lot
from inventory.services import locations
from inventory.services.transfers import sending
from tests.api.conftest import Browser
from tests.shop import shop_in

TEMPLATES = Path(__file__).parents[2] / "templates"


def rows_of(browser: Browser, path: str) -> list[list[str]]:
    sent = browser.get(path)
    assert sent.status_code == 200 and sent.mimetype == "text/csv", sent.get_data(as_text=True)
    return list(csv.reader(io.StringIO(sent.get_data(as_text=True).removeprefix("\ufeff"))))


def test_a_list_is_a_file_of_all_its_pages(
    browser_of: Callable[[str], Browser], centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "LIMIT_MAX", 10)
    shop = shop_in(centre)
    wanted = [f"พริกแกงสูตร {number:03}" for number in range(25)]
    for name in wanted:
        shop.consign(shop.product(name, 100), 1000)
    browser = browser_of("manager")
    page = browser.get("/c/{c}/intakes?q=").get_data(as_text=True)
    assert "sheet=csv" in page and "sheet=xlsx" in page
    headings, *rows = rows_of(browser, "/c/{c}/intakes?sheet=csv")
    assert len(rows) == len(wanted)
    assert all(len(row) == len(headings) for row in rows)
    assert len({row[0] for row in rows}) == len(rows), "each document once"
    book = load_workbook(io.BytesIO(browser.get("/c/{c}/intakes?sheet=xlsx").data))
    assert book.worksheets[0].max_row == len(rows) + 1


def test_a_list_of_transfers_goes_on_in_its_file(
    browser_of: Callable[[str], Browser], centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "LIMIT_MAX", 2)
    shop, keeper = shop_in(centre), browser_of("stock_keeper")
    shop.consign(shop.product("น้ำผึ้ง", 100), 10_000)
    lot = db.session.scalars(select(Lot.lot_no).where(Lot.centre_id == centre.id)).one()
    db.session.rollback()
    store = next(one.id for one in sending.places(centre.id) if one.code == "STORE")
    head = {"from_location_id": str(locations.shop(centre.id).id), "to": f"place:{store}"}
    for _number in range(5):
        more = {"id": str(uuid7()), f"send_{lot}": "1"}
        assert keeper.form("/c/{c}/transfers/new", **head, **more).status_code == 303
    _headings, *rows = rows_of(keeper, "/c/{c}/transfers?sheet=csv")
    assert len({row[0] for row in rows}) == len(rows) == 5, "each transfer once"


def test_a_file_holds_what_its_list_is_narrowed_to(
    browser_of: Callable[[str], Browser], centre: Centre
) -> None:
    shop, manager = shop_in(centre), browser_of("manager")
    for name in ("น้ำผึ้ง", "พริกแกง"):
        shop.consign(shop.product(name, 100), 1000)
    everything = rows_of(manager, "/c/{c}/intakes?sheet=csv")[1:]
    number = everything[0][0]
    page = manager.get(f"/c/{{c}}/intakes?q={number.lower()}").get_data(as_text=True)
    assert number in page and everything[1][0] not in page
    assert f"q={number.lower()}&amp;sheet=csv" in page
    assert [row[0] for row in rows_of(manager, f"/c/{{c}}/intakes?q={number}&sheet=csv")[1:]] == [
        number
    ]
    assert rows_of(manager, "/c/{c}/intakes?last=๑/๑/๒๕๖๐&sheet=csv") == [[]]


def test_nothing_found_says_so_and_leads_back_to_all(
    browser_of: Callable[[str], Browser], centre: Centre
) -> None:
    shop = shop_in(centre)
    shop.consign(shop.product("น้ำผึ้ง", 100), 1000)
    page = browser_of("manager").get("/c/{c}/intakes?q=ไม่มีเลย&view=x").get_data(as_text=True)
    assert "ไม่พบข้อมูล" in page and 'value="ไม่มีเลย"' in page
    assert f'href="/c/{centre.id}/intakes?view=x"' in page
    assert 'name="view" value="x"' in page


def test_a_day_that_is_none_is_said_beside_its_field_and_in_no_file(
    browser_of: Callable[[str], Browser],
) -> None:
    manager = browser_of("manager")
    page = manager.get("/c/{c}/intakes?first=31/2/2569").get_data(as_text=True)
    assert 'value="31/2/2569"' in page and 'id="filter-first-error"' in page
    file = manager.get("/c/{c}/intakes?first=31/2/2569&sheet=csv")
    assert (file.status_code, file.mimetype) == (422, "text/html")


def test_a_file_needs_the_right_its_page_needs(
    browser_of: Callable[[str], Browser],
) -> None:
    refused = browser_of("cashier").get("/c/{c}/audit?sheet=csv")
    assert refused.status_code == 403
    assert refused.mimetype == "text/html"


def test_a_page_that_is_no_list_stays_a_page(browser_of: Callable[[str], Browser]) -> None:
    assert browser_of("manager").get("/profile?sheet=csv").mimetype == "text/html"
    assert browser_of("manager").get("/nowhere?sheet=csv").status_code == 404


def test_money_days_and_words_become_cells() -> None:
    found = _read(
        "<table><tr><td>another</td></tr></table><table><thead><tr>"
        '<th scope="col">Day</th><th scope="col" class="number">Baht</th></tr></thead><tbody>'
        '<tr><td><time datetime="2026-11-22">22 พ.ย. 2569</time></td>'
        '<td class="number"><a href="/x"><span>1,234.50</span></a></td>'
        "<td>=1+1 <b>and</b> more<form><button>Take</button></form></td>"
        '<td><time datetime="2026-11-22T10:05:00+00:00">words</time></td></tr>'
        '</tbody></table><nav class="pagination"></nav><table><tr><td>later</td></tr></table>'
    )
    assert found.headings == ["Day", "Baht"]
    [row] = found.rows
    assert [str(cell) for cell in row] == [
        "2026-11-22", "1234.50", "=1+1 and more", "2026-11-22 17:05",
    ]  # fmt: skip
    assert isinstance(row[1], Figure), "words that look like a sum stay words"
    assert not isinstance(row[2], Figure)


def test_every_paged_list_offers_its_next_page() -> None:
    """By convention: who is given rows page by page shows the way on, which carries the files."""
    without = [
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if "next_url" in (text := path.read_text(encoding="utf-8"))
        and "_macros" not in path.parts
        and "pagination(" not in text
    ]
    assert without == []
