"""A centre's tables as files: every room's, and the sales line by line; or the books alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import and_, select

from accounting.services import export as accounting_tables
from accounting.services import plain_text
from core.actor import Actor
from core.db import db
from core.sheets import Cell, Table, baht_figure, csv_lines
from core.xlsx import xlsx_bytes
from inventory.services import export as inventory_tables
from members.services import access
from pos.models import Sale, SaleLine

PLAIN_TEXT = {"beancount": "books.beancount", "hledger": "books.journal"}
WORKBOOK = "books.xlsx"


def write(actor: Actor, folder: Path, form: str) -> Iterator[tuple[str, str]]:
    """Write a centre into `folder` in a format; yield file name and how much is in it."""
    if form == "csv":
        for name, rows in write_all(actor, folder):
            yield name, f"{rows} rows"
    elif form == "xlsx":
        content = xlsx_bytes(accounting_tables.tables(actor))
        (folder / WORKBOOK).write_bytes(content)
        yield WORKBOOK, f"{len(content)} bytes"
    else:
        name = PLAIN_TEXT[form]
        with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
            size = sum(file.write(piece) for piece in plain_text.write(form, actor))
        yield name, f"{size} characters"


def write_all(actor: Actor, folder: Path) -> Iterator[tuple[str, int]]:
    """Write every table of the actor's centre into `folder`; yield file name and rows."""
    for room in (accounting_tables.tables, inventory_tables.tables, tables):
        for table in room(actor):
            name = f"{table.name}.csv"
            rows = -1  # the headings are not a row
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                for number, line in enumerate(csv_lines(table.headings, table.rows)):
                    file.write(line)
                    rows = number - 1
            yield name, rows


def tables(actor: Actor) -> Iterator[Table]:
    """Yield the counter's tables. Raises Forbidden."""
    access.require(actor, "sale.read")
    yield Table(
        "sales",
        (
            *("receipt_no", "business_date", "occurred_at", "cashier", "member_id", "line_no"),
            *("product", "unit_quantity_milli", "unit", "unit_price", "gross", "discount", "net"),
            *("tax", "quantity_milli"),
        ),
        _sales(actor.centre_id),
    )


def _sales(centre_id: int) -> Iterator[tuple[Cell, ...]]:
    rows = db.session.execute(
        select(Sale, SaleLine)
        .join(SaleLine, and_(SaleLine.centre_id == Sale.centre_id, SaleLine.sale_id == Sale.id))
        .where(Sale.centre_id == centre_id)
        .order_by(Sale.id, SaleLine.line_no)
        .execution_options(yield_per=1000)
    )
    for sale, line in rows:
        yield (
            sale.receipt_no,
            sale.business_date,
            sale.occurred_at.isoformat(),
            sale.cashier_name,
            str(sale.member_id) if sale.member_id else "",
            line.line_no,
            line.name_th,
            line.unit_quantity_milli,
            line.unit,
            baht_figure(line.unit_price_satang),
            baht_figure(line.gross_satang),
            baht_figure(line.discount_satang + line.basket_discount_satang),
            baht_figure(line.net_satang),
            baht_figure(line.tax_satang),
            line.quantity_milli,
        )
