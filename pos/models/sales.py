"""Sales as they happened: lines, payments, prints; and baskets put aside.

A sale never changes; a held sale is a note, not a document.
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
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of
from pos.models.late import late_ones

PAYMENT_METHODS = ("cash", "promptpay", "transfer", "credit", "purse", "scheme", "voucher")
_NAMED: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("member_id IS NOT NULL"))

FLAGGED = "CAST(flags AS TEXT) <> '[]'"
"""Something on it wants a look: in words both databases read alike."""


class Sale(Base):
    """A sale as it happened; the key is the counter's, the digest says what was sent."""

    __tablename__ = "sale"
    __table_args__ = (
        UniqueConstraint("centre_id", "receipt_no"),
        CheckConstraint(
            "total_satang + rounding_satang = due_satang", name="due_is_total_and_rounding"
        ),
        CheckConstraint("paid_satang - change_satang = due_satang", name="paid_in_full"),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        ForeignKeyConstraint(["centre_id", "shift_id"], ["shift.centre_id", "shift.id"]),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        Index("ix_sale_shift_id", "centre_id", "shift_id"),
        Index("ix_sale_business_date", "centre_id", "business_date", "id"),
        Index(
            "ix_sale_flagged",
            *("centre_id", "business_date", "id"),
            postgresql_where=text(FLAGGED),
            sqlite_where=text(FLAGGED),
        ),
        Index("ix_sale_member_id", "centre_id", "member_id", "business_date", **_NAMED),
        late_ones("ix_sale_late"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    receipt_no: Mapped[str] = mapped_column(String(30), nullable=False)
    till_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    shift_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    cashier_id: Mapped[UUID | None] = mapped_column(Uuid)
    cashier_name: Mapped[str] = mapped_column(String(120), nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    vat_mode: Mapped[str] = mapped_column(String(20), nullable=False)
    consignment_basis: Mapped[str] = mapped_column(String(20), nullable=False)
    gross_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    discount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    total_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    rounding_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    due_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    change_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    producer_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """How much of the sale reaches producers of consigned goods (เงินถึงผู้ผลิต)."""
    late: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    """It came after its shift was counted: its cash is in the count, so it goes to over/short."""
    flags: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The request as it came, so that a differing repeat can name what differs."""


class SaleLine(Base):
    """A line as sold: name, price and discounts as they were that moment."""

    __tablename__ = "sale_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("unit_quantity_milli > 0", name="unit_quantity_positive"),
        CheckConstraint("unit_factor_milli > 0", name="unit_factor_positive"),
        CheckConstraint(
            "gross_satang - discount_satang - basket_discount_satang = net_satang", name="adds_up"
        ),
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
        ForeignKeyConstraint(
            ["centre_id", "unit_id"], ["product_unit.centre_id", "product_unit.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "promotion_id"], ["promotion.centre_id", "promotion.id"]
        ),
        ForeignKeyConstraint(["centre_id", "activity_id"], ["activity.centre_id", "activity.id"]),
        Index("ix_sale_line_product_id", "centre_id", "product_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    name_th: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False)
    unit: Mapped[str] = mapped_column(String(20), nullable=False)
    """What it was sold by: the product's own unit, or the selling unit's label."""
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The selling unit; None for the product's own."""
    unit_quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """How many of `unit` were sold: what the customer reads."""
    unit_factor_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """Thousandths of the product's own unit in one `unit`, as it was that day."""
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """The same goods in the product's own unit: what stock and reports add up."""
    unit_price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The price of one `unit`, before any tier."""
    tiers: Mapped[list[dict[str, int]]] = mapped_column(JSON, nullable=False)
    """The tier prices in `gross_satang`: count, price_satang, quantity_milli of `unit`, and
    members_only (0 or 1); the rest of the quantity went at the price of one."""
    gross_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    discount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    discount_reason_id: Mapped[UUID | None] = mapped_column(Uuid)
    promotion_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The promotion that gave the line's discount; then the reason is the promotion's."""
    basket_discount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    basket_reason_id: Mapped[UUID | None] = mapped_column(Uuid)
    net_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Net with this line's part of the cash rounding: what a full refund gives back."""
    tax_code: Mapped[str] = mapped_column(String(20), nullable=False)
    tax_rate_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    activity_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The profit centre of the product that day."""


class Payment(Base):
    """One tender of a sale; for cash the money handed over, the change is on the sale."""

    __tablename__ = "payment"
    __table_args__ = (
        one_of("method", PAYMENT_METHODS),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(method = 'scheme') = (scheme_id IS NOT NULL)", name="scheme_named"),
        CheckConstraint("(method = 'voucher') = (voucher_id IS NOT NULL)", name="voucher_named"),
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
        ForeignKeyConstraint(["centre_id", "scheme_id"], ["scheme.centre_id", "scheme.id"]),
        ForeignKeyConstraint(["centre_id", "voucher_id"], ["coupon.centre_id", "coupon.id"]),
        Index(
            "ix_payment_scheme_id",
            "centre_id",
            "scheme_id",
            "sale_id",
            postgresql_where=text("scheme_id IS NOT NULL"),
            sqlite_where=text("scheme_id IS NOT NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payment_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    method: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reference: Mapped[str] = mapped_column(String(60), nullable=False)
    scheme_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The scheme of the state that pays this part."""
    voucher_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The coupon by which a fund pays this part."""
    balance_satang: Mapped[int | None] = mapped_column(Satang)
    """What the purse held afterwards, or what was owed on the account."""


class ReceiptPrint(Base):
    """Each print of a receipt after the first is a copy, counted and marked."""

    __tablename__ = "receipt_print"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
        Index(
            "ix_receipt_print_copies",
            *("centre_id", "printed_at", "sale_id"),
            postgresql_where=text("copy_no > 0"),
            sqlite_where=text("copy_no > 0"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    copy_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    printed_by: Mapped[UUID | None] = mapped_column(Uuid)


class HeldSale(Base):
    """A basket put aside: no document, no money; recalled by any cashier of the till's centre."""

    __tablename__ = "held_sale"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    till_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    label: Mapped[str] = mapped_column(String(80), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    held_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    held_by: Mapped[UUID | None] = mapped_column(Uuid)
