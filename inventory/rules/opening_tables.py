"""The tables of the old books: which columns there are, what they are called, what cells mean.

What must stay true: a cell is read exactly or named as a problem with its line; a column nobody
knows is told, never silently left out; a line of totals is compared with the lines above it. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core import figures_in
from core.errors import N_, DomainError
from core.table_forms import Column, TableForm, columns_of
from core.text import ascii_digits, skeleton

TEXT_MAX = {
    "code": 20,
    "name": 80,
    "phone": 20,
    "village": 120,
    "unit": 20,
    "owner": 120,
    "deliverer": 120,
    "split": 10,
    "lot": 30,
    "location": 80,
}


_CODE = ("รหัส", "Code", "เลขที่", "no", "number")
_NAME = ("ชื่อ", "Name", "ชื่อสกุล", "ชื่อ-สกุล", "ชื่อ - สกุล", "ชื่อนามสกุล")
_PHONE = ("โทรศัพท์", "Phone", "โทร", "เบอร์โทร", "เบอร์โทรศัพท์", "มือถือ", "tel", "mobile")
_VILLAGE = ("หมู่บ้าน", "Village", "บ้าน", "ชื่อหมู่บ้าน")

ACCOUNTS = TableForm(
    "accounts",
    N_("Accounts"),
    ("accounts", "trial balance", "บัญชี", "งบทดลอง"),
    (
        Column("code", "text", N_("Code"), (*_CODE, "รหัสบัญชี", "เลขที่บัญชี", "account no", "account")),
        Column("name", "text", N_("Name"), (*_NAME, "ชื่อบัญชี", "บัญชี", "รายการ", "account name")),
        Column("debit", "amount", N_("Debit"), ("เดบิต", "Debit", "เดบิท", "dr")),
        Column("credit", "amount", N_("Credit"), ("เครดิต", "Credit", "cr")),
    ),
    (frozenset({"code", "name"}), frozenset({"debit"}), frozenset({"credit"})),
)
PRODUCERS = TableForm(
    "producers",
    N_("Producers"),
    ("producers", "ผู้ผลิต", "ผู้ฝากขาย", "เจ้าหนี้"),
    (
        Column("code", "text", N_("Code"), (*_CODE, "รหัสผู้ผลิต", "producer no")),
        Column("name", "text", N_("Name"), (*_NAME, "ผู้ผลิต", "ชื่อผู้ผลิต", "producer")),
        Column("phone", "text", N_("Phone"), _PHONE),
        Column("village", "text", N_("Village"), _VILLAGE),
        Column(
            "consignment",
            "amount",
            N_("Owed for consigned goods"),
            ("ค้างจ่ายฝากขาย", "Owed consignment", "ฝากขาย", "เจ้าหนี้ฝากขาย", "consignment"),
        ),
        Column(
            "outright",
            "amount",
            N_("Owed for goods bought"),
            ("ค้างจ่ายซื้อขาด", "Owed outright", "ซื้อขาด", "เจ้าหนี้ซื้อขาด", "outright"),
        ),
        Column(
            "advances",
            "amount",
            N_("Advances they owe"),
            ("เบิกล่วงหน้า", "Advances", "เงินเบิกล่วงหน้า", "เงินยืม", "advance"),
        ),
    ),
    (frozenset({"code", "name"}), frozenset({"consignment", "outright", "advances"})),
)
MEMBERS = TableForm(
    "members",
    N_("Members"),
    ("members", "สมาชิก", "ทะเบียนสมาชิก"),
    (
        Column("code", "text", N_("Member number"), (*_CODE, "เลขที่สมาชิก", "รหัสสมาชิก", "member no")),
        Column("name", "text", N_("Name"), (*_NAME, "ชื่อสมาชิก", "member")),
        Column("phone", "text", N_("Phone"), _PHONE),
        Column("village", "text", N_("Village"), _VILLAGE),
        Column(
            "shares",
            "amount",
            N_("Share capital"),
            ("ทุนเรือนหุ้น", "Share capital", "ค่าหุ้น", "หุ้น", "เงินหุ้น", "shares"),
        ),
        Column(
            "deposits",
            "amount",
            N_("Deposits"),
            ("เงินรับฝาก", "Deposits", "เงินฝาก", "ฝาก", "deposit"),
        ),
        Column(
            "owes", "amount", N_("What they owe"), ("ลูกหนี้", "Owes", "ค้างชำระ", "หนี้", "receivable")
        ),
        Column(
            "dividends",
            "amount",
            N_("Dividends not paid yet"),
            ("ปันผลค้างจ่าย", "Dividends", "เงินปันผล"),
        ),
        Column(
            "patronage",
            "amount",
            N_("Patronage refunds not paid yet"),
            ("เฉลี่ยคืนค้างจ่าย", "Patronage", "เฉลี่ยคืน"),
        ),
    ),
    (
        frozenset({"code", "name"}),
        frozenset({"shares", "deposits", "owes", "dividends", "patronage"}),
    ),
)
STOCK = TableForm(
    "stock",
    N_("Stock"),
    ("stock", "สินค้า", "สินค้าคงเหลือ", "สต็อก"),
    (
        Column("code", "text", N_("Product code"), (*_CODE, "รหัสสินค้า", "product code", "sku")),
        Column("name", "text", N_("Product"), (*_NAME, "สินค้า", "ชื่อสินค้า", "product")),
        Column("unit", "text", N_("Unit"), ("หน่วย", "Unit", "หน่วยนับ")),
        Column("quantity", "quantity", N_("Quantity"), ("จำนวน", "Quantity", "คงเหลือ", "qty")),
        Column(
            "unit_cost",
            "amount",
            N_("Cost per unit"),
            ("ต้นทุนต่อหน่วย", "Unit cost", "ราคาทุน", "ราคาต่อหน่วย", "ทุนต่อหน่วย"),
        ),
        Column(
            "total",
            "amount",
            N_("Cost in all"),
            ("มูลค่า", "Total cost", "ต้นทุนรวม", "รวมเงิน", "value"),
        ),
        Column(
            "owner",
            "text",
            N_("Whose goods (empty: ours)"),
            ("เจ้าของ", "Owner", "ผู้ฝาก", "ผู้ฝากขาย", "consignor"),
        ),
        Column(
            "expires", "day", N_("Expires on"), ("วันหมดอายุ", "Expires", "หมดอายุ", "expiry", "exp")
        ),
        Column(
            "deliverer",
            "text",
            N_("Who delivered what is ours"),
            ("ผู้ส่ง", "Deliverer", "ซื้อจาก", "supplier"),
        ),
        Column(
            "split",
            "text",
            N_("Producer's part of a consigned sale (percent)"),
            ("ส่วนแบ่งผู้ผลิต", "Producer's part", "ส่วนแบ่ง", "split"),
        ),
        Column("lot", "text", N_("Lot"), ("ล็อต", "Lot", "เลขล็อต", "ล๊อต", "lot no")),
        Column(
            "location", "text", N_("Where it lies"), ("ที่เก็บ", "Location", "สถานที่", "คลัง", "where")
        ),
    ),
    (frozenset({"code", "name"}), frozenset({"quantity"})),
)
FORMS = {form.name: form for form in (ACCOUNTS, PRODUCERS, MEMBERS, STOCK)}

_TOTALS = frozenset(
    skeleton(word)
    for word in ("รวม", "รวมทั้งสิ้น", "รวมทั้งหมด", "ยอดรวม", "total", "grand total", "sum")
)

_TOTAL_LENGTH_MAX = 20


class TableUnknown(DomainError):
    """A sheet whose headings are those of none of the tables."""

    code, status, title = "table-unknown", 422, N_("This table is not one of the four")
    detail = N_("%(sheet)s: the headings are not known. Take them from a sample file.")


class ColumnMissing(DomainError):
    """A table lacks a column it can't do without."""

    code, status, title = "column-missing", 422, N_("A column is missing")
    detail = N_("%(sheet)s, line %(line)s: one of these columns is needed: %(columns)s.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of a table, and what to do; `words` is a msgid with `facts`."""

    table: str
    line: int
    words: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    column: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table, read: text as text, amounts in satang, quantities in thousandths."""

    number: int
    text: Mapping[str, str]
    amounts: Mapping[str, int]
    quantity_milli: int = 0
    expires_on: date | None = None

    @property
    def code(self) -> str:
        return self.text.get("code", "")

    @property
    def name(self) -> str:
        return self.text.get("name", "")

    def amount(self, column: str) -> int:
        """Return an amount; nothing written is zero."""
        return self.amounts.get(column, 0)


@dataclass(frozen=True, slots=True)
class Read:
    """A whole table, read: its lines, the sum of each column as given, and what is wrong."""

    form: TableForm
    lines: tuple[Line, ...]
    sums: Mapping[str, int]
    unread: tuple[str, ...]
    problems: tuple[Problem, ...]


def form_of(sheet: str, headings: Sequence[str]) -> TableForm | None:
    """Tell which table a sheet is: by its name, or else by the headings that fit best."""
    name = skeleton(sheet)
    fitting = {
        form.name: len(columns_of(form, headings))
        for form in FORMS.values()
        if all(needed & columns_of(form, headings).keys() for needed in form.needed)
    }
    for form in FORMS.values():
        if form.name in fitting and any(skeleton(word) in name for word in form.names):
            return form
    if not fitting:
        return None
    most = max(fitting.values())
    best = [name for name, count in fitting.items() if count == most]
    return FORMS[best[0]] if len(best) == 1 else None


def require_columns(form: TableForm, sheet: str, line: int, headings: Sequence[str]) -> None:
    """Raise `ColumnMissing` when a table can't be read for want of a column."""
    there = columns_of(form, headings).keys()
    for needed in form.needed:
        if not needed & there:
            names = [one.headings[0] for one in form.columns if one.name in needed]
            raise ColumnMissing(sheet=sheet, line=line, columns=", ".join(names))


def read(
    form: TableForm, headings: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]
) -> Read:
    """Read the rows (line, cells) of a table; whatever can't be taken becomes a problem."""
    places = columns_of(form, headings)
    kinds = {column.name: column.kind for column in form.columns}
    lines: list[Line] = []
    problems: list[Problem] = []
    sums: dict[str, int] = {name: 0 for name in places if kinds[name] in ("amount", "quantity")}
    for number, cells in rows:
        given = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
        line = _line(form, number, given, kinds, problems)
        if _is_total(given):
            _compare(form, line, sums, problems)
            continue
        for name, amount in line.amounts.items():
            sums[name] += amount
        if "quantity" in sums:
            sums["quantity"] += line.quantity_milli
        lines.append(line)
    taken = set(places.values())
    unread = tuple(h for at, h in enumerate(headings) if h and at not in taken)
    return Read(form, tuple(lines), sums, unread, tuple(problems))


