"""Which table a sheet is, what its cells mean, and who its lines are."""

from __future__ import annotations

import pytest

from core.ids import uuid7
from inventory.rules import opening_tables
from inventory.rules.opening_matching import (
    KnownAccount,
    Person,
    match_accounts,
    match_people,
    name_key,
    register_of,
)
from inventory.rules.opening_samples import SAMPLES
from inventory.rules.opening_tables import (
    ACCOUNTS,
    FORMS,
    MEMBERS,
    PRODUCERS,
    ColumnMissing,
    Line,
    form_of,
    read,
    require_columns,
)


def line(number: int = 2, code: str = "", name: str = "", **amounts: int) -> Line:
    return Line(number, {"code": code, "name": name}, amounts)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_table_knows_itself_by_its_headings_in_both_languages(
    form: opening_tables.TableForm,
) -> None:
    for language in (0, 1):
        headings = [column.headings[language] for column in form.columns]
        assert form_of("", headings) is form
        assert len(opening_tables.columns_of(form, headings)) == len(form.columns)
        require_columns(form, "x", 1, headings)


def test_every_heading_means_one_column() -> None:
    for form in FORMS.values():
        words = [word for column in form.columns for word in column.headings]
        known = {name: place for place, name in enumerate(column.name for column in form.columns)}
        for column in form.columns:
            for word in column.headings:
                assert opening_tables.columns_of(form, [word]) == {column.name: 0}, word
        assert len(known) == len(form.columns) <= len(words)


def test_the_samples_fit_their_tables() -> None:
    for name, rows in SAMPLES.items():
        assert all(len(row) == len(FORMS[name].columns) for row in rows)


def test_a_sheet_is_told_by_its_name_when_headings_could_be_two() -> None:
    assert form_of("งบทดลอง 2568", ["รหัส", "เดบิต", "เครดิต"]) is ACCOUNTS
    assert form_of("แผ่น1", ["ก", "ข"]) is None
    with pytest.raises(ColumnMissing) as refused:
        require_columns(ACCOUNTS, "x", 3, ["รหัส", "เดบิต"])
    assert refused.value.facts == {"sheet": "x", "line": 3, "columns": "เครดิต"}


def test_headings_may_say_more_in_brackets_and_unknown_ones_are_told() -> None:
    got = read(ACCOUNTS, ["รหัส*", "เดบิต (บาท)", "เครดิต", "หมายเหตุ"], [(2, ["1", "๑.๕๐", "", "x"])])
    assert got.unread == ("หมายเหตุ",)
    assert got.lines[0].amount("debit") == 150 and got.sums == {"debit": 150, "credit": 0}


def test_a_line_of_totals_is_compared_not_taken() -> None:
    rows = [(2, ["1", "10", ""]), (3, ["รวมทั้งสิ้น", "11", "-"])]
    got = read(ACCOUNTS, ["รหัส", "เดบิต", "เครดิต"], rows)
    assert len(got.lines) == 1 and got.sums["debit"] == 1000
    [problem] = got.problems
    assert (problem.line, problem.facts["given_satang"]) == (3, 1100)


def test_what_no_cell_can_mean_is_a_problem_of_its_line() -> None:
    got = read(MEMBERS, ["เลขที่", "ชื่อ", "หุ้น"], [(5, ["1" * 21, "ก", "1.005"])])
    assert [problem.line for problem in got.problems] == [5, 5]


def test_names_are_compared_without_title_and_spaces() -> None:
    assert name_key("นางสาวสมศรี  ใจดี") == name_key("สมศรี ใจดี") == name_key("น.ส. สมศรี ใจดี")
    assert name_key("สมศรี") != name_key("สมศักดิ์")
    assert name_key("นายาว") != ""


def test_nobody_is_taken_for_another() -> None:
    red, other = Person(uuid7(), "1", "ป้าแดง", "0811111111"), Person(uuid7(), "2", "ป้าแดง")
    register = register_of([red, other])
    found = match_people("producers", [line(name="ป้าแดง")], register)
    assert not found.matches and found.problems[0].facts["numbers"] == "1, 2"
    by_phone = Line(2, {"name": "ป้าแดง", "phone": "081-111-1111"}, {})
    assert match_people("producers", [by_phone], register).matches[0].person is red
    assert match_people("producers", [line(code="2")], register).matches[0].person is other
    wrong = match_people("producers", [line(code="2", name="ลุงดำ")], register)
    assert not wrong.matches and wrong.problems[0].facts["known"] == "ป้าแดง"


def test_the_new_are_new_once() -> None:
    lines = [line(2, name="ลุงดำ"), line(3, name="ลุง ดำ"), line(4, code="9"), line(5, "9", "ก")]
    found = match_people("producers", lines, register_of([]))
    assert [match.line.number for match in found.matches] == [2, 5]
    assert [problem.line for problem in found.problems] == [3, 4]


def test_an_account_is_found_by_code_by_name_or_by_choice() -> None:
    def account(code: str, thai: str, english: str, active: bool = True) -> KnownAccount:
        return KnownAccount(uuid7(), code, thai, english, None, "", active)

    safe, bank = account("1120", "เงินสด", "Cash"), account("1130", "ธนาคาร", "Bank")
    old = account("9", "เก่า", "Old", active=False)
    known = [safe, bank, old]

    def of(one: Line, **choices: str) -> tuple[KnownAccount | None, str]:
        [match] = match_accounts([one], known, choices)
        return match.account, match.how

    assert of(line(code="1120")) == (safe, "code")
    assert of(line(name="bank")) == (bank, "name")
    assert of(line(code="1120", name="ธนาคาร")) == (None, "")
    assert of(line(code="9")) == (None, "")
    assert of(line(code="X", name="ย"), **{"X|ย": str(bank.id)}) == (bank, "choice")
    assert PRODUCERS.columns[0].name == "code"
