"""Vouchers at the browser: written, approved, corrected; nothing that was typed is lost."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from uuid import UUID

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.ids import uuid7
from tests.api.conftest import Browser
from tests.writing import account

BrowserOf = Callable[[str], Browser]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(padding: int = 0) -> bytes:
    """A picture of one dot, with as many bytes of comment as wanted."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0\0"))]
    if padding:
        parts.insert(1, chunk(b"tEXt", b"x" * padding))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def bill(centre_id: int, **more: str) -> dict[str, str]:
    """The form of an electricity bill paid from the safe."""
    return {
        "id": str(uuid7()),
        "version": "0",
        "business_date": "20/11/2568",
        "party": "การไฟฟ้า",
        "amount": "1,234.50",
        "account_id": str(account(centre_id, Purpose.UTILITIES)),
        "money_account_id": str(account(centre_id, Purpose.CASH_SAFE)),
        "note": "ค่าไฟตุลาคม",
    } | more


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def write(browser: Browser, kind: str = "pay", **fields: str) -> str:
    """Send a voucher's form; return its page's address."""
    response = browser.form(f"/c/{{c}}/vouchers/new/{kind}", **fields)
    assert response.status_code == 303, text_of(response)
    return response.location


def test_a_bill_is_written_posted_and_printed(browser_of: BrowserOf, centre: Centre) -> None:
    accountant = browser_of("accountant")
    page = text_of(accountant.get("/c/{c}/vouchers/new/pay"))
    assert 'name="amount"' in page
    where = write(accountant, **bill(centre.id))
    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == 0

    assert accountant.form(f"{where}/post").status_code == 303

    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == -123_450
    page = text_of(accountant.get(where))
    assert "V-2568-0001" in page and "1,234.50" in page and "ค่าไฟตุลาคม" in page
    assert "V-2568-0001" in text_of(accountant.get("/c/{c}/vouchers?state=posted"))
    paper = accountant.get(f"{where}/voucher.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert accountant.get(f"{where}/voucher.pdf?seller=1").data[:5] == b"%PDF-"


def test_what_is_refused_stays_as_typed_and_is_named(browser_of: BrowserOf, centre: Centre) -> None:
    accountant = browser_of("accountant")
    wrong = [
        ({"amount": "12.345"}, "amount"),
        ({"business_date": "20/11/2600"}, "business_date"),
        ({"account_id": str(account(centre.id, Purpose.INVENTORY))}, "account_id"),
        ({"money_account_id": str(account(centre.id, Purpose.WAGES))}, "money_account_id"),
        ({"account_id": str(account(centre.id, Purpose.SHARE_CAPITAL))}, "account_id"),
        ({"account_id": str(account(centre.id, Purpose.MEMBER_PURSE))}, "person"),
        ({"person": "M999"}, "person"),
    ]
    for change, name in wrong:
        response = accountant.form("/c/{c}/vouchers/new/pay", **bill(centre.id, **change))
        page = text_of(response)
        assert response.status_code in (404, 422), (name, response.status_code)
        assert f'id="{name}-error"' in page, name
        assert 'value="การไฟฟ้า"' in page and 'value="ค่าไฟตุลาคม"' in page
    assert text_of(accountant.get("/c/{c}/vouchers")).count("<tr id=") == 0


def journal(centre_id: int, *lines: tuple[Purpose, str, str]) -> dict[str, str]:
    fields = {
        "id": str(uuid7()),
        "version": "0",
        "business_date": "20/11/2568",
        "rows": str(len(lines)),
    }
    for number, (purpose, debit, credit) in enumerate(lines, start=1):
        fields |= {
            f"account_{number}": str(account(centre_id, purpose)),
            f"debit_{number}": debit,
            f"credit_{number}": credit,
        }
    return fields


def test_a_journal_entry_takes_free_lines(browser_of: BrowserOf, centre: Centre) -> None:
    accountant = browser_of("accountant")
    fields = journal(
        centre.id,
        (Purpose.WAGES, "๑๐๐.๒๕", ""),
        (Purpose.TRANSPORT, "50", ""),
        (Purpose.BANK, "", "150.25"),
    )
    where = write(accountant, "journal", **fields)
    assert accountant.form(f"{where}/post").status_code == 303
    assert ledger.balance(centre.id, Purpose.BANK) == -150_25


def test_more_lines_come_without_a_script_and_keep_what_was_typed(
    browser_of: BrowserOf, centre: Centre
) -> None:
    accountant = browser_of("accountant")
    fields = journal(centre.id, (Purpose.WAGES, "12.5x", ""))
    page = text_of(accountant.form("/c/{c}/vouchers/new/journal", **fields, more="1"))
    assert 'value="12.5x"' in page and 'name="account_5"' in page


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ([], "lines"),
        ([(Purpose.WAGES, "1", "")], "lines"),
        ([(Purpose.WAGES, "1", ""), (Purpose.BANK, "", "2")], "lines"),
        ([(Purpose.WAGES, "1", "1"), (Purpose.BANK, "", "2")], "debit_1-error"),
        ([(Purpose.BANK, "1", ""), (Purpose.CASH_TILL, "", "1")], "account_2-error"),
        ([(Purpose.BANK, "1", ""), (Purpose.WELFARE_FUND, "", "1")], "fund_2-error"),
    ],
)
def test_a_journal_entry_that_is_none_is_refused_by_its_cell(
    browser_of: BrowserOf, centre: Centre, lines: list[tuple[Purpose, str, str]], named: str
) -> None:
    accountant = browser_of("accountant")
    response = accountant.form("/c/{c}/vouchers/new/journal", **journal(centre.id, *lines))
    assert response.status_code == 422
    assert f'id="{named}"' in text_of(response) or f'href="#{named}"' in text_of(response)


