"""Who in the register may be one person written twice. Pure.

Names are compared by their search form (no tone marks, so ปราณี and ปรานี differ in one letter only)
in pieces of three letters, as pg_trgm does: อาญคงหาญ and อาจคงหาญ share half of theirs. What must
stay true: it only suggests; a person decides. The same register gives the same suggestions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from uuid import UUID

from core.text import skeleton

ALIKE = 400
"""Permille of shared pieces from which two surnames may be one (pg_trgm's threshold 0.4)."""
SUGGESTED = 350
"""The least that makes a suggestion: one given name, and surnames that are just alike."""
BLOCK_MAX = 400
"""A first name so common that nothing can be said of it alone."""


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a person as tells two apart."""

    id: UUID
    first_name: str
    last_name: str
    nickname: str = ""
    phone: str = ""
    house_no: str = ""
    village_id: UUID | None = None
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may be one, and how much speaks for it (0 to 1,000), by what."""

    first: UUID
    second: UUID
    score: int
    reasons: tuple[str, ...]


@lru_cache(maxsize=20_000)
def pieces(text: str) -> frozenset[str]:
    """Return the pieces of three letters of a name's search form, its ends marked."""
    form = f"  {skeleton(text)} "
    return frozenset(form[start : start + 3] for start in range(len(form) - 2))


def likeness(one: str, other: str) -> int:
    """Return how many permille of their pieces two names share; 1,000 when they are the same."""
    first, second = pieces(one), pieces(other)
    shared = len(first & second)
    return 1000 * shared // (len(first) + len(second) - shared)


def compare(one: Known, other: Known) -> Pair | None:
    """Return what speaks for two being one person, or None when too little does.

    The name must be alike; then phone, house, village, nickname and year of birth speak for it,
    and a different year of birth against it.
    """
    reasons: list[str] = []
    given = likeness(one.first_name, other.first_name)
    family = likeness(one.last_name, other.last_name)
    phone = bool(one.phone) and one.phone == other.phone
    if given < ALIKE or (family < ALIKE and not phone):
        return None
    score = (given + family) // 4
    reasons.append("name" if given == family == 1000 else "alike")
    for said, weight, reason in (
        (phone, 300, "phone"),
        (_same(one.village_id, other.village_id), 100, "village"),
        (_same(one.house_no, other.house_no) and one.village_id == other.village_id, 150, "house"),
        (_same(one.nickname, other.nickname), 100, "nickname"),
        (_same(one.birth_year, other.birth_year), 150, "birth"),
    ):
        if said:
            score += weight
            reasons.append(reason)
    if one.birth_year and other.birth_year and one.birth_year != other.birth_year:
        score -= 300
    if score < SUGGESTED:
        return None
    first, second = sorted((one.id, other.id), key=lambda person: person.hex)
    return Pair(first, second, min(score, 1000), tuple(reasons))


def suggestions(people: Iterable[Known], known_apart: frozenset[tuple[UUID, UUID]]) -> list[Pair]:
    """Return the pairs that may be one person, the likeliest first.

    Only those who share a first name's search form, a surname's, or a phone are compared, so that a
    register of many thousands is read in one go.
    """
    found: dict[tuple[UUID, UUID], Pair] = {}
    for one, other in _candidates(people):
        pair = compare(one, other)
        if pair is not None and (pair.first, pair.second) not in known_apart:
            found[pair.first, pair.second] = pair
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first.hex, pair.second.hex))


def _candidates(people: Iterable[Known]) -> Iterator[tuple[Known, Known]]:
    blocks: dict[tuple[str, str], list[Known]] = {}
    for person in people:
        for kind, word in (
            ("first", skeleton(person.first_name)),
            ("last", skeleton(person.last_name)),
            ("phone", person.phone),
        ):
            if word:
                blocks.setdefault((kind, word), []).append(person)
    for block in blocks.values():
        if 2 <= len(block) <= BLOCK_MAX:
            yield from combinations(block, 2)


def _same(one: object, other: object) -> bool:
    return one is not None and one != "" and one == other
