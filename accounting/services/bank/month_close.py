"""What the bank has to say in the close: what is unmatched, what has no statement, what ties.

What must stay true: nothing open at the bank stops a close, but all of it is listed there; each
tie-out is worked out from statements and matches, never from the account it is held against.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from accounting.rules.attention import Attention, Document, TieOut
from accounting.rules.periods import last_day
from accounting.services.bank import accounts, open_items
from accounting.services.bank.accounts import Reconciliation
from accounting.services.bank.open_items import OpenItem, OpenLine
from core.errors import N_

LISTED = 20


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield what of the bank needs a person before a month is closed."""
    on = last_day(period_id)
    for account in accounts.cards(centre_id):
        found = accounts.reconciliation(centre_id, account, on)
        where = f"/c/{{c}}/bank/{account.id}"
        if found.lines.count:
            lines = open_items.lines(centre_id, account.id, on, limit=LISTED)
            yield Attention(
                "bank", N_("Bank lines not matched with the books"), found.lines.count,
                found.lines.satang, where, stops=False, documents=line_documents(lines),
            )  # fmt: skip
        if found.items.count and found.covered_to:
            items = open_items.items(centre_id, [account.id], on, limit=LISTED)
            yield Attention(
                "bank", N_("In the books, not on a bank statement yet"), found.items.count,
                found.items.satang, where, stops=False, documents=item_documents(items),
            )  # fmt: skip
        if _used(found) and (found.covered_to is None or found.covered_to < on):
            yield Attention(
                "bank", N_("Bank accounts without a statement up to the end of the month"), 1,
                found.book_satang, where, stops=False,
                documents=(Document("bank_account", account.id, account.code),),
            )  # fmt: skip
    awaited = accounts.awaited(centre_id, on)
    if awaited.items.count:
        items = open_items.items(centre_id, [awaited.account.id], on, limit=LISTED)
        yield Attention(
            "unmatched_money", N_("Transfers taken that no bank line has answered"),
            awaited.items.count, awaited.items.satang, "/c/{c}/bank", stops=False,
            documents=item_documents(items),
        )  # fmt: skip


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield each bank account beside its statement and lists, and what is awaited beside its list.

    An account of which no statement was ever taken has nothing to be held against.
    """
    for account in accounts.cards(centre_id):
        found = accounts.reconciliation(centre_id, account, on)
        if found.covered_to is None:
            continue
        listed = found.statement_satang - found.lines.satang + found.items.satang
        documents: tuple[Document, ...] = ()
        if listed != found.book_satang:
            lines = open_items.lines(centre_id, account.id, on, limit=LISTED)
            documents = line_documents(lines)
        yield TieOut(
            f"bank:{account.code}", N_("Bank statement and what is listed as open"),
            account.code, found.book_satang, listed, documents,
        )  # fmt: skip
    awaited = accounts.awaited(centre_id, on)
    yield TieOut(
        "transfers_awaiting", N_("Transfers no bank line has answered"), awaited.account.code,
        awaited.balance_satang, awaited.items.satang,
    )  # fmt: skip


def line_documents(lines: Sequence[OpenLine]) -> tuple[Document, ...]:
    """Name lines of statements."""
    return tuple(
        Document(
            "bank_line", line.id, line.reference, line.amount_satang,
            line.description,
        )
        for line in lines
    )  # fmt: skip


def item_documents(items: Sequence[OpenItem]) -> tuple[Document, ...]:
    """Name the documents behind lines of the books."""
    return tuple(
        Document(
            item.source_type, item.source_id, item.number, item.amount_satang,
            item.memo.strip(),
        )
        for item in items
    )  # fmt: skip


def _used(found: Reconciliation) -> bool:
    return bool(found.book_satang or found.items.count or found.covered_to)
