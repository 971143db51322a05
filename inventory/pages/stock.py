"""Stock as pages: what lies here by product, by lot, and a lot's whole history."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import render_template, request, url_for

from core.web.api import page_window
from core.web.auth import current_actor
from inventory.pages.blueprint import blueprint, counter
from inventory.pages.products import searched
from inventory.services import catalogue, documents, lots


@blueprint.get("/stock")
def stock(centre_id: int) -> str:
    """Show what lies here by product, in Thai order."""
    actor = current_actor(centre_id)
    text, after = searched(), request.args.get("after")
    page = lots.levels(actor, page_window(after), text=text)

    def address(place: str | None) -> str:
        return url_for("inventory.stock", centre_id=centre_id, q=text or None, after=place)

    return render_template(
        "inventory/stock.html",
        rows=page.items,
        q=text,
        next_url=address(page.next) if page.next else None,
        first_url=address(None) if after else None,
    )


@blueprint.get("/stock/<uuid:product_id>")
def stock_of(centre_id: int, product_id: UUID) -> str:
    """Show the lots of a product: those with something left, or all."""
    actor = current_actor(centre_id)
    every, after = bool(request.args.get("all")), request.args.get("after")
    page = lots.listing(actor, page_window(after), product_id=product_id, all_lots=every)

    def address(place: str | None) -> str:
        return url_for(
            "inventory.stock_of",
            centre_id=centre_id,
            product_id=product_id,
            all="1" if every else None,
            after=place,
        )

    return render_template(
        "inventory/stock_of.html",
        product=catalogue.get(product_id, actor),
        rows=page.items,
        every=every,
        next_url=address(page.next) if page.next else None,
        first_url=address(None) if after else None,
    )


@blueprint.get("/lots/<uuid:lot_id>")
def lot(centre_id: int, lot_id: UUID) -> str:
    """Show a lot with every move of it, each opening its document."""
    actor = current_actor(centre_id)
    found = lots.get(lot_id, actor)
    return render_template(
        "inventory/lot.html",
        lot=found.card,
        producer=found.producer,
        moves=found.moves,
        numbers=numbers_of(
            centre_id, {(row.move.source_type, row.move.source_id) for row in found.moves}
        ),
    )


def numbers_of(centre_id: int, wanted: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the printed numbers of documents, ours and the counter's."""
    pairs = set(wanted)
    return {**counter().numbers(centre_id, pairs), **documents.numbers(centre_id, pairs)}
