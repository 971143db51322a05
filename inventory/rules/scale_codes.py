"""Barcodes a shop's scale prints: the goods, and their weight or price, in one EAN-13.

GS1 leaves the prefixes 02, 04 and 20–29 to the shop, and every scale lays out the rest in its own
way, so a table says how to read them: prefix, digits of the item, digits of the value, check digit.
What must stay true: a code whose check digit is wrong is never read, and the counter's JavaScript
reads the same (tests/vectors/scale_codes.json).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = 13
MILLI = 1000


class Misread(ValueError):
    """A label of ours with a wrong check digit: the scanner, or a finger, slipped."""


class EmptyValue(ValueError):
    """A label that says nothing was weighed."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How codes with a prefix are read; `decimals` of the value stand behind the point."""

    prefix: str
    kind: str
    item_digits: int
    value_digits: int
    decimals: int


@dataclass(frozen=True, slots=True)
class ScaleCode:
    """What a label says: the item's digits, and how much.

    `value` is thousandths for weight and pieces, satang for a price.
    """

    kind: str
    item: str
    value: int

    @property
    def items(self) -> tuple[str, ...]:
        """The item as printed, and without its leading zeros: goods are entered either way."""
        bare = self.item.lstrip("0")
        return (self.item, bare) if bare and bare != self.item else (self.item,)


def check_digit(first_twelve: str) -> int:
    """Return the thirteenth digit of an EAN-13 (GS1: weights 1 and 3 from the left)."""
    assert len(first_twelve) == LENGTH - 1 and first_twelve.isdecimal()
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return -weighted % 10


def read(code: str, layouts: Sequence[Layout]) -> ScaleCode | None:
    """Return what a scanned code says, None when it is no label of a scale.

    The longest prefix that fits is taken. Raises Misread, EmptyValue.
    """
    if len(code) != LENGTH or not (code.isascii() and code.isdecimal()):
        return None
    fitting = [one for one in layouts if code.startswith(one.prefix)]
    if not fitting:
        return None
    if check_digit(code[:-1]) != int(code[-1]):
        raise Misread(code)
    layout = max(fitting, key=lambda one: len(one.prefix))
    start = len(layout.prefix)
    item = code[start : start + layout.item_digits]
    # A digit between item and value is the scale's own check; ours covers all of it.
    digits = int(code[LENGTH - 1 - layout.value_digits : LENGTH - 1])
    places = 2 if layout.kind == "price" else 3
    value = digits * 10 ** (places - layout.decimals)
    if value == 0:
        raise EmptyValue(code)
    return ScaleCode(layout.kind, item, value)


def quantity(code: ScaleCode, price_satang: int) -> int:
    """Return how many thousandths of the unit a label stands for, at a price for one.

    A price is turned into the quantity that comes nearest to it at today's price (half a thousandth
    counts as one), at least one thousandth. Raises EmptyValue when goods without a price are
    labelled by price.
    """
    if code.kind != "price":
        return code.value
    if price_satang <= 0:
        raise EmptyValue(code.item)
    return max(1, (2 * code.value * MILLI + price_satang) // (2 * price_satang))


def write(layout: Layout, item: str, value: int) -> str:
    """Return the code a scale prints for a value (as `ScaleCode.value`), for an example.

    Raises ValueError when it does not fit.
    """
    places = 2 if layout.kind == "price" else 3
    digits, rest = divmod(value, 10 ** (places - layout.decimals))
    body = str(digits).zfill(layout.value_digits)
    padded = item.zfill(layout.item_digits)
    if rest or len(body) != layout.value_digits or len(padded) != layout.item_digits:
        raise ValueError("does not fit into the code")
    gap = LENGTH - 1 - len(layout.prefix) - layout.item_digits - layout.value_digits
    first = f"{layout.prefix}{padded}{'0' * gap}{body}"
    return f"{first}{check_digit(first)}"
