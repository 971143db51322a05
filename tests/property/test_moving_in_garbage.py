"""Whatever bytes are brought as a table: they are refused in our words, or are lines."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.sheets import csv_lines
from core.table_forms import Fault, cell_of, columns_of, neutral, read_line
from core.tables_in import sheets_of
from inventory.rules import products_table, stock_table
from members.rules import people_table, producers_table
from members.rules.people_table import birth
from members.rules.persons import Birth, format_birth, is_real
from members.services.moving_in import checking
from members.services.moving_in.people import TABLE

FORMS = (people_table.FORM, producers_table.FORM, products_table.FORM, stock_table.FORM)
CELLS = st.text(max_size=40)
HEADINGS = st.lists(
    st.one_of(
        CELLS,
        st.sampled_from([word for form in FORMS for one in form.columns for word in one.headings]),
    ),
    max_size=8,
)


def _packed(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", data)
        archive.writestr("xl/worksheets/sheet1.xml", data)
    return buffer.getvalue()


@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=300).map(str.encode), st.binary().map(_packed)
    )
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_table_or_refused_in_our_words(data: bytes) -> None:
    try:
        parsed = checking.parse(TABLE, data, "a.csv")
    except DomainError:
        return
    assert parsed.lines
    assert checking.parse(TABLE, data, "other.csv").digest == parsed.digest


@given(HEADINGS, st.lists(CELLS, max_size=8), st.sampled_from(FORMS))
@settings(max_examples=200, deadline=None)
def test_any_line_is_values_or_faults_of_known_columns(
    headings: list[str], cells: list[str], form
) -> None:  # type: ignore[no-untyped-def]
    places = columns_of(form, headings)
    line = read_line(form, places, 2, cells)
    assert line.values.keys() <= places.keys()
    for fault in line.faults:
        assert isinstance(fault, Fault)
        assert fault.column in places
        assert fault.words
    for name, value in line.values.items():
        column = form.column(name)
        written = cell_of(column, value, "th")
        if written is not None:
            again = read_line(form, {name: 0}, 2, [str(written)])
            assert not again.faults or column.kind in {"text", "code"}


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_cell_is_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    from core.text import normalise

    plain = normalise(text)
    file = "".join(csv_lines(["ก"], [[plain]])).encode()
    if not plain:
        return
    rows = sheets_of(file)[0].rows
    assert not rows[1].cells[0].startswith(("=", "+", "-", "@"))
    if not plain.startswith('="'):
        assert neutral(rows[1].cells[0]) == plain


@given(st.integers(1890, 2100), st.none() | st.integers(1, 12), st.none() | st.integers(1, 31))
@settings(max_examples=200, deadline=None)
def test_a_birth_written_out_is_read_back(year: int, month: int | None, day: int | None) -> None:
    born = Birth(year, month, day if month else None)
    if is_real(born) and not (year == 1940 and (month or 12) <= 3):
        assert birth(format_birth(born)) == born
