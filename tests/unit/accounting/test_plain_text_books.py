"""Plain-text books: names, hostile words, and that the judges understand every file."""

from __future__ import annotations

import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core.data import Balance
from beancount.core.data import Transaction as Read
from hypothesis import given, settings
from hypothesis import strategies as st

from accounting.rules.plain_text_books import (
    Item,
    MonthEnd,
    NamedAccount,
    Names,
    Posting,
    Transaction,
    account_name,
    amount,
    beancount,
    hledger,
    party_name,
)

DAY = date(2026, 11, 20)
CASH, SALES = "Assets:1110-Cash", "Income:4110-Sales"
ACCOUNTS = (NamedAccount(CASH, "asset", {"name_th": "เงินสด"}), NamedAccount(SALES, "income"))


def sold(words: str, memo: str = "", satang: int = 10_050) -> Transaction:
    facts = {"id": "01a1", "document": words}
    postings = (Posting(CASH, satang, {"memo": memo}), Posting(SALES, -satang))
    return Transaction(DAY, "J-2569-00001", words, facts, postings)


def beans(*items: Item) -> tuple[list[object], list[object]]:
    entries, errors, _ = loader.load_string("".join(beancount("ศูนย์", DAY, ACCOUNTS, items)))
    return entries, errors


def judged(folder: Path, *items: Item) -> subprocess.CompletedProcess[str]:
    file = folder / "books.journal"
    file.write_text("".join(hledger("ศูนย์", DAY, ACCOUNTS, items)), encoding="utf-8")
    command = ["hledger", "-f", str(file), "check", "accounts", "balanced", "ordereddates"]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8"}
    )


@pytest.mark.parametrize(
    ("type_", "code", "name_en", "name"),
    [
        ("liability", "2120", "Consignment payable", "Liabilities:2120-Consignment-payable"),
        ("expense", "5310", "Cash over/short", "Expenses:5310-Cash-over-short"),
        ("asset", "1199", "เงินสดย่อย", "Assets:1199"),
        ("asset", "ก", "ก", "Assets:Account"),
        ("equity", "x1", "", "Equity:X1"),
    ],
)
def test_accounts_are_named_in_ascii(type_: str, code: str, name_en: str, name: str) -> None:
    assert account_name(type_, code, name_en) == name


def test_a_party_has_its_own_part() -> None:
    assert party_name("Liabilities:2120", "p000123") == "Liabilities:2120:P000123"
    assert party_name("Liabilities:2120", "ผ") == "Liabilities:2120:Party"


def test_no_two_have_one_name() -> None:
    names = Names()
    assert [names.of(key, "Assets:A") for key in (1, 2, 1)] == [
        "Assets:A",
        "Assets:A-x2",
        "Assets:A",
    ]
    assert names.of(3, "assets:a") == "assets:a-x3"


@pytest.mark.parametrize(
    ("satang", "words"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-123_450, "-1234.50")]
)
def test_amounts_are_exact(satang: int, words: str) -> None:
    assert amount(satang) == words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.integers(1, 10**12))
def test_whatever_is_typed_stays_on_its_line(words: str, memo: str, satang: int) -> None:
    entries, errors = beans(sold(words, memo, satang), MonthEnd(DAY, {CASH: satang}))
    assert errors == []
    [read] = [one for one in entries if isinstance(one, Read)]
    assert [(one.account, one.units.number) for one in read.postings] == [
        (CASH, Decimal(satang) / 100),
        (SALES, Decimal(-satang) / 100),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "sale\n    Assets:9999-Stolen  5.00 THB",
        "ผัก; a comment | a note",
        'date:2020-01-01, [2020-01-01=2020-01-02] \\ "quoted"',
        "\r\u2028\u0085 (code) * ! = ",
        "",
    ],
)
def test_hledger_reads_whatever_is_typed(words: str, tmp_path: Path) -> None:
    answer = judged(tmp_path, sold(words, words), MonthEnd(DAY, {CASH: 10_050}))
    assert (answer.returncode, answer.stderr) == (0, "")


def test_beancount_refuses_a_balance_that_is_a_satang_off() -> None:
    entries, errors = beans(sold("sale"), MonthEnd(DAY, {CASH: 10_051}))
    assert len(errors) == 1
    [asked] = [one for one in entries if isinstance(one, Balance)]
    assert asked.date == date(2026, 11, 21)


def test_hledger_refuses_a_balance_that_is_a_satang_off(tmp_path: Path) -> None:
    answer = judged(tmp_path, sold("sale"), MonthEnd(DAY, {CASH: 10_051}))
    assert answer.returncode != 0
    assert "balance assertion" in answer.stderr


def test_hledger_refuses_an_account_nobody_opened(tmp_path: Path) -> None:
    stray = Transaction(DAY, "J", "x", {}, (Posting("Assets:X", 1), Posting(SALES, -1)))
    assert judged(tmp_path, stray).returncode != 0
