"""Where a producer's money goes, as typed."""

from __future__ import annotations

from core.payment_ids import BANKS
from core.web.schemas import IntegerField, OneOf, Schema, TextField


class PaymentForm(Schema):
    """PromptPay, or a bank account with its bank and name; each may be left empty."""

    promptpay_id = TextField(25, load_default="", digits=True)
    bank_code = OneOf(tuple(BANKS), load_default="")
    bank_account = TextField(25, load_default="", digits=True)
    bank_account_name = TextField(160, load_default="")
    version = IntegerField(load_default=0)
