"""What a centre takes out as a file comes in again as the very same facts, in either language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.quantity import QUANTITY_MAX
from core.sheets import Table, csv_lines
from core.table_forms import Column, TableForm, cell_of, columns_of, read_line
from core.tables_in import headed, sheets_of
from core.text import ascii_digits, normalise
from core.xlsx import xlsx_bytes
from inventory.rules import products_table, stock_table
from members.rules import people_table, producers_table
from members.rules.persons import Birth
from members.services.moving_in.files import headings_of

FORMS = (people_table.FORM, producers_table.FORM, products_table.FORM, stock_table.FORM)
_TYPED = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
_AWKWARD = st.sampled_from(
    ["=1+1", "+66 81", "-", "@x", "'=1", '="0812"', "007", "๑๒,๓", 'a"b', "ก\nข", "1e3", "TRUE"]
)
_TEXTS = st.one_of(_AWKWARD, _TYPED).map(normalise)
_AMOUNTS = st.integers(0, QUANTITY_MAX)
_TIERS = st.dictionaries(st.tuples(st.booleans(), st.integers(2, 99_999)), _AMOUNTS, max_size=3)
_CODES = st.from_regex(r"[A-Za-z0-9._/-]{1,20}", fullmatch=True)
_OWN: dict[str, st.SearchStrategy[Any]] = {
    "tiers": _TIERS.map(lambda some: tuple(sorted((*key, price) for key, price in some.items()))),
    "barcodes": st.lists(_CODES, max_size=3, unique=True).map(lambda some: tuple(sorted(some))),
    "birth": st.builds(Birth, st.integers(1890, 1939), st.integers(1, 12), st.integers(1, 28)),
}


def _values(column: Column) -> st.SearchStrategy[Any]:
    """What may stand under a column."""
    texts = _TEXTS.filter(lambda text: len(text) <= (column.length or 99))
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": texts,
        "code": texts.map(ascii_digits).map(normalise),
        "amount": st.none() | _AMOUNTS,
        "quantity": st.none() | _AMOUNTS,
        "percent": st.none() | st.integers(0, 10_000),
        "day": st.none() | st.dates(date(1941, 1, 1), date(2099, 12, 31)),
        "choice": st.none() | st.sampled_from([key for key, _ in column.choices] or [""]),
    }
    return _OWN[column.name] if column.kind == "own" else kinds[column.kind]


def _lines(form: TableForm) -> st.SearchStrategy[list[dict[str, Any]]]:
    line = st.fixed_dictionaries({one.name: _values(one) for one in form.columns})
    return st.lists(line, min_size=1, max_size=3)


def _nothing(value: Any) -> Any:
    """Empty is empty, whatever a column calls it."""
    return None if value in ("", ()) else value


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@given(data=st.data(), locale=st.sampled_from(["th", "en"]), as_sheet=st.booleans())
# A line has so many parts that making a failing one smaller would take minutes.
@settings(max_examples=15, deadline=None, phases=[Phase.generate])
def test_a_table_taken_out_is_read_back_as_it_was(
    form: TableForm, data: st.DataObject, locale: str, as_sheet: bool
) -> None:
    lines = [one for one in data.draw(_lines(form)) if any(map(_nothing, one.values()))]
    headings = headings_of(form, locale)
    rows = [[cell_of(one, line[one.name], locale) for one in form.columns] for line in lines]
    table = Table(form.name, headings, rows)
    file = xlsx_bytes([table]) if as_sheet else "".join(csv_lines(headings, rows)).encode()
    [sheet] = sheets_of(file)
    read = headed(sheet)
    places = columns_of(form, read.headings.cells)
    again = [read_line(form, places, row.line, row.cells) for row in read.rows]
    assert [one.faults for one in again] == [()] * len(lines)
    assert [{name: _nothing(value) for name, value in one.values.items()} for one in again] == [
        {name: _nothing(value) for name, value in line.items()} for line in lines
    ]
