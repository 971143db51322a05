"""A bank's file as banks write it: eras, digits, encodings, signs; and each way of being wrong."""

from __future__ import annotations

from datetime import date

import pytest

from accounting.rules import bank_files as rules
from accounting.rules.bank_files import BadColumns, BadStatement, Columns, FileLine
from core.sheets import Table, baht_figure
from core.xlsx import xlsx_bytes

TODAY = date(2026, 11, 21)
SIGNED = Columns(day=1, amount=2, reference=3, skip_first=0)
SIDES = Columns(day=1, paid_in=2, paid_out=3, balance=4, skip_first=0)


def read(text: str, columns: Columns = SIGNED, **balances: int) -> rules.FileRead:
    return rules.read(rules.rows_of(text.encode()), columns, TODAY, **balances)


def amounts(text: str, columns: Columns = SIGNED) -> list[int]:
    return [line.amount_satang for line in read(text, columns).lines]


@pytest.mark.parametrize(
    ("cell", "satang"),
    [
        ("100", 100_00),
        ('"1,234.50"', 1_234_50),
        ("๑๒.๒๕", 12_25),
        ("-5", -5_00),
        ("5.00-", -5_00),
        ("(5.00)", -5_00),
        ("−7.5", -7_50),
        ("+3", 3_00),
        ("3.10 บาท", 3_10),
        ("฿ 9", 9_00),
        ("9.5000", 9_50),
        ("12.00DR", -12_00),
        ("12.00 CR", 12_00),
    ],
)
def test_amounts_are_read_exactly(cell: str, satang: int) -> None:
    assert amounts(f"1/10/2568,{cell},x") == [satang]


@pytest.mark.parametrize(
    ("cell", "day", "at"),
    [
        ("01/10/2568", date(2025, 10, 1), ""),
        ("1 ต.ค. 2568", date(2025, 10, 1), ""),
        ("๑/๑๐/๒๕๖๘", date(2025, 10, 1), ""),
        ("2025-10-01", date(2025, 10, 1), ""),
        ("01-10-68", date(2025, 10, 1), ""),
        ("01-10-25", date(2025, 10, 1), ""),
        ("1 Oct 2025 09:05", date(2025, 10, 1), "09:05"),
        ("2025-10-01T23:59:58", date(2025, 10, 1), "23:59"),
        ("01/10/2568 9.30 น.", date(2025, 10, 1), "09:30"),
    ],
)
def test_days_are_read_in_either_era(cell: str, day: date, at: str) -> None:
    [line] = read(f"{cell},5,x").lines
    assert (line.day, line.at) == (day, at)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_file_is_read_in_any_writing(encoding: str, mark: str) -> None:
    text = f"ธนาคาร\nรายการเดินบัญชี\n1/10/2568{mark}5{mark}โอนเงิน\r\n2/10/2568{mark}6{mark}ฝาก\r\n"
    rows = rules.rows_of(text.encode(encoding))
    found = rules.read(rows, Columns(day=1, amount=2, description=3, skip_first=2), TODAY)
    assert [line.description for line in found.lines] == ["โอนเงิน", "ฝาก"]


def test_a_newest_first_file_is_turned_by_its_balances() -> None:
    found = read("1/10/2568,,30,70\n1/10/2568,100,,100\n", SIDES)
    assert [line.amount_satang for line in found.lines] == [100_00, -30_00]
    assert (found.opening_satang, found.closing_satang) == (0, 70_00)


def test_without_balances_days_decide_the_order() -> None:
    assert amounts("3/10/2568,3,c\n2/10/2568,2,b\n1/10/2568,1,a\n") == [100, 200, 300]


def test_a_balance_brought_forward_says_nothing_new() -> None:
    found = read("1/10/2568,,,50\n1/10/2568,5,,55\n2/10/2568,,,55\n", SIDES)
    assert [line.amount_satang for line in found.lines] == [5_00]
    assert (found.opening_satang, found.closing_satang) == (50_00, 55_00)


