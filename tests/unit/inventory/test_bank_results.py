"""A bank's answer read against the file it was given."""

from __future__ import annotations

import pytest

from accounting.rules.bank_results import BadResults, LineResult, WaitingLine, read_results

LINES = (
    WaitingLine(1, "PB-2569-00001-0001", "0812345678", 160_00),
    WaitingLine(2, "PB-2569-00001-0002", "1526018159086", 80_50),
)


def test_rows_are_found_by_our_reference() -> None:
    text = (
        "\ufeffReference,Amount,Result,Note\r\n"
        "PB-2569-00001-0002,80.50,failed,บัญชีปิด\r\n"
        "PB-2569-00001-0001,160.00,paid,TX99\r\n"
    )
    assert read_results(text, LINES) == (
        LineResult(2, False, "บัญชีปิด"),
        LineResult(1, True, "TX99"),
    )


def test_without_a_reference_account_and_amount_say_which() -> None:
    # The zero in front was lost in a spreadsheet.
    text = 'บัญชี,จำนวนเงิน,ผล\n812345678,"160",สำเร็จ\n'
    assert read_results(text, LINES) == (LineResult(1, True, ""),)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("", 1),
        ("reference,result\n", 1),
        ("who,what,result\nx,y,paid\n", 1),
        ("reference,amount,result\nPB-2569-00001-0001,159.00,paid\n", 2),
        ("reference,result\nPB-2569-00001-0001,paid\nPB-2569-00001-0001,paid\n", 3),
        ("reference,result\nPB-2569-00001-0009,paid\n", 2),
        ("reference,result\nPB-2569-00001-0001,maybe\n", 2),
        ("reference,result\nPB-2569-00001-0001,\n", 2),
        ("reference,amount,result\nPB-2569-00001-0001,1.6E+02,paid\n", 2),
        ("account,amount,result\n,160.00,paid\n", 2),
        ("reference,amount,result\nPB-2569-00001-0001," + "9" * 5000 + ",paid\n", 2),
        ("reference,result,note\nPB-2569-00001-0001,paid," + "x" * 61, 2),
        ("reference,result,note\nPB-2569-00001-0001,paid,a\x00b", 2),
        ("reference,result\n" + "x" * 200_000, 1),
    ],
)
def test_what_does_not_fit_is_refused_by_its_row(text: str, row: int) -> None:
    with pytest.raises(BadResults) as refused:
        read_results(text, LINES)
    assert refused.value.facts["row"] == row


def test_two_lines_of_one_account_and_amount_need_the_reference() -> None:
    twins = (LINES[0], WaitingLine(3, "PB-2569-00001-0003", "0812345678", 160_00))
    with pytest.raises(BadResults):
        read_results("account,amount,result\n0812345678,160.00,paid\n", twins)


def test_our_own_file_sent_back_pays_nobody() -> None:
    text = (
        "reference,bank_code,account,account_name,amount\nPB-2569-00001-0001,,0812345678,,160.00\n"
    )
    with pytest.raises(BadResults):
        read_results(text, LINES)


@pytest.mark.parametrize(
    "text",
    [
        "reference,amount,result\rPB-2569-00001-0001,160.00,paid\r",
        "Reference;Amount;Status\r\npb-2569-00001-0001;160.00;SUCCESS\r\n ; ;\r\n",
        "อ้างอิง\tจำนวนเงิน\tผล\nPB-๒๕๖๙-00001-0001\t๑๖๐.๐๐\tสำเร็จ\n",
    ],
)
def test_whatever_program_wrote_it_the_answer_is_read(text: str) -> None:
    assert read_results(text, LINES) == (LineResult(1, True, ""),)
