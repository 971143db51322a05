"""What is due, what was handed over, and the change.

Only cash is rounded, down to the centre's grid, in the customer's favour (legal coins end at 25
satang), and only cash gives change; everything else is exact. Coupons, schemes, the purse and the
account pay first, in whatever order they are told; cash pays what they leave. Pure; satang.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.errors import N_, DomainError


class TenderShort(DomainError):
    """The money handed over doesn't cover what is due."""

    code, status, title = "tender-short", 409, N_("The payment is short")
    detail = N_("%(missing_satang)s baht are still missing. Take the rest, then confirm.")


class TenderTooMuch(DomainError):
    """A transfer is more than the sale, or cash is given with nothing left to pay."""

    code, status, title = "tender-too-much", 409, N_("More than the amount due")
    detail = N_("Only cash gives change. Enter exactly what is due for everything else.")


class TenderTwice(DomainError):
    """A sale is paid once by the account, the purse, a scheme, and each coupon."""

    code, status, title = "tender-twice", 409, N_("This payment is there twice")
    detail = N_("Take one of the two away, or enter their sum once.")


AT_BANK = ("promptpay", "transfer")
BACK_FIRST = ("voucher", "scheme", "credit", "purse")
"""What a refund goes back to before any money is handed out, in this order."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled tender: due = total + rounding (≤ 0), paid − change = due.

    `transferred_satang` comes by the bank; the others are what each kind pays together.
    """

    due_satang: int
    rounding_satang: int
    paid_satang: int
    change_satang: int
    cash_kept_satang: int
    transferred_satang: int
    credit_satang: int = 0
    purse_satang: int = 0
    scheme_satang: int = 0
    voucher_satang: int = 0


def settle_tender(
    total_satang: int, payments: Sequence[tuple[str, int]], cash_rounding_satang: int = 0
) -> Settled:
    """Settle `(method, amount)` payments against a total; raise `TenderShort`/`TenderTooMuch`.

    For cash the amount is the money handed over.
    """
    paid: dict[str, int] = {}
    for method, amount in payments:
        if method in ("credit", "purse", "scheme") and method in paid:
            raise TenderTwice(method=method)
        paid[method] = paid.get(method, 0) + amount
    cash = paid.pop("cash", 0)
    others = sum(paid.values())
    if others > total_satang:
        raise TenderTooMuch(due_satang=total_satang)
    cash_due = total_satang - others
    if cash_rounding_satang and (cash or not others):
        cash_due -= cash_due % cash_rounding_satang
    if cash < cash_due:
        raise TenderShort(missing_satang=cash_due - cash, due_satang=others + cash_due)
    if cash and not cash_due:
        raise TenderTooMuch(due_satang=others)
    due = others + cash_due
    return Settled(
        due_satang=due,
        rounding_satang=due - total_satang,
        paid_satang=others + cash,
        change_satang=cash - cash_due,
        cash_kept_satang=cash_due,
        transferred_satang=sum(paid.get(method, 0) for method in AT_BANK),
        credit_satang=paid.get("credit", 0),
        purse_satang=paid.get("purse", 0),
        scheme_satang=paid.get("scheme", 0),
        voucher_satang=paid.get("voucher", 0),
    )


@dataclass(frozen=True, slots=True)
class PaidBy:
    """One payment of a sale that was no money: where it goes back to."""

    method: str
    satang: int
    scheme_id: UUID | None = None
    voucher_id: UUID | None = None


def back_to(
    paid: Sequence[PaidBy], before_satang: int, now_satang: int
) -> tuple[list[PaidBy], int]:
    """Return what of a refund goes back to where it came from, and what is left to hand out.

    `before` is what came back earlier, `now` what comes back with this refund, both as paid.
    Coupons, schemes, the account and the purse are filled up first, in the order of `BACK_FIRST`,
    so nobody turns them into cash by returning part of the goods.
    """
    ordered = sorted(
        (one for one in paid if one.method in BACK_FIRST),
        key=lambda one: BACK_FIRST.index(one.method),
    )
    back, start, end = [], 0, before_satang + now_satang
    for one in ordered:
        until = start + one.satang
        part = min(end, until) - max(before_satang, start)
        if part > 0:
            back.append(replace(one, satang=part))
        start = until
    return back, now_satang - sum(one.satang for one in back)


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
