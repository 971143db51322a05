"""Tables of the books, by topic; the rest of the room imports them from here."""

from __future__ import annotations

from accounting.models.bank import (
    BankFile,
    BankLine,
    BankMapping,
    BankMatch,
    BankMatchItem,
    BankMatchLine,
    BankStatement,
)
from accounting.models.budgets import BudgetLine
from accounting.models.closing import (
    MonthClose,
    MonthCloseApproval,
    MonthReopening,
    MonthReopeningApproval,
    StepWaiver,
)
from accounting.models.ledger import (
    Account,
    AccountingPeriod,
    Activity,
    Fund,
    JournalEntry,
    JournalLine,
)
from accounting.models.seals import NO_ACTIVITY, AccountMonth, Seal
from accounting.models.settings import BookSettings
from accounting.models.vouchers import Attachment, Voucher, VoucherTemplate

__all__ = [
    "NO_ACTIVITY",
    "Account",
    "AccountMonth",
    "AccountingPeriod",
    "Activity",
    "Attachment",
    "BankFile",
    "BankLine",
    "BankMapping",
    "BankMatch",
    "BankMatchItem",
    "BankMatchLine",
    "BankStatement",
    "BookSettings",
    "BudgetLine",
    "Fund",
    "JournalEntry",
    "JournalLine",
    "MonthClose",
    "MonthCloseApproval",
    "MonthReopening",
    "MonthReopeningApproval",
    "Seal",
    "StepWaiver",
    "Voucher",
    "VoucherTemplate",
]
