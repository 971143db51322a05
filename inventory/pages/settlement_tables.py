"""A settlement as tables for a spreadsheet: a run by producer, a statement by line, returns by age.

What must stay true: a file holds what its page shows; drawing one needs no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_babel import gettext as _

from core.sheets import Cell, Figure, Table, baht_figure
from core.web import show
from inventory.services.settlement.returns import AgedCard
from inventory.services.settlement.statements import (
    RunCard,
    Statement,
    StatementCard,
    StatementLine,
)

Numbers = Mapping[tuple[str, UUID], str]


def run_table(run: RunCard, cards: Iterable[StatementCard]) -> Table:
    """Return a run, a row per producer."""
    headings: list[Cell] = [
        *(_("Statement"), _("Producer no."), _("Producer")),
        *(_("Brought forward"), _("Earned"), _("Returns taken back"), _("Advances")),
        *(_("To pay out"), _("Carried forward"), _("Paid")),
    ]
    rows: Iterable[list[Cell]] = (
        [
            card.settlement_no,
            card.producer_no,
            card.producer_name,
            baht_figure(card.brought_forward_satang),
            baht_figure(card.earned_satang),
            baht_figure(-card.recovered_satang),
            baht_figure(-card.netted_satang),
            baht_figure(card.payout_satang),
            baht_figure(card.carried_satang),
            baht_figure(card.paid_satang),
        ]
        for card in cards
    )
    return Table(run.run_no, headings, rows)


def statement_table(found: Statement, numbers: Numbers) -> Table:
    """Return a statement, a row per line, then what it takes back."""
    headings: list[Cell] = [
        *(_("Date"), _("Kind"), _("Document"), _("Product"), _("Lot"), _("Quantity"), _("Unit")),
        *(_("Sold for"), _("Discount borne"), _("Part (percent)"), _("Producer's part")),
    ]
    lines = [(line, line.line.amount_satang) for line in found.lines]
    back = [(one.line, -one.taken_satang) for one in found.recoveries]
    rows = (_line_row(line, amount, numbers) for line, amount in (*lines, *back))
    return Table(found.card.settlement_no, headings, rows)


def aged_table(cards: Iterable[AgedCard], day: str) -> Table:
    """Return what is owed back for returned goods, a row per producer."""
    headings: list[Cell] = [
        *(_("Producer no."), _("Producer"), _("0–30 days"), _("31–90 days")),
        *(_("Older"), _("Owed back")),
    ]
    rows: Iterable[list[Cell]] = (
        [
            card.producer.producer_no,
            card.producer.name,
            baht_figure(card.to_30_satang),
            baht_figure(card.to_90_satang),
            baht_figure(card.older_satang),
            baht_figure(card.left_satang),
        ]
        for card in cards
    )
    return Table(f"owed-back-{day}", headings, rows)


def _line_row(named: StatementLine, amount_satang: int, numbers: Numbers) -> list[Cell]:
    line = named.line
    kind, document, _number = line.key
    return [
        line.business_date,
        kind_words(kind),
        numbers.get((kind, document), ""),
        product_name(named),
        line.lot_no,
        Figure(show.quantity(line.quantity_milli).replace(",", "")),
        named.unit,
        baht_figure(line.base_satang),
        baht_figure(line.borne_satang),
        Figure(show.percent(line.split_basis_points)),
        baht_figure(amount_satang),
    ]


def product_name(named: StatementLine) -> str:
    """Return a product's name in the reader's language."""
    return named.name_en if show.language() == "en" and named.name_en else named.name_th


def kind_words(source_type: str) -> str:
    """Return what a line of a statement came from."""
    words = {
        "sale": _("Sale"),
        "refund": _("Refund"),
        "waste": _("Write-off"),
        "donation": _("Donation"),
        "count_sheet": _("Stock count"),
        "transfer_difference": _("Missing goods settled"),
    }
    return words.get(source_type, source_type)
