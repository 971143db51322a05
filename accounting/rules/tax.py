"""Value added tax inside prices: dated rates, once per document and rate.

Prices include the tax. Rate 7 % (with local tax) by royal decree since 1 April 1999, extended year
by year; Revenue Code s.80, s.81 (exempt goods). The tax of a document is computed once per rate
and shared over its lines, the residue on the largest line. Pure; money in satang.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.money import half_up_div

WHOLE = 10_000
RATES: dict[str, tuple[tuple[date, int], ...]] = {
    "standard": ((date(1992, 1, 1), 700), (date(1997, 8, 16), 1000), (date(1999, 4, 1), 700)),
    "zero": ((date(1992, 1, 1), 0),),
    "exempt": ((date(1992, 1, 1), 0),),
}
"""Tax code of a product → (valid from, rate in 1/10,000). A new decree adds a row."""
TAX_CODES = tuple(sorted(RATES))


def rate_on(tax_code: str, day: date) -> int:
    """Return the rate of a tax code in 1/10,000 in force on a day."""
    rate = 0
    for valid_from, basis_points in RATES[tax_code]:
        if valid_from <= day:
            rate = basis_points
    return rate


def included_tax(amount_satang: int, rate_basis_points: int) -> int:
    """Return the tax inside an amount, halves up: 107.00 at 7 % → 7.00."""
    return half_up_div(amount_satang * rate_basis_points, WHOLE + rate_basis_points)


def line_taxes(amounts: Sequence[int], rates: Sequence[int]) -> list[int]:
    """Return the tax inside each line's amount.

    For each rate the lines sum to the tax of their total; the residue goes to the largest line.
    """
    taxes = [included_tax(amount, rate) for amount, rate in zip(amounts, rates, strict=True)]
    for rate in set(rates):
        mine = [i for i, other in enumerate(rates) if other == rate]
        residue = included_tax(sum(amounts[i] for i in mine), rate) - sum(taxes[i] for i in mine)
        for i in sorted(mine, key=lambda i: (-amounts[i], i)):
            # All of it fits on the largest line unless there are many lines of a few satang.
            taken = max(-taxes[i], min(residue, amounts[i] - taxes[i]))
            taxes[i] += taken
            residue -= taken
        assert residue == 0
    return taxes
