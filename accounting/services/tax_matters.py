"""What the close must hear of tax: turnover near the limit, cash entered late, tax to hand in.

What must stay true: none of it stops a close; all of it opens the page that shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.rules.attention import Attention
from accounting.rules.chart import Purpose
from accounting.rules.periods import Span, first_day, last_day
from accounting.rules.turnover import ALARM, OVER, WARN, level_of, percent_of
from accounting.services import balances, book_settings, cash_report, chart, turnover
from accounting.services.vat_report import registered_in
from core.errors import N_
from members.services import centres

_TURNOVER = {
    WARN: N_("The turnover of 12 months is above 70 per cent of the limit for VAT registration"),
    ALARM: N_("The turnover of 12 months is above 90 per cent of the limit for VAT registration"),
    OVER: N_("The turnover of 12 months has reached the limit: register for VAT within 30 days"),
}


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield what of a month's tax needs a person."""
    yield from _turnover(centre_id, period_id)
    yield from _late_cash(centre_id, period_id)
    yield from _tax(centre_id, period_id)


def _turnover(centre_id: int, period_id: int) -> Iterator[Attention]:
    limit = book_settings.of(centre_id).turnover_limit_satang
    own = turnover.own_of(centre_id, period_id)
    level = level_of(percent_of(own, limit))
    if level:
        address = f"/c/{{c}}/turnover?month={period_id}"
        yield Attention("turnover", _TURNOVER[level], 1, own, address, stops=False)


def _late_cash(centre_id: int, period_id: int) -> Iterator[Attention]:
    late = cash_report.late_entries(centre_id, period_id)
    if late:
        yield Attention(
            "cash_report",
            N_("Money entered later than the working days allowed for the cash report"),
            late,
            address=f"/c/{{c}}/cash-report?month={period_id}",
            stops=False,
        )


def _tax(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield what is to be handed in: VAT of the month, and tax withheld so far."""
    moved = balances.between(centre_id, first_day(period_id), last_day(period_id))
    vat = {
        chart.account_for(centre_id, purpose).id
        for purpose in (Purpose.OUTPUT_VAT, Purpose.INPUT_VAT)
    }
    due = sum(credit - debit for (one, _), (debit, credit) in moved.items() if one in vat)
    span = Span(first_day(period_id), last_day(period_id))
    registered = registered_in(centres.get(centre_id), span)
    if due and registered:
        title = N_("VAT of the month: sales tax less purchase tax, to be handed in by the 15th")
        yield Attention("tax", title, 1, due, f"/c/{{c}}/vat?month={period_id}", stops=False)
    elif due:
        account = chart.account_for(centre_id, Purpose.OUTPUT_VAT).id
        title = N_("VAT stands in the books though the centre is not registered for it")
        yield Attention("tax", title, 1, due, f"/c/{{c}}/accounts/{account}", stops=False)
    withheld = chart.account_for(centre_id, Purpose.WITHHOLDING_PAYABLE).id
    debit, credit = balances.until(centre_id, last_day(period_id)).get(withheld, (0, 0))
    if credit > debit:
        yield Attention(
            "tax",
            N_("Tax withheld from others, to be handed in by the 7th"),
            1,
            credit - debit,
            f"/c/{{c}}/accounts/{withheld}",
            stops=False,
        )
