"""The trial balance as a book to print or save: an account a row, and both totals."""

from __future__ import annotations

from datetime import date

from accounting.rules.books import Book, Column, Note, Row, total_row
from accounting.rules.periods import Span
from accounting.services import statements
from core.actor import Actor
from core.errors import N_

TITLE = N_("Trial balance")
COLUMNS = (
    Column(N_("Account")),
    Column(N_("Name")),
    Column(N_("Debit"), "money"),
    Column(N_("Credit"), "money"),
)
_EQUAL = Note(N_("Debits and credits are equal."))
_DIFFERENT = Note(N_("Debits and credits differ. Ask for sunruam verify to be run at once."))


def of_day(on: date, actor: Actor, english: bool = False) -> Book:
    """Return the trial balance at the end of a day as a book. Raises Forbidden."""
    balance = statements.trial_balance(on, actor)
    rows = tuple(
        Row(
            (
                row.account.code,
                row.account.name_en if english and row.account.name_en else row.account.name_th,
                row.debit_balance_satang,
                row.credit_balance_satang,
            )
        )
        for row in balance.rows
    )
    return Book(
        key="trial-balance",
        title=TITLE,
        days=Span(on, on),
        columns=COLUMNS,
        rows=(*rows, total_row(COLUMNS, rows, N_("Total"))) if rows else (),
        notes=(_EQUAL if balance.balances else _DIFFERENT,),
    )
