"""Moving in for the demo: a register somebody brought, waiting to be looked over.

What must stay true: nothing of it is entered, so the demo's people stay as they are.
"""

from __future__ import annotations

from core.db import in_transaction
from core.ids import uuid7
from members.services.moving_in import checking, imports, tables
from pos.services.demo.shop import Shop

REGISTER = (
    "เลขที่สมาชิก,ชื่อ-สกุล,บ้านเลขที่,หมู่บ้าน,โทรศัพท์,วันเกิด,วันที่เข้าเป็นสมาชิก\n"
    "90001,นางบุญช่วย รักษ์ป่า,๗/๑,บ้านใหม่,๐๘๑-๐๐๐-๐๐๐๑,๕ ก.พ. ๒๕๐๙,๑ ต.ค. ๒๕๖๐\n"
    "90002,นายทองดี สุขแก้ว,7/1,บ้านใหม่,,2512,1/10/2560\n"
    "90002,นายทองดี สุขแก้ว,7/1,บ้านใหม่,,2512,1/10/2560\n"
    "90003,นายมานะ ชูช่วย,,บ้านใหม่,,32/1/2515,1/10/2560\n"
)
OLDER = "เลขที่สมาชิก,ชื่อ-สกุล\n90009,นางลองดู ก่อน\n"


def bring(shop: Shop) -> None:
    """Bring a register with two lines to correct, and one that was dropped again."""
    kind = tables.of("people")
    for text, name in ((OLDER, "ลองนำเข้า.csv"), (REGISTER, "ทะเบียนสมาชิก.csv")):
        parsed = checking.parse(kind, text.encode(), name)
        looked = imports.look_over("people", uuid7(), parsed, None, shop.staff["manager"])
        card = in_transaction(imports.bring, looked, shop.staff["manager"])
        if text is OLDER:
            in_transaction(imports.drop, card.id, shop.staff["manager"])
