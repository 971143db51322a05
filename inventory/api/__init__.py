"""The stock room's API: nothing but translation between JSON and the services."""

from __future__ import annotations

from inventory.api import catalogue, intake, products, purchase_orders, stock
from inventory.api.blueprint import blueprint

__all__ = ["blueprint", "catalogue", "intake", "products", "purchase_orders", "stock"]
