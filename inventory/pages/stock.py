"""Stock as pages: what lies here by product, by lot, and a lot's whole history."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import render_template, request, url_for

from accounting.services import rooms
from core.web.auth import current_actor, may
from core.web.lists import listed, sought, window
from inventory.pages.blueprint import blueprint
from inventory.rules.terms import terms_of
from inventory.services import catalogue, holds, lots, price_parts, terms_reading
from inventory.services.lots import LotCard


@blueprint.get("/stock")
def stock(centre_id: int) -> str:
    """Show what lies here by product, in Thai order."""
    actor = current_actor(centre_id)
    page = lots.levels(actor, window(), text=sought().text)

    return render_template(
        "inventory/stock.html",
        **listed(page, "inventory.stock", centre_id=centre_id),
    )


@blueprint.get("/stock/<uuid:product_id>")
def stock_of(centre_id: int, product_id: UUID) -> str:
    """Show the lots of a product: those with something left, or all."""
    actor = current_actor(centre_id)
    every = bool(request.args.get("all"))
    page = lots.listing(actor, window(), sought(), product_id=product_id, all_lots=every)

    product = catalogue.get(product_id, actor)
    return render_template(
        "inventory/stock_of.html",
        product=product,
        parts=price_parts.of_lots(page.items, product, actor),
        every=every,
        **listed(
            page,
            "inventory.stock_of",
            centre_id=centre_id,
            product_id=product_id,
            all="1" if every else None,
        ),
    )


@blueprint.get("/lots/<uuid:lot_id>")
def lot(centre_id: int, lot_id: UUID) -> str:
    """Show a lot with every move of it, each opening its document."""
    actor = current_actor(centre_id)
    found = lots.get(lot_id, actor)
    return render_template(
        "inventory/lot.html",
        lot=found.card,
        parts=price_parts.of_lot(
            found.card, catalogue.get_doc(centre_id, found.card.product_id), actor
        ),
        terms_page=_terms_page(centre_id, found.card),
        frozen=terms_of(found.card.terms, found.card.split_basis_points or 0),
        producer=found.producer,
        moves=found.moves,
        events=holds.of_lot(centre_id, lot_id),
        held_milli=holds.held_milli(centre_id, lot_id),
        numbers=numbers_of(
            centre_id, {(row.move.source_type, row.move.source_id) for row in found.moves}
        ),
    )


def _terms_page(centre_id: int, card: LotCard) -> str | None:
    """Return the page of the terms a lot came under; goods of another centre keep its terms."""
    named = card.terms and card.terms.get("terms_id")
    terms_id = UUID(named) if named else None
    if not may("terms.read") or not terms_reading.made_here(centre_id, terms_id):
        return None
    return url_for("inventory.terms_page", centre_id=centre_id, terms_id=terms_id)


def numbers_of(centre_id: int, wanted: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the printed numbers of documents."""
    return rooms.numbers_of(centre_id, set(wanted))
