"""The facts of the audit trail as a person reads them: «price: 38.00 baht → 40.00 baht».

What must stay true: money is shown in baht, quantities in units, days in the reader's calendar;
what tells a person nothing (digests, ids of machines) is left out, other ids show their end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from flask_babel import gettext as _

from core.web import show
from members.pages import trail_facts

Said: TypeAlias = list[tuple[str, str]]
"""Names in words, each with its value."""

_LEFT_OUT = {"device", "digest", "session", "sha256"}
_LISTS = {"added", "pairs", "removed", "without_cashier"}
"""Facts that are lists by themselves; any other list of two is what was and what is."""
_LENGTH_MAX = 120
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}(0[1-9]|1[0-2])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
_PERCENT = {"centre_below", "members_from"}


def _spread(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """Yield name, value, and whether the value is a pair: what was, and what is."""
    both = _both(facts)
    for name, value in facts.items():
        if name in _LEFT_OUT or (name in both and name.startswith("after")):
            continue
        if name in both:
            yield from _compared(name, value, facts[both[name]])
        elif isinstance(value, dict):
            for inner, one in value.items():
                yield inner, one, _is_pair(one)
        elif name in ("changed", "fields"):
            yield "changed", value, False
        else:
            yield name, value, name not in _LISTS and _is_pair(value)


def _both(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return before → after and after → before where an entry has the two of them."""
    ends = [name.removeprefix("before") for name in facts if name.startswith("before")]
    found = {f"before{end}": f"after{end}" for end in ends if f"after{end}" in facts}
    return found | {after: before for before, after in found.items()}


def _compared(name: str, before: Any, after: Any) -> Iterator[tuple[str, Any, bool]]:
    if not isinstance(after, dict):
        yield name.replace("before", "price", 1) if "_" in name else "name", [before, after], True
        return
    for inner, value in after.items():
        if before is None:
            yield inner, value, False
        elif before.get(inner) != value:
            yield inner, [before.get(inner), value], True


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _named(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name facts by what they are: a promotion's value is a part of the price, or baht."""
    value = "value_basis_points" if facts.get("kind") == "percent" else "value_satang"
    called = {"address": "internet_address", "title": "heading", "value": value}
    return {called.get(name, name): one for name, one in facts.items()}


class TrailReader:
    """Says facts in the reader's language; one serves a whole page."""

    def __init__(self) -> None:
        self.names, self.codes = trail_facts.facts(), trail_facts.codes()

    def details(self, facts: Mapping[str, Any]) -> Said:
        """Return the facts of an entry in words; what is empty is left out."""
        return [
            (self.names.get(name, name), said)
            for name, value, pair in _spread(_named(facts))
            if (said := self._change(name, value) if pair else self._value(name, value))
        ]

    def subject(self, kind: str, subject_id: str) -> str:
        """Return which record of its kind an entry is about."""
        if kind == "accounting_period" and _MONTH.fullmatch(subject_id):
            return show.month(date(int(subject_id[:4]), int(subject_id[4:]), 1))
        return self._value(kind, subject_id)

    def _change(self, name: str, pair: list[Any]) -> str:
        before, after = (self._value(name, one) or "–" for one in pair)
        if before == after:
            return _("Changed")
        return f"{before} → {after}"

    def _value(self, name: str, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, int):
            return _number(name, value)
        if isinstance(value, list):
            return self._list(name, value)
        if isinstance(value, dict):
            said = (
                (self.names.get(inner, inner), self._value(inner, value[inner])) for inner in value
            )
            return ", ".join(f"{words} {one}" for words, one in said)
        return self._text(name, str(value))

    def _list(self, name: str, values: list[Any]) -> str:
        if name == "changed":
            return ", ".join(self.names.get(one, one) for one in values)
        if all(isinstance(one, str | int) for one in values):
            return ", ".join(self._value(name, one) for one in values)
        return str(len(values))

    def _text(self, name: str, text: str) -> str:
        if text in (words := self.codes.get(name, {})):
            return words[text]
        if _UUID.fullmatch(text):
            return f"…{text[-6:]}"
        if _DAY.fullmatch(text):
            return show.day(date.fromisoformat(text))
        if _MOMENT.fullmatch(text):
            return show.moment(datetime.fromisoformat(text))
        return text if len(text) <= _LENGTH_MAX else f"{text[:_LENGTH_MAX]}…"


def _number(name: str, value: int) -> str:
    if name == "satang" or name.endswith("_satang"):
        return _("%(baht)s baht", baht=show.baht(value))
    if name.endswith("_milli"):
        return show.quantity(value)
    if name.endswith("_basis_points") or name in _PERCENT:
        return f"{show.percent(value)} %"
    return str(value)
