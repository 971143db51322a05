"""The one blueprint all of the counter's addresses belong to."""

from __future__ import annotations

from core.web.api import CENTRE_URL, Blueprint

blueprint = Blueprint(
    "pos_api", __name__, url_prefix=CENTRE_URL, description="The counter: sales, shifts, refunds"
)
