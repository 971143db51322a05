"""The old books of a small centre, as CSV text, and the way to bring them in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from inventory.models import OpeningTaking
from inventory.services.openings import imports, taking
from inventory.services.openings.imports import BringIn, BroughtFile, ImportDoc

DAY = date(2026, 11, 1)

ACCOUNTS = """\
รหัส,ชื่อ,เดบิต,เครดิต
1120,เงินสดในตู้เซฟ,"๑,๐๐๐.๐๐",
,เงินฝากธนาคาร,5000.50,
1310,สินค้าคงเหลือ,720,
1230,เงินเบิกล่วงหน้าของผู้ผลิต,100.-,
1210,ลูกหนี้สมาชิก,50,
2120,เจ้าหนี้ผู้ฝากขาย,,300.25
2110,เจ้าหนี้ค่าสินค้าซื้อขาด,,200
2160,เงินรับฝากจากสมาชิก,,70.25
3110,ทุนเรือนหุ้น,,1500
3310,ส่วนเกินสะสมยกมา,,"4,800.00"
รวม,,6870.50,6870.50
"""
PRODUCERS = """\
รหัส;ชื่อ;โทรศัพท์;หมู่บ้าน;ค้างจ่ายฝากขาย;ค้างจ่ายซื้อขาด;เบิกล่วงหน้า
;ป้าแดง;;;300.25;;100
P77;ลุงดำ;0812345678;บ้านใหม่;;200;
"""
MEMBERS = """\
เลขที่,ชื่อ,ทุนเรือนหุ้น,เงินรับฝาก,ลูกหนี้
M1,นางสมศรี ใจดี,1000,70.25,
M2,นายบุญ มา,500,,50
"""
STOCK = """\
รหัสสินค้า,ชื่อ,หน่วย,จำนวน,ต้นทุนต่อหน่วย,มูลค่า,เจ้าของ,วันหมดอายุ
,น้ำผึ้ง,ขวด,10,72,720,,31/12/2569
,น้ำผึ้ง,ขวด,๕,,,ป้าแดง,
"""
ALL = {"accounts": ACCOUNTS, "producers": PRODUCERS, "members": MEMBERS, "stock": STOCK}


def files(tables: dict[str, str]) -> tuple[BroughtFile, ...]:
    """Return tables as files."""
    return tuple(BroughtFile(f"{name}.csv", text.encode(), name) for name, text in tables.items())


def bring(actor: Actor, tables: dict[str, str], day: date = DAY) -> UUID:
    """Bring tables in; return the import's id."""
    command = BringIn(uuid7(), day, files(tables))
    return in_transaction(imports.bring_in, command, actor).id


def shown(actor: Actor, import_id: UUID) -> ImportDoc:
    """Return an import as its page shows it."""
    return in_transaction(imports.get, import_id, actor)


def take(actor: Actor, import_id: UUID) -> OpeningTaking:
    """Take an import."""
    return in_transaction(taking.take, import_id, actor)
