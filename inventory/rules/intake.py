"""What a delivery weighs and costs.

What must stay true: net = gross − tare − deduction and is more than nothing; what we buy costs at
least one satang, so that every purchase has its entry. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import N_, DomainError
from core.money import SATANG_MAX
from core.quantity import MILLI, price_of


class NothingLeft(DomainError):
    """Tare and deduction leave nothing of a line."""

    code, status, title = "nothing-left", 422, N_("Nothing is left of a line")
    detail = N_("Line %(line_no)s: container and deduction together are not less than the gross.")


class CostTooSmall(DomainError):
    """A bought line would cost nothing."""

    code, status, title = "cost-too-small", 422, N_("A line would cost nothing")
    detail = N_(
        "Line %(line_no)s: enter the agreed price a unit, or take the goods on consignment."
    )


class CostTooLarge(DomainError):
    """An intake would cost more than one entry can hold."""

    code, status, title = "cost-too-large", 422, N_("This costs more than one intake can")
    detail = N_("Check quantity and price; at most %(maximum_satang)s baht fit in one intake.")


class WholePieces(DomainError):
    """Something counted in pieces was given in parts of a piece."""

    code, status, title = "whole-pieces", 422, N_("Pieces are counted whole")
    detail = N_("Line %(line_no)s: %(name_th)s is counted in whole %(unit)s.")


def net_milli(line_no: int, gross_milli: int, tare_milli: int, deduction_milli: int) -> int:
    """Return what is left of the gross; raise `NothingLeft`."""
    net = gross_milli - tare_milli - deduction_milli
    if net <= 0:
        raise NothingLeft(line_no=line_no)
    return net


def cost_of(line_no: int, quantity_milli: int, unit_cost_satang: int) -> int:
    """Return what a bought line costs, halves rounded up; raise `CostTooSmall`."""
    cost = price_of(quantity_milli, unit_cost_satang)
    if cost <= 0:
        raise CostTooSmall(line_no=line_no)
    return cost


def total_cost(costs: Iterable[int]) -> int:
    """Return what an intake costs in all; raise `CostTooLarge`."""
    total = sum(costs)
    if total > SATANG_MAX:
        raise CostTooLarge(maximum_satang=SATANG_MAX)
    return total


def require_whole(line_no: int, quantity_milli: int, sold_by: str, name_th: str, unit: str) -> None:
    """Raise `WholePieces` when something sold by the piece is not counted whole."""
    if sold_by == "piece" and quantity_milli % MILLI:
        raise WholePieces(line_no=line_no, name_th=name_th, unit=unit)
