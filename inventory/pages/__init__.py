"""The stock room's pages: intake, stock, products, write-offs, and the producer's own page."""

from __future__ import annotations

from core.errors import N_
from core.web.menu import MenuItem
from inventory.pages import intake, intake_form, producer, products, stock, waste
from inventory.pages.blueprint import blueprint

MENU = (
    MenuItem(
        "intake.read",
        "inventory.intakes",
        N_("Goods intake"),
        N_("Take goods in, print the slip"),
        icon="basket",
        order=20,
    ),
    MenuItem(
        "stock.read",
        "inventory.stock",
        N_("Stock"),
        N_("What lies here, lot by lot"),
        icon="scale",
        order=22,
    ),
    MenuItem(
        "stock.read",
        "inventory.wastes",
        N_("Write-offs"),
        N_("Goods lost, and who bears it"),
        icon="trash",
        order=24,
    ),
    MenuItem(
        "product.read",
        "inventory.products",
        N_("Products and prices"),
        N_("Names, codes, units, prices"),
        icon="search",
        order=26,
    ),
    MenuItem(
        "producer_account.read",
        "inventory.my",
        N_("Producer accounts"),
        N_("What is owed, sold and left"),
        icon="cash",
        order=28,
    ),
)

__all__ = [
    "MENU",
    "blueprint",
    "intake",
    "intake_form",
    "producer",
    "products",
    "stock",
    "waste",
]
