"""Words with facts in them, kept untranslated until the reader's language is known.

What must stay true: a refusal is written once, in English, as a constant msgid; numbers in it are
shown the way people here read them (satang as baht, thousandths as units); a fact that is itself a
msgid, or a list of them and of names, has a name ending in `_words` and is translated with the
sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self

from flask_babel import gettext

from core.web import show


class Words(str):
    """A sentence with `%(fact)s` places; as a plain string it is the English one."""

    msgid: str
    facts: Mapping[str, Any]

    def __new__(cls, msgid: str, **facts: Any) -> Self:
        self = super().__new__(cls, msgid % _Shown(facts))
        self.msgid = msgid
        self.facts = facts
        return self


def translated(message: str, facts: Mapping[str, Any] | None = None) -> str:
    """Return a msgid (or `Words`) in the reader's language, its facts filled in."""
    if isinstance(message, Words):
        return translated(message.msgid, message.facts)
    sentence: str = gettext(message)
    if facts is None:
        return sentence
    said = {
        name: _said(fact) if name.endswith("_words") and fact else fact
        for name, fact in facts.items()
    }
    return sentence % _Shown(said)


def _said(fact: str | Sequence[str]) -> str:
    if isinstance(fact, str):
        return translated(fact)
    return " · ".join(translated(one) for one in fact if one)


def without_facts(message: str) -> str:
    """Return a msgid in the reader's language with a mark where its facts would stand."""
    sentence: str = gettext(message)
    return _PLACE.sub("…", sentence).replace("%%", "%")


_PLACE = re.compile(r"%\(\w+\)s")


class _Shown(dict[str, Any]):
    """Facts as text: the unit at the end of a name says how to show its number."""

    def __missing__(self, name: str) -> str:
        return "?"

    def __getitem__(self, name: str) -> str:
        value = super().__getitem__(name)
        if name.endswith("_satang") and isinstance(value, int):
            return show.baht(value)
        if name.endswith("_basis_points") and isinstance(value, int):
            return show.percent(value)
        if name.endswith("_milli") and isinstance(value, int):
            return show.quantity(value)
        if isinstance(value, datetime):
            return show.moment(value)
        if isinstance(value, date):
            return show.day(value)
        return str(value)
