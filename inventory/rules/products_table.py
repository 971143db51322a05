"""The table of products: a line for each, and one for each other unit it is sold in. Pure.

A line that says how much of the product's own unit it holds is such a unit: its price, barcodes and
prices for many are the unit's.
"""

from __future__ import annotations

import re

from accounting.rules.tax import TAX_CODES
from core import figures_in
from core.errors import N_
from core.sheets import Cell
from core.table_forms import YES_NO, Column, TableForm
from core.text import ascii_digits

PRODUCTS = "products"
BARCODES_MAX = 20
CODE = re.compile(r"[A-Za-z0-9._/ -]{1,20}")
_BARCODE = re.compile(r"[A-Za-z0-9._/-]{1,20}")
_TIER = re.compile(r"(สมาชิก|members?)? *([0-9]{1,5}) *= *(.+)", re.IGNORECASE)
_MEMBERS = ("สมาชิก", "members")

Tier = tuple[bool, int, int]
"""For members only, how many whole units, for how many satang together."""

SOLD_BY = (
    ("piece", ("ชิ้น", "piece", "นับชิ้น", "ชิ้น/หน่วย")),
    ("weight", ("ชั่งน้ำหนัก", "weight", "น้ำหนัก", "ชั่ง")),
)
_TAXES = {"exempt": ("ยกเว้น", "ยกเว้นภาษี"), "standard": ("7%", "มีภาษี")}


def barcodes(cell: str) -> tuple[str, ...]:
    """Read barcodes parted by spaces or commas; raise ValueError for one nobody can scan."""
    codes = ascii_digits(cell).replace(",", " ").replace(";", " ").split()
    if len(codes) > BARCODES_MAX or any(not _BARCODE.fullmatch(one) for one in codes):
        raise ValueError(cell)
    return tuple(sorted(set(codes)))


def tiers(cell: str) -> tuple[Tier, ...]:
    """Read "3=100; members 1=35": so many whole units together for so many baht."""
    found: dict[tuple[bool, int], int] = {}
    for part in ascii_digits(cell).split(";"):
        if not part.strip():
            continue
        said = _TIER.fullmatch(part.strip())
        if not said:
            raise ValueError(cell)
        members, count = bool(said[1]), int(said[2])
        price = figures_in.satang(said[3])
        if (members, count) in found or price < 0 or not (count > 1 or (count == 1 and members)):
            raise ValueError(cell)
        found[members, count] = price
    return tuple(sorted((*key, price) for key, price in found.items()))


def written(some: tuple[Tier, ...], locale: str) -> Cell:
    """Return prices for many as `tiers` reads them."""
    word = _MEMBERS[locale != "th"]
    return "; ".join(
        f"{f'{word} ' if members else ''}{count}={price // 100}.{price % 100:02d}"
        for members, count, price in some
    )


FORM = TableForm(
    PRODUCTS,
    N_("Products"),
    ("products", "สินค้า", "รายการสินค้า"),
    (
        Column(
            "code",
            "code",
            N_("Product code"),
            ("รหัสสินค้า", "Product code", "รหัส", "code", "sku"),
            20,
            hint=N_("Letters A to Z, digits and . _ / - only"),
            example="E001",
        ),
        Column(
            "name_th",
            "text",
            N_("Name"),
            ("ชื่อสินค้า", "Name", "ชื่อ", "สินค้า", "name th", "product"),
            120,
            example="ไข่ไก่",
        ),
        Column(
            "name_en",
            "text",
            N_("Name in English"),
            ("ชื่ออังกฤษ", "Name in English", "ชื่อภาษาอังกฤษ", "name en", "english name"),
            120,
            example="Eggs",
        ),
        Column(
            "category",
            "text",
            N_("Category"),
            ("หมวด", "Category", "หมวดหมู่", "ประเภท", "กลุ่มสินค้า"),
            60,
            hint=N_("One that nobody used yet is made"),
            example="ของสด",
        ),
        Column(
            "sold_by",
            "choice",
            N_("Sold by"),
            ("ขายแบบ", "Sold by", "วิธีขาย"),
            choices=SOLD_BY,
            hint=N_("Empty: by the piece"),
            example="ชิ้น",
        ),
        Column(
            "unit",
            "text",
            N_("Unit"),
            ("หน่วย", "Unit", "หน่วยนับ", "หน่วยขาย"),
            20,
            example="ฟอง",
        ),
        Column(
            "factor",
            "quantity",
            N_("How much of the product's own unit"),
            ("เท่ากับกี่หน่วยหลัก", "Of the own unit", "ตัวคูณ", "จำนวนต่อหน่วย", "factor"),
            hint=N_("Only on a line of another unit: a tray of 30 eggs is 30"),
            example="30",
        ),
        Column(
            "price",
            "amount",
            N_("Price"),
            ("ราคา", "Price", "ราคาขาย", "ราคาต่อหน่วย"),
            hint=N_("In baht, for one of the unit"),
            example="4.50",
        ),
        Column(
            "tiers",
            "own",
            N_("Prices for many, and for members"),
            ("ราคายกชุดและสมาชิก", "Prices for many", "ราคายกชุด", "ราคาพิเศษ", "tiers"),
            hint=N_("Three for 100 baht and one for a member at 35: 3=100; members 1=35"),
            example="10=40; สมาชิก 1=4.00",
            reader=tiers,
            writer=written,
            fault=N_("“%(cell)s” can't be read. Write it like 3=100; members 1=35."),
        ),
        Column(
            "barcodes",
            "own",
            N_("Barcodes"),
            ("บาร์โค้ด", "Barcodes", "บาร์โค๊ด", "barcode", "รหัสแท่ง"),
            hint=N_("Several are parted by spaces"),
            example="8850001112223",
            reader=barcodes,
            writer=lambda codes, _locale: " ".join(codes) or None,
            fault=N_("“%(cell)s”: a barcode has at most 20 letters A to Z and digits."),
        ),
        Column(
            "tax_code",
            "choice",
            N_("VAT"),
            ("ภาษีมูลค่าเพิ่ม", "VAT", "ภาษี", "tax"),
            choices=tuple((one, (one, one, *_TAXES.get(one, ()))) for one in TAX_CODES),
            hint=N_("Empty: exempt, as most produce is"),
            example="exempt",
        ),
        Column("picture", "text", N_("Sign on the button"), ("รูป", "Picture", "สัญลักษณ์"), 60),
        Column(
            "active",
            "choice",
            N_("On sale"),
            ("ขายอยู่", "On sale", "ใช้งาน", "active"),
            choices=YES_NO,
            hint=N_("Empty: yes"),
            example="ใช่",
        ),
    ),
    (frozenset({"code"}),),
)
OF_UNIT = ("unit", "factor", "price", "tiers", "barcodes", "active")
OF_PRODUCT = tuple(one.name for one in FORM.columns if one.name not in {"factor", "code"})
