"""The goods as plain tables, to take away: products, and every lot with what is left of it."""

from __future__ import annotations

from collections.abc import Iterator

from core.actor import Actor
from core.paging import LIMIT_MAX, Window
from core.sheets import Cell, Table, baht_figure
from inventory.services import catalogue, lots
from inventory.services.lots import LotCard
from members.services import access


def tables(actor: Actor) -> Iterator[Table]:
    """Yield the tables of the actor's centre. Raises Forbidden."""
    access.require(actor, "stock.read")
    yield Table(
        "products",
        ("code", "barcodes", "name_th", "name_en", "category", "sold_by", "unit", "price"),
        (
            (
                *(
                    one.code,
                    " ".join(code.barcode for code in one.barcodes if code.unit_id is None),
                    one.name_th,
                    one.name_en,
                    one.category_th,
                ),
                *(one.sold_by, one.unit, baht_figure(one.price_satang)),
            )
            for one in catalogue.shelf(actor.centre_id)
        ),
    )
    yield Table(
        "stock",
        (
            *("lot", "intake", "product", "producer_id", "ownership", "received_milli"),
            *("on_hand_milli", "value", "split_basis_points", "expires_on"),
        ),
        (_row(lot) for lot in _lots(actor)),
    )


def _lots(actor: Actor) -> Iterator[LotCard]:
    window: Window | None = Window(limit=LIMIT_MAX)
    while window is not None:
        page = lots.listing(actor, window, all_lots=True)
        yield from page.items
        window = Window(page.next, LIMIT_MAX) if page.next else None


def _row(lot: LotCard) -> tuple[Cell, ...]:
    return (
        lot.lot_no,
        lot.receipt_no,
        lot.name_th,
        str(lot.producer_id),
        lot.ownership,
        lot.quantity_milli,
        lot.on_hand_milli,
        baht_figure(lot.value_satang),
        lot.split_basis_points,
        lot.expires_on,
    )
