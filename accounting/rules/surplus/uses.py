"""What a surplus is used for, in exact parts, and the satang each part comes to.

What must stay true: parts are whole millionths of the surplus and make a million together, or the
split is refused; the amounts add up to the surplus to the satang, in whatever order the parts came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.errors import N_, DomainError

USES = (
    "reserve",
    "welfare",
    "public_benefit",
    "dividend",
    "patronage",
    "committee",
    "other_fund",
    "retained",
)
WHOLE = 1_000_000
"""Parts of the surplus: 1 % is 10,000, so that 77.292 % is a whole number of them."""
PERCENT = WHOLE // 100

FUND_USES = ("welfare", "public_benefit", "committee", "other_fund")
"""Kept in a fund of the community until it is spent."""
POOLS = ("dividend", "patronage")
"""Shared among members."""
ROUNDED_UP, ROUNDED_DOWN = "reserve", "committee"
TWICE = ("other_fund",)
"""Uses that may be named more than once, for funds that differ."""

USE_WORDS = {
    "reserve": N_("Reserve"),
    "welfare": N_("Welfare of the village"),
    "public_benefit": N_("Public benefit"),
    "dividend": N_("Dividend on shares"),
    "patronage": N_("Patronage refund"),
    "committee": N_("Committee's bonus"),
    "other_fund": N_("Another fund"),
    "retained": N_("Kept for the next year"),
}


class PartsNotWhole(DomainError):
    """The parts of the surplus are not a hundred percent together."""

    code, status, title = "parts-not-whole", 422, N_("The parts do not add up to 100 percent")
    detail = N_("Together they are %(sum)s percent, %(gap)s away from 100. Change one of them.")


class UseTwice(DomainError):
    """The same use stands there twice, and for the same fund."""

    code, status, title = "use-twice", 422, N_("One use is named twice")
    detail = N_("%(use_words)s: put both into one line.")


@dataclass(frozen=True, slots=True)
class Part:
    """A use of the surplus with its millionths; a fund's is known by its fund."""

    use: str
    millionths: int
    fund_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A use of the surplus in satang."""

    use: str
    satang: int
    fund_id: UUID | None = None


def percent_text(millionths: int) -> str:
    """Return a part as people write it, exactly: 772920 → 77.292."""
    whole, rest = divmod(abs(millionths), PERCENT)
    places = f"{rest:04d}".rstrip("0")
    return f"{'-' if millionths < 0 else ''}{whole}{'.' + places if places else ''}"


def require_whole(parts: Sequence[Part]) -> None:
    """Raise PartsNotWhole, UseTwice unless the parts are the whole surplus, each named once."""
    assert all(part.use in USES and 0 <= part.millionths <= WHOLE for part in parts)
    seen: set[tuple[str, UUID | None]] = set()
    for part in parts:
        key = (part.use, part.fund_id if part.use in TWICE else None)
        if key in seen:
            raise UseTwice(use_words=USE_WORDS[part.use])
        seen.add(key)
    together = sum(part.millionths for part in parts)
    if together != WHOLE:
        raise PartsNotWhole(sum=percent_text(together), gap=percent_text(abs(WHOLE - together)))


def split(surplus_satang: int, parts: Iterable[Part]) -> tuple[Amount, ...]:
    """Return what each part comes to, in the order of `USES`; the sum is the surplus exactly.

    Largest remainder, ties by that order and then by the fund's id: never by the order given. The
    law names the least of the reserve and the most of the committee's bonus, so a part of a satang
    makes one whole for the reserve before all others, and never for the committee. Raises
    PartsNotWhole, UseTwice.
    """
    ordered = sorted(parts, key=_place)
    require_whole(ordered)
    exact = [divmod(surplus_satang * part.millionths, WHOLE) for part in ordered]
    left = surplus_satang - sum(whole for whole, _ in exact)
    # Sorting is stable: equal remainders stay in the order of `USES`.
    by_remainder = sorted(
        (i for i, (_, over) in enumerate(exact) if over and ordered[i].use != ROUNDED_DOWN),
        key=lambda i: (ordered[i].use != ROUNDED_UP, -exact[i][1]),
    )
    more = set(by_remainder[:left])
    return tuple(
        Amount(part.use, exact[i][0] + (i in more), part.fund_id) for i, part in enumerate(ordered)
    )


def moved(amounts: Sequence[Amount], cut_satang: int, to: str) -> tuple[Amount, ...]:
    """Return the amounts with `cut_satang` taken off the dividend and given to another use.

    What comes to nothing is left out; the sum stays what it was.
    """
    nets = {(one.use, one.fund_id): one.satang for one in amounts}
    if cut_satang:
        assert to != "dividend" and to not in FUND_USES
        nets["dividend", None] -= cut_satang
        nets[to, None] = nets.get((to, None), 0) + cut_satang
    assert min(nets.values(), default=0) >= 0
    found = [Amount(use, satang, fund_id) for (use, fund_id), satang in nets.items() if satang]
    return tuple(sorted(found, key=_place))


def _place(one: Part | Amount) -> tuple[int, str]:
    return USES.index(one.use), one.fund_id.hex if one.fund_id else ""
