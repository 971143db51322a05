"""How much of what a resolution keeps as shares the members may hold. Pure; money in satang.

A cap says what one member holds at most: so many shares, or a part of everybody's paid-up shares (a
co-operative: one fifth). What is kept makes everybody's shares more too, so the part is judged when
all of it is in: what each one keeps is the most with which nobody who grows is above the part.
What can't be kept is paid.

What must stay true: nobody grows above a cap; whoever stays below keeps all that was wished; the
order of the members changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounting.rules.shares import WHOLE, ShareRules, largest_allowed

ABOVE_PART, ABOVE_MOST, NOT_MEMBER = "above_part", "above_most", "not_member"


@dataclass(frozen=True, slots=True)
class ShareBook:
    """Everybody's paid-up shares as entered so far, who may be given more, and the rules."""

    held: Mapping[UUID, int]
    members: frozenset[UUID]
    rules: ShareRules


@dataclass(frozen=True, slots=True)
class Wish:
    """What one member holds, and what of the member's sum is to be kept as shares."""

    held: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of each wish, in their order, and what it was judged by."""

    satang: tuple[int, ...]
    total: int
    """All paid-up shares, what is kept counted in."""
    limit: int | None
    """The most one member holds of them; None where nothing caps it."""
    by_part: bool
    """Whether the part of all shares makes the limit, not a number of shares."""


def keep(rules: ShareRules, wishes: Sequence[Wish]) -> Kept:
    """Return the most that may be kept of everybody's wish; `wishes` are of all who hold shares."""
    most = None if rules.most_shares is None else rules.most_shares * rules.par_satang
    asked = wishes if most is None else [Wish(w.held, _within(w, most)) for w in wishes]
    holders = sum(wish.held + wish.wanted > 0 for wish in wishes)
    part = rules.largest_part_basis_points
    if part is None or holders * part < WHOLE:
        kept = tuple(wish.wanted for wish in asked)
    else:
        limit = _limit(part, asked)
        kept = tuple(_within(wish, limit) for wish in asked)
    total = sum(wish.held for wish in wishes) + sum(kept)
    allowed = largest_allowed(rules, total, holders)
    return Kept(kept, total, allowed, allowed != most)


def _within(wish: Wish, limit: int) -> int:
    return max(0, min(wish.wanted, limit - wish.held))


def _limit(part: int, wishes: Sequence[Wish]) -> int:
    """Return the greatest whole satang that is within the part once everybody kept up to it.

    What holds for one limit holds for every smaller one, so it is found by halving.
    """
    held = sum(wish.held for wish in wishes)
    low = held * part // WHOLE
    high = max((wish.held + wish.wanted for wish in wishes if wish.wanted), default=low)
    close = [wish for wish in wishes if wish.wanted and wish.held + wish.wanted > low]
    rest = held + sum(wish.wanted for wish in wishes if wish.held + wish.wanted <= low)

    def fits(limit: int) -> bool:
        together = rest + sum(_within(wish, limit) for wish in close)
        return limit * WHOLE <= together * part

    if high <= low or fits(high):
        return max(low, high)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low


def above(rules: ShareRules, held: Mapping[UUID, int], kept: Mapping[UUID, int]) -> list[UUID]:
    """Return those who would be above a cap now if this were kept, in the order given."""
    after = dict(held)
    for one, satang in kept.items():
        after[one] = after.get(one, 0) + satang
    holding = [satang for satang in after.values() if satang > 0]
    allowed = largest_allowed(rules, sum(holding), len(holding))
    if allowed is None:
        return []
    return [one for one, satang in kept.items() if satang and after[one] > allowed]
