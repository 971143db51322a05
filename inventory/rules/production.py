"""What becomes of goods and cost in a batch: who gets how much of what came out, at what cost.

What must stay true: what came out is shared to the last thousandth (whole pieces of what is sold by
the piece), and every satang of cost that went in is on a lot that came out, or lost, or spent.
Pure; money in satang, quantity in thousandths, weight in grams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import N_, DomainError
from core.money import half_up_div, split_by_weight
from core.quantity import MILLI, price_of

KILOGRAM = 1000
_UNITS = {
    "กก.": 1000,
    "กก": 1000,
    "กิโลกรัม": 1000,
    "กิโล": 1000,
    "โล": 1000,
    "kg": 1000,
    "ขีด": 100,
    "กรัม": 1,
    "ก.": 1,
    "g": 1,
    "ตัน": 1_000_000,
    "ลิตร": 1000,
    "ล.": 1000,
    "l": 1000,
}
"""Grams of the units that are weights; a litre counts as a kilogram, as water does."""
_LITRES = frozenset({"ลิตร", "ล.", "l"})


class MoreThanWentIn(DomainError):
    """More weight came out than was put in."""

    code, status, title = "more-than-went-in", 409, N_("More came out than went in")
    detail = N_(
        "%(out_kilograms)s kg came out of %(in_kilograms)s kg. Enter what else went in (water is "
        "an input too), correct the weights, or let the manager say why it is right."
    )


class WeightNeeded(DomainError):
    """Goods are shared by weight, and the weight of something is not known."""

    code, status, title = "weight-needed", 422, N_("A weight is missing")
    detail = N_("Line %(line_no)s: enter how many kilograms one unit holds.")


class ValueNeeded(DomainError):
    """Cost is shared by value, or goods are kept as a fee, and they have no value."""

    code, status, title = "value-needed", 422, N_("A value is missing")
    detail = N_("Line %(line_no)s: enter what one unit is worth.")


class ByProductsWorthMore(DomainError):
    """By-products take more cost with them than the batch has."""

    code, status, title = "by-products-worth-more", 422, N_("The by-products take too much cost")
    detail = N_(
        "Their values come to %(fixed_satang)s baht, the batch cost %(cost_satang)s. Enter "
        "smaller values."
    )


class ShareTooSmall(DomainError):
    """Somebody's part of what came out is not even one piece."""

    code, status, title = "share-too-small", 409, N_("Somebody would get nothing")
    detail = N_("Line %(line_no)s: there are too few pieces to share. Work on these goods apart.")


@dataclass(frozen=True, slots=True)
class Party:
    """Whose goods are in a batch: their weight, their cost when they are ours."""

    grams: int
    cost_satang: int = 0
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """Goods that came out; `whole` when they are counted in pieces, `kept` as a fee in kind."""

    role: str
    quantity_milli: int
    unit_grams: int
    unit_value_satang: int = 0
    whole: bool = False
    kept_milli: int = 0

    @property
    def grams(self) -> int:
        return grams_of(self.quantity_milli, self.unit_grams)


@dataclass(frozen=True, slots=True)
class Outcome:
    """By line and party: quantity and cost; then what was lost, and spent on others' goods."""

    shares: tuple[tuple[int, ...], ...]
    costs: tuple[tuple[int, ...], ...]
    loss_satang: int
    spent_satang: int


def grams_of_unit(unit: str) -> int:
    """Return the grams of one unit when the unit is a weight; 0 when it isn't."""
    return _UNITS.get(unit.strip().lower(), 0)


def grams_told(unit: str, told: int | None, usual: int) -> int:
    """Return what one unit weighs when somebody told it, else `usual`.

    A kilogram is a kilogram whatever is told; oil by the litre may weigh less than water.
    """
    fixed = unit.strip().lower() not in _LITRES and grams_of_unit(unit)
    return fixed or (usual if told is None else told)


def grams_of(quantity_milli: int, unit_grams: int) -> int:
    """Return what a quantity weighs, halves rounded up."""
    return half_up_div(quantity_milli * unit_grams, MILLI)


def require_not_more(in_grams: int, came: Sequence[Came], over_reason: str) -> int:
    """Return what came out, waste too; raise `MoreThanWentIn` unless somebody said why.

    A batch of goods that have no weight is not checked.
    """
    out = sum(one.grams for one in came)
    if in_grams and out > in_grams and not over_reason:
        raise MoreThanWentIn(
            field="over_reason", in_kilograms=_kilograms(in_grams), out_kilograms=_kilograms(out)
        )
    return out


