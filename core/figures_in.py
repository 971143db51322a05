"""What a cell of a brought table means: an amount, a quantity, a day. Exact, or refused.

What must stay true: nothing is rounded and nothing guessed; an amount has at most two places, a
quantity three; ๐-๙ are digits; a day may be of either era, written or as a spreadsheet's number.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from core.dates import BUDDHIST_OFFSET, NotADate, parse_date
from core.errors import N_, DomainError
from core.money import SATANG_MAX
from core.quantity import MILLI, QUANTITY_MAX
from core.text import ascii_digits, normalise

_LENGTH_MAX = 60
_DASHES = str.maketrans("−–—‒", "----")
_BAHT = re.compile(r"^(?:฿|thb)|(?:บาท|baht|thb|฿)$", re.IGNORECASE)
_NO_SATANG = re.compile(r"\.-$|/-$|\.=$")
_FIGURES = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})?(?:\.([0-9]*))?")
_SERIAL = re.compile(r"([0-9]{5,6})(?:\.0*)?")
_TIME = re.compile(r"[ T][0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:\.[0-9]{1,6})?)? ?(?:น\.?)?$")
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 320_000)
"""Days as a spreadsheet counts them: 1954 to far beyond the Buddhist years people type."""


class NotAFigure(DomainError, ValueError):
    """The cell holds no amount or quantity we can take exactly; `text` is what stands in it."""

    code, status, title = "not-a-figure", 422, N_("This is not an amount")
    detail = N_(
        "Write an amount with at most two places, for example 1,234.50; below zero (50.00)."
    )


class NotAQuantity(NotAFigure):
    """The same for a quantity."""

    code, title = "not-a-quantity", N_("This is not a quantity")
    detail = N_("Write a quantity with at most three places, for example 12.5.")


def satang(text: str) -> int:
    """Read an amount in baht as satang: 1,234.50 · ๑,๒๓๔.๕๐ · (50.00) · 50.- · ฿50.

    An accountant's dash alone is zero; an empty cell is not an amount. Raises NotAFigure.
    """
    plain = _BAHT.sub("", _plain(text)).strip()
    return _scaled(plain, text, 2, SATANG_MAX, NotAFigure)


def satang_or_zero(text: str) -> int:
    """Read an amount; an empty cell is zero."""
    return satang(text) if text.strip() else 0


def milli(text: str) -> int:
    """Read a quantity as thousandths: 12 · 0.237 · ๑๒.๕. Raises NotAQuantity."""
    return _scaled(_plain(text), text, len(str(MILLI)) - 1, QUANTITY_MAX, NotAQuantity)


def day(text: str) -> date:
    """Read a day of either era, written in words or figures, or as a spreadsheet's number.

    A date cell whose year is a Buddhist one (2569 typed into an English spreadsheet) is that
    Buddhist year. A time of day behind it is left out. Raises NotADate.
    """
    plain = _TIME.sub("", ascii_digits(text).strip())
    found = _SERIAL.fullmatch(plain)
    if not found or int(found[1]) not in _SERIALS:
        return parse_date(plain or text)
    on = _SERIAL_ZERO + timedelta(days=int(found[1]))
    if on.year < 2400:
        return on
    try:
        return on.replace(year=on.year - BUDDHIST_OFFSET)
    except ValueError:
        raise NotADate(text=text) from None


def _plain(text: str) -> str:
    if len(text) > _LENGTH_MAX:
        raise NotAFigure(text=text[:_LENGTH_MAX])
    if text.isascii():
        return text.strip()
    return ascii_digits(normalise(text)).translate(_DASHES).strip()


def _scaled(plain: str, text: str, places: int, largest: int, refusal: type[NotAFigure]) -> int:
    if plain == "-":
        return 0
    plain, negative = _signed(_NO_SATANG.sub("", plain).strip())
    found = _FIGURES.fullmatch(plain)
    if not found or not (found[1] or found[2]):
        raise refusal(text=text)
    part = (found[2] or "").rstrip("0")
    if len(part) > places:
        raise refusal(text=text)
    number = int((found[1] or "0").replace(",", "") + part.ljust(places, "0"))
    if number > largest:
        raise refusal(text=text)
    return -number if negative else number


def _signed(plain: str) -> tuple[str, bool]:
    """Take the sign off: a minus before, or an accountant's brackets around."""
    if plain.startswith("(") and plain.endswith(")"):
        return plain[1:-1].strip(), True
    if plain.startswith("-"):
        return plain[1:].strip(), True
    return plain.removeprefix("+").strip(), False
