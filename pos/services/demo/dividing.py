"""The demo's general meeting: last year's surplus is divided, and the first members are paid.

The demo's year ended with its last closed month, so that there is one to divide; a demo too short
to have closed a year only has scenarios.
"""

from __future__ import annotations

from accounting.rules.member_payments import PaidItem
from accounting.rules.periods import fiscal_year
from accounting.services.meetings import meetings, resolutions
from accounting.services.meetings.meetings import Attend, NewMeeting
from accounting.services.meetings.resolutions import NewResolution
from accounting.services.member_payments import due, paying
from accounting.services.member_payments.paying import PayMember
from accounting.services.surplus import allocations, approving, posting, running, years
from accounting.services.surplus.allocations import PrepareAllocation
from accounting.services.surplus.approving import Approve
from core import clock
from core.dates import buddhist_year
from core.db import in_transaction
from core.ids import uuid7
from pos.services.demo import sharing
from pos.services.demo.shop import Shop

AGENDA = ("เปิดประชุม", "รับรองงบการเงินของปี", "จัดสรรส่วนเกิน", "เลือกตั้งผู้ตรวจสอบ", "เรื่องอื่น ๆ")
PLACE = "ศาลาอเนกประสงค์ บ้านลำสินธุ์"
CAME, PAID = 24, 6


def hold_meeting(shop: Shop) -> None:
    """Hold the general meeting if a year was closed with a surplus, and do what it resolved."""
    accountant, manager = shop.staff["accountant"], shop.staff["manager"]
    year = fiscal_year(clock.today(), shop.centre.fiscal_year_start_month) - 1
    found = years.of(year, accountant)
    if not found.closed or found.standing_satang <= 0:
        return
    meeting = NewMeeting(uuid7(), "general", clock.today(), PLACE, agenda=AGENDA)
    in_transaction(meetings.create, meeting, accountant)
    for member_id in shop.members[:CAME]:
        in_transaction(meetings.attend, Attend(uuid7(), meeting.id, member_id), accountant)
    resolution = NewResolution(
        uuid7(),
        meeting.id,
        f"1/{buddhist_year(clock.today())}",
        f"จัดสรรส่วนเกินของปี {year} ตามแบบ «{sharing.WAYS[0][0]}»",
        "เหรัญญิก",
    )
    in_transaction(resolutions.record, resolution, accountant)
    chosen = sharing.propose(shop, year)
    command = PrepareAllocation(uuid7(), chosen, resolution.id)
    card = in_transaction(allocations.prepare, command, accountant)
    in_transaction(running.prepare_run, card.id, accountant)
    for person in (accountant, manager):
        seen = allocations.card(card.id, person)
        in_transaction(approving.approve, Approve(card.id, seen.approval_digest), person)
    in_transaction(posting.post, card.id, manager)
    _pay(shop)


def _pay(shop: Shop) -> None:
    """Pay the first ones at the table, in cash."""
    paid = 0
    for item in due.items(shop.centre.id):
        if paid == PAID:
            return
        if item.satang < shop.centre.cash_rounding_satang:
            continue
        wanted = PaidItem(item.run_id, item.member_id, item.dividend_satang, item.patronage_satang)
        command = PayMember(uuid7(), item.member_id, "cash", "safe", (wanted,))
        in_transaction(paying.pay, command, shop.staff["accountant"])
        paid += 1
