"""The history of a product's prices: a table, a plot, a file."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core.actor import Actor
from core.web import plots, show
from core.web.auth import current_actor
from core.web.lists import listed, sought, window
from core.web.plots import Bar
from inventory.pages.blueprint import blueprint
from inventory.pages.catalogue_words import price_sources
from inventory.services import catalogue
from inventory.services.catalogue import prices

PLOTTED = 12


@blueprint.get("/products/<uuid:product_id>/prices")
def product_prices(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Show what a product's prices were and became, newest first."""
    actor = current_actor(centre_id)
    product = catalogue.get(product_id, actor)
    page = prices.history(product_id, actor, window(), sought())
    return render_template(
        "inventory/product_prices.html",
        product=product,
        plot=plot_of(product_id, product.unit, actor),
        sources=price_sources(),
        **listed(page, "inventory.product_prices", centre_id=centre_id, product_id=product_id),
    )


def plot_of(product_id: UUID, unit: str, actor: Actor) -> Markup | None:
    """Return the last prices of the product's own unit as bars; None when it has had only one."""
    changes = prices.of_own_unit(product_id, actor)[-PLOTTED:]
    if len(changes) < 2:
        return None
    bars = [Bar(show.day(at.date(), "short"), satang, show.baht(satang)) for at, satang in changes]
    title = _("Price a %(unit)s, change by change", unit=unit)
    return plots.fitting(lambda width: plots.rows(bars, title=title, width=width))
