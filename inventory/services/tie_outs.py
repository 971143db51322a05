"""The stock room's control accounts beside their documents at the end of a day, for the close.

What must stay true: both sums are made in different ways, lot by lot and producer by producer, and
a difference names the documents that make it. Read-only; a few statements an account.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accounting.rules.attention import TieOut
from accounting.services import chart
from inventory.services import control_accounts


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield every control account this room knows, beside its documents at the end of day `on`."""
    for control in control_accounts.ALL:
        documents = control_accounts.documents(centre_id, control, on)
        books = control_accounts.books(centre_id, control, on)
        unequal = control_accounts.differing(documents, books)
        yield TieOut(
            key=control.key,
            title=control.title,
            code=chart.account_for(centre_id, control.purpose).code,
            ledger_satang=sum(books.values()),
            sub_ledger_satang=sum(documents.values()),
            documents=control_accounts.explaining(centre_id, control, on, unequal)
            if unequal
            else (),
            unequal=len(unequal),
        )
