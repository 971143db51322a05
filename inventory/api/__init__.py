"""The stock room's API: nothing but translation between JSON and the services."""

from __future__ import annotations

from inventory.api import intake, products, stock
from inventory.api.blueprint import blueprint

__all__ = ["blueprint", "intake", "products", "stock"]
