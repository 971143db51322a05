"""The books the Cooperative Auditing Department asks a community enterprise to keep, from data.

The list is that of its set for community enterprises (docs/thai-books.md); each is made from the
ledger and the rooms' registers when it is asked for. What must stay true: nothing is kept twice.
"""

from __future__ import annotations

from accounting.rules.books import Book, BookKind
from accounting.rules.stretches import Stretch
from accounting.services import cash_report_book, rooms
from accounting.services.books import balances_of, lines_of, members_of
from accounting.services.books.balances_of import Maker, span_of
from core.actor import Actor
from core.errors import N_, NotFound
from members.rules.roles import allowed
from members.services import access


def _cash(stretch: Stretch, actor: Actor) -> Book:
    return cash_report_book.of_months(stretch.months, actor)


def _vouchers(stretch: Stretch, actor: Actor) -> Book:
    return cash_report_book.vouchers(span_of(stretch), actor)


def _balance(stretch: Stretch, actor: Actor) -> Book:
    return balances_of.statement("balance", N_("Balance sheet"), stretch, actor)


def _income(stretch: Stretch, actor: Actor) -> Book:
    return balances_of.statement("income", N_("Profit and loss"), stretch, actor)


_OWN: tuple[tuple[BookKind, Maker], ...] = (
    (
        BookKind("cash", N_("Cash book"), N_("Receipts and payments, day by day"), 1),
        _cash,
    ),
    (
        BookKind("vouchers", N_("Vouchers of money in and out"), N_("Document by document"), 1),
        _vouchers,
    ),
    (
        BookKind("balance", N_("Balance sheet"), N_("What we have and owe at the end"), 2),
        _balance,
    ),
    (BookKind("income", N_("Profit and loss"), N_("What we earned and spent"), 3), _income),
    (
        BookKind("cost-of-sales", N_("Cost of goods sold"), N_("From stock to cost"), 4),
        balances_of.cost_of_sales,
    ),
    (
        BookKind("journal", N_("General journal"), N_("Every entry, line by line"), 5),
        lines_of.journal,
    ),
    (
        BookKind(
            "members",
            N_("Members and shares"),
            N_("Who belongs, with which shares"),
            6,
            "member.read",
        ),
        members_of.register,
    ),
    (
        BookKind("materials", N_("Packaging and raw materials"), N_("Bought and used"), 7),
        lines_of.materials,
    ),
    (
        BookKind("assets", N_("Asset register"), N_("Equipment and its depreciation"), 8),
        lines_of.assets,
    ),
    (
        BookKind("receivables", N_("Receivables one by one"), N_("Who owes us what"), 9),
        balances_of.receivables,
    ),
    (
        BookKind("capital", N_("Capital and surplus"), N_("Shares, funds and surplus"), 10),
        balances_of.capital,
    ),
)


def kinds(actor: Actor) -> list[BookKind]:
    """Return the books a reader may open, in the order of the official list. Raises Forbidden."""
    access.require(actor, "statement.read")
    every = [*(kind for kind, _make in _OWN), *(one.kind for one in rooms.registers())]
    mine = [kind for kind in every if allowed(actor.roles, kind.permission)]
    return sorted(mine, key=lambda kind: kind.official)


def make(key: str, stretch: Stretch, actor: Actor) -> Book:
    """Return a book of some months. Raises Forbidden, NotFound, BookTooLong."""
    access.require(actor, "statement.read")
    for kind, maker in _OWN:
        if kind.key == key:
            access.require(actor, kind.permission)
            return maker(stretch, actor)
    for register in rooms.registers():
        if register.kind.key == key:
            access.require(actor, register.kind.permission)
            return register.make(span_of(stretch), actor)
    raise NotFound(what="book")
