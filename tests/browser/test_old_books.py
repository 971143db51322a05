"""The accountant takes the old books over, in a browser: wrong first, corrected, then taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import old_books
from tests.browser.conftest import narrow
from tests.old_books import ALL
from tests.shop import Shop


@pytest.mark.parametrize("width", [360, 1280])
def test_the_old_books_are_taken_over(
    shop: Shop, sign_in: Callable[..., Page], address: str, tmp_path: Path, width: int
) -> None:
    shop.product("น้ำผึ้ง", 100_00)
    page = sign_in("accountant", width=width)
    page.goto(f"{address}/c/{shop.centre_id}/openings")
    page.get_by_role("link", name="Bring old books in").first.click()
    assert narrow(page)
    wrong = ALL | {"members": old_books.MEMBERS.replace(",500,", ",499.99,")}
    for name, text in wrong.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        page.set_input_files(f"input[name={name}]", tmp_path / f"{name}.csv")
    page.get_by_label("Opening day").fill("1/11/2569")
    page.get_by_role("button", name="Look the files over").click()
    row = page.locator("tr", has_text="3110")
    expect(row).to_contain_text("0.01")
    expect(page.get_by_role("button", name="Take the old books over")).to_have_count(0)
    assert narrow(page)
    (tmp_path / "members.csv").write_bytes(old_books.MEMBERS.encode("cp874"))
    page.set_input_files("input[name=members]", tmp_path / "members.csv")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator("#take")).to_contain_text("6,870.50")
    page.get_by_role("button", name="Take the old books over").click()
    expect(page.locator("main")).to_contain_text("Taken over")
    assert narrow(page)
    page.locator("a[href*='/journal/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("J-2569-")
    expect(page.locator("main")).to_contain_text("OB-2569-00001")
