"""Numbers that check themselves: the Thai 13-digit id (people, taxpayers) and GS1 barcodes.

What must stay true: only ASCII digits are ever accepted as digits here, so Thai digits and
separators are removed first and nothing half-normalised is stored.
"""

from __future__ import annotations

import re

from core.text import ascii_digits

_SEPARATORS = re.compile(r"[\s-]")
_THIRTEEN_DIGITS = re.compile(r"[0-9]{13}")


def plain_digits(text: str) -> str:
    """Return `text` with ASCII digits and without spaces and hyphens."""
    return _SEPARATORS.sub("", ascii_digits(text))


def thai_id_check_digit(first_twelve: str) -> int:
    """Return the thirteenth digit of a national or tax id."""
    assert re.fullmatch(r"[0-9]{12}", first_twelve)
    weighted = sum((13 - place) * int(digit) for place, digit in enumerate(first_twelve))
    return (11 - weighted % 11) % 10


def is_thai_id(text: str) -> bool:
    """Tell whether `text` is a national or tax id with the right check digit."""
    digits = plain_digits(text)
    if not _THIRTEEN_DIGITS.fullmatch(digits):
        return False
    return thai_id_check_digit(digits[:12]) == int(digits[12])


def format_thai_id(text: str) -> str:
    """Return 1-2345-67890-12-1; whatever is not 13 digits comes back as it is."""
    digits = plain_digits(text)
    if not _THIRTEEN_DIGITS.fullmatch(digits):
        return text
    return f"{digits[0]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12]}"


def mask_thai_id(text: str) -> str:
    """Return 1-2345-XXXXX-12-1: enough to recognise, not enough to misuse."""
    formatted = format_thai_id(text)
    return formatted[:7] + "XXXXX" + formatted[12:] if len(formatted) == 17 else "XXXXX"
