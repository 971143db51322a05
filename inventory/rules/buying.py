"""Outright buying: what a supplier's paper comes to, what came of an order, when it is to be paid.

What must stay true: a line's cost and the VAT claimed beside it are together what the supplier
asks; goods that went back take their VAT with them to the satang; an amount pays the longest due
first and never more than is open. Pure; money in satang, quantity in thousandths.

Input VAT: Revenue Code s.82/3–82/5; a tax invoice can be used in its month or, with a reason,
within six months after it (s.82/3, Director-General's Notification on VAT no. 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounting.rules.tax import WHOLE, line_taxes
from core.errors import N_, DomainError
from core.money import half_up_div, split_by_weight
from core.quantity import MILLI
from inventory.rules.payouts import TAKEN, DueLine, PaidLine

TAX_SLACK_SATANG = 1_00
"""How far the VAT on a paper may be from what we reckon: papers round each line, or the whole."""
CLAIM_MONTHS = 6
_BRANCH = re.compile(r"[0-9]{5}")


class TaxFarOff(DomainError):
    """The VAT on the paper isn't what its goods bear."""

    code, status, title = "tax-far-off", 422, N_("The VAT doesn't fit the goods")
    detail = N_("By our reckoning it is %(reckoned_satang)s baht. Compare amounts and prices.")


class InvoiceTooOld(DomainError):
    """A tax invoice gives input VAT for six months after its own."""

    code, status, title = "tax-invoice-too-old", 422, N_("This tax invoice is too old to claim")
    detail = N_("Its VAT can be used until %(until)s. Untick the tax invoice: the VAT is a cost.")


class InvoiceInFuture(DomainError):
    """A paper can't be dated after today."""

    code, status, title = "invoice-in-future", 422, N_("The paper's date is in the future")


class MoreThanOpen(DomainError):
    """A payment of more than all that is open."""

    code, status, title = "more-than-open", 409, N_("That is more than is owed")
    detail = N_("Open are %(open_satang)s baht. Pay that or less.")


def is_branch(text: str) -> bool:
    """Tell whether a branch number is as tax invoices have it: five digits, 00000 head office."""
    return _BRANCH.fullmatch(text) is not None


# --- a supplier's paper ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Priced:
    """A line as we book it: the lot's cost, and the VAT claimed beside it."""

    cost_satang: int
    tax_satang: int

    @property
    def owed_satang(self) -> int:
        return self.cost_satang + self.tax_satang


def price_lines(
    amounts: Sequence[int],
    rates: Sequence[int],
    prices: str,
    *,
    claimed: bool,
    told_tax_satang: int | None = None,
) -> list[Priced]:
    """Return what each line costs and the VAT claimed for it.

    `prices` says whether VAT is not in the amounts, is in them, or comes on top of them (`none`,
    `included`, `added`); what is not `claimed` stays in the cost. `told_tax_satang` is what the
    paper says the VAT is. Raises TaxFarOff.
    """
    taxes = _taxes(amounts, rates, prices)
    if told_tax_satang is not None:
        _take_told(taxes, amounts, rates, told_tax_satang)
    found = []
    for amount, tax in zip(amounts, taxes, strict=True):
        owed = amount + tax if prices == "added" else amount
        found.append(Priced(owed - tax, tax) if claimed else Priced(owed, 0))
    return found


def _taxes(amounts: Sequence[int], rates: Sequence[int], prices: str) -> list[int]:
    if prices == "none":
        return [0] * len(amounts)
    if prices == "included":
        return line_taxes(amounts, rates)
    taxes = [0] * len(amounts)
    for rate in set(rates) - {0}:
        mine = [i for i, other in enumerate(rates) if other == rate]
        total = half_up_div(sum(amounts[i] for i in mine) * rate, WHOLE)
        for i, part in zip(mine, split_by_weight(total, [amounts[i] for i in mine]), strict=True):
            taxes[i] = part
    return taxes


