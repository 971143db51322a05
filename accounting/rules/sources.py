"""Where the document behind an entry is shown, and what kinds of entries are called. Data only.

What must stay true: every source type that rooms post under is named here, so that no number in the
books ends in a blind alley; `{c}` is the centre, `{id}` the document.
"""

from __future__ import annotations

from uuid import UUID

from core.errors import N_

OWN_DOCUMENTS = frozenset({"opening", "voucher"})
"""Source types whose document is kept in this room: what they put under the key of a producer, lot
or member is what they say. Every other room works its documents out by itself."""

ADDRESSES: dict[str, str] = {
    "sale": "/c/{c}/sales/{id}",
    "refund": "/c/{c}/refunds/{id}",
    "goods_receipt": "/c/{c}/intakes/{id}",
    "goods_receipt_cancellation": "/c/{c}/intake-cancellations/{id}",
    "waste": "/c/{c}/wastes/{id}",
    "settlement": "/c/{c}/settlements/{id}",
    "absorption": "/c/{c}/absorptions/{id}",
    "payout": "/c/{c}/payouts/{id}",
    "advance": "/c/{c}/advances/{id}",
    "repayment": "/c/{c}/repayments/{id}",
    "lot_conversion": "/c/{c}/conversions/{id}",
    "donation": "/c/{c}/donations/{id}",
    "count_sheet": "/c/{c}/counts/{id}",
    "transfer": "/c/{c}/transfers/{id}",
    "transfer_arrival": "/c/{c}/arrivals/{id}",
    "transfer_difference": "/c/{c}/transfers/{id}",
    "settlement_run": "/c/{c}/settlement-runs/{id}",
    "payout_batch": "/c/{c}/payout-batches/{id}",
    "lot": "/c/{c}/lots/{id}",
    "shift": "/c/{c}/shifts/{id}",
    "cash_movement": "/c/{c}/cash_movements/{id}",
    "opening_import": "/c/{c}/openings/{id}",
    "bank_match": "/c/{c}/bank/matches/{id}",
    "bank_line": "/c/{c}/bank/lines/{id}",
    "bank_account": "/c/{c}/bank/{id}",
    "voucher": "/c/{c}/vouchers/{id}",
    "year_close": "/c/{c}/closes/{id}",
}
"""An opening entry has no document but itself."""

DOCUMENTS: dict[str, str] = {
    "sale": N_("Receipt"),
    "refund": N_("Refund"),
    "goods_receipt": N_("Intake"),
    "goods_receipt_cancellation": N_("Cancelled intake"),
    "waste": N_("Write-off"),
    "settlement": N_("Settlement"),
    "absorption": N_("Return borne by the centre"),
    "payout": N_("Payout"),
    "advance": N_("Advance"),
    "repayment": N_("Advance repaid"),
    "lot_conversion": N_("Bought from consignment"),
    "donation": N_("Donation"),
    "count_sheet": N_("Stock count"),
    "transfer": N_("Goods transfer"),
    "transfer_arrival": N_("Transfer received"),
    "transfer_difference": N_("Missing goods settled"),
    "settlement_run": N_("Settlement run"),
    "payout_batch": N_("Bank file"),
    "lot": N_("Lot"),
    "shift": N_("Shift"),
    "cash_movement": N_("Cash movement"),
    "bank_match": N_("Bank match"),
    "bank_line": N_("Bank line"),
    "bank_account": N_("Bank account"),
    "bank_deposit": N_("Money moved"),
    "opening": N_("Opening balances"),
    "opening_import": N_("Old books taken over"),
    "voucher": N_("Voucher"),
    "year_close": N_("Close of the year"),
}

KINDS: dict[str, str] = {
    "sale": N_("Sale"),
    "refund": N_("Refund"),
    "intake": N_("Goods bought"),
    "intake_cancelled": N_("Intake cancelled"),
    "waste": N_("Write-off"),
    "settlement": N_("Advances netted"),
    "absorption": N_("Return borne by the centre"),
    "payout": N_("Payout to a producer"),
    "advance": N_("Advance to a producer"),
    "repayment": N_("Advance repaid"),
    "lot_conversion": N_("Bought from consignment"),
    "donation": N_("Goods donated"),
    "count": N_("Count difference"),
    "transfer": N_("Goods sent"),
    "transfer_arrival": N_("Goods received"),
    "transfer_difference": N_("Missing goods settled"),
    "shift_open": N_("Float counted in"),
    "shift_close": N_("Cash over or short"),
    "pay_in": N_("Cash paid in"),
    "pay_out": N_("Cash paid out"),
    "bank_match": N_("Transfer seen at the bank"),
    "bank_match_undone": N_("Bank match undone"),
    "bank_entry": N_("Posted from the bank statement"),
    "bank_deposit": N_("Money moved"),
    "opening": N_("Opening balances"),
    "opening_import": N_("Old books taken over"),
    "year_close": N_("Close of the year"),
    "year_close_undone": N_("Close of the year taken back"),
    "voucher_pay": N_("Payment voucher"),
    "voucher_receive": N_("Receipt voucher"),
    "voucher_journal": N_("Journal voucher"),
    "voucher_reversal": N_("Reversal"),
    "accrual_reversal": N_("Accrual taken back"),
}


def address_of(centre_id: int, source_type: str, source_id: UUID) -> str | None:
    """Return the page of the document behind an entry, or None when it has none."""
    form = ADDRESSES.get(source_type)
    return None if form is None else form.format(c=centre_id, id=source_id)