def test_a_second_person_approves_above_the_limit(browser_of: BrowserOf, centre: Centre) -> None:
    accountant, manager = browser_of("accountant"), browser_of("manager")
    where = write(accountant, **bill(centre.id, amount="5000.01"))
    assert accountant.form(f"{where}/post").status_code == 409
    assert accountant.form(f"{where}/ask").status_code == 303
    assert accountant.form(f"{where}/approve", version="1").status_code == 409
    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == 0
    page = text_of(manager.get(where))
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert manager.form(f"{where}/approve", version=version[1]).status_code == 303
    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == -500_001


def test_a_refused_voucher_is_kept_and_written_anew(browser_of: BrowserOf, centre: Centre) -> None:
    accountant, manager = browser_of("accountant"), browser_of("manager")
    where = write(accountant, **bill(centre.id, amount="6000"))
    accountant.form(f"{where}/ask")
    assert manager.form(f"{where}/refuse").status_code == 422
    assert manager.form(f"{where}/refuse", reason="ไม่มีใบเสร็จ").status_code == 303
    page = text_of(accountant.get(where))
    assert "ไม่มีใบเสร็จ" in page
    again = re.search(r'href="(/c/\d+/vouchers/new/pay\?copy=[^"]+)"', page)
    assert again
    assert 'value="6,000.00"' in text_of(accountant.get(again[1]))


# --- papers ----------------------------------------------------------------------------------


def send_paper(browser: Browser, where: str, data: bytes, name: str = "bill.png") -> TestResponse:
    fields = {"csrf_token": browser.csrf, "paper": FileStorage(io.BytesIO(data), name)}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(f"{where}/papers", data=body, content_type=kind)


