"""Selling units of one product: how much of the base unit one of each is.

What must stay true: a factor is a whole number of thousandths of the base unit, and no unit is
defined through itself, however long the way round. Factors are a product's own: a ถัง of milled
rice is 15 kg, of paddy 10 kg, of water 20 litres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

MILLI = 1000
FACTOR_MAX = 1_000_000 * MILLI
"""A million of the base unit: more is a slip of the hand."""


class Circle(ValueError):
    """A unit would be defined through itself; `path` names the way round."""

    def __init__(self, path: tuple[UUID, ...]) -> None:
        super().__init__("units in a circle")
        self.path = path


class NotWhole(ValueError):
    """A factor would not be a whole number of thousandths, or is beyond all measure."""

    def __init__(self, unit_id: UUID) -> None:
        super().__init__("factor not whole")
        self.unit_id = unit_id


@dataclass(frozen=True, slots=True)
class Definition:
    """What one of a unit is: `count_milli` of another unit, or (None) of the base unit."""

    count_milli: int
    of: UUID | None = None


def factors(definitions: Mapping[UUID, Definition]) -> dict[UUID, int]:
    """Return how many thousandths of the base unit one of each unit is.

    Raises Circle, NotWhole; KeyError when a unit is defined through one that isn't there.
    """
    found: dict[UUID, int] = {}
    for unit_id in definitions:
        path: list[UUID] = []
        at: UUID | None = unit_id
        while at is not None and at not in found:
            if at in path:
                raise Circle((*path[path.index(at) :], at))
            path.append(at)
            at = definitions[at].of
        for one in reversed(path):
            found[one] = _factor(one, definitions[one], found)
    return found


def _factor(unit_id: UUID, definition: Definition, found: Mapping[UUID, int]) -> int:
    of = MILLI if definition.of is None else found[definition.of]
    factor, rest = divmod(definition.count_milli * of, MILLI)
    if rest or not 0 < factor <= FACTOR_MAX:
        raise NotWhole(unit_id)
    return factor


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit people know; `factor_milli` None when it differs from product to product."""

    label: str
    factor_milli: int | None


KILOGRAMS = ("กก.", "กิโลกรัม", "กิโล", "โล", "kg")
_OF_A_KILOGRAM = {"กรัม": 1, "ขีด": 100, "กก.": 1000, "โล": 1000, "ตัน": 1_000_000}
_GRAMS_OF_BASE = {
    "กรัม": 1,
    "ก.": 1,
    "g": 1,
    "ขีด": 100,
    **dict.fromkeys(KILOGRAMS, 1000),
    "ตัน": 1_000_000,
}
_LITRES_OF_BASE = {"ลิตร": 1000, "ล.": 1000, "l": 1000, "มล.": 1, "ml": 1}
_PIECES = {"โหล": 12}
_SPELT = {
    label.replace(".", "").casefold(): (measure, size)
    for measure, sizes in (("weight", _GRAMS_OF_BASE), ("volume", _LITRES_OF_BASE))
    for label, size in sizes.items()
}
_EGGS = ("ฟอง", "ไข่")
_ASKED = ("ถัง", "มัด", "ขวด", "แพ็ค", "แผง", "ถุง", "กล่อง", "ลัง")


def are_same(one: str, other: str) -> bool:
    """Tell whether two labels spell one unit: กก. is กิโลกรัม is kg, ml is มล."""
    return _spelt(one) == _spelt(other)


def _spelt(label: str) -> tuple[str, int] | str:
    plain = label.replace(" ", "").replace(".", "").casefold()
    return _SPELT.get(plain, plain)


def suggestions(base: str) -> list[Suggestion]:
    """Return units to offer for a product of this base unit, with the factor where there is one.

    Weights follow the metric kilogram (ขีด is 100 g, โล is spoken for กก.); a โหล is 12; a แผง of
    eggs is 30. ถัง is 20 litres as a measure of volume. All others are asked for.
    """
    found: list[Suggestion] = []
    if base in _GRAMS_OF_BASE:
        grams = _GRAMS_OF_BASE[base]
        same = KILOGRAMS if grams == MILLI else (base,)
        for label, weight in _OF_A_KILOGRAM.items():
            factor, rest = divmod(weight * MILLI, grams)
            if not rest and factor != MILLI and label not in same:
                found.append(Suggestion(label, factor))
        if grams == MILLI and base != "โล":
            found.append(Suggestion("โล", MILLI))
    elif base in _LITRES_OF_BASE:
        found.append(Suggestion("ถัง", 20_000 * MILLI // _LITRES_OF_BASE[base]))
    else:
        found.extend(Suggestion(label, count * MILLI) for label, count in _PIECES.items())
        if base in _EGGS:
            found.append(Suggestion("แผง", 30 * MILLI))
    known = {one.label for one in found} | {base}
    return found + [Suggestion(label, None) for label in _ASKED if label not in known]
