"""The register of members and their shares, by number.

What must stay true: shares are what the ledger says, member by member; who has left stays in it as
long as shares stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.models import JournalLine
from accounting.rules.books import Book, Column, Row, total_row
from accounting.rules.chart import Purpose
from accounting.rules.stretches import Stretch
from accounting.services import chart
from accounting.services.books.balances_of import by_key, span_of
from core.actor import Actor
from core.errors import N_
from core.paging import LIMIT_MAX, Window
from members.services import members
from members.services.members import MemberCard

COLUMNS = (
    Column(N_("Member no."), "code"),
    Column(N_("Name")),
    Column(N_("Village")),
    Column(N_("Joined on"), "day"),
    Column(N_("Resigned on"), "day"),
    Column(N_("Shares at the beginning"), "money"),
    Column(N_("Added"), "money"),
    Column(N_("Taken off"), "money"),
    Column(N_("Shares at the end"), "money"),
)


def register(stretch: Stretch, actor: Actor) -> Book:
    """Return every member with shares in baht. Raises Forbidden."""
    centre_id, span = actor.centre_id, span_of(stretch)
    account = chart.account_for(centre_id, Purpose.SHARE_CAPITAL)
    shares = by_key(centre_id, account.id, JournalLine.__table__.c.member_id, span)
    dates = members.dates(centre_id)
    rows = []
    for card in _everyone(actor):
        (joined, resigned), moved = dates[card.id], shares.get(card.id)
        gone = resigned is not None and resigned < stretch.first
        if moved is None and (joined > stretch.last or gone):
            continue
        sums = (moved.opening, moved.debits, moved.credits_, moved.closing) if moved else (0,) * 4
        opening, debits, credits_, closing = sums
        shown = (-opening, credits_, debits, -closing)
        rows.append(Row((card.member_no, card.name, card.village, joined, resigned, *shown)))
    rows.sort(key=lambda row: str(row.cells[0]))
    total = (total_row(COLUMNS, rows, N_("Total")),) if rows else ()
    return Book("members", N_("Members and shares"), span, COLUMNS, (*rows, *total))


def _everyone(actor: Actor) -> Iterator[MemberCard]:
    page = members.listing(actor, "", Window(limit=LIMIT_MAX))
    yield from page.items
    while page.next is not None:
        page = members.listing(actor, "", Window(page.next, LIMIT_MAX))
        yield from page.items
