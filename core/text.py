"""Thai text as people type it, made comparable: one spelling, one search form, one sort order.

What must stay true: `normalise` never changes correctly typed Thai and doing it twice changes
nothing more; every sort key orders by plain code points, hence alike on SQLite and PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

_TONES = "\u0e48-\u0e4b"  # ่ ้ ๊ ๋
_VOWELS_ON_TOP_OR_BELOW = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d"
_MARKS_TYPED_TWICE = re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4d])\\1+")
_TONE_BEFORE_VOWEL = re.compile(f"([\u0e48-\u0e4c]+)([{_VOWELS_ON_TOP_OR_BELOW}])")
_NIKHAHIT_TONE_AA = re.compile(f"\u0e4d([{_TONES}]?)\u0e32")
_TONE_NIKHAHIT_AA = re.compile(f"([{_TONES}])\u0e4d\u0e32")
_AM_BEFORE_TONE = re.compile(f"\u0e33([{_TONES}])")
_PLAIN = re.compile("[ -~\u0e01-\u0e3a\u0e3f-\u0e5b]*")
"""Thai and ASCII that one sees: nothing in it is to be dropped."""
_TO_REPAIR = re.compile(
    "\u0e40\u0e40|\u0e4d|\u0e33[\u0e48-\u0e4b]|  |^ | \\Z"
    "|[\u0e3a\u0e47-\u0e4e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
    "|[\u0e31\u0e34-\u0e39][\u0e31\u0e34-\u0e3a\u0e47\u0e4d\u0e4e]"
)
"""All that may need repair where nothing is to be dropped: doubled or leading spaces, เเ, and marks
side by side in any other order than a vowel and then its tone. Some of what it finds is right."""
_WHITESPACE = re.compile(r"\s+")
_NOT_SEARCHED = re.compile(r"[\u0e47-\u0e4c\u0e4e\s.]")

_LEADING_VOWELS = frozenset("เแโใไ")
_CONSONANTS = frozenset(map(chr, range(0x0E01, 0x0E2F)))
_SECONDARY = {mark: str(weight) for weight, mark in enumerate("๎์็่้๊๋ํ", 1)}
_IGNORED = frozenset("ฯๆ")


def ascii_digits(text: str) -> str:
    """Replace ๐-๙ by 0-9; everything else stays."""
    return text.translate(_THAI_DIGITS)


def normalise(text: str) -> str:
    """Return the one spelling under which `text` is stored.

    Repairs what keyboards and pasting do to Thai (tone before vowel, เเ for แ, ํา for ำ, marks
    typed twice, invisible characters). Never NFKC: it splits ำ in two.
    """
    if _PLAIN.fullmatch(text) and not _TO_REPAIR.search(text):
        return text  # nearly every text: a register of many thousands is read in half the time
    repaired = _repair(text)
    # A removed character can bring together two marks that need repair in their turn.
    while repaired != text:
        text, repaired = repaired, _repair(repaired)
    return repaired


def _repair(text: str) -> str:
    text = unicodedata.normalize("NFC", _without_invisible(text)).replace("เเ", "แ")
    text = _TONE_BEFORE_VOWEL.sub(r"\2\1", text)
    text = _NIKHAHIT_TONE_AA.sub("\\1\u0e33", text)
    text = _TONE_NIKHAHIT_AA.sub("\\1\u0e33", text)
    text = _AM_BEFORE_TONE.sub("\\1\u0e33", text)
    text = _MARKS_TYPED_TWICE.sub(r"\1", text)
    return _WHITESPACE.sub(" ", text).strip()


def _without_invisible(text: str) -> str:
    """Drop format and control characters and lone surrogates; line ends and tabs are spaces."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(
        char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )


def skeleton(text: str) -> str:
    """Return the forgiving search form: no tone marks, spaces or dots, small letters, 0-9.

    Different words can share a skeleton, so it finds candidates and never identifies one.
    """
    return ascii_digits(_NOT_SEARCHED.sub("", normalise(text)).lower())


def thai_sort_key(text: str) -> str:
    """Return a string whose plain code-point order is the Thai dictionary's order.

    Consonant before its leading vowel; then tone marks; then spaces and punctuation. Numbers sort
    by value ("หมู่ 2" before "หมู่ 10"). The three parts are separated by a space, which sorts below
    everything in them. Equal keys are possible ("A" and "a"): break ties by id.
    """
    primary: list[str] = []
    secondary: list[str] = []
    ignored: list[str] = []
    number = ""
    for char in _consonants_first(ascii_digits(normalise(text)).lower()):
        if "0" <= char <= "9":
            number += char
            continue
        _append_number(number, primary, secondary)
        number = ""
        if char in _SECONDARY:
            secondary.append(_SECONDARY[char])
        elif char in _IGNORED or unicodedata.category(char)[0] in "PZ":
            ignored.append(f"{len(primary):04d}{char}")
        else:
            primary.append(char)
            secondary.append("0")
    _append_number(number, primary, secondary)
    # Trailing zeros carry nothing: two keys with equal primary parts hold equally many zeros.
    marks = "".join(secondary).rstrip("0")
    return f"{''.join(primary)} {marks} {''.join(ignored)}".rstrip(" ")


def _append_number(digits: str, primary: list[str], secondary: list[str]) -> None:
    """Add a run of digits behind its length, so that fewer digits sort first."""
    if digits:
        value = digits.lstrip("0") or "0"
        primary.append(chr(ord("0") + min(len(value), 70)) + value)
        secondary.append("0")


def _consonants_first(text: str) -> str:
    """Swap each leading vowel with the consonant it is spoken after: ไก่ → กไ่."""
    swapped: list[str] = []
    position = 0
    while position < len(text):
        pair = text[position : position + 2]
        if len(pair) == 2 and pair[0] in _LEADING_VOWELS and pair[1] in _CONSONANTS:
            swapped += (pair[1], pair[0])
            position += 2
        else:
            swapped.append(pair[0])
            position += 1
    return "".join(swapped)
