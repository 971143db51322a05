"""How a value looks to a reader: baht, quantities, days and moments, in Thai or English.

What must stay true: satang and thousandths become text by whole-number arithmetic only, and the
Buddhist year is shown to Thai readers and to no one else.
"""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import get_locale

from core import dates
from core.quantity import MILLI


def language() -> str:
    """Return the reader's language, `th` or `en`; Thai outside of a request."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "th"


def baht(satang: int) -> str:
    """Return 1,234.50 for 123450 satang; below zero with a minus sign."""
    sign = "-" if satang < 0 else ""
    whole, part = divmod(abs(satang), 100)
    return f"{sign}{whole:,}.{part:02d}"


def quantity(milli: int) -> str:
    """Return thousandths without needless zeros: 12000 → 12, 1500 → 1.5, 237 → 0.237."""
    sign = "-" if milli < 0 else ""
    whole, part = divmod(abs(milli), MILLI)
    tail = f".{part:03d}".rstrip("0") if part else ""
    return f"{sign}{whole:,}{tail}"


def number(value: int) -> str:
    """Return a whole number with thousands separated."""
    return f"{value:,}"


def percent(basis_points: int) -> str:
    """Return hundredths of a percent as a percentage: 8000 → 80, 750 → 7.5."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)


def day(value: date, style: dates.Style = "short") -> str:
    """Return a day: 9 ต.ค. 2568 for a Thai reader, 9 Oct 2025 for an English one."""
    return dates.format_date(value, language(), style)


def month(value: date) -> str:
    """Return the month a day is in: ต.ค. 2568 for a Thai reader, Oct 2025 for an English one."""
    return dates.format_month(value, language())


def moment(value: datetime, style: dates.Style = "short") -> str:
    """Return day and time in Bangkok."""
    return dates.format_datetime(value, language(), style)
