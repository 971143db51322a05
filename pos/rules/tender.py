"""What is due, what was handed over, and the change.

Only cash is rounded, down to the centre's grid, in the customer's favour (legal coins end at 25
satang); transfers are exact. Pure; money in satang.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import N_, DomainError


class TenderShort(DomainError):
    """The money handed over doesn't cover what is due."""

    code, status, title = "tender-short", 409, N_("The payment is short")
    detail = N_("%(missing_satang)s baht are still missing. Take the rest, then confirm.")


class TenderTooMuch(DomainError):
    """A transfer is more than the sale, or cash is given with nothing left to pay."""

    code, status, title = "tender-too-much", 409, N_("More than the amount due")
    detail = N_("Only cash gives change. Enter the exact amount for transfers.")


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled tender: due = total + rounding (≤ 0), paid − change = due."""

    due_satang: int
    rounding_satang: int
    paid_satang: int
    change_satang: int
    cash_kept_satang: int
    transferred_satang: int


def settle_tender(
    total_satang: int, payments: Sequence[tuple[str, int]], cash_rounding_satang: int = 0
) -> Settled:
    """Settle `(method, amount)` payments against a total; raise `TenderShort`/`TenderTooMuch`.

    For cash the amount is the money handed over.
    """
    cash = sum(amount for method, amount in payments if method == "cash")
    transferred = sum(amount for method, amount in payments if method != "cash")
    if transferred > total_satang:
        raise TenderTooMuch(due_satang=total_satang)
    cash_due = total_satang - transferred
    if cash_rounding_satang and (cash or not transferred):
        cash_due -= cash_due % cash_rounding_satang
    if cash < cash_due:
        raise TenderShort(missing_satang=cash_due - cash, due_satang=transferred + cash_due)
    if cash and not cash_due:
        raise TenderTooMuch(due_satang=transferred)
    due = transferred + cash_due
    return Settled(
        due_satang=due,
        rounding_satang=due - total_satang,
        paid_satang=transferred + cash,
        change_satang=cash - cash_due,
        cash_kept_satang=cash_due,
        transferred_satang=transferred,
    )


def spread_rounding(
    rounding_satang: int, nets: Sequence[int], cash_rounding_satang: int
) -> list[int]:
    """Return what each line counts as paid: its net, less its part of the rounding (≤ 0).

    The rounding falls on the lines that don't end on the grid, and only what they can't take on the
    largest, so that a refund of a whole line gives back coins that exist.
    """
    paid = list(nets)
    left = -rounding_satang
    grid = cash_rounding_satang or 1
    by_odd_end = sorted(range(len(paid)), key=lambda i: (-(nets[i] % grid), i))
    by_size = sorted(range(len(paid)), key=lambda i: (-nets[i], i))
    for i, most in [*((i, nets[i] % grid) for i in by_odd_end), *((i, nets[i]) for i in by_size)]:
        taken = min(left, most, paid[i])
        paid[i] -= taken
        left -= taken
    assert left == 0
    return paid
