"""A page knows whether there is more, and after what."""

from __future__ import annotations

import pytest

from core.paging import LIMIT_MAX, Page, Window, page_of


def test_one_row_too_many_says_that_there_is_more() -> None:
    assert page_of([1, 2, 3], Window(limit=2), str) == Page((1, 2), "2")


def test_a_full_last_page_says_that_there_is_no_more() -> None:
    assert page_of([1, 2], Window(limit=2), str) == Page((1, 2), None)


def test_no_rows_are_a_page_too() -> None:
    assert page_of([], Window(limit=2), str) == Page((), None)


@pytest.mark.parametrize("limit", [0, -1, LIMIT_MAX + 1])
def test_a_window_is_never_endless(limit: int) -> None:
    with pytest.raises(AssertionError):
        Window(limit=limit)