def test_a_picture_above_a_megabyte_is_kept_and_shown_harmlessly(
    browser_of: BrowserOf, centre: Centre
) -> None:
    accountant = browser_of("accountant")
    where = write(accountant, **bill(centre.id))
    picture = png(2 * 1024 * 1024)
    assert send_paper(accountant, where, picture, "../../ใบเสร็จ.png").status_code == 303
    assert send_paper(accountant, where, picture).status_code == 303

    links = re.findall(r"/c/\d+/papers/[0-9a-f-]{36}", text_of(accountant.get(where)))
    assert len(links) == 1
    shown = accountant.get(links[0])
    assert shown.data == picture
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert browser_of("auditor").get(links[0]).status_code == 200
    assert browser_of("cashier").get(links[0]).status_code == 403


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 422),
        (b"<script>alert(1)</script>", 422),
        (b"GIF89a" + b"\0" * 100, 422),
        (png()[:-6], 422),
        (png().replace(b"IDAT", b"IDAX"), 422),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 50, 422),
        (b"%PDF-1.7 no end", 422),
        (b"RIFF\x10\0\0\0WEBPVP8 ", 422),
        (png(5 * 1024 * 1024 + 10), 413),
        (png(9 * 1024 * 1024), 413),
    ],
    ids=["none", "script", "gif", "cut", "altered", "jpeg", "pdf", "webp", "over", "far over"],
)
def test_what_is_no_paper_is_not_kept(
    browser_of: BrowserOf, centre: Centre, data: bytes, status: int
) -> None:
    accountant = browser_of("accountant")
    where = write(accountant, **bill(centre.id))
    assert send_paper(accountant, where, data).status_code == status
    assert "/papers/" not in text_of(accountant.get(where)).replace(f"{where}/papers", "")


def test_a_lost_file_is_told_as_lost(
    browser_of: BrowserOf, centre: Centre, settings: object
) -> None:
    accountant = browser_of("accountant")
    where = write(accountant, **bill(centre.id))
    send_paper(accountant, where, png())
    [link] = re.findall(r"/c/\d+/papers/[0-9a-f-]{36}", text_of(accountant.get(where)))
    var = settings.var  # type: ignore[attr-defined]
    [file] = [one for one in (var / "attachments").rglob("*") if one.is_file()]
    file.write_bytes(b"something else")
    assert accountant.get(link).status_code == 404


# --- correcting, templates -------------------------------------------------------------------


def test_a_correction_is_a_reversal_and_a_new_entry(browser_of: BrowserOf, centre: Centre) -> None:
    accountant = browser_of("accountant")
    where = write(accountant, **bill(centre.id))
    accountant.form(f"{where}/post")
    entry_id = ledger.entry_of(centre.id, "voucher", UUID(where.rsplit("/", 1)[1]))[0].id

    fields = {"id": str(uuid7()), "business_date": "21/11/2568", "note": "ผิดจำนวน"}
    back = accountant.form(f"/c/{{c}}/journal/{entry_id}/take-back", **fields, anew="1")
    assert back.status_code == 303
    edit = back.location
    assert 'value="1,234.50"' in text_of(accountant.get(edit))
    version = re.search(r'name="version" value="(\d+)"', text_of(accountant.get(edit)))
    assert version
    new_id = edit.split("/")[-2]
    changed = bill(centre.id, id=new_id, version=version[1], amount="1000")
    assert accountant.form(edit, **changed).status_code == 303
    assert accountant.form(f"/c/{{c}}/vouchers/{fields['id']}/post").status_code == 303
    assert accountant.form(f"/c/{{c}}/vouchers/{new_id}/post").status_code == 303

    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == -1000_00
    reversal = ledger.reversal_of(centre.id, entry_id)
    assert reversal is not None and str(reversal.id) in text_of(accountant.get(where))
    again = accountant.form(f"/c/{{c}}/journal/{entry_id}/take-back", **fields)
    assert again.status_code == 409


def test_a_template_fills_a_voucher(browser_of: BrowserOf, centre: Centre) -> None:
    accountant = browser_of("accountant")
    where = write(accountant, **bill(centre.id))
    kept = accountant.form(
        f"{where}/template",
        id=str(uuid7()),
        name="ค่าไฟ",
        every="month",
        day_of_month="31",
        start="01/01/2568",
    )
    assert kept.status_code == 303
    page = text_of(accountant.get("/c/{c}/voucher-templates"))
    assert "ค่าไฟ" in page
    fill = re.search(r'href="(/c/\d+/vouchers/new/pay\?template=[^"]+)"', page)
    assert fill and 'value="1,234.50"' in text_of(accountant.get(fill[1]))
    assert accountant.form("/c/{c}/voucher-templates/make-due").status_code == 303
    drafts = text_of(accountant.get("/c/{c}/vouchers?state=draft")).count('id="v-')
    assert drafts > 1
    accountant.form("/c/{c}/voucher-templates/make-due")
    assert text_of(accountant.get("/c/{c}/vouchers?state=draft")).count('id="v-') == drafts
