"""The one blueprint all of the stock room's addresses belong to."""

from __future__ import annotations

from core.web.api import CENTRE_URL, Blueprint

blueprint = Blueprint(
    "inventory_api",
    __name__,
    url_prefix=CENTRE_URL,
    description="Goods: products, intake, lots, levels, write-offs, producers' accounts",
)
