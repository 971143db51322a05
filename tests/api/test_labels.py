"""Labels of lots: the right words on the right paper, and never over an edge."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import intake
from inventory.services.intake import RecordIntake, RecordIntakeLine
from members.services import producers, villages
from members.services.producers import NewProducer
from members.services.villages import NewVillage
from tests.api.conftest import Browser
from tests.shop import Shop, shop_in

LONG = "น้ำพริกกุ้งเสียบสูตรโบราณบ้านคุณยายปิ่นทองรสเผ็ดมากเป็นพิเศษ"


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A shop whose producer and goods have names longer than any label."""
    shop = shop_in(centre)
    village = in_transaction(
        villages.create, NewVillage(name="บ้านหนองน้ำส้มสายใจพัฒนาสามัคคี"), shop.actor
    )
    new = NewProducer(name="กลุ่มแม่บ้านเกษตรกรหนองน้ำส้มสามัคคี", village_id=village.id)
    shop.producer_id = in_transaction(producers.create, new, shop.actor).id
    return shop


@pytest.fixture
def receipt_id(shop: Shop) -> UUID:
    """An intake of two lots: thirty jars and a crate by weight."""
    lines = (
        RecordIntakeLine(shop.product(LONG, 1_234_500), 30_000, expires_on=date(2026, 12, 31)),
        RecordIntakeLine(shop.product("มะม่วง", 4_550, by_weight=True), 12_500),
    )
    command = RecordIntake(uuid7(), shop.producer_id, "consignment", lines)
    return in_transaction(intake.record, command, shop.actor).id


def words_of(pdf: bytes, tmp_path: Path) -> str:
    file = tmp_path / "labels.pdf"
    file.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout


def boxes_of(pdf: bytes, tmp_path: Path) -> list[tuple[float, float, list[list[float]]]]:
    """Return (width, height, word boxes) of each page, in points."""
    file = tmp_path / "labels.pdf"
    file.write_bytes(pdf)
    html = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = []
    for page in html.split("<page ")[1:]:
        width, height = (float(one) for one in re.findall(r'(?:width|height)="([0-9.]+)"', page))
        words = re.findall(
            r'xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)"', page
        )
        pages.append((width, height, [[float(one) for one in word] for word in words]))
    return pages


def test_an_intake_offers_a_label_for_every_piece(
    browser_of: Callable[..., Browser], receipt_id: UUID
) -> None:
    page = browser_of("stock_keeper").get(f"/c/{{c}}/intakes/{receipt_id}/labels")
    assert page.status_code == 200
    assert re.findall(r'name="copies"[^>]*value="([0-9]+)"', page.get_data(as_text=True)) == [
        "30",
        "1",
    ]


def test_sheets_begin_where_the_last_one_ended(
    browser_of: Callable[..., Browser], receipt_id: UUID, tmp_path: Path
) -> None:
    browser = browser_of("stock_keeper")
    address = f"/c/{{c}}/intakes/{receipt_id}/labels.pdf?copies=30&copies=1"
    for start, sheets in ((1, 2), (18, 2), (19, 3)):
        answer = browser.get(f"{address}&start={start}")
        assert answer.mimetype == "application/pdf"
        pages = boxes_of(answer.data, tmp_path)
        assert [(round(width), round(height)) for width, height, _ in pages] == [
            (595, 842)
        ] * sheets
        words = words_of(answer.data, tmp_path)
        found = [len(re.findall(f"L[0-9]{{4}}-{no}", words)) for no in ("00001", "00002")]
        assert found == [30, 1], "every label is printed, none is cut away"
    assert "31 ธ.ค. 2569" in words
    assert "12,345.00" in words


def test_a_roll_has_one_label_a_page_and_nothing_over_its_edge(
    browser_of: Callable[..., Browser], receipt_id: UUID, tmp_path: Path
) -> None:
    address = f"/c/{{c}}/intakes/{receipt_id}/labels.pdf?paper=roll&copies=2&copies=1"
    pages = boxes_of(browser_of("stock_keeper").get(address).data, tmp_path)
    assert len(pages) == 3
    for width, height, words in pages:
        assert (round(width), round(height)) == (113, 85)
        assert words
        for left, top, right, bottom in words:
            assert left >= 0
            assert top >= 0
            assert right <= width
            assert bottom <= height


def test_a_lot_has_labels_of_its_own_and_only_the_store_prints_them(
    browser_of: Callable[..., Browser], shop: Shop, receipt_id: UUID
) -> None:
    [lot, _] = intake.get(receipt_id, shop.actor).lines
    for address in (f"/c/{{c}}/lots/{lot.lot_id}", f"/c/{{c}}/intakes/{receipt_id}"):
        assert "labels" in browser_of("stock_keeper").get(address).get_data(as_text=True)
        for tail in ("/labels", "/labels.pdf"):
            assert browser_of("stock_keeper").get(address + tail).status_code == 200
            assert browser_of("accountant").get(address + tail).status_code == 403


@pytest.mark.parametrize("query", ["start=25", "start=0", "copies=501", "copies=-1", "paper=a3"])
def test_nonsense_is_refused(
    browser_of: Callable[..., Browser], receipt_id: UUID, query: str
) -> None:
    address = f"/c/{{c}}/intakes/{receipt_id}/labels.pdf?{query}"
    assert browser_of("stock_keeper").get(address).status_code == 422
