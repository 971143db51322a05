"""When someone is a member, and how a person is found again.

What must stay true: a member who resigned stays on every old document and on no new one; the search
form of a name forgives what typing and hearing get wrong, and never identifies anybody by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.text import normalise, skeleton

PRODUCER_KINDS = ("person", "group", "company")
"""A company is a shop or firm that sells to us; it names nobody of the register of persons."""

WORDS_SEARCHED_MAX = 5
BETWEEN = "|"
TITLES = ("นางสาว", "นาย", "นาง", "น.ส.", "ด.ช.", "ด.ญ.", "Mr.", "Mrs.", "Ms.")
"""The everyday titles, longer ones before those they begin with."""


def is_active(joined_on: date, resigned_on: date | None, day: date) -> bool:
    """Tell whether someone is a member on a day; on the day of resignation no longer."""
    return joined_on <= day and (resigned_on is None or day < resigned_on)


Span = tuple[date, date | None]
"""From a day on, until another (not on it any more) if it is over."""


def uncovered(span: Span, others: Iterable[Span]) -> list[Span]:
    """Return the parts of a span on which none of the others lies."""
    found: list[Span] = []
    start, end = span
    for first, last in sorted(others, key=lambda one: one[0]):
        if end is not None and first >= end:
            break
        if first > start:
            found.append((start, first))
        if last is None:
            return found
        start = max(start, last)
        if end is not None and start >= end:
            return found
    return [*found, (start, end)]


def full_name(title: str, first_name: str, last_name: str) -> str:
    """Return the name as Thai documents write it: the title joins the first name."""
    return " ".join(part for part in (title + first_name, last_name) if part)


def parted(name: str) -> tuple[str, str, str]:
    """Part a name written whole into title, first and last name; `full_name` joins them again."""
    plain = normalise(name)
    title = next((one for one in TITLES if plain.startswith(one) and len(plain) > len(one)), "")
    first, _, last = plain.removeprefix(title).strip().partition(" ")
    return title, first, last


def search_key(texts: Iterable[str]) -> str:
    """Return what a search looks through: the skeletons of all texts, a bar before each.

    The bar keeps the texts apart, and tells the beginning of one from its middle.
    """
    plain = [skeleton(text).replace(BETWEEN, "") for text in texts]
    forms = [form for one in plain for form in (one, _without_hyphens(one))]
    return "".join(BETWEEN + form for form in dict.fromkeys(forms) if form)


def search_words(text: str) -> list[str]:
    """Return the skeletons of the words searched for; all of them must be found."""
    words = (skeleton(word).replace(BETWEEN, "") for word in normalise(text).split(" "))
    return [_without_hyphens(word) for word in words if word][:WORDS_SEARCHED_MAX]


def _without_hyphens(form: str) -> str:
    """Numbers are found however they were grouped: 081-234-5678 is 0812345678."""
    plain = form.replace("-", "")
    return plain if plain.isascii() and plain.isdigit() else form


def like_pattern(word: str) -> str:
    r"""Return the LIKE pattern (escape `\`) that finds a word anywhere."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
