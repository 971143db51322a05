"""The table of producers: persons and groups that deliver. Columns only. Pure."""

from __future__ import annotations

from core.errors import N_
from core.payment_ids import BANKS
from core.table_forms import YES_NO, Column, TableForm

PRODUCERS = "producers"
KINDS = (
    ("person", ("บุคคล", "person", "คน", "ราย")),
    ("group", ("กลุ่ม", "group", "กลุ่มอาชีพ", "กลุ่มผู้ผลิต")),
    ("company", ("ร้านหรือบริษัท", "company", "ร้าน", "บริษัท", "ร้านค้า", "shop")),
)

FORM = TableForm(
    PRODUCERS,
    N_("Producers"),
    ("producers", "ผู้ผลิต", "ผู้ฝากขาย"),
    (
        Column(
            "producer_no",
            "code",
            N_("Producer number"),
            ("รหัสผู้ผลิต", "Producer number", "เลขที่ผู้ผลิต", "producer no", "รหัส", "เลขที่", "code"),
            length=20,
            hint=N_("Empty: the next free number"),
            example="P001",
        ),
        Column(
            "kind",
            "choice",
            N_("Person or group"),
            ("ประเภท", "Person or group", "บุคคลหรือกลุ่ม", "kind", "type"),
            choices=KINDS,
            hint=N_("Empty: a person"),
            example="บุคคล",
        ),
        Column(
            "name",
            "text",
            N_("Name"),
            ("ชื่อ", "Name", "ชื่อผู้ผลิต", "ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อ นามสกุล", "ผู้ผลิต", "producer"),
            160,
            example="นางแดง ใจดี",
        ),
        Column(
            "member_no",
            "code",
            N_("Member number"),
            ("เลขที่สมาชิก", "Member number", "รหัสสมาชิก", "เลขสมาชิก", "member no"),
            20,
            hint=N_("When the producer is a member; bring the members first"),
            example="00125",
        ),
        Column(
            "phone",
            "code",
            N_("Phone"),
            ("โทรศัพท์", "Phone", "โทร", "เบอร์โทร", "เบอร์โทรศัพท์", "มือถือ", "tel", "mobile"),
            20,
            example="081-234-5678",
        ),
        Column(
            "village",
            "text",
            N_("Village"),
            ("หมู่บ้าน", "Village", "บ้าน", "ชื่อหมู่บ้าน"),
            120,
            hint=N_("A village nobody wrote down yet is added to the list"),
            example="บ้านใหม่",
        ),
        Column(
            "split",
            "percent",
            N_("Producer's part of a consigned sale (percent)"),
            ("ส่วนแบ่งผู้ผลิต", "Producer's part", "ส่วนแบ่ง", "เปอร์เซ็นต์", "split", "percent"),
            hint=N_("Empty: 80"),
            example="80",
        ),
        Column(
            "promptpay_id",
            "code",
            N_("PromptPay"),
            ("พร้อมเพย์", "PromptPay", "promptpay id"),
            30,
            example="081-234-5678",
        ),
        Column(
            "bank_code",
            "choice",
            N_("Bank"),
            ("ธนาคาร", "Bank"),
            choices=tuple((code, (*names, code)) for code, names in BANKS.items()),
            hint=N_("Bank, account number and account name: all three or none"),
            example="ธ.ก.ส.",
        ),
        Column(
            "bank_account",
            "code",
            N_("Account number"),
            ("เลขที่บัญชี", "Account number", "เลขบัญชี", "บัญชีธนาคาร", "account no"),
            30,
            example="012-3-45678-9",
        ),
        Column(
            "bank_account_name",
            "text",
            N_("Account name"),
            ("ชื่อบัญชี", "Account name"),
            160,
            example="นางแดง ใจดี",
        ),
        Column(
            "joined_on",
            "day",
            N_("Delivers since"),
            ("ส่งของตั้งแต่", "Delivers since", "วันที่เริ่มส่ง", "เริ่มส่งเมื่อ"),
            hint=N_("Empty: today"),
            example="1 ต.ค. 2560",
        ),
        Column(
            "active",
            "choice",
            N_("Still delivers"),
            ("ยังส่งอยู่", "Still delivers", "ใช้งาน", "active"),
            choices=YES_NO,
            hint=N_("Empty: yes"),
            example="ใช่",
        ),
    ),
    (frozenset({"name"}),),
)