@pytest.mark.parametrize(
    ("text", "columns", "row"),
    [
        ("1/10/2568,1o0,x", SIGNED, 1),
        ("1/10/2568,1.005,x", SIGNED, 1),
        ("31/2/2568,100,x", SIGNED, 1),
        ("1/10/2568,5,x\nรวม,5,x", SIGNED, 2),
        ("1/10/2568,5,x\n1/10/2568,,x", SIGNED, 2),
        ("22/11/2569,5,x", SIGNED, 1),
        ("1/10/2568,9999999999999,x", SIGNED, 1),
        ("1/10/2568,5,5,0", SIDES, 1),
        ("1/10/2568,-5,,0", SIDES, 1),
        ("1/10/2568,5,,", SIDES, 1),
        ("1/10/2568,5,,5\n1/10/2568,5,,11", SIDES, 2),
        ("1/10/2568,5,,5\n1/10/2568,,,6", SIDES, 2),
        ("", SIGNED, 1),
        ("1/10/2568,0,x", SIGNED, 1),
    ],
)
def test_a_bad_line_refuses_the_whole_file_by_its_number(
    text: str, columns: Columns, row: int
) -> None:
    with pytest.raises(BadStatement) as refusal:
        read(text, columns)
    assert refusal.value.facts["row"] == row
    assert refusal.value.facts["why"]


def test_balances_a_person_wrote_must_agree() -> None:
    text = "1/10/2568,5,x\n2/10/2568,-2,x"
    assert read(text, opening_satang=10_00, closing_satang=13_00).closing_satang == 13_00
    with pytest.raises(BadStatement):
        read(text, opening_satang=10_00, closing_satang=13_01)
    with pytest.raises(BadStatement):
        read("1/10/2568,5,,5\n", SIDES, opening_satang=1)


@pytest.mark.parametrize(
    "columns",
    [
        Columns(amount=2),
        Columns(day=1),
        Columns(day=1, amount=2, paid_in=3),
        Columns(day=1, amount=1),
    ],
)
def test_columns_that_cant_be_a_statement_are_refused(columns: Columns) -> None:
    with pytest.raises(BadColumns):
        read("1/10/2568,5,5", columns)


def test_columns_are_guessed_from_their_headings() -> None:
    thai = "ธนาคาร\nวันที่,เวลา,รายการ,ถอน,ฝาก,ยอดคงเหลือ\n1/10/2568,,x,,5,5\n"
    guess = rules.guess(rules.rows_of(thai.encode()))
    assert (guess.day, guess.paid_out, guess.paid_in, guess.balance) == (1, 4, 5, 6)
    assert guess.skip_first == 2
    english = "Date,Description,Amount,Balance\n1/10/2025,x,5,5\n"
    guess = rules.guess(rules.rows_of(english.encode()))
    assert (guess.day, guess.amount, guess.balance, guess.description) == (1, 3, 4, 2)
    assert rules.guess(rules.rows_of(b"1,2,3")) == Columns(day=1)


def line(day: int, amount: int, balance: int | None = None, reference: str = "") -> FileLine:
    return FileLine(1, date(2026, 1, day), "", amount, balance, reference, "")


def test_lines_already_known_are_counted_not_lost() -> None:
    coffee = line(1, -40)
    assert rules.unknown([coffee, coffee, coffee], [coffee, coffee]) == (coffee,)
    assert rules.unknown([coffee], [line(2, -40)]) == (coffee,)
    # With balances the same amount twice is never the same line.
    first, second = line(1, -40, 60), line(1, -40, 20)
    assert rules.unknown([first, second], [first]) == (second,)


def test_a_workbook_is_read_like_a_file() -> None:
    table = Table(
        "x", ["วันที่", "จำนวน"], [[date(2025, 10, 1), "1,234.50"], ["2/10/2568", baht_figure(-5_00)]]
    )
    found = rules.read(
        rules.rows_of(xlsx_bytes([table])), Columns(day=1, amount=2, skip_first=1), TODAY
    )
    assert [line.amount_satang for line in found.lines] == [1_234_50, -5_00]
