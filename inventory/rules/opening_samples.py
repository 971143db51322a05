"""Sample lines of the four tables of the old books; they fit together. Data only."""

from __future__ import annotations

from core.sheets import Cell, Figure

F = Figure
SAMPLES: dict[str, list[list[Cell]]] = {
    "accounts": [
        ["1120", "เงินสดในตู้เซฟ", F("12500.00"), None],
        ["1130", "เงินฝากธนาคาร", F("80000.00"), None],
        ["1310", "สินค้าคงเหลือ", F("720.00"), None],
        ["1230", "เงินเบิกล่วงหน้าของผู้ผลิต", F("500.00"), None],
        ["2120", "เจ้าหนี้ผู้ฝากขาย", None, F("1250.50")],
        ["2110", "เจ้าหนี้ค่าสินค้าซื้อขาด", None, F("300.00")],
        ["2160", "เงินรับฝากจากสมาชิก", None, F("2000.00")],
        ["3110", "ทุนเรือนหุ้น", None, F("5000.00")],
        ["3310", "ส่วนเกินสะสมยกมา", None, F("85169.50")],
    ],
    "producers": [
        ["P001", "นางแดง ใจดี", "081-234-5678", "บ้านใหม่", F("1250.50"), None, None],
        ["P002", "นายดำ มาก", "", "บ้านเก่า", None, F("300.00"), F("500.00")],
    ],
    "members": [
        ["0001", "นางสมศรี ใจดี", "", "บ้านใหม่", F("3000.00"), F("2000.00"), None, None, None],
        ["0002", "นายบุญ มีมาก", "", "บ้านเก่า", F("2000.00"), None, None, None, None],
    ],
    "stock": [
        ["G001", "น้ำผึ้ง", "ขวด", F("10"), F("72.00"), F("720.00"), "", "31/12/2570"],
        ["G001", "น้ำผึ้ง", "ขวด", F("5"), None, None, "P001", ""],
    ],
}
"""Table → lines; the columns are those of the table, in their order."""
