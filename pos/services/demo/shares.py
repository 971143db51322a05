"""What the demo's members do with shares: a third of them buy, some pay by and by, a few leave.

No dice are thrown here, so that the rest of the shop stays the same for the same seed.
"""

from __future__ import annotations

from datetime import time
from uuid import UUID

from accounting.rules.shares import Heir
from accounting.services.shares import certificates, correcting, heirs, plans, recording
from accounting.services.shares.certificates import IssueCertificate
from accounting.services.shares.correcting import CarryShares
from accounting.services.shares.heirs import Nominate
from accounting.services.shares.plans import Subscribe
from accounting.services.shares.recording import (
    BuyShares,
    PayInstalment,
    TransferShares,
    WithdrawShares,
)
from core.db import in_transaction
from core.ids import uuid7
from pos.services.demo.shop import Shop, Watch

AFTERNOON = time(16, 15)
BUYERS, EACH_DAY = 40, 2
OLD_HOLDERS, OLD_LEAST, OLD_STEP = 90, 500_00, 200_00
SIGNED_ON, PAYS_EVERY, PART = 3, 5, 250_00
PASSES_ON, GIVES_BACK_ON, PAPERS_ON = 11, 17, 6
HEIRS = (Heir("แก้ว ทองใส", "บุตร", 6_000), Heir("คำ ทองใส", "คู่สมรส", 4_000))


def play_day(shop: Shop, number: int, watch: Watch) -> None:
    """Enter the shares of a day; `number` is the day's place in the demo."""
    watch.until(AFTERNOON)
    today, actor = watch.now.date(), shop.staff["accountant"]
    if number == 0:
        _take_over(shop, watch)
    for place in range(number * EACH_DAY, min((number + 1) * EACH_DAY, BUYERS)):
        buy = BuyShares(uuid7(), _buyer(shop, place), 5 + place * 7 % 20, today, "safe")
        in_transaction(recording.buy, buy, actor)
    if number == SIGNED_ON:
        signed = Subscribe(uuid7(), _other(shop), 20, today, "ผ่อนจ่าย")
        in_transaction(plans.subscribe, signed, actor)
    elif number > SIGNED_ON and number % PAYS_EVERY == 0:
        _pay(shop, watch)
    if number == PASSES_ON:
        one, other = _buyer(shop, 0), _buyer(shop, 1)
        in_transaction(recording.transfer, TransferShares(uuid7(), one, other, 2, today), actor)
    if number == GIVES_BACK_ON:
        back = WithdrawShares(uuid7(), _buyer(shop, 2), 3, today, "safe", note="ใช้เงินรักษาตัว")
        in_transaction(recording.withdraw, back, actor)
    if number == PAPERS_ON:
        one = _buyer(shop, 3)
        in_transaction(certificates.issue, IssueCertificate(uuid7(), one), actor)
        in_transaction(heirs.nominate, Nominate(uuid7(), one, today, HEIRS), actor)


def _take_over(shop: Shop, watch: Watch) -> None:
    """Enter what the old books said of the members' shares."""
    for place, member_id in enumerate(shop.members[:OLD_HOLDERS]):
        held = OLD_LEAST + place % 5 * OLD_STEP
        old = CarryShares(uuid7(), member_id, held, watch.now.date(), note="ยกมาจากสมุดหุ้นเล่มเดิม")
        in_transaction(correcting.carry, old, shop.staff["accountant"])


def _pay(shop: Shop, watch: Watch) -> None:
    for plan in plans.of_member(shop.centre.id, _other(shop)):
        if plan.left_satang >= PART:
            part = PayInstalment(uuid7(), plan.id, PART, watch.now.date(), "safe")
            in_transaction(recording.pay_instalment, part, shop.staff["accountant"])


def _buyer(shop: Shop, place: int) -> UUID:
    return shop.members[place * 3 % len(shop.members)]


def _other(shop: Shop) -> UUID:
    """Somebody who bought nothing at once."""
    return shop.members[1]
