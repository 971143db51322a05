"""Tables of outright buying: suppliers, what was ordered, what came of it, what went back.

What arrives is a `goods_receipt` like every intake; `purchase_line` says of each of its lots what
the supplier's paper says of it. Orders and their lines change while they are drafts; returns,
purchase lines and purchase vouchers never do.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of

ORDER_STATES = ("draft", "sent", "partly", "received", "closed", "cancelled")
"""Partly and received follow from what came; closed: the rest is no longer expected."""
PRICES_WITH_TAX = ("none", "included", "added")
"""What the supplier's prices say of VAT: there is none, it is in them, it comes on top."""
RETURN_SETTLED = ("credit", "till", "safe", "bank")
"""A return is a credit for the next payment, or money that came back to one of our places."""
VOUCHER_SOURCES = ("goods_receipt", "payout")


class Supplier(Base):
    """What a producer's row lacks when it is a shop or company that sells to us."""

    __tablename__ = "supplier"
    __table_args__ = (
        CheckConstraint("terms_days BETWEEN 0 AND 365", name="terms_days_bounded"),
        CheckConstraint("withholding_basis_points BETWEEN 0 AND 1500", name="withholding_bounded"),
        CheckConstraint("NOT vat_registered OR length(tax_id) = 13", name="tax_id_of_registered"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_supplier_tax_id", "centre_id", "tax_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    producer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    tax_id: Mapped[str] = mapped_column(String(13), nullable=False, default="")
    branch_no: Mapped[str] = mapped_column(String(5), nullable=False, default="")
    """Five digits as on tax invoices; 00000 is the head office."""
    vat_registered: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    address: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    contact: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    terms_days: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    withholding_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    """Tax we hold back when we pay, in 1/10,000 of the price without VAT; usually none on goods."""
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class PurchaseOrder(Base):
    """What we asked a supplier for. Its lines are frozen once it was sent."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        one_of("state", ORDER_STATES),
        one_of("prices", PRICES_WITH_TAX),
        UniqueConstraint("centre_id", "order_no"),
        CheckConstraint("terms_days BETWEEN 0 AND 365", name="terms_days_bounded"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_purchase_order_producer_id", "centre_id", "producer_id"),
        Index("ix_purchase_order_state", "centre_id", "state", "id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    order_no: Mapped[str] = mapped_column(String(30), nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="draft")
    ordered_on: Mapped[date] = mapped_column(Date, nullable=False)
    expected_on: Mapped[date | None] = mapped_column(Date)
    prices: Mapped[str] = mapped_column(String(10), nullable=False)
    terms_days: Mapped[int] = mapped_column(Integer, nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What its lines come to, at the prices agreed."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by: Mapped[UUID | None] = mapped_column(Uuid)
    sent_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was closed or cancelled, by whom and why."""
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    reason: Mapped[str] = mapped_column(Text, nullable=False, default="")
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The command that made it, so that a repeated id can be told what differs."""


class PurchaseOrderLine(Base):
    """A product ordered, in a unit of the supplier's paper, at an agreed price a unit."""

    __tablename__ = "purchase_order_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0 AND factor_milli > 0", name="quantity_positive"),
        CheckConstraint("unit_price_satang >= 0 AND amount_satang >= 0", name="price_natural"),
        ForeignKeyConstraint(
            ["centre_id", "order_id"], ["purchase_order.centre_id", "purchase_order.id"]
        ),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
        Index("ix_purchase_order_line_product_id", "centre_id", "product_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The selling unit it is ordered in; None is the product's own unit."""
    unit: Mapped[str] = mapped_column(String(20), nullable=False)
    factor_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """Thousandths of the product's own unit in one of these, as they were that day."""
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    unit_price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class PurchaseLine(Base):
    """What a supplier's paper says of one lot that came, and for which line of which order."""

    __tablename__ = "purchase_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0 AND factor_milli > 0", name="quantity_positive"),
        CheckConstraint("amount_satang > 0 AND tax_satang >= 0", name="amount_natural"),
        CheckConstraint("(order_id IS NULL) = (order_line_no IS NULL)", name="order_named_whole"),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"],
            ["goods_receipt.centre_id", "goods_receipt.id"],
        ),
        ForeignKeyConstraint(
            ["centre_id", "order_id"], ["purchase_order.centre_id", "purchase_order.id"]
        ),
        Index("ix_purchase_line_goods_receipt_id", "centre_id", "goods_receipt_id"),
        Index("ix_purchase_line_order_id", "centre_id", "order_id", "order_line_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    goods_receipt_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    order_id: Mapped[UUID | None] = mapped_column(Uuid)
    order_line_no: Mapped[int | None] = mapped_column(Integer)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    unit: Mapped[str] = mapped_column(String(20), nullable=False)
    factor_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    unit_price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    agreed_price_satang: Mapped[int | None] = mapped_column(Satang)
    """The price of the order's line, when it came on an order."""
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the supplier asks for it, VAT and all: the lot's cost and `tax_satang`."""
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The part of the amount that is input VAT we claim; 0 when it stays in the cost."""


class SupplierReturn(Base):
    """Goods bought that went back, at what the books hold them for."""

    __tablename__ = "supplier_return"
    __table_args__ = (
        one_of("settled", RETURN_SETTLED),
        UniqueConstraint("centre_id", "return_no"),
        CheckConstraint("cost_satang >= 0 AND tax_satang >= 0", name="parts_natural"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("amount_satang = cost_satang + tax_satang", name="amount_of_parts"),
        CheckConstraint("(settled = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"],
            ["goods_receipt.centre_id", "goods_receipt.id"],
        ),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        Index("ix_supplier_return_producer_id", "centre_id", "producer_id"),
        Index("ix_supplier_return_goods_receipt_id", "centre_id", "goods_receipt_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    return_no: Mapped[str] = mapped_column(String(30), nullable=False)
    goods_receipt_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    settled: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Input VAT given back with the goods."""
    note_no: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    """The number of the supplier's credit note, if there is one, and its date."""
    note_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class SupplierReturnLine(Base):
    """A part of one lot that went back."""

    __tablename__ = "supplier_return_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("cost_satang >= 0 AND tax_satang >= 0", name="parts_natural"),
        ForeignKeyConstraint(
            ["centre_id", "return_id"], ["supplier_return.centre_id", "supplier_return.id"]
        ),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        Index("ix_supplier_return_line_lot_id", "centre_id", "lot_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    return_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class PurchaseVoucher(Base):
    """The seller's word for money received, where there is no receipt of theirs (ใบสำคัญรับเงิน).

    One for each intake paid in cash and each payment of purchases; what it says is frozen.
    """

    __tablename__ = "purchase_voucher"
    __table_args__ = (
        one_of("source_type", VOUCHER_SOURCES),
        UniqueConstraint("centre_id", "voucher_no"),
        UniqueConstraint("centre_id", "source_type", "source_id"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    voucher_no: Mapped[str] = mapped_column(String(30), nullable=False)
    source_type: Mapped[str] = mapped_column(String(20), nullable=False)
    source_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    payee_name: Mapped[str] = mapped_column(String(160), nullable=False)
    payee_address: Mapped[str] = mapped_column(String(300), nullable=False)
    national_id_cipher: Mapped[str | None] = mapped_column(Text)
    """The payee's national or tax id, locked; the paper shows it whole, as the law asks."""
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    """The day the money was handed over."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class PurchaseVoucherPrint(Base):
    """Each print of a purchase voucher; those after the first are marked as copies."""

    __tablename__ = "purchase_voucher_print"
    __table_args__ = (
        CheckConstraint("print_no > 0", name="print_counted"),
        ForeignKeyConstraint(
            ["centre_id", "voucher_id"], ["purchase_voucher.centre_id", "purchase_voucher.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    voucher_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    print_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    printed_by: Mapped[UUID | None] = mapped_column(Uuid)
