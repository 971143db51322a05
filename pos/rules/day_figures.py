"""What a day's figures are made of, and what is worked out from them. Pure; satang and thousandths.

What must stay true: every way of parting the takings adds up to the same takings; a ratio of
nothing is nothing, not a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

SPANS = ("day", "month")
TOTAL, HOUR, TENDER, PRODUCT, CASHIER, TILL = (
    "total",
    "hour",
    "tender",
    "product",
    "cashier",
    "till",
)
DIMENSIONS = (TOTAL, HOUR, TENDER, PRODUCT, CASHIER, TILL)
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over sales and refunds; what refunds took off stands apart but where it says so."""

    sales: int = 0
    quantity_milli: int = 0
    gross_satang: int = 0
    discount_satang: int = 0
    taken_satang: int = 0
    refunds: int = 0
    back_milli: int = 0
    back_satang: int = 0
    tax_satang: int = 0
    producer_satang: int = 0
    """Refunds taken off, as in tax and cost."""
    cost_satang: int = 0
    member_sales: int = 0
    member_satang: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def net_satang(self) -> int:
        """Takings less what was given back."""
        return self.taken_satang - self.back_satang

    @property
    def net_milli(self) -> int:
        return self.quantity_milli - self.back_milli

    @property
    def kept_satang(self) -> int:
        """What stays with the centre before costs: commission on consigned goods, margin on own.

        Net takings less VAT, the producers' part and what own goods had cost.
        """
        return self.net_satang - self.tax_satang - self.producer_satang - self.cost_satang

    @property
    def basket_satang(self) -> int:
        """The average of a receipt, rounded down; 0 without any."""
        return self.taken_satang // self.sales if self.sales else 0

    @property
    def members_basis_points(self) -> int:
        """The part of the takings on members' receipts, in hundredths of a per cent."""
        return part(self.member_satang, self.taken_satang)


NAMES = tuple(one.name for one in fields(Figures))


@dataclass(frozen=True, slots=True)
class GoodsFigures:
    """What some goods brought, refunds taken off."""

    quantity_milli: int = 0
    taken_satang: int = 0
    producer_satang: int = 0
    cost_satang: int = 0

    def __add__(self, other: GoodsFigures) -> GoodsFigures:
        return GoodsFigures(
            self.quantity_milli + other.quantity_milli,
            self.taken_satang + other.taken_satang,
            self.producer_satang + other.producer_satang,
            self.cost_satang + other.cost_satang,
        )


def total(figures: Iterable[Figures]) -> Figures:
    """Return the sum of any figures."""
    return sum(figures, Figures())


def part(some: int, whole: int) -> int:
    """Return a part in hundredths of a per cent, rounded half up; 0 of nothing."""
    return (2 * some * WHOLE + whole) // (2 * whole) if whole > 0 else 0


def sell_through(sold_milli: int, on_hand_milli: int) -> int | None:
    """Return the part of what could be sold that was, in hundredths of a per cent.

    What could be sold is what was sold and what is left; None when that is nothing.
    """
    sold, left = max(sold_milli, 0), max(on_hand_milli, 0)
    return part(sold, sold + left) if sold + left else None


# --- days --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Days:
    """Some days in a row, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        assert self.first <= self.last

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    def each(self) -> Iterable[date]:
        """Return the days in order."""
        return (self.first + timedelta(days=one) for one in range(self.count))

    @property
    def before(self) -> Days:
        """As many days just before; of a whole month the month before it.

        Of a single day the same weekday a week before: a market day beside the quiet day before it
        would tell nothing.
        """
        if self.count == 1:
            [day] = same_weekdays(self.first, weeks=1)
            return Days(day, day)
        end = self.first - timedelta(days=1)
        if self.first.day == 1 and month_end(self.first) == self.last:
            return Days(end.replace(day=1), end)
        return Days(self.first - timedelta(days=self.count), end)


def month_end(day: date) -> date:
    """Return the last day of the month a day is in."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def same_weekdays(day: date, weeks: int = 4) -> tuple[date, ...]:
    """Return the same weekday of the weeks before, the latest first."""
    return tuple(day - timedelta(weeks=number) for number in range(1, weeks + 1))


def mean(amounts: Iterable[int]) -> int:
    """Return the mean of amounts, rounded half up; 0 of none."""
    found = list(amounts)
    return (2 * sum(found) + len(found)) // (2 * len(found)) if found else 0