def _take_told(taxes: list[int], amounts: Sequence[int], rates: Sequence[int], told: int) -> None:
    """Put what the paper says otherwise on the largest line that bears VAT."""
    more = told - sum(taxes)
    bearing = [i for i, rate in enumerate(rates) if rate and taxes[i]]
    if abs(more) > TAX_SLACK_SATANG or (more and not bearing):
        raise TaxFarOff(reckoned_satang=sum(taxes), field="tax_satang")
    if more:
        largest = max(bearing, key=lambda i: (amounts[i], -i))
        if taxes[largest] + more < 0:
            raise TaxFarOff(reckoned_satang=sum(taxes), field="tax_satang")
        taxes[largest] += more


def check_invoice_day(invoice_on: date, today: date, *, claimed: bool) -> None:
    """Refuse a paper of tomorrow, or one too old to claim. Raises InvoiceInFuture, InvoiceTooOld.

    The last day of use is the end of the sixth month after the paper's own.
    """
    if invoice_on > today:
        raise InvoiceInFuture(field="invoice_on")
    until = last_claim_day(invoice_on)
    if claimed and today > until:
        raise InvoiceTooOld(until=until, field="tax_invoice")


def last_claim_day(invoice_on: date) -> date:
    """Return the last day a tax invoice's VAT can be claimed."""
    month = invoice_on.year * 12 + invoice_on.month - 1 + CLAIM_MONTHS + 1
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def due_day(from_day: date, terms_days: int) -> date:
    """Return the day a paper is to be paid."""
    return from_day + timedelta(days=terms_days)


def per_base_unit(amount_satang: int, quantity_milli: int) -> int:
    """Return what one base unit costs, halves up; what a whole lot costs is kept exactly."""
    return half_up_div(amount_satang * MILLI, quantity_milli)


# --- orders ----------------------------------------------------------------------------------


def state_of(ordered: Sequence[int], received: Sequence[int]) -> str:
    """Return what came of an order that was sent: sent, partly or received; by line."""
    if all(came >= asked for asked, came in zip(ordered, received, strict=True)):
        return "received"
    return "partly" if any(received) else "sent"


def same_price(price: int, factor_milli: int, agreed: int, agreed_factor_milli: int) -> bool:
    """Tell whether two prices are the same, perhaps of two units: 12 a ขีด is 120 a กก."""
    return price * agreed_factor_milli == agreed * factor_milli


# --- paying ----------------------------------------------------------------------------------


def oldest_first(due: Iterable[DueLine], amount_satang: int) -> tuple[PaidLine, ...]:
    """Return the lines of a voucher that hands over an amount: longest due first.

    Credits are used up first, so that nobody hands over money for what was given back; advances
    are left alone. Raises MoreThanOpen.
    """
    some = sorted(
        (line for line in due if line.kind in ("outright", "opening", "credit")),
        key=lambda line: (line.due, line.business_date, line.number),
    )
    owed = [line for line in some if line.kind not in TAKEN]
    credit = [line for line in some if line.kind in TAKEN]
    open_satang = sum(line.sign * line.left_satang for line in some)
    if amount_satang > open_satang:
        raise MoreThanOpen(open_satang=max(open_satang, 0), field="amount")
    lines = _used(owed, amount_satang + sum(line.left_satang for line in credit))
    paid = sum(line.amount_satang for line in lines)
    return (*lines, *_used(credit, paid - amount_satang))


def _used(lines: Iterable[DueLine], amount: int) -> list[PaidLine]:
    found = []
    for line in lines:
        part = min(line.left_satang, amount)
        if part > 0:
            found.append(PaidLine(line.kind, line.document_id, part))
            amount -= part
    return found


def withheld(base_satang: int, basis_points: int) -> int:
    """Return the tax held back of a price without VAT, halves up."""
    return half_up_div(base_satang * basis_points, WHOLE)


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
