"""Tables of the counter: tills, shifts, sales, payments, refunds.

A sale, a refund and a closed shift never change; a held sale is a note, not a document.
"""

from __future__ import annotations

from pos.models.day_figures import DayFigure, DayGoods, DayRoll, DaySettings
from pos.models.discounts import DISCOUNT_BEARERS, PROMOTION_KINDS, DiscountReason, Promotion
from pos.models.drawer import (
    MOVEMENT_CATEGORIES,
    MOVEMENT_KINDS,
    CashCount,
    CashMovement,
    Shift,
    Till,
)
from pos.models.people import OVERRIDE_KINDS, ManagerOverride, PinTry, TillDevice
from pos.models.refunds import (
    GIVEN_BACK_BY,
    REFUND_METHODS,
    Refund,
    RefundLine,
    RefundPayment,
)
from pos.models.rounds import JointRoundHandout
from pos.models.sales import PAYMENT_METHODS, HeldSale, Payment, ReceiptPrint, Sale, SaleLine
from pos.models.schemes import SCHEME_BEARERS, Scheme, SchemeSettlement, SchemeSettlementItem

__all__ = [
    "DISCOUNT_BEARERS",
    "GIVEN_BACK_BY",
    "MOVEMENT_CATEGORIES",
    "MOVEMENT_KINDS",
    "OVERRIDE_KINDS",
    "PAYMENT_METHODS",
    "PROMOTION_KINDS",
    "REFUND_METHODS",
    "SCHEME_BEARERS",
    "CashCount",
    "CashMovement",
    "DayFigure",
    "DayGoods",
    "DayRoll",
    "DaySettings",
    "DiscountReason",
    "HeldSale",
    "JointRoundHandout",
    "ManagerOverride",
    "Payment",
    "PinTry",
    "Promotion",
    "ReceiptPrint",
    "Refund",
    "RefundLine",
    "RefundPayment",
    "Sale",
    "SaleLine",
    "Scheme",
    "SchemeSettlement",
    "SchemeSettlementItem",
    "Shift",
    "Till",
    "TillDevice",
]
