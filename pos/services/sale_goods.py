"""What a sale says of its goods, held against what is on sale: units, prices, tiers.

What must stay true: a sale in time is sold at today's prices, to the satang, or refused by name;
one that comes after its shift was counted is a fact, and is taken at the prices it tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.errors import N_, DomainError
from core.quantity import MILLI
from inventory.rules.intake import WholePieces
from pos.rules import tiers as rules
from pos.rules.tiers import Bundles, Gross
from pos.services import selling
from pos.services.sale_rows import RecordSale, RecordSaleLine
from pos.services.selling import Selling


class PriceChanged(DomainError):
    """The price the customer was told is no longer the price."""

    code, status, title = "price-changed", 409, N_("The price has changed")
    detail = N_("%(name_th)s is now %(price_satang)s baht. Tell the customer, then confirm again.")


class LinePriceChanged(DomainError):
    """What the customer was told for the whole line is not what tiers and unit price come to."""

    code, status, title = "line-price-changed", 409, N_("The price has changed")
    detail = N_(
        "%(name_th)s, %(quantity_milli)s %(unit)s: now %(gross_satang)s baht in all. Tell the "
        "customer, then confirm again."
    )


class ProductNotForSale(DomainError):
    """No such product in this centre, or it is no longer sold."""

    code, status, title = "product-not-for-sale", 409, N_("This product is not for sale")
    detail = N_("Remove the line, or ask the manager to put the product on sale.")


class UnitNotForSale(DomainError):
    """The product is not sold by this unit, or no longer."""

    code, status, title = "unit-not-for-sale", 409, N_("The product is not sold by this unit")
    detail = N_("%(name_th)s: remove the line and choose another unit.")


class TooLittle(DomainError):
    """So little of a selling unit is nothing that could be weighed in the product's own unit."""

    code, status, title = "too-little", 409, N_("The quantity is too small")
    detail = N_("%(name_th)s: enter a larger quantity.")


def of_basket(command: RecordSale, centre_id: int, *, late: bool) -> list[Selling]:
    """Return what each line sells; refuse what isn't sold or costs another price today."""
    known = selling.for_sale(centre_id, {(one.product_id, one.unit_id) for one in command.lines})
    found = []
    for line_no, line in enumerate(command.lines, start=1):
        goods = _sold(line, known, late=late)
        _require_quantity(line_no, line, goods)
        if goods.price_satang != line.unit_price_satang and not late:
            raise PriceChanged(
                product_id=str(goods.product.id),
                unit_id=str(goods.unit_id or ""),
                name_th=goods.product.name_th,
                price_satang=goods.price_satang,
                told_satang=line.unit_price_satang,
            )
        found.append(goods)
    return found


def remarks(command: RecordSale, goods: Sequence[Selling]) -> list[str]:
    """Return what a person should look at in a late sale: other prices, goods no longer sold."""
    found = []
    for line_no, (line, one) in enumerate(zip(command.lines, goods, strict=True), start=1):
        right = _by_rule(line, one, member=command.member_id is not None)
        other = line.gross_satang not in (None, right.satang) and not _printed(line, one, right)
        if one.price_satang != line.unit_price_satang or other:
            found.append(f"price-changed:{line_no}")
        if not one.active:
            found.append(f"not-for-sale:{line_no}")
    return found


def gross(
    line_no: int, line: RecordSaleLine, goods: Selling, *, member: bool, late: bool
) -> tuple[int, tuple[Bundles, ...]]:
    """Return what a line costs before discounts and the tier prices in it.

    Raises `LinePriceChanged` when the customer was told otherwise. A late line without its gross
    comes from a till that knows of no tiers.
    """
    if late and line.gross_satang is None:
        return rules.gross_of(line.quantity_milli, line.unit_price_satang).satang, ()
    right = _by_rule(line, goods, member=member)
    told = right.satang if line.gross_satang is None else line.gross_satang
    if told == right.satang:
        return told, right.bundles
    if not late and not _printed(line, goods, right):
        raise LinePriceChanged(
            line_no=line_no,
            product_id=str(goods.product.id),
            name_th=goods.product.name_th,
            quantity_milli=line.quantity_milli,
            unit=goods.unit,
            gross_satang=right.satang,
            told_satang=told,
        )
    return told, ()


def base_quantity(line: RecordSaleLine, goods: Selling) -> int:
    """Return a line's quantity in the product's own unit, as stock counts it."""
    return rules.base_quantity(line.quantity_milli, goods.factor_milli)


def _sold(line: RecordSaleLine, known: dict[selling.Key, Selling], *, late: bool) -> Selling:
    own = known.get((line.product_id, None))
    if own is None or not (own.active or late):
        raise ProductNotForSale(product_id=str(line.product_id))
    goods = known.get((line.product_id, line.unit_id))
    if goods is None or not (goods.active or late):
        raise UnitNotForSale(
            product_id=str(line.product_id),
            unit_id=str(line.unit_id),
            name_th=own.product.name_th,
        )
    return goods


def _require_quantity(line_no: int, line: RecordSaleLine, goods: Selling) -> None:
    base = base_quantity(line, goods)
    if goods.product.sold_by == "piece" and (line.quantity_milli % MILLI or base % MILLI):
        raise WholePieces(line_no=line_no, name_th=goods.product.name_th, unit=goods.unit)
    if base == 0:
        raise TooLittle(line_no=line_no, name_th=goods.product.name_th)


def _by_rule(line: RecordSaleLine, goods: Selling, *, member: bool) -> Gross:
    """Return what a line costs by the catalogue; a promotion takes the place of tier prices."""
    promoted: UUID | None = line.promotion_id
    mine = () if promoted else rules.allowed(goods.tiers, member=member)
    return rules.gross_of(line.quantity_milli, line.unit_price_satang, mine)


def _printed(line: RecordSaleLine, goods: Selling, right: Gross) -> bool:
    """Tell whether a weighed line's gross is one a scale printed for it."""
    return (
        line.gross_satang is not None
        and goods.product.sold_by == "weight"
        and not right.bundles
        and rules.may_be_printed(line.gross_satang, line.quantity_milli, line.unit_price_satang)
    )
