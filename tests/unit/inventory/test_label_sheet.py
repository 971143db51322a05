"""Labels on sheets begun before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.label_sheet import PER_SHEET, sheets


@given(st.lists(st.integers(), max_size=80), st.integers(1, PER_SHEET))
def test_every_label_has_a_place_in_order_behind_the_used_ones(
    labels: list[int], start: int
) -> None:
    pages = sheets(labels, start)
    assert {len(page) for page in pages} <= {PER_SHEET}
    places = [place for page in pages for place in page]
    assert places[: start - 1] == [None] * (start - 1)
    assert places[start - 1 : start - 1 + len(labels)] == labels
    assert not any(place is not None for place in places[start - 1 + len(labels) :])
    assert len(pages) == -(-(start - 1 + len(labels)) // PER_SHEET)
