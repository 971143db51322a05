"""Codes of coupons, and what one is still worth. Pure; satang.

What must stay true: a code is 60 random bits, so nobody finds one by trying; what a coupon is worth
never goes below nothing nor above what it was made out for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.errors import N_, DomainError

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which people confuse: 5 bits a letter."""
LETTERS = 12
STAYS, LAPSES = "stays", "lapses"


class CouponUnknown(DomainError):
    """No coupon of this centre has this code."""

    code, status, title = "coupon-unknown", 409, N_("This coupon is not known")
    detail = N_("Scan it again, or type the letters under the bars.")


class CouponExpired(DomainError):
    """The coupon's last day is over."""

    code, status, title = "coupon-expired", 409, N_("This coupon has expired")
    detail = N_("It could be used until %(valid_until)s. Take another payment.")


class CouponUsed(DomainError):
    """Nothing, or not as much, is left of it."""

    code, status, title = "coupon-used", 409, N_("This coupon is used up")
    detail = N_("%(left_satang)s baht are left of it. Take the rest another way.")


class CouponOfAnother(DomainError):
    """The coupon names another member."""

    code, status, title = "coupon-of-another", 409, N_("This coupon is made out to another member")
    detail = N_("Choose that member for this sale, or take another payment.")


class GoodsNotCovered(DomainError):
    """It pays for some goods only."""

    code, status, title = "goods-not-covered", 409, N_("This doesn't pay for all these goods")
    detail = N_("It pays %(covered_satang)s baht of this bill. Take the rest another way.")


@dataclass(frozen=True, slots=True)
class Worth:
    """A coupon as a sale sees it."""

    amount_satang: int
    used_satang: int
    valid_until: date
    rest: str
    categories: tuple[str, ...]

    @property
    def left_satang(self) -> int:
        return self.amount_satang - self.used_satang


def code_of(bits: int) -> str:
    """Return the code of 60 random bits: three groups of four letters."""
    letters = ""
    for _ in range(LETTERS):
        bits, place = divmod(bits, len(ALPHABET))
        letters += ALPHABET[place]
    return "-".join(letters[start : start + 4] for start in range(0, LETTERS, 4))


def read_code(typed: str) -> str:
    """Return a code as it is kept, however it was typed or scanned."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def covered(categories: Collection[str], lines: Collection[tuple[str, int]]) -> int:
    """Return how much of a bill may be paid: `(category, net)` of each line; none named: all."""
    return sum(net for category, net in lines if not categories or category in categories)


def refusal(worth: Worth, satang: int, on: date, payable_satang: int) -> DomainError | None:
    """Return what speaks against paying so much by a coupon; None when nothing does."""
    if on > worth.valid_until:
        return CouponExpired(valid_until=worth.valid_until.isoformat())
    if worth.left_satang < satang:
        return CouponUsed(left_satang=worth.left_satang)
    if satang > payable_satang:
        return GoodsNotCovered(covered_satang=payable_satang)
    return None
