"""A bank for tests: statement files written as banks write them, taken in and matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounting.models import Account
from accounting.rules.bank_files import Columns
from accounting.rules.chart import Purpose
from accounting.services import chart, opening
from accounting.services.bank import files, open_items, statements
from accounting.services.bank.open_items import OpenItem, OpenLine
from accounting.services.bank.statements import StatementCard, TakeStatement
from accounting.services.opening import Opening
from core import clock
from core.actor import Actor
from core.dates import format_thai_date
from core.db import in_transaction, insert_rows
from core.ids import uuid7

COLUMNS = Columns(day=1, time=2, paid_in=3, paid_out=4, balance=5, reference=6, description=7)
HEADING = "วันที่,เวลา,เงินเข้า,เงินออก,คงเหลือ,อ้างอิง,รายการ"


@dataclass(frozen=True)
class Told:
    """What the bank tells of one movement; what came in is above zero."""

    amount: int
    reference: str = ""
    description: str = ""
    day: date | None = None
    at: str = ""


def baht(satang: int) -> str:
    whole, part = divmod(abs(satang), 100)
    return f"{'-' if satang < 0 else ''}{whole:,}.{part:02d}"


def csv_of(lines: Sequence[Told], opening_satang: int) -> bytes:
    """Write a statement as a Thai bank does: Buddhist dates, commas in quotes, UTF-8 with BOM."""
    rows, balance = [HEADING], opening_satang
    for line in lines:
        balance += line.amount
        came = f'"{baht(line.amount)}"' if line.amount > 0 else ""
        went = f'"{baht(-line.amount)}"' if line.amount < 0 else ""
        day = format_thai_date(line.day or clock.today(), "form")
        cells = (day, line.at, came, went, f'"{baht(balance)}"', line.reference, line.description)
        rows.append(",".join(cells))
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()


def account_id(actor: Actor) -> UUID:
    return chart.account_for(actor.centre_id, Purpose.BANK).id


def made_account(actor: Actor) -> UUID:
    """Make an account at another bank, as people make theirs."""
    own = uuid7()
    row = {"code": "1131", "name_th": "ธ.ก.ส.", "name_en": "BAAC", "type": "asset"}
    more = {"control_key": "", "money": "bank", "active": True, "purpose": None}
    in_transaction(insert_rows, Account, [{"centre_id": actor.centre_id, "id": own, **row, **more}])
    return own


def take(
    actor: Actor,
    raw: bytes,
    columns: Columns = COLUMNS,
    account: UUID | None = None,
    **balances: int,
) -> StatementCard:
    """Send a file and take it."""
    to = account or account_id(actor)
    file_id = in_transaction(files.upload, to, "statement.csv", raw, actor)
    command = TakeStatement(file_id, columns, **balances)
    return in_transaction(statements.take, command, actor)


def told(
    actor: Actor, *lines: Told, opening_satang: int = 0, account: UUID | None = None
) -> StatementCard:
    """Take a statement that tells of these movements."""
    return take(actor, csv_of(lines, opening_satang), account=account)


def open_bank(actor: Actor, satang: int, day: date | None = None) -> None:
    """Open the books with money at the bank."""
    command = Opening(bank_satang=satang, business_date=day, id=uuid7())
    in_transaction(opening.post, command, actor)


def open_lines(actor: Actor) -> list[OpenLine]:
    return open_items.lines(actor.centre_id, account_id(actor))


def open_in_books(actor: Actor, purpose: Purpose = Purpose.BANK) -> list[OpenItem]:
    return open_items.items(actor.centre_id, [chart.account_for(actor.centre_id, purpose).id])
