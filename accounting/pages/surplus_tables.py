"""The members' parts of an allocation as a table for a file; money of each kind in its own column.

What must stay true: price of goods, refund of patronage and share of profit stand apart, because
they are taxed apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from accounting.services.surplus import runs
from accounting.services.surplus.allocations import AllocationCard
from accounting.services.surplus.runs import ItemCard
from core.actor import Actor
from core.sheets import Cell, Table, baht_figure
from members.services import members

AT_A_TIME = 2_000


def members_table(card: AllocationCard, actor: Actor) -> Table:
    """Return every member's part, by member number."""
    headings = [
        _("Member no."),
        _("Name"),
        _("Takes part"),
        _("Satang-days of shares"),
        _("Bought (baht)"),
        _("Delivered (baht)"),
        _("Share of profit: dividend (baht)"),
        _("Patronage refund on purchases (baht)"),
        _("Patronage refund on deliveries (baht)"),
        _("Dividend in cash (baht)"),
        _("Patronage refund in cash (baht)"),
        _("Kept as shares (baht)"),
    ]
    return Table(card.allocation_no, headings, _rows(card, actor.centre_id))


def _rows(card: AllocationCard, centre_id: int) -> Iterator[Sequence[Cell]]:
    if card.run is None:
        return
    after = ""
    while some := runs.items(centre_id, card.run.id, after, AT_A_TIME):
        names = members.names(centre_id, [item.member_id for item in some])
        for item in some:
            person = names.get(item.member_id)
            yield _row(item, person.name if person else "")
        after = some[-1].member_no


def _row(item: ItemCard, name: str) -> Sequence[Cell]:
    return [
        item.member_no,
        name,
        _("yes") if item.eligible else _("no"),
        item.share_days,
        *map(
            baht_figure,
            (
                item.purchase_satang,
                item.delivery_satang,
                item.dividend_satang,
                item.purchase_refund_satang,
                item.delivery_refund_satang,
                item.cash_dividend_satang,
                item.cash_patronage_satang,
                item.retained_satang,
            ),
        ),
    ]
