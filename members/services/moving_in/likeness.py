"""Hints that a line may be somebody who is here, or stands in the file, under another spelling.

What must stay true: nobody is joined by a hint, a person decides; only those who share a whole
name, a phone or a house are compared, so that tens of thousands of lines are read in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from core.errors import N_
from core.table_forms import Fault
from core.text import skeleton
from members.rules import duplicates

COMPARED_MAX = 12
"""More than so many under one name, phone or house: it tells nobody apart."""
_LINES = UUID("5c0f3f6e-0002-4000-8000-000000000000")


_form = lru_cache(maxsize=20_000)(skeleton)
"""Names repeat in a village: each is brought to its search form once."""


class Likeness:
    """Those who are known so far, by what makes two comparable."""

    __slots__ = ("_blocks", "_lines", "_numbers", "_villages")

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, ...], list[duplicates.Known]] = {}
        self._numbers: dict[UUID, str] = {}
        self._lines: dict[UUID, int] = {}
        self._villages: dict[str, UUID] = {}

    def learn(self, person_id: UUID, values: Mapping[str, Any], number: str) -> None:
        """Remember somebody of the register."""
        self._numbers[person_id] = number
        one = self._known(person_id, values)
        self._keep(one, self._of(one, values))

    def hints(self, line_no: int, values: Mapping[str, Any]) -> Iterator[Fault]:
        """Yield who the line is like, the likeliest only; remember the line's own person."""
        one = self._known(uuid5(_LINES, str(line_no)), values)
        blocks = tuple(self._of(one, values))
        alike = {
            other.id: pair.score
            for block in blocks
            for other in self._blocks.get(block, ())[:COMPARED_MAX]
            if (pair := duplicates.compare(one, other)) is not None
        }
        self._lines[one.id] = line_no
        self._keep(one, blocks)
        if not alike:
            return
        likest = max(alike, key=lambda other: (alike[other], other.hex))
        if likest in self._lines:
            words = N_("Looks like line %(other)s. Both are entered if both are taken.")
            yield Fault("first_name", words, {"other": self._lines[likest]})
        elif number := self._numbers[likest]:
            words = N_("Looks like member %(number)s of the register. Nobody is joined by this.")
            yield Fault("first_name", words, {"number": number})
        else:
            words = N_("Looks like somebody of the register. Nobody is joined by this.")
            yield Fault("first_name", words)

    def _keep(self, one: duplicates.Known, blocks: Iterable[tuple[str, ...]]) -> None:
        for block in blocks:
            self._blocks.setdefault(block, []).append(one)

    def _of(self, one: duplicates.Known, values: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
        if one.last_name:
            yield ("name", _form(one.first_name), _form(one.last_name))
        if one.phone:
            yield ("phone", one.phone)
        if one.house_no and values["village"]:
            yield ("house", one.house_no, values["village"])

    def _known(self, person_id: UUID, values: Mapping[str, Any]) -> duplicates.Known:
        village = values["village"]
        if village:
            self._villages.setdefault(village, uuid5(_LINES, village))
        return duplicates.Known(
            person_id,
            values["first_name"],
            values["last_name"],
            values["nickname"],
            values["phone"],
            values["house_no"],
            self._villages.get(village),
            values["birth"].year,
        )
