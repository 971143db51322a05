"""The counter's pages: the till itself, and the documents it makes."""

from __future__ import annotations

from core.errors import N_
from core.web.menu import MenuItem
from pos.pages import (
    away,
    counter,
    founding,
    markdowns,
    promotions,
    rollups,
    sales,
    shifts,
    totals,
    welfare,
    welfare_settings,
)
from pos.pages.blueprint import blueprint

MENU = (
    MenuItem(
        "sale.record",
        "pos.counter",
        N_("Sell"),
        N_("Open the till, scan, take payment"),
        icon="cash",
        order=10,
    ),
    MenuItem(
        "sale.read",
        "pos.sales",
        N_("Receipts"),
        N_("Find a sale, print it again, see its entry"),
        icon="receipt",
        order=12,
    ),
    MenuItem(
        "shift.read",
        "pos.shifts",
        N_("Shifts"),
        N_("Cash counts, over and short, shift reports"),
        icon="till",
        order=14,
    ),
    MenuItem(
        "promotion.read",
        "pos.promotions",
        N_("Promotions"),
        N_("Lower prices by date, member prices, who bears a discount"),
        icon="discount",
        order=16,
    ),
    MenuItem(
        "network.read",
        "pos.totals_page",
        N_("Centre in totals"),
        N_("What it holds, owes and took; nobody's name"),
        icon="chart",
        order=18,
    ),
    MenuItem(
        "welfare.read",
        "pos.welfare",
        N_("Welfare or profit"),
        N_("Whom the prices serve: villagers, or the centre"),
        icon="chart",
        order=49,
    ),
    MenuItem(
        "network.read",
        "pos.rollups",
        N_("The network in sums"),
        N_("Statements, members, funds, sales and welfare of all its centres; nobody's name"),
        icon="chart",
        order=47,
    ),
    MenuItem(
        "export.read",
        "pos.away",
        N_("Out of the house"),
        N_("The books for other programs, as tables, or the whole centre in one file"),
        icon="send",
        order=58,
    ),
)

__all__ = [
    "MENU",
    "away",
    "blueprint",
    "counter",
    "founding",
    "markdowns",
    "promotions",
    "rollups",
    "sales",
    "shifts",
    "totals",
    "welfare",
    "welfare_settings",
]
