"""A centre brings its products: three lines are wrong; they are corrected and brought again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import narrow
from tests.shop import Shop

PRODUCTS = (
    "รหัสสินค้า,ชื่อสินค้า,หน่วย,เท่ากับกี่หน่วยหลัก,ราคา,บาร์โค้ด\n"
    "E001,ไข่ไก่,ฟอง,,๔.๕๐,8850001112223\n"
    "E001,,แผง,๓๐,120,\n"
    "N001,,ขวด,,10,\n"
    "N002,น้ำดื่ม,ขวด,,สิบบาท,\n"
    "N003,น้ำตาล,กก.,,30,8850001112223\n"
)


@pytest.mark.parametrize("width", [360, 1280])
def test_products_are_brought_corrected_and_brought_again(
    shop: Shop, sign_in: Callable[..., Page], address: str, tmp_path: Path, width: int
) -> None:
    page = sign_in("manager", width=width)
    page.goto(f"{address}/c/{shop.centre_id}/moving-in")
    assert narrow(page)
    page.get_by_role("link", name="Bring a file: Products").click()
    assert narrow(page)
    (tmp_path / "products.csv").write_bytes(PRODUCTS.encode("cp874"))
    page.set_input_files("input[name=file]", tmp_path / "products.csv")
    page.get_by_role("button", name="Look the file over").click()
    expect(page.locator("#take")).to_contain_text("To be corrected: 3")
    expect(page.locator("main")).to_contain_text("Write the name.")
    assert narrow(page)
    page.screenshot(path=str(tmp_path / f"preview-{width}.png"), full_page=True)
    page.get_by_role("button", name="Take the good lines").click()
    expect(page.locator("main")).to_contain_text("Taken over")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Lines to correct, with reasons (CSV)").click()
    rest = downloaded.value.path().read_text(encoding="utf-8-sig")
    assert rest.count("\n") == 4
    right = rest.replace("N001,,", "N001,น้ำ,").replace("สิบบาท", "10")
    right = right.replace("30,8850001112223", "30,8850001112230")
    (tmp_path / "rest.csv").write_text(right, encoding="utf-8-sig")
    page.goto(f"{address}/c/{shop.centre_id}/moving-in/products/new")
    page.set_input_files("input[name=file]", tmp_path / "rest.csv")
    page.get_by_role("button", name="Look the file over").click()
    expect(page.locator("#take")).to_contain_text("To be entered: 3")
    page.get_by_role("button", name="Take the good lines").click()
    expect(page.locator("main")).to_contain_text("Taken over")
    page.goto(f"{address}/c/{shop.centre_id}/moving-in")
    expect(page.locator("main")).to_contain_text("BI-2569-00002")
    assert narrow(page)
