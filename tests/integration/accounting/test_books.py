"""The books of the Cooperative Auditing Department from a shop's documents, on both databases."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules.books import Book, Name, Row
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.stretches import stretch_of
from accounting.services import book_printing, books, ledger
from accounting.services.book_printing import NoMonth
from accounting.services.books import lines_of
from accounting.services.books.lines_of import BookTooLong
from core import clock, jobs
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from inventory.services import lots, waste
from inventory.services.waste import RecordWaste
from members.services import members
from members.services.members import NewMember
from pos.services.sale import RecordSaleLine
from tests.rendering import page_sizes_mm
from tests.sharing import put_shares
from tests.shop import Shop, shop_in
from worker import running
from worker.reports import books as printing

NOW = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
MONTH = stretch_of("month", 202611)
YEAR = stretch_of("year", 202611)
OFFICIAL = 10
"""The books of the official list."""


@pytest.fixture
def shop(centre: Centre) -> Iterator[Shop]:
    """Goods bought at 60, some sold, one spoilt; honey consigned; shares and a scale in October."""
    with clock.travel(lambda: NOW):
        shop = shop_in(centre)
        member = in_transaction(members.create, NewMember(first_name="ทองมี"), shop.actor)
        october = date(2026, 10, 5)
        put_shares(shop.actor, october, member.id, 5_000_00)
        put(
            shop.actor,
            october,
            NewLine(Purpose.EQUIPMENT, debit=900_00, memo="ตาชั่ง"),
            NewLine(Purpose.CASH_SAFE, credit=900_00),
        )
        put(
            shop.actor,
            date(2026, 11, 2),
            NewLine(Purpose.MEMBER_RECEIVABLE, debit=70_00, member_id=member.id),
            NewLine(Purpose.SERVICE_INCOME, credit=70_00),
        )
        bananas, honey = shop.product("กล้วย", 100_00), shop.product("น้ำผึ้ง", 100_00)
        shop.buy(bananas, 10_000, 60_00)
        shop.consign(honey, 5_000)
        shop.open(1_000_00)
        shop.sell(RecordSaleLine(bananas, 3_000, 100_00), RecordSaleLine(honey, 1_000, 100_00))
        yield shop


def put(actor: Actor, day: date, *lines: NewLine) -> None:
    entry = NewEntry("opening", "opening", uuid7(), day, clock.now(), lines)
    in_transaction(ledger.post, entry, actor)


def book(key: str, shop: Shop, stretch: Any = MONTH) -> Book:
    return books.make(key, stretch, shop.actor)


def plain(found: Book) -> list[Row]:
    return [row for row in found.rows if not row.style]


def amount(found: Book, words: str) -> Any:
    """Return the last cell of the row called so."""
    for row in found.rows:
        for cell in row.cells:
            here = (cell.th, cell.en) if isinstance(cell, Name) else (cell,)
            if words in here and row.style != "heading":
                return row.cells[-1]
    raise AssertionError(f"no row {words}")


def test_the_list_is_the_official_one(shop: Shop) -> None:
    kinds = books.kinds(shop.actor)
    assert {kind.official for kind in kinds} == set(range(1, OFFICIAL + 1))
    assert [kind.official for kind in kinds] == sorted(kind.official for kind in kinds)
    for kind in kinds:
        for stretch in (MONTH, YEAR):
            made = books.make(kind.key, stretch, shop.actor)
            assert all(len(row.cells) == len(made.columns) for row in made.rows)


def test_the_statements_are_those_of_the_books(shop: Shop) -> None:
    assert amount(book("income", shop), "Sales of own goods") == 300_00
    assert amount(book("balance", shop), "Equipment") == 900_00


def test_the_cost_of_what_was_sold_comes_out_of_the_stock(shop: Shop) -> None:
    lost = RecordWaste(uuid7(), own_lot(shop), 1_000, "เน่า", "centre")
    in_transaction(waste.record, lost, shop.actor)
    found = book("cost-of-sales", shop)
    assert [row.cells[2] for row in found.rows] == [0, 600_00, -60_00, -360_00, 180_00]
    assert amount(found, "Cost of own goods sold") == amount(
        book("income", shop), "Cost of goods sold"
    )


def own_lot(shop: Shop) -> UUID:
    return lots.listing(shop.actor, Window(), ownership="own").items[0].id


def test_the_journal_has_every_line_and_balances(shop: Shop) -> None:
    found = book("journal", shop, YEAR)
    assert found.rows[-1].cells[5] == found.rows[-1].cells[6] != 0
    first = plain(found)[0]
    assert first.cells[0] == date(2026, 10, 5)
    month = book("journal", shop)
    assert len(month.rows) < len(found.rows)


def test_a_journal_without_end_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_of, "LINES_MAX", 3)
    with pytest.raises(BookTooLong):
        book("journal", shop)


def test_members_stand_with_their_shares(shop: Shop) -> None:
    [row] = plain(book("members", shop))
    assert row.cells[1] == "ทองมี"
    assert row.cells[5:] == (5_000_00, 0, 0, 5_000_00)
    [row] = plain(books.make("members", stretch_of("month", 202610), shop.actor))
    assert row.cells[5:] == (0, 5_000_00, 0, 5_000_00)


def test_goods_stand_own_and_consigned_apart(shop: Shop) -> None:
    found = book("products", shop)
    assert [row.cells[3:] for row in plain(found)] == [
        (0, 10_000, 3_000, 7_000, 420_00),
        (0, 5_000, 1_000, 4_000, 0),
    ]
    later = books.make("products", stretch_of("month", 202612), shop.actor)
    assert [row.cells[3:7] for row in plain(later)] == [(7_000, 0, 0, 7_000), (4_000, 0, 0, 4_000)]


def test_equipment_receivables_and_capital(shop: Shop) -> None:
    [scale] = plain(book("assets", shop))
    assert scale.cells[4:] == ("ตาชั่ง", 900_00, 0)
    assert book("assets", shop).figures[0][1] == 900_00
    [owes] = plain(book("receivables", shop))
    assert owes.cells[2:] == (0, 70_00, 0, 70_00)
    capital = {str(row.cells[0]): row.cells[2:] for row in plain(book("capital", shop))}
    assert capital["3110"] == (5_000_00, 0, 0, 5_000_00)
    surplus = 300_00 - 180_00 + 20_00 + 70_00
    assert capital[""][-1] == surplus
    assert book("capital", shop).rows[-1].cells[-1] == 5_000_00 + surplus


def test_vouchers_are_all_money_but_sales(shop: Shop) -> None:
    found = books.make("vouchers", YEAR, shop.actor)
    assert [row.cells[5:7] for row in plain(found)] == [(5_000_00, 0), (0, 900_00)]


def test_who_may_not_is_refused_and_what_is_not_is_not_found(shop: Shop, cashier: Actor) -> None:
    with pytest.raises(NotFound):
        books.make("nothing", MONTH, shop.actor)
    with pytest.raises(Forbidden):
        books.make("journal", MONTH, cashier)
    with pytest.raises(Forbidden):
        books.kinds(cashier)


# --- printed by the worker -------------------------------------------------------------------


def printed(app: Flask, shop: Shop, accountant: Actor) -> jobs.JobFile:
    job_id = in_transaction(book_printing.ask, "202611", "month", replace(accountant, locale="th"))
    assert running.run(app, shop.centre_id, job_id)
    made = jobs.file(shop.centre_id, job_id)
    assert made is not None
    return made


def test_all_books_are_one_pdf(app: Flask, shop: Shop, accountant: Actor) -> None:
    made = printed(app, shop, accountant)
    assert made.type == "application/pdf"
    assert len(page_sizes_mm(made.content)) >= len(books.kinds(shop.actor))


def test_long_books_are_many_in_a_zip(
    app: Flask, shop: Shop, accountant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "ONE_PDF_ROWS", 10)
    monkeypatch.setattr(printing, "PIECE_ROWS", 8)
    monkeypatch.setattr(lines_of, "LINES_MAX", 3)
    with zipfile.ZipFile(io.BytesIO(printed(app, shop, accountant).content)) as archive:
        names = archive.namelist()
        assert {"01-cash.pdf", "left-out.txt"} <= set(names)
        assert "journal" in archive.read("left-out.txt").decode("utf-8-sig")
        assert all(archive.read(name)[:5] == b"%PDF-" for name in names if name.endswith("pdf"))


def test_a_piece_is_no_longer_than_it_may_be(shop: Shop) -> None:
    long = replace(book("journal", shop), rows=book("journal", shop).rows * 200)
    some = list(printing.pieces(5, long))
    assert [name for name, _ in some][:2] == ["05-journal-01.pdf", "05-journal-02.pdf"]
    assert sum(len(piece.rows) for _, piece in some) == len(long.rows)
    assert max(len(piece.rows) for _, piece in some) == printing.PIECE_ROWS


def test_only_a_month_is_printed_for_those_who_may(
    shop: Shop, accountant: Actor, auditor: Actor
) -> None:
    for wrong in ("202613", "20261", "abcdef", ""):
        with pytest.raises(NoMonth):
            in_transaction(book_printing.ask, wrong, "month", accountant)
    with pytest.raises(NoMonth):
        in_transaction(book_printing.ask, "202611", "decade", accountant)
    with pytest.raises(Forbidden):
        in_transaction(book_printing.ask, "202611", "month", auditor)
