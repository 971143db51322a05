"""The auditor's table of the welfare report: every group with its reference and its source.

What must stay true: these are the very groups the report is summed from; quantity × reference is
written exactly (five places), so the sums of the columns are the report's figures to the last
place. No member is named in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from flask_babel import gettext as _

from core.quantity import MILLI
from core.sheets import Cell, Figure, Table, baht_figure
from inventory.rules.reference_prices import Reference
from pos.pages.welfare_view import percent, view_of
from pos.rules.welfare.facts import MILS, Band
from pos.rules.welfare.measures import Report, missing_of
from pos.rules.welfare.slices import STRANGERS, VILLAGE, Slice
from pos.services.welfare.gathering import Gathered
from pos.services.welfare.slicing import Slices


def tables_of(found: Gathered, report: Report, slices: Slices) -> list[Table]:
    """Return the sheets, in the reader's language."""
    gain: list[Cell] = [_("At lowest"), _("Gain (baht)"), _("At highest")]
    part = [_("Producer's part"), _("With a reference")]
    paid = [_("Buyers paid"), _("With a reference")]
    return [
        Table(
            _("Measures"),
            [_("Measure"), _("In words"), _("Baht"), _("At lowest"), _("At highest"),
             _("Without references")],
            _measures(report),
        ),
        Table(
            _("By product"),
            [_("Code"), _("Product"), *paid, "B: " + str(gain[0]), "B", "B: " + str(gain[2]),
             *part, "P: " + str(gain[0]), "P", "P: " + str(gain[2]), _("With both references")],
            _products(slices),
        ),
        Table(
            _("By producer"),
            [_("Number"), _("Producer"), *part, *gain, _("Without references")],
            _producers(slices),
        ),
        Table(
            _("By village"),
            [_("Village"), _("Households"), *paid, "B", *part, "P"],
            _villages(slices),
        ),
        Table(
            _("Sold, by shelf reference"),
            [_("Code"), _("Product"), _("Members"), _("Quantity"), _("Buyers paid"),
             *_of_reference(), *gain],
            _sold(found, slices),
        ),
        Table(
            _("Producers, by farm reference"),
            [_("Code"), _("Product"), _("Number"), _("Producer"), _("Bought"), _("Quantity"),
             _("Producer's part"), *_of_reference(), *gain],
            _parts(found, slices),
        ),
    ]  # fmt: skip


def _of_reference() -> list[Cell]:
    return [
        _("Reference price"),
        _("Lowest"),
        _("Highest"),
        _("Seen on"),
        _("Seen at"),
        _("Source"),
    ]


def exact(mils: int) -> Figure:
    """Return thousandths of a satang as baht with all five places."""
    whole, part = divmod(abs(mils), 100 * MILS)
    return Figure(f"{'-' if mils < 0 else ''}{whole}.{part:05d}")


def _quantity(milli: int) -> Figure:
    whole, part = divmod(abs(milli), MILLI)
    return Figure(f"{'-' if milli < 0 else ''}{whole}.{part:03d}")


def _ends(band: Band) -> list[Cell]:
    return [exact(end) for end in band.ends]


def _measures(report: Report) -> Iterator[Sequence[Cell]]:
    view = view_of(report, public=False)
    for row in (*view.measures, *view.uses):
        low, high = row.interval or (row.satang, row.satang)
        figures = [baht_figure(amount) for amount in (row.satang, low, high)]
        yield [row.key, row.words, *figures, row.missing]
    yield ["", _("The villagers' share"), view.share, view.interval, "", ""]
    yield ["", _("With both references"), view.coverage, "", "", ""]
    yield ["", view.headline, view.because, "", "", ""]
    for words, figure in view.beside:
        yield ["", words, figure, "", "", ""]


def _products(slices: Slices) -> Iterator[Sequence[Cell]]:
    for row in slices.products:
        yield [
            *_product(slices, row.key),
            baht_figure(row.buyers.paid_satang),
            baht_figure(row.buyers.known_satang),
            *_ends(row.buyers.gain_mils),
            baht_figure(row.producers.part_satang),
            baht_figure(row.producers.known_satang),
            *_ends(row.producers.gain_mils),
            baht_figure(row.market.paid_satang),
        ]


