"""Takings by product, category, producer and village, and what sells and lies, as tables.

What must stay true: takings by goods add up to the takings of the period; a line served by several
lots is shared among their producers by weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from core.web import show
from inventory.services import supply
from inventory.services.catalogue import categories as category_register
from members.rules.roles import allowed
from members.services import producers, village_keys, villages
from pos.pages.day_sheet import (
    BAHT,
    COUNT,
    MILLI,
    PART,
    WORDS,
    Asked,
    Row,
    Sheet,
    change_columns,
    compared,
    kept,
    kept_columns,
    name_of,
    of_goods,
)
from pos.rules.day_figures import PRODUCT, Figures, GoodsFigures, part, total


def products(asked: Asked) -> Sheet:
    """Return takings by product, what brought most first."""
    found, before = asked.read.by_key(PRODUCT), asked.before.by_key(PRODUCT)
    names = supply.products(asked.actor.centre_id, {UUID(key) for key in {*found, *before}})
    rows = []
    for key in sorted(found, key=lambda one: -found[one].net_satang):
        one, product = found[key], names[UUID(key)]
        cells = (
            name_of(product),
            one.sales,
            one.net_milli,
            product.unit,
            one.gross_satang,
            one.discount_satang,
            one.back_satang,
            one.net_satang,
            *kept(asked, one),
            *compared(one.net_satang, before.get(key, Figures()).net_satang),
        )
        rows.append(Row(cells, {"product": str(UUID(key))}))
    whole, earlier = total(found.values()), total(before.values())
    cells = (
        *(_("Together"), None, None, ""),
        *(whole.gross_satang, whole.discount_satang, whole.back_satang, whole.net_satang),
        *kept(asked, whole),
        *compared(whole.net_satang, earlier.net_satang),
    )
    rows.append(Row(cells, {}, total=True))
    columns = (
        (_("Product"), WORDS),
        (_("Receipts"), COUNT),
        (_("Quantity, returns off"), MILLI),
        (_("Unit"), WORDS),
        (_("Before discounts"), BAHT),
        (_("Discounts"), BAHT),
        (_("Given back"), BAHT),
        (_("Net takings"), BAHT),
        *kept_columns(asked),
        *change_columns(),
    )
    return of_goods("products", columns, rows, asked, whole.net_satang)


def categories(asked: Asked) -> Sheet:
    """Return takings by the category each product has now."""
    found, before = asked.read.by_key(PRODUCT), asked.before.by_key(PRODUCT)
    names = supply.products(asked.actor.centre_id, {UUID(key) for key in {*found, *before}})

    def grouped(figures: Mapping[str, Figures]) -> dict[str, Figures]:
        sums: dict[str, Figures] = {}
        for key, one in figures.items():
            category = names[UUID(key)].category
            sums[category] = sums.get(category, Figures()) + one
        return sums

    called = dict(category_register.choices(asked.actor.centre_id, show.language()))
    now, earlier = grouped(found), grouped(before)
    rows = [
        Row(
            (
                called.get(category, category) or _("Without a category"),
                one.net_satang,
                part(max(one.net_satang, 0), total(now.values()).net_satang),
                *kept(asked, one),
                *compared(one.net_satang, earlier.get(category, Figures()).net_satang),
            )
        )
        for category, one in sorted(now.items(), key=lambda one: -one[1].net_satang)
    ]
    whole, past = total(now.values()), total(earlier.values())
    cells = (_("Together"), whole.net_satang, part(whole.net_satang, whole.net_satang))
    change = compared(whole.net_satang, past.net_satang)
    rows.append(Row((*cells, *kept(asked, whole), *change), {}, total=True))
    columns = (
        (_("Category"), WORDS),
        (_("Net takings"), BAHT),
        (_("Share %"), PART),
        *kept_columns(asked),
        *change_columns(),
    )
    return of_goods("categories", columns, rows, asked, whole.net_satang)


def producers_of(asked: Asked) -> Sheet:
    """Return takings by whose goods they were."""
    now, earlier = asked.read.goods(), asked.before.goods()
    cards = producers.names(asked.actor.centre_id, {who for _p, who, _k in (*now, *earlier)})
    return _by_maker(
        ("producers", _("Producer")),
        asked,
        (_grouped(now, lambda producer: producer), _grouped(earlier, lambda producer: producer)),
        lambda producer: cards[producer].name if producer in cards else "",
    )


def villages_of(asked: Asked) -> Sheet:
    """Return takings by where the producers of the goods live now."""
    homes = village_keys.of_producers(asked.actor.centre_id)
    names = {one.id: one.name for one in villages.listing(asked.actor.centre_id)}

    def village(producer: UUID) -> UUID | None:
        return homes[producer][0] if producer in homes else None

    return _by_maker(
        ("villages", _("Village of the producer")),
        asked,
        (_grouped(asked.read.goods(), village), _grouped(asked.before.goods(), village)),
        lambda key: names.get(key, "") if key is not None else _("Village not known"),
    )


def _by_maker(
    words: tuple[str, str],
    asked: Asked,
    found: tuple[Mapping[Any, GoodsFigures], Mapping[Any, GoodsFigures]],
    name: Callable[[Any], str],
) -> Sheet:
    (view, first), (now, earlier) = words, found
    whole = _sum(now.values())
    opens = view == "producers" and allowed(asked.actor.roles, "producer.read")
    rows = []
    for key, one in sorted(now.items(), key=lambda item: (-item[1].taken_satang, name(item[0]))):
        cells = _maker_cells(asked, one, earlier.get(key, GoodsFigures()), whole)
        link = ("inventory.account", {"producer_id": key}) if opens else None
        rows.append(Row((name(key), *cells), link=link))
    cells = _maker_cells(asked, whole, _sum(earlier.values()), whole)
    rows.append(Row((_("Together"), *cells), {}, total=True))
    columns: tuple[tuple[str, str], ...] = (
        (first, WORDS),
        (_("Net takings"), BAHT),
        (_("Share %"), PART),
        (_("To producers"), BAHT),
    )
    if asked.inside:
        columns = (*columns, (_("Cost of own goods"), BAHT))
    return of_goods(view, (*columns, *change_columns()), rows, asked, whole.taken_satang)


def _maker_cells(
    asked: Asked, one: GoodsFigures, before: GoodsFigures, whole: GoodsFigures
) -> tuple[Any, ...]:
    return (
        one.taken_satang,
        part(max(one.taken_satang, 0), whole.taken_satang),
        one.producer_satang,
        *((one.cost_satang,) if asked.inside else ()),
        *compared(one.taken_satang, before.taken_satang),
    )


def _grouped(found: Mapping[Any, GoodsFigures], group: Callable[[UUID], Any]) -> dict[Any, Any]:
    sums: dict[Any, GoodsFigures] = {}
    for (_product, producer, _kind), one in found.items():
        key = group(producer)
        sums[key] = sums.get(key, GoodsFigures()) + one
    return sums


def _sum(found: Iterable[GoodsFigures]) -> GoodsFigures:
    return sum(found, GoodsFigures())
