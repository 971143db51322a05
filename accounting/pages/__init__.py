"""Pages of the books: trial balance, ledgers, journal, entries, opening balances."""

from __future__ import annotations

from accounting.pages import files, funds, journal, statements
from accounting.pages.blueprint import blueprint
from core.errors import N_
from core.web.menu import MenuItem

MENU = (
    MenuItem(
        "trial_balance.read",
        "accounting.trial_balance",
        N_("Trial balance"),
        N_("Every account at any day; each figure opens to its documents"),
        icon="scale",
        order=50,
    ),
    MenuItem(
        "journal.read",
        "accounting.journal",
        N_("Journal"),
        N_("Every entry, with the document behind it"),
        icon="book",
        order=52,
    ),
    MenuItem(
        "ledger.read",
        "accounting.accounts",
        N_("Accounts"),
        N_("The chart, and the ledger of each account"),
        icon="menu",
        order=54,
    ),
    MenuItem(
        "fund.read",
        "accounting.funds",
        N_("Funds"),
        N_("What the community's funds hold"),
        icon="cash",
        order=56,
    ),
)

__all__ = ["MENU", "blueprint", "files", "funds", "journal", "statements"]
