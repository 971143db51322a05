"""Any bytes as a statement end in lines or in a refusal; any history matches each thing once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules import bank_files, bank_matching
from accounting.rules.bank_files import Columns, FileLine
from accounting.rules.bank_matching import Item, Line
from core.errors import DomainError
from tests import banking
from tests.banking import Told

TODAY = date(2026, 11, 21)
cells = st.text(alphabet="0123456789๐๑๒.,-()/: กขคพฤศ\"'\n;\t|ABxREF+฿", max_size=12)
columns = st.builds(
    Columns,
    **{name: st.integers(0, 6) for name in bank_files.NAMES},
    skip_first=st.integers(0, 3),
    skip_last=st.integers(0, 3),
)


@given(st.binary(max_size=300), columns)
def test_any_bytes_are_read_or_refused(raw: bytes, chosen: Columns) -> None:
    read_or_refused(raw, chosen)


@given(
    st.lists(st.lists(cells, max_size=7), max_size=8), columns, st.sampled_from(["utf-8", "utf-16"])
)
def test_any_table_is_read_or_refused(
    rows: list[list[str]], chosen: Columns, encoding: str
) -> None:
    read_or_refused("\n".join(",".join(row) for row in rows).encode(encoding), chosen)


def read_or_refused(raw: bytes, chosen: Columns) -> None:
    try:
        found = bank_files.rows_of(raw)
        bank_files.guess(found)
        read = bank_files.read(found, chosen, TODAY)
    except DomainError:
        return
    assert read.lines
    if read.opening_satang is not None:
        assert read.closing_satang == read.opening_satang + read.in_satang - read.out_satang


told = st.builds(
    Told,
    amount=st.integers(-10_000_000, 10_000_000).filter(bool),
    reference=st.from_regex(r"[A-Z0-9]{0,10}", fullmatch=True),
    day=st.dates(date(2020, 1, 1), TODAY),
)


@given(st.lists(told, min_size=1, max_size=20), st.integers(-10_000_000, 10_000_000), st.booleans())
def test_what_a_bank_writes_is_read_as_it_was(
    lines: list[Told], opening: int, newest_first: bool
) -> None:
    lines.sort(key=lambda line: line.day or TODAY)
    raw = banking.csv_of(lines, opening)
    # Within one day a file of two lines that cancel out can be read either way.
    if newest_first and lines[0].day != lines[-1].day:
        heading, *rest = raw.decode().split("\r\n")
        raw = "\r\n".join([heading, *reversed(rest[:-1])]).encode()
    found = bank_files.read(bank_files.rows_of(raw), banking.COLUMNS, TODAY)
    assert found.opening_satang == opening
    assert sum(line.amount_satang for line in found.lines) == sum(line.amount for line in lines)
    assert sorted(line.amount_satang for line in found.lines) == sorted(
        line.amount for line in lines
    )


days = st.integers(0, 6).map(lambda number: TODAY - timedelta(number))
words = st.sampled_from(["", "A1234", "B5678", "C9012"]).map(bank_matching.words_of)
minutes = st.none() | st.integers(0, 59)
money = st.sampled_from([100, 200])
line_lists = st.lists(st.tuples(days, minutes, money, words), max_size=8).map(
    lambda rows: [Line(UUID(int=place), *row) for place, row in enumerate(rows)]
)
item_lists = st.lists(st.tuples(days, minutes, money, words), max_size=8).map(
    lambda rows: [Item((UUID(int=place), 1), *row) for place, row in enumerate(rows)]
)


@given(line_lists, item_lists)
def test_what_is_certain_is_equal_and_stands_once(lines: list[Line], items: list[Item]) -> None:
    found = bank_matching.certain(lines, items)
    assert len({pair.line.id for pair in found}) == len(found)
    assert len({pair.item.key for pair in found}) == len(found)
    for pair in found:
        assert pair.line.amount_satang == pair.item.amount_satang
        assert abs((pair.line.day - pair.item.day).days) <= bank_matching.DAYS_FAR
    # The order in which they are shown decides nothing.
    again = bank_matching.certain(lines[::-1], items[::-1])
    assert {(pair.line.id, pair.item.key) for pair in found} == {
        (pair.line.id, pair.item.key) for pair in again
    }


known = st.lists(
    st.builds(
        lambda day, amount: FileLine(1, TODAY - timedelta(day), "", amount, None, "", ""),
        st.integers(0, 2),
        st.sampled_from([100, 200]),
    ),
    max_size=10,
)


@given(known, known)
def test_overlapping_files_together_hold_each_line_as_often_as_the_fuller_one(
    first: list[FileLine], second: list[FileLine]
) -> None:
    together = [*first, *bank_files.unknown(second, first)]
    for line in {*first, *second}:
        assert together.count(line) == max(first.count(line), second.count(line))