def _producers(slices: Slices) -> Iterator[Sequence[Cell]]:
    for row in slices.producers:
        got = row.producers
        yield [
            *_maker(slices, row.key),
            baht_figure(got.part_satang),
            baht_figure(got.known_satang),
            *_ends(got.gain_mils),
            percent(missing_of(got.missing_satang, got.part_satang)),
        ]


def _villages(slices: Slices) -> Iterator[Sequence[Cell]]:
    for row in slices.villages:
        yield [
            village_words(row, slices),
            row.households,
            baht_figure(row.buyers.paid_satang),
            baht_figure(row.buyers.known_satang),
            exact(row.buyers.gain_mils.mid),
            baht_figure(row.producers.part_satang),
            baht_figure(row.producers.known_satang),
            exact(row.producers.gain_mils.mid),
        ]


def village_words(row: Slice, slices: Slices) -> str:
    """Return what a row by village is called."""
    place = slices.places.get(row.key) if row.key else None
    if row.kind == VILLAGE and place is not None:
        return place.name
    if row.kind == STRANGERS:
        return str(_("Buyers who are no members"))
    return str(_("Village not known")) if row.kind != "others" else str(_("Other villages"))


def _sold(found: Gathered, slices: Slices) -> Iterator[Sequence[Cell]]:
    sums: dict[tuple[UUID, bool, UUID | None], list[int]] = {}
    used: dict[UUID | None, Reference | None] = {None: None}
    for one in found.sold:
        key = (one.product_id, one.member, one.shelf.id if one.shelf else None)
        used[key[2]] = one.shelf
        group = sums.setdefault(key, [0, 0])
        group[0] += one.quantity_milli
        group[1] += one.paid_satang
    for (product_id, member, reference_id), (quantity, paid) in sums.items():
        shelf = used[reference_id]
        gain = _at(quantity, shelf).plus(-paid * MILS)
        yield [
            *_product(slices, product_id),
            _("yes") if member else _("no"),
            _quantity(quantity),
            baht_figure(paid),
            *_reference(shelf),
            *(_ends(gain) if shelf is not None else ["", "", ""]),
        ]


def _parts(found: Gathered, slices: Slices) -> Iterator[Sequence[Cell]]:
    for one in found.parts:
        there, gain = _at(one.quantity_milli, one.farm_gate), one.part_satang * MILS
        ends = _ends(Band(gain - there.high, gain - there.mid, gain - there.low))
        yield [
            *_product(slices, one.product_id),
            *_maker(slices, one.producer_id),
            _("yes") if one.own else _("no"),
            _quantity(one.quantity_milli),
            baht_figure(one.part_satang),
            *_reference(one.farm_gate),
            *(ends if one.farm_gate is not None else ["", "", ""]),
        ]


def _at(quantity_milli: int, reference: Reference | None) -> Band:
    """Return quantity × reference at its lowest, as it is, at its highest, also of returns.

    Not `worth`, which turns returns about: a column is one end of every price, and so adds up.
    """
    if reference is None:
        return Band()
    prices = (reference.low_satang, reference.price_satang, reference.high_satang)
    return Band(*(quantity_milli * price for price in prices))


def _reference(one: Reference | None) -> list[Cell]:
    if one is None:
        return [_("none"), "", "", "", "", ""]
    prices = (one.price_satang, one.low_satang, one.high_satang)
    return [*(baht_figure(price) for price in prices), one.valid_from, one.place, one.source]


def _product(slices: Slices, product_id: UUID | None) -> list[Cell]:
    found = slices.goods.get(product_id) if product_id else None
    return [found.code, found.name_th] if found else ["", ""]


def _maker(slices: Slices, producer_id: UUID | None) -> list[Cell]:
    found = slices.makers.get(producer_id) if producer_id else None
    return [found.producer_no, found.name] if found else ["", ""]
