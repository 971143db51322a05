"""What the rooms above hand down for the books people print: numbers of documents, registers.

`pos/app.py` appoints them once, when the rooms are put together; the books know nobody by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from accounting.rules.books import Book, BookKind
from accounting.rules.periods import Span
from core.actor import Actor
from core.appointed import Appointed

Key = tuple[str, UUID]
"""A document: its source type and id."""

Numbers = Callable[[int, Collection[Key]], Mapping[Key, str]]
"""(centre_id, documents) → their printed numbers, as far as a room knows them."""
Bases = Callable[[int, Collection[Key]], Mapping[Key, tuple[int, int]]]
"""(centre_id, documents) → the value on which each bears VAT by its prices, and that VAT."""
MakeBook = Callable[[Span, Actor], Book]
"""(days, reader) → a register a room keeps; raises Forbidden."""


ASKED_MAX = 5_000
"""A database takes no more names in one question than so many thousand."""


@dataclass(frozen=True, slots=True)
class Register:
    """A book another room makes."""

    kind: BookKind
    make: MakeBook


NUMBERS: Appointed[Numbers] = Appointed()
REGISTERS: Appointed[Register] = Appointed()
BASES: Appointed[Bases] = Appointed()


def numbers_of(centre_id: int, documents: Collection[Key]) -> dict[Key, str]:
    """Return the printed numbers of documents of every room."""
    known: dict[Key, str] = {}
    for some in _pieces(documents):
        for say in NUMBERS:
            known.update(say(centre_id, some))
    return known


def bases_of(centre_id: int, documents: Collection[Key]) -> dict[Key, tuple[int, int]]:
    """Return the value on which documents bear VAT by their prices, and that VAT."""
    known: dict[Key, tuple[int, int]] = {}
    for some in _pieces(documents):
        for say in BASES:
            known.update(say(centre_id, some))
    return known


def registers() -> tuple[Register, ...]:
    """Return the books other rooms keep, in the order of their appointment."""
    return tuple(REGISTERS)


def _pieces(documents: Collection[Key]) -> Iterator[list[Key]]:
    every = list(documents)
    for start in range(0, len(every), ASKED_MAX):
        yield every[start : start + ASKED_MAX]
