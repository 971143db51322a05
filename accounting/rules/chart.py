"""The chart: what accounts are for, so that posting rules never name a code.

What must stay true: a purpose, once given to an account, never moves to another one; each centre
maps every purpose to exactly one account of its own. Pure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

TYPES = ("asset", "liability", "equity", "income", "expense")
DEBIT_TYPES = frozenset({"asset", "expense"})
CONTROL_KEYS = ("", "producer", "member", "lot", "till")


class Purpose(StrEnum):
    """What an account is for; the seed chart has one account for each."""

    CASH_TILL = "cash_till"
    CASH_SAFE = "cash_safe"
    BANK = "bank"
    TRANSFERS_AWAITING = "transfers_awaiting"
    FUNERAL_MONEY = "funeral_money"
    SCHEME_RECEIVABLE = "scheme_receivable"
    MEMBER_RECEIVABLE = "member_receivable"
    PRODUCER_RECEIVABLE = "producer_receivable"
    PRODUCER_ADVANCES = "producer_advances"
    INVENTORY = "inventory"
    GOODS_IN_TRANSIT = "goods_in_transit"
    WORK_IN_PROGRESS = "work_in_progress"
    PACKAGING_MATERIALS = "packaging_materials"
    INPUT_VAT = "input_vat"
    EQUIPMENT = "equipment"
    ACCUMULATED_DEPRECIATION = "accumulated_depreciation"
    PAYABLE_OUTRIGHT = "payable_outright"
    CONSIGNMENT_PAYABLE = "consignment_payable"
    UNCLAIMED_PAYOUTS = "unclaimed_payouts"
    OUTPUT_VAT = "output_vat"
    WITHHOLDING_PAYABLE = "withholding_payable"
    MEMBER_PURSE = "member_purse"
    DIVIDENDS_PAYABLE = "dividends_payable"
    PATRONAGE_PAYABLE = "patronage_payable"
    FUNERAL_AID = "funeral_aid"
    RESTRICTED_GRANTS = "restricted_grants"
    SHARE_CAPITAL = "share_capital"
    LEGAL_RESERVE = "legal_reserve"
    WELFARE_FUND = "welfare_fund"
    PUBLIC_BENEFIT_FUND = "public_benefit_fund"
    OTHER_FUNDS = "other_funds"
    BROUGHT_FORWARD = "brought_forward"
    SURPLUS_OF_YEAR = "surplus_of_year"
    SALES = "sales"
    COMMISSION = "commission"
    DISCOUNTS_GIVEN = "discounts_given"
    SERVICE_INCOME = "service_income"
    ROUNDING = "rounding"
    GRANTS_USED = "grants_used"
    OTHER_INCOME = "other_income"
    COST_OF_GOODS = "cost_of_goods"
    WASTE = "waste"
    COUNT_DIFFERENCE = "count_difference"
    WAGES = "wages"
    UTILITIES = "utilities"
    TRANSPORT = "transport"
    PACKAGING_USED = "packaging_used"
    EXPENSE_OTHER = "expense_other"
    CASH_OVER_SHORT = "cash_over_short"
    ABSORBED_RETURNS = "absorbed_returns"


MONEY: dict[Purpose, str] = {
    Purpose.CASH_TILL: "cash",
    Purpose.CASH_SAFE: "cash",
    Purpose.BANK: "bank",
    Purpose.TRANSFERS_AWAITING: "bank",
}
"""The seed's accounts that are money, whose changes the cash flow statement explains."""


@dataclass(frozen=True, slots=True)
class SeedAccount:
    """A row of a seed chart."""

    code: str
    type: str
    purpose: Purpose
    control_key: str
    name_th: str
    name_en: str


def read_chart(lines: Iterable[str]) -> tuple[SeedAccount, ...]:
    """Return the accounts of a seed chart (CSV with a heading); our own file must be right."""
    accounts = tuple(
        SeedAccount(
            row["code"],
            row["type"],
            Purpose(row["purpose"]),
            row["control_key"],
            row["name_th"],
            row["name_en"],
        )
        for row in csv.DictReader(lines)
    )
    assert {account.purpose for account in accounts} == set(Purpose)
    assert len({account.code for account in accounts}) == len(accounts) == len(Purpose)
    assert all(account.type in TYPES for account in accounts)
    assert all(account.control_key in CONTROL_KEYS for account in accounts)
    return accounts
