"""What the demo's committee does with the funds: a round, young people's grants, a funeral.

The seed of the story is the meeting of October 2550: 10,000 baht for each village. Three villages
have had theirs here; how many there are in all, nobody says.
"""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from accounting.rules.funds import FIXED, KINDS, FundRule, MatchRule
from accounting.services.funds import (
    asking,
    contributing,
    custody,
    deciding,
    paying,
    register,
    rounds,
)
from accounting.services.funds.asking import AskFund
from accounting.services.funds.contributing import Contribute
from accounting.services.funds.custody import OpenCase
from accounting.services.funds.paying import PayRequest
from accounting.services.funds.recipients import Recipient
from accounting.services.funds.register import NewFund, SetRule
from accounting.services.funds.rounds import MatchVillage, OpenRound
from core import clock
from core.db import in_transaction
from core.ids import uuid7
from members.services import villages
from pos.services.demo.shop import Shop, Watch

EVENING = time(18, 15)
NETWORK = "เครือข่ายสินธุ์แพรทอง"
PER_VILLAGE = 10_000_00
MATCHED = 3
FUNDS = (
    ("YOUTH", "ทุนประกอบอาชีพเยาวชน", "Young people's occupation grants", "occupation"),
    ("HARDSHIP", "กองทุนสวัสดิการผู้เดือดร้อน", "Hardship fund", "hardship"),
    ("FUNERAL", "เงินสงเคราะห์ศพ", "Funeral aid", "funeral_aid"),
    ("LAND", "เงินอุดหนุนโครงการสิทธิที่ดิน", "Land-rights grant", "restricted_grant"),
)
YOUNG = (
    ("ธนกร ศรีทอง", 3_000_00, "ซื้อพันธุ์ไก่พื้นเมืองและทำเล้า"),
    ("กมลวรรณ หนูแก้ว", 3_000_00, "ซื้อจักรเย็บผ้ามือสอง"),
    ("ศุภชัย เกตุแก้ว", 2_500_00, "อุปกรณ์ซ่อมรถจักรยานยนต์"),
    ("อรวรรณ ชูศรี", 3_000_00, "เตาอบขนม"),
    ("ปิยะ คงแก้ว", 2_800_00, "กล่องเลี้ยงผึ้งโพรง"),
)
"""Made-up young people; the last two still wait, one of them for the committee's second yes."""


def play_day(shop: Shop, number: int, watch: Watch) -> None:
    """Play the committee's part of a day: most of it on the first evenings."""
    watch.until(EVENING)
    if number == 0:
        _set_up(shop)
    elif number <= len(YOUNG):
        _ask(shop, number - 1)


def _set_up(shop: Shop) -> None:
    manager, clerk = shop.staff["manager"], shop.staff["accountant"]
    today = clock.today()
    made = {}
    for code, name_th, name_en, kind in FUNDS:
        new = NewFund(uuid7(), code, name_th, name_en, KINDS[kind][1], kind)
        made[code] = in_transaction(register.create, new, manager).id
    rules = {
        "YOUTH": FundRule("เยาวชนในหมู่บ้านสมาชิก", ("occupation",), 3_000_00, 3_000_00),
        "FUNERAL": FundRule("ครอบครัวของสมาชิก", registration_no="ฌส. 12/2546"),
        "LAND": FundRule(expires_on=today + timedelta(days=120), giver="จังหวัดพัทลุง"),
    }
    for code, rule in rules.items():
        in_transaction(register.set_rule, SetRule(uuid7(), made[code], rule), manager)
    _match(shop, made["YOUTH"])
    for code, source, giver, satang in (
        ("HARDSHIP", "merit_making", "ผ้าป่าสัจจะ วัดลำสินธุ์", 6_450_00),
        ("HARDSHIP", "municipality", "อบต. ลำสินธุ์", 5_000_00),
        ("LAND", "state", "จังหวัดพัทลุง", 60_000_00),
    ):
        given = Contribute(uuid7(), made[code], source, satang, "bank", giver)
        in_transaction(contributing.contribute, given, clerk)
    _collect(shop, made["FUNERAL"])


def _match(shop: Shop, fund_id: UUID) -> None:
    clerk, today = shop.staff["accountant"], clock.today()
    command = OpenRound(
        id=uuid7(),
        fund_id=fund_id,
        title="สมทบกองทุนสวัสดิการหมู่บ้าน",
        source="network",
        giver_name=NETWORK,
        rule=MatchRule(FIXED, PER_VILLAGE),
        counts_from=today,
        counts_to=today,
        happened_on=today,
    )
    found = in_transaction(rounds.open_round, command, clerk)
    for home in villages.listing(shop.centre.id)[:MATCHED]:
        in_transaction(
            rounds.match_village, MatchVillage(uuid7(), found.id, home.id, "bank"), clerk
        )


def _collect(shop: Shop, fund_id: UUID) -> None:
    clerk = shop.staff["accountant"]
    case = OpenCase(uuid7(), fund_id, "นายเขียว ทองมา", clock.today())
    in_transaction(custody.open_case, case, clerk)
    for member_id in shop.members[:5]:
        given = Contribute(
            uuid7(), fund_id, "member", 100_00, "apart", member_id=member_id, case_id=case.id
        )
        in_transaction(contributing.contribute, given, clerk)


def _ask(shop: Shop, place: int) -> None:
    """Let one young person ask; the first three are approved by two and paid."""
    keeper, manager, clerk = (shop.staff[name] for name in ("stock", "manager", "accountant"))
    [fund] = [one for one in register.listing(shop.centre.id) if one.code == "YOUTH"]
    homes = villages.listing(shop.centre.id)[:MATCHED]
    name, satang, reason = YOUNG[place]
    minor = place == 1
    who = Recipient(
        name,
        "youth",
        village_id=homes[place % len(homes)].id,
        minor=minor,
        guardian_name="สมจิตร หนูแก้ว" if minor else "",
        guardian_relation="แม่" if minor else "",
    )
    command = AskFund(uuid7(), fund.id, who, "occupation", satang, reason)
    in_transaction(asking.ask, command, keeper)
    if place == len(YOUNG) - 1:
        return
    in_transaction(deciding.approve, command.id, manager)
    if place < len(YOUNG) - 2:
        in_transaction(deciding.approve, command.id, clerk)
        in_transaction(paying.pay, PayRequest(uuid7(), command.id, "bank"), clerk)
