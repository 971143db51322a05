"""Signing in by phone number and PIN: how both are read, and which PINs nobody gets.

What must stay true: every way a number is written comes down to one sign-in name; a PIN is six
digits and none that people try first.
"""

from __future__ import annotations

import re

from core.text import ascii_digits

PIN_LENGTH = 6
_BETWEEN = re.compile(r"[\s().\u2010-\u2015-]")
_NUMBER = re.compile(r"0[0-9]{8,9}")
_ABROAD = ("0066", "+66", "66")
_RUNS = ("01234567890", "98765432109")
_FEWEST_DIFFERENT = 3


def phone_name(text: str) -> str | None:
    """Return the digits of a Thai phone number written any way; None for anything else.

    +66 81 234 5678, 081-2345678 and ๐๘๑ ๒๓๔ ๕๖๗๘ are all 0812345678.
    """
    digits = _BETWEEN.sub("", ascii_digits(text))
    for prefix in _ABROAD:
        if digits.startswith(prefix):
            # A zero left in after the country's number, as in +66 (0)81, is the same number.
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
            break
    return digits if _NUMBER.fullmatch(digits) else None


def plain_pin(text: str) -> str:
    """Return a PIN as it is hashed, however a phone's keyboard wrote it."""
    return _BETWEEN.sub("", ascii_digits(text))


def is_guessable(pin: str, phone: str) -> bool:
    """Tell whether a PIN is among the first somebody would try on this phone's owner."""
    twice = pin[:3] == pin[3:] or pin[:2] * 3 == pin
    run = any(pin in digits for digits in _RUNS)
    return len(set(pin)) < _FEWEST_DIFFERENT or twice or run or pin in phone
