"""Keyset pages: a list goes on after the last row seen, so a page costs the same at any depth.

What must stay true: no list is ever longer than `LIMIT_MAX`, and rows added meanwhile never make a
reader see one twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

LIMIT_DEFAULT = 50
LIMIT_MAX = 200


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list asked for: `limit` rows after the key `after` (None: from the start)."""

    after: str | None = None
    limit: int = LIMIT_DEFAULT

    def __post_init__(self) -> None:
        assert 1 <= self.limit <= LIMIT_MAX


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows and, when there are more, the `after` that goes on behind them."""

    items: tuple[T, ...]
    next: str | None = None


def page_of(rows: Sequence[T], window: Window, key: Callable[[T], str]) -> Page[T]:
    """Make a page from `window.limit + 1` rows: the one too many says that there is more."""
    shown = tuple(rows[: window.limit])
    return Page(shown, key(shown[-1]) if len(rows) > window.limit else None)


def all_items(listing: Callable[[Window], Page[T]], most: int) -> tuple[T, ...]:
    """Return the rows of a list for a file, page by page, at most so many."""
    found: list[T] = []
    window = Window(limit=LIMIT_MAX)
    while len(found) < most:
        page = listing(window)
        found += page.items
        if page.next is None:
            break
        window = Window(page.next, LIMIT_MAX)
    return tuple(found[:most])
