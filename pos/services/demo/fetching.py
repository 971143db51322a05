"""The demo's members and how they want their dividends: some by the bank, as shares, as deposit.

A bank file waits for the bank's answer, so that there is one to look at.
"""

from __future__ import annotations

from accounting.services import bank_batches
from accounting.services.bank_batches import MakeBatch
from accounting.services.member_payments import batches, choices, due
from accounting.services.member_payments.choices import Choice
from core.db import in_transaction
from core.ids import uuid7
from pos.services.demo.shop import Shop

MEMBERS = 12


def choose(shop: Shop) -> None:
    """Let some members who are owed something say how they want it, and send a file to the bank."""
    accountant = shop.staff["accountant"]
    owed = list(due.by_payee(shop.centre.id))[:MEMBERS]
    for number, member_id in enumerate(owed):
        in_transaction(choices.save, member_id, _choice(number), accountant)
    if owed:
        in_transaction(bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay"), accountant)


def _choice(number: int) -> Choice:
    return (
        Choice("promptpay", f"08{number:08d}"),
        Choice("transfer", "", "034", f"0{number:09d}", "บัญชีสมาชิก"),
        Choice("shares"),
        Choice("purse"),
    )[number % 4]