def _line(
    form: TableForm,
    number: int,
    given: Mapping[str, str],
    kinds: Mapping[str, str],
    problems: list[Problem],
) -> Line:
    text: dict[str, str] = {}
    amounts: dict[str, int] = {}
    quantity, expires = 0, None
    for name, cell in given.items():
        if kinds[name] == "text":
            text[name] = ascii_digits(cell) if name in {"code", "phone"} else cell
            if len(cell) > TEXT_MAX[name]:
                facts = {"maximum": TEXT_MAX[name]}
                problems.append(
                    Problem(form.name, number, N_("Write at most %(maximum)s characters"), facts)
                )
        elif cell:
            got = _figure(form, number, kinds[name], cell, problems)
            if kinds[name] == "day":
                expires = got
            elif kinds[name] == "quantity":
                quantity = got or 0
            else:
                amounts[name] = got or 0
    return Line(number, text, amounts, quantity, expires)


_READERS: dict[str, Callable[[str], Any]] = {
    "amount": figures_in.satang,
    "quantity": figures_in.milli,
    "day": figures_in.day,
}


def _figure(form: TableForm, number: int, kind: str, cell: str, problems: list[Problem]) -> Any:
    try:
        got = _READERS[kind](cell)
    except DomainError:
        words = {
            "amount": N_("“%(cell)s” is not an amount. Write it like 1,234.50."),
            "quantity": N_("“%(cell)s” is not a quantity. Write it like 12.5."),
            "day": N_("“%(cell)s” is not a date. Write it like 09/10/2568."),
        }[kind]
        problems.append(Problem(form.name, number, words, {"cell": cell[:60]}))
        return None
    if not isinstance(got, date) and got < 0:
        words = N_("%(cell)s is below zero. Write it in the column of the other side.")
        problems.append(Problem(form.name, number, words, {"cell": cell[:60]}))
    return got


def _is_total(given: Mapping[str, str]) -> bool:
    said = [given.get(name, "") for name in ("code", "name")]
    # Names are long and many: most are told apart before they are made comparable.
    return any(len(text) <= _TOTAL_LENGTH_MAX and skeleton(text) in _TOTALS for text in said)


def _compare(form: TableForm, line: Line, sums: Mapping[str, int], problems: list[Problem]) -> None:
    """A table's own line of totals must be what its lines add up to."""
    for name, satang in line.amounts.items():
        if satang and satang != sums[name] and name != "unit_cost":
            title = next(column.title for column in form.columns if column.name == name)
            facts = {"column": title, "given_satang": satang, "sum_satang": sums[name]}
            words = N_(
                "The file's own total of %(column)s is %(given_satang)s, but its lines add up to"
                " %(sum_satang)s."
            )
            problems.append(Problem(form.name, line.number, words, facts))
