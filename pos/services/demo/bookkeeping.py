"""What the demo's accountant does: bills, a budget, a close signed by two every month."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from accounting.rules import closing
from accounting.rules.chart import Purpose
from accounting.rules.periods import fiscal_year, period_of, previous_period
from accounting.rules.vouchers import PAY, Simple, VoucherContent, simple_lines
from accounting.services import activities, budgets, chart
from accounting.services.budgets import SaveBudget
from accounting.services.closing import checklist, signing
from accounting.services.closing.signing import PrepareClose
from accounting.services.vouchers import drafting, posting
from accounting.services.vouchers.drafting import SaveDraft
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from pos.services.demo.shop import Shop, Watch

EVENING = time(18, 30)
BILLS_ON, CLOSES_ON = 27, 5
BILLS = (
    (Purpose.UTILITIES, 1_245_50, "การไฟฟ้าส่วนภูมิภาค", "ค่าไฟฟ้าประจำเดือน"),
    (Purpose.WAGES, 4_500_00, "นางสาวจันทร์เพ็ญ ทองใส", "ค่าแรงคนจัดของ"),
    (Purpose.TRANSPORT, 860_00, "นายสมพร รักษ์ถิ่น", "ค่ารถไปรับของ"),
)
LARGE_BILL = (Purpose.EXPENSE_OTHER, 7_800_00, "ร้านช่างเอก", "ซ่อมหลังคาที่เก็บของ")
SHOP = "SHOP"
BUDGETED = (
    (Purpose.SALES, SHOP, 45_000_00),
    (Purpose.COMMISSION, SHOP, 22_000_00),
    (Purpose.COST_OF_GOODS, SHOP, 33_000_00),
    (Purpose.WAGES, "", 4_500_00),
    (Purpose.UTILITIES, "", 1_200_00),
    (Purpose.TRANSPORT, "", 1_000_00),
)
"""What each account is planned to come to a month, of which activity, in satang."""
WAIVED = "ยังไม่ครบ จะทำต่อในเดือนถัดไป"


def plan(shop: Shop, today: date) -> None:
    """Put the budget down for what is left of the year."""
    codes = {card.code: card.id for card in activities.listing(shop.centre.id)}
    year = fiscal_year(today)
    lines = [
        SaveBudget(
            year,
            chart.account_for(shop.centre.id, purpose).id,
            codes.get(activity),
            (0,) * (today.month - 1) + (satang,) * (13 - today.month),
        )
        for purpose, activity, satang in BUDGETED
    ]
    in_transaction(budgets.save_all, year, lines, shop.staff["accountant"])


def play_day(shop: Shop, watch: Watch) -> None:
    """Do what is the accountant's on this day, after the shop has closed."""
    watch.until(EVENING)
    today = watch.now.date()
    if today.day == BILLS_ON:
        for bill in BILLS:
            draft = _draft(*bill, today, shop.staff["accountant"])
            in_transaction(posting.post, draft, shop.staff["accountant"])
    if today.day == CLOSES_ON:
        _close(shop, previous_period(period_of(today)))


def leave_waiting(shop: Shop, watch: Watch) -> None:
    """Leave a bill above the limit for the manager to approve."""
    draft = _draft(*LARGE_BILL, watch.now.date(), shop.staff["accountant"])
    in_transaction(posting.ask, draft, shop.staff["accountant"])


def _draft(purpose: Purpose, satang: int, party: str, note: str, day: date, actor: Actor) -> UUID:
    cost = chart.account_for(actor.centre_id, purpose).id
    safe = chart.account_for(actor.centre_id, Purpose.CASH_SAFE).id
    content = VoucherContent(
        PAY, day, simple_lines(PAY, Simple(cost, safe, satang)), party=party, note=note
    )
    return in_transaction(drafting.save, SaveDraft(uuid7(), content), actor).id


def _close(shop: Shop, period_id: int) -> None:
    """Close last month by two people, letting pass with a reason what may be let pass."""
    accountant, auditor = shop.staff["accountant"], shop.staff["auditor"]
    if closing.next_to_close(checklist.states(shop.centre.id)) != period_id:
        return
    for result in checklist.of(period_id, accountant).steps:
        if result.state is closing.State.STOPS and result.step.waivable:
            in_transaction(checklist.waive, period_id, result.step.key, WAIVED, accountant)
    if not checklist.of(period_id, accountant).ready:
        return
    prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), period_id), accountant)
    in_transaction(signing.sign, prepared.id, auditor)
