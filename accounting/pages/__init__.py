"""Pages of the books: trial balance, ledgers, journal, entries, opening balances."""

from __future__ import annotations

from accounting.pages import (
    cash_report,
    closing,
    files,
    financial_statements,
    funds,
    journal,
    statements,
    turnover,
    workspace,
)
from accounting.pages.blueprint import blueprint
from core.errors import N_
from core.web.menu import MenuItem

MENU = (
    MenuItem(
        "close.read",
        "accounting.workspace",
        N_("The accountant's desk"),
        N_("What needs a person, the month to close, and the money there is"),
        icon="keyboard",
        order=50,
    ),
    MenuItem(
        "close.read",
        "accounting.closes",
        N_("Month close"),
        N_("The checklist, two signatures, and what came late"),
        icon="check",
        order=50,
    ),
    MenuItem(
        "trial_balance.read",
        "accounting.trial_balance",
        N_("Trial balance"),
        N_("Every account at any day; each figure opens to its documents"),
        icon="scale",
        order=50,
    ),
    MenuItem(
        "statement.read",
        "accounting.statements_page",
        N_("Statements"),
        N_("Income and costs, what the centre has and owes, where the money went"),
        icon="chart",
        order=51,
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
        "statement.read",
        "accounting.cash_report",
        N_("Daily cash report"),
        N_("Cash in and out by day (Notice 161), and whether it was entered in time"),
        icon="clock",
        order=55,
    ),
    MenuItem(
        "statement.read",
        "accounting.turnover",
        N_("Turnover"),
        N_("Twelve months beside the limit for VAT registration"),
        icon="chart",
        order=55,
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

__all__ = [
    "MENU",
    "blueprint",
    "cash_report",
    "closing",
    "files",
    "financial_statements",
    "funds",
    "journal",
    "statements",
    "turnover",
    "workspace",
]