def shared(quantity_milli: int, weights: Sequence[int], *, whole: bool) -> list[int]:
    """Share goods by weight, largest remainder first; pieces stay whole."""
    step = MILLI if whole else 1
    assert quantity_milli % step == 0
    return [part * step for part in split_by_weight(quantity_milli // step, weights)]


def work_out(
    parties: Sequence[Party],
    common_satang: int,
    came: Sequence[Came],
    *,
    basis: str,
    loss_rule: str,
    in_grams: int,
) -> Outcome:
    """Share what came out over the parties by the weight they brought, and our cost over ours.

    `common` is what was spent on all goods together (work, packaging): our part of it is cost of
    ours, the others' part is spent. `in_grams` counts everything that went in, water too. Raises
    WeightNeeded, ValueNeeded, ByProductsWorthMore, ShareTooSmall.
    """
    weights = _weights(parties)
    shares = [_shares_of(line_no, one, parties, weights) for line_no, one in _numbered(came)]
    common = split_by_weight(common_satang, weights)
    lost = split_by_weight(_lost_grams(came, in_grams), weights)
    costs = [[0] * len(parties) for _ in came]
    loss = spent = 0
    for place, party in enumerate(parties):
        if not party.ours:
            spent += common[place]
            continue
        mine = [part[place] for part in shares]
        carried, gone = _spread(
            party.cost_satang + common[place], came, mine, lost[place], basis, loss_rule
        )
        loss += gone
        for line, cost in zip(costs, carried, strict=True):
            line[place] = cost
    return Outcome(
        tuple(tuple(part) for part in shares), tuple(tuple(line) for line in costs), loss, spent
    )


def yield_basis_points(in_grams: int, out_grams: int) -> int | None:
    """Return what came out of what went in, in 1/10,000; None of goods that weigh nothing."""
    return half_up_div(out_grams * 10_000, in_grams) if in_grams else None


def unit_cost(cost_satang: int, quantity_milli: int) -> int:
    """Return the cost of one unit, halves rounded up."""
    return half_up_div(cost_satang * MILLI, quantity_milli)


def fee_of(grams: int, rate_satang: int) -> int:
    """Return the fee for working on goods at a rate a kilogram, halves rounded up."""
    return half_up_div(grams * rate_satang, KILOGRAM)


# --- parts -----------------------------------------------------------------------------------


def _numbered(came: Sequence[Came]) -> list[tuple[int, Came]]:
    return list(enumerate(came, start=1))


def _weights(parties: Sequence[Party]) -> list[int]:
    if len(parties) == 1:
        return [1]
    for line_no, party in enumerate(parties, start=1):
        if not party.grams:
            raise WeightNeeded(line_no=line_no)
    return [party.grams for party in parties]


def _shares_of(
    line_no: int, one: Came, parties: Sequence[Party], weights: Sequence[int]
) -> list[int]:
    if one.role == "waste":
        return [0] * len(parties)
    left = one.quantity_milli - one.kept_milli
    parts = shared(left, weights, whole=one.whole)
    if one.role == "main" and left:
        for party, part in zip(parties, parts, strict=True):
            if not part and not party.ours:
                raise ShareTooSmall(line_no=line_no)
    return parts


def _lost_grams(came: Sequence[Came], in_grams: int) -> int:
    """Return the weight that is in no goods: what is missing, or the waste that was weighed."""
    good = sum(one.grams for one in came if one.role != "waste")
    if in_grams:
        return max(in_grams - good, 0)
    return sum(one.grams for one in came if one.role == "waste")


def _spread(
    total_satang: int,
    came: Sequence[Came],
    mine: Sequence[int],
    lost_grams: int,
    basis: str,
    loss_rule: str,
) -> tuple[list[int], int]:
    """Return the cost each line of one party carries, and what of it is lost."""
    weighs = [grams_of(part, one.unit_grams) for one, part in zip(came, mine, strict=True)]
    loss = 0
    if loss_rule == "expense" and lost_grams and sum(weighs):
        loss = split_by_weight(total_satang, [sum(weighs), lost_grams])[1]
    costs = [
        price_of(part, one.unit_value_satang) if one.role == "by_product" and part else 0
        for one, part in zip(came, mine, strict=True)
    ]
    rest = total_satang - loss - sum(costs)
    if rest < 0:
        raise ByProductsWorthMore(fixed_satang=sum(costs), cost_satang=total_satang - loss)
    mains = [place for place, one in enumerate(came) if one.role == "main" and mine[place]]
    if not mains:
        return costs, loss + rest
    by = _basis_weights(came, mine, weighs, mains, basis)
    for place, cost in zip(mains, split_by_weight(rest, by), strict=True):
        costs[place] = cost
    return costs, loss


def _basis_weights(
    came: Sequence[Came],
    mine: Sequence[int],
    weighs: Sequence[int],
    mains: Sequence[int],
    basis: str,
) -> list[int]:
    if len(mains) == 1:
        return [1]
    if basis == "value":
        by = [mine[place] * came[place].unit_value_satang for place in mains]
        refusal: type[DomainError] = ValueNeeded
    else:
        by = [weighs[place] for place in mains]
        refusal = WeightNeeded
    for place, weight in zip(mains, by, strict=True):
        if not weight:
            raise refusal(line_no=place + 1)
    return by


def _kilograms(grams: int) -> str:
    whole, part = divmod(grams, KILOGRAM)
    return f"{whole:,}.{part:03d}".rstrip("0").rstrip(".")
