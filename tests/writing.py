"""Vouchers for tests: written the way people write them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.vouchers import (
    JOURNAL,
    PAY,
    Simple,
    VoucherContent,
    VoucherLine,
    simple_lines,
)
from accounting.services import chart
from accounting.services.vouchers import drafting
from accounting.services.vouchers.drafting import SaveDraft
from accounting.services.vouchers.reading import VoucherCard
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7


def account(centre_id: int, purpose: Purpose) -> UUID:
    """Return the id of an account of the seed."""
    return chart.account_for(centre_id, purpose).id


def payment(
    centre_id: int, satang: int, day: date | None = None, kind: str = PAY, **more: Any
) -> VoucherContent:
    """Electricity paid from the safe (or, with kind receive, money taken in for it)."""
    simple = Simple(
        account(centre_id, Purpose.UTILITIES), account(centre_id, Purpose.CASH_SAFE), satang
    )
    lines = simple_lines(kind, simple)
    more = {"party": "การไฟฟ้า"} | more
    return VoucherContent(kind, day or clock.today(), lines, **more)


def accrual(centre_id: int, satang: int, day: date, reverse_on: date) -> VoucherContent:
    """Electricity used and not yet billed, as a journal voucher that goes back by itself."""
    lines = (
        VoucherLine(account(centre_id, Purpose.UTILITIES), debit=satang),
        VoucherLine(account(centre_id, Purpose.WITHHOLDING_PAYABLE), credit=satang),
    )
    return VoucherContent(JOURNAL, day, lines, note="ค้างจ่าย", reverse_on=reverse_on)


def draft(content: VoucherContent, actor: Actor, **more: Any) -> VoucherCard:
    """Keep a new draft."""
    return in_transaction(drafting.save, SaveDraft(uuid7(), content, **more), actor)
