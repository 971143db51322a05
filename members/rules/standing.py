"""In what standing somebody was on a day, from what happened to the membership, or as a producer.

What must stay true: the order in which facts were entered says nothing, only the day they are of;
on one day joining comes before leaving, and death is last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

NOT_YET = "not_yet"
MEMBER, SUSPENDED = "member", "suspended"
"""Of a producer: one who delivers, and one who must not for the time being."""
DIED = "died"
"""Of a group of producers: it was dissolved."""
ENDED = ("suspended", "resigned", "expelled", "died")
"""What takes somebody out of good standing; joining and being reinstated bring them back."""
_ORDER = ("joined", "suspended", "reinstated", "resigned", "expelled", "died")
_INSIDE = frozenset({MEMBER, SUSPENDED})
_OUTSIDE = frozenset({NOT_YET, "resigned", "expelled"})
_BECOMES: dict[str, tuple[frozenset[str], str]] = {
    "joined": (_OUTSIDE, MEMBER),
    "suspended": (frozenset({MEMBER}), SUSPENDED),
    "reinstated": (frozenset({SUSPENDED, "expelled"}), MEMBER),
    "resigned": (_INSIDE, "resigned"),
    "expelled": (_INSIDE, "expelled"),
    "died": (_INSIDE | {"resigned", "expelled"}, "died"),
}
"""What each fact makes of which standing; on any other it has no effect."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a membership, or to a producer, on a day."""

    kind: str
    on_date: date


@dataclass(frozen=True, slots=True)
class Span:
    """A standing, from the day it began until the next one begins."""

    state: str
    since: date


@dataclass(frozen=True, slots=True)
class Summary:
    """The latest membership as two days, for whoever needs no more."""

    joined_on: date
    ended_on: date | None


def spans(facts: Iterable[Happening]) -> list[Span]:
    """Return the standings in turn, facts without effect left out."""
    found: list[Span] = []
    for fact in _in_order(facts):
        state = found[-1].state if found else NOT_YET
        of, becomes = _BECOMES[fact.kind]
        if state in of:
            found.append(Span(becomes, fact.on_date))
    return found


def first_idle(facts: Iterable[Happening]) -> Happening | None:
    """Return the first fact that changes nothing where it stands, or None if all fit."""
    state = NOT_YET
    for fact in _in_order(facts):
        of, becomes = _BECOMES[fact.kind]
        if state not in of:
            return fact
        state = becomes
    return None


def on_day(facts: Iterable[Happening], day: date) -> Span | None:
    """Return the standing at the end of a day; None if nothing ever happened."""
    all_spans = spans(facts)
    past = [span for span in all_spans if span.since <= day]
    if past:
        return past[-1]
    return Span(NOT_YET, all_spans[0].since) if all_spans else None


def member_since(facts: Iterable[Happening], day: date) -> date | None:
    """Return the day the membership of a day began, suspended meanwhile or not; None outside."""
    found = summary(fact for fact in facts if fact.on_date <= day)
    return None if found is None or found.ended_on is not None else found.joined_on


def summary(facts: Iterable[Happening]) -> Summary | None:
    """Return when the latest membership began and, if it did, ended."""
    joined: date | None = None
    ended: date | None = None
    before = NOT_YET
    for span in spans(facts):
        if span.state in _INSIDE:
            if before not in _INSIDE:
                joined, ended = span.since, None
        elif before in _INSIDE:
            ended = span.since
        before = span.state
    return Summary(joined, ended) if joined is not None else None


def delivers(facts: Iterable[Happening]) -> bool:
    """Tell whether a producer is one whose goods are taken in, after all that happened."""
    all_spans = spans(facts)
    return bool(all_spans) and all_spans[-1].state == MEMBER


def _in_order(facts: Iterable[Happening]) -> list[Happening]:
    return sorted(facts, key=lambda fact: (fact.on_date, _ORDER.index(fact.kind)))
