"""The table of opening stock: what lay there on the first day, lot by lot. Columns only. Pure.

What a line means is `opening_matching`'s business, as for the stock of the old books.
"""

from __future__ import annotations

from core.errors import N_
from core.table_forms import Column, TableForm

STOCK = "stock"
OWNERS = (
    ("own", ("ของศูนย์", "ours", "ของเรา", "ซื้อขาด", "own", "outright")),
    ("consigned", ("ฝากขาย", "consigned", "ฝาก", "consignment")),
)

FORM = TableForm(
    STOCK,
    N_("Opening stock"),
    ("stock", "สต็อก", "สินค้าคงเหลือ"),
    (
        Column(
            "code",
            "code",
            N_("Product code"),
            ("รหัสสินค้า", "Product code", "รหัส", "code", "sku"),
            20,
            hint=N_("Bring the products first"),
            example="E001",
        ),
        Column(
            "name",
            "text",
            N_("Product"),
            ("ชื่อสินค้า", "Product", "ชื่อ", "สินค้า", "name"),
            120,
            hint=N_("In place of the code, when only one product has this name"),
        ),
        Column(
            "quantity",
            "quantity",
            N_("Quantity"),
            ("จำนวน", "Quantity", "คงเหลือ", "qty", "ยอดยกมา"),
            hint=N_("In the product's own unit"),
            example="120",
        ),
        Column(
            "unit",
            "text",
            N_("Unit"),
            ("หน่วย", "Unit", "หน่วยนับ"),
            20,
            hint=N_("To be sure: the product's own unit"),
            example="ฟอง",
        ),
        Column(
            "producer",
            "code",
            N_("Producer number"),
            ("รหัสผู้ผลิต", "Producer number", "ผู้ผลิต", "ผู้ฝาก", "ผู้ส่ง", "producer"),
            120,
            hint=N_("Whose goods they are, or who delivered them; bring the producers first"),
            example="P001",
        ),
        Column(
            "ownership",
            "choice",
            N_("Ours or consigned"),
            ("เป็นของ", "Ours or consigned", "กรรมสิทธิ์", "แบบ", "ownership"),
            choices=OWNERS,
            hint=N_("Empty: ours"),
            example="ของศูนย์",
        ),
        Column(
            "unit_cost",
            "amount",
            N_("Cost per unit"),
            ("ต้นทุนต่อหน่วย", "Unit cost", "ราคาทุน", "ทุนต่อหน่วย"),
            hint=N_("Of goods that are ours; one of the two costs is enough"),
            example="3.50",
        ),
        Column(
            "total",
            "amount",
            N_("Cost in all"),
            ("มูลค่า", "Total cost", "ต้นทุนรวม", "รวมเงิน"),
            example="420.00",
        ),
        Column(
            "split",
            "percent",
            N_("Producer's part of a consigned sale (percent)"),
            ("ส่วนแบ่งผู้ผลิต", "Producer's part", "ส่วนแบ่ง", "split"),
            hint=N_("Of consigned goods; empty: what is in force for the producer"),
        ),
        Column(
            "lot",
            "code",
            N_("Lot"),
            ("ล็อต", "Lot", "เลขล็อต", "ล๊อต", "lot no"),
            30,
            hint=N_("Empty: the next free number"),
        ),
        Column(
            "expires",
            "day",
            N_("Expires on"),
            ("วันหมดอายุ", "Expires", "หมดอายุ", "expiry", "exp"),
            example="31 ธ.ค. 2570",
        ),
        Column(
            "location",
            "text",
            N_("Where it lies"),
            ("ที่เก็บ", "Location", "สถานที่", "คลัง"),
            80,
            hint=N_("Code or name of the place; empty: the shop shelf"),
            example="หน้าร้าน",
        ),
    ),
    (frozenset({"code", "name"}), frozenset({"quantity"})),
)
