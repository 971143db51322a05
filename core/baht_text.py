"""Amounts in Thai words, as receipts and vouchers must carry them: หนึ่งพันหกสิบบาทถ้วน.

What must stay true: satang in, whole numbers all the way; a number of two or more digits ending in
1 reads เอ็ด (101, 1,001, 1,000,001 too).
"""

from __future__ import annotations

_DIGITS = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MILLION = 1_000_000


def baht_text(satang: int) -> str:
    """Return the amount in words, without parentheses. A refund is its own document: never < 0."""
    assert satang >= 0
    if satang == 0:
        return "ศูนย์บาทถ้วน"
    baht, rest = divmod(satang, 100)
    in_baht = f"{_number(baht)}บาท" if baht else ""
    return in_baht + (f"{_number(rest)}สตางค์" if rest else "ถ้วน")


def _number(value: int, after_million: bool = False) -> str:
    """Read a positive number; the millions are read first, as a number of their own."""
    if value < _MILLION:
        return _below_million(value, after_million)
    millions, rest = divmod(value, _MILLION)
    return _number(millions, after_million) + "ล้าน" + _below_million(rest, after_million=True)


def _below_million(value: int, after_million: bool) -> str:
    """Read 0 (as nothing) to 999,999."""
    digits = str(value)
    words = ""
    for position, char in enumerate(digits):
        digit, place = int(char), len(digits) - position - 1
        if digit == 0:
            continue
        if place == 1 and digit == 1:
            words += "สิบ"
        elif place == 1 and digit == 2:
            words += "ยี่สิบ"
        elif place == 0 and digit == 1 and (len(digits) > 1 or after_million):
            words += "เอ็ด"
        else:
            words += _DIGITS[digit] + _PLACES[place]
    return words
