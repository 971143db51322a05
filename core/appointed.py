"""What a room asks of rooms above it, which it may not import: they are appointed to answer.

What must stay true: `pos/app.py` appoints, once, when the rooms are put together; the room that
asks knows nobody by name, and gets by (an empty answer, a refusal) where nobody was appointed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Appointed(Generic[T]):
    """Those who answer one question, in the order of their appointment."""

    __slots__ = ("_those",)

    def __init__(self, *at_first: T) -> None:
        self._those = at_first

    def appoint(self, *those: T) -> None:
        """Say who answers from now on."""
        self._those = those

    def __iter__(self) -> Iterator[T]:
        return iter(self._those)

    @property
    def only(self) -> T:
        """The one who answers a question that only one can."""
        [one] = self._those
        return one
