"""Tables of the counter: tills, shifts, sales, payments, refunds.

A sale, a refund and a closed shift never change; a held sale is a note, not a document.
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of

DISCOUNT_BEARERS = ("centre", "producer", "shared")
PAYMENT_METHODS = ("cash", "promptpay", "transfer")
REFUND_METHODS = ("cash", "transfer")
MOVEMENT_KINDS = ("pay_in", "pay_out")
MOVEMENT_CATEGORIES = ("safe", "expense", "income")
PROMOTION_KINDS = ("percent", "amount", "price")
_NAMED: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("member_id IS NOT NULL"))


def _late_ones(name: str) -> Index:
    """Return an index of the few documents that came after their shift was counted."""
    return Index(
        name,
        *("centre_id", "business_date", "id"),
        postgresql_where=text("late"),
        sqlite_where=text("late = 1"),  # as SQLite is asked
    )


class Till(Base):
    """A place where money is taken; it sells from one location under one receipt series."""

    __tablename__ = "till"
    __table_args__ = (
        UniqueConstraint("centre_id", "code"),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), nullable=False)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)


class Shift(Base):
    """One person's watch over one drawer, from a counted float to a blind count."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("centre_id", "shift_no"),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        CheckConstraint("float_satang >= 0", name="float_natural"),
        Index(
            "uq_shift_one_open",
            "centre_id",
            "till_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    shift_no: Mapped[str] = mapped_column(String(30), nullable=False)
    till_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    float_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)
    expected_satang: Mapped[int | None] = mapped_column(Satang)
    counted_satang: Mapped[int | None] = mapped_column(Satang)


class CashCount(Base):
    """How many of one denomination lay in the drawer at the blind count."""

    __tablename__ = "cash_count"
    __table_args__ = (
        CheckConstraint("pieces > 0", name="pieces_positive"),
        ForeignKeyConstraint(["centre_id", "shift_id"], ["shift.centre_id", "shift.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    shift_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    denomination_satang: Mapped[int] = mapped_column(Satang, primary_key=True, autoincrement=False)
    pieces: Mapped[int] = mapped_column(Integer, nullable=False)


class CashMovement(Base):
    """Cash put into or taken out of the drawer without a sale, with a reason."""

    __tablename__ = "cash_movement"
    __table_args__ = (
        one_of("kind", MOVEMENT_KINDS),
        one_of("category", MOVEMENT_CATEGORIES),
        UniqueConstraint("centre_id", "movement_no"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        ForeignKeyConstraint(["centre_id", "shift_id"], ["shift.centre_id", "shift.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    movement_no: Mapped[str] = mapped_column(String(30), nullable=False)
    shift_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    category: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)


class DiscountReason(Base):
    """Why a price may be cut and who bears it, fixed before any sale; only `active` changes."""

    __tablename__ = "discount_reason"
    __table_args__ = (
        one_of("bearer", DISCOUNT_BEARERS),
        UniqueConstraint("centre_id", "code"),
        ForeignKeyConstraint(["centre_id", "fund_id"], ["fund.centre_id", "fund.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_th: Mapped[str] = mapped_column(String(80), nullable=False)
    name_en: Mapped[str] = mapped_column(String(80), nullable=False)
    bearer: Mapped[str] = mapped_column(String(10), nullable=False)
    producer_basis_points: Mapped[int | None] = mapped_column(Integer)
    """The producer's part of a shared discount; None: shared by the split of the lot."""
    fund_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The fund that pays for it in the centre's stead."""
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)


class Promotion(Base):
    """A lower price by date, for all or for members; what it says never changes, only its end."""

    __tablename__ = "promotion"
    __table_args__ = (
        one_of("kind", PROMOTION_KINDS),
        CheckConstraint("value >= 0", name="value_natural"),
        CheckConstraint("product_id IS NULL OR category = ''", name="one_scope"),
        ForeignKeyConstraint(
            ["centre_id", "reason_id"], ["discount_reason.centre_id", "discount_reason.id"]
        ),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name_th: Mapped[str] = mapped_column(String(80), nullable=False)
    name_en: Mapped[str] = mapped_column(String(80), nullable=False)
    reason_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    product_id: Mapped[UUID | None] = mapped_column(Uuid)
    category: Mapped[str] = mapped_column(String(60), nullable=False)
    """With neither product nor category it holds for all goods."""
    members_only: Mapped[bool] = mapped_column(Boolean, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    value: Mapped[int] = mapped_column(Satang, nullable=False)
    """Basis points off, satang off a unit, or the price of a unit."""
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    valid_until: Mapped[date | None] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


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
        Index("ix_sale_member_id", "centre_id", "member_id", "business_date", **_NAMED),
        _late_ones("ix_sale_late"),
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
        CheckConstraint(
            "gross_satang - discount_satang - basket_discount_satang = net_satang", name="adds_up"
        ),
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
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
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    unit_price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
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
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payment_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    method: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reference: Mapped[str] = mapped_column(String(60), nullable=False)


class ReceiptPrint(Base):
    """Each print of a receipt after the first is a copy, counted and marked."""

    __tablename__ = "receipt_print"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
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


class Refund(Base):
    """Money given back against one receipt, in whole or in part."""

    __tablename__ = "refund"
    __table_args__ = (
        one_of("method", REFUND_METHODS),
        UniqueConstraint("centre_id", "refund_no"),
        ForeignKeyConstraint(["centre_id", "sale_id"], ["sale.centre_id", "sale.id"]),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        ForeignKeyConstraint(["centre_id", "shift_id"], ["shift.centre_id", "shift.id"]),
        Index("ix_refund_sale_id", "centre_id", "sale_id"),
        Index("ix_refund_shift_id", "centre_id", "shift_id"),
        _late_ones("ix_refund_late"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    refund_no: Mapped[str] = mapped_column(String(30), nullable=False)
    sale_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    till_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    shift_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    late: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    cashier_id: Mapped[UUID | None] = mapped_column(Uuid)
    cashier_name: Mapped[str] = mapped_column(String(120), nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    method: Mapped[str] = mapped_column(String(10), nullable=False)
    total_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    rounding_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    producer_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class RefundLine(Base):
    """How much of one line of the sale came back, and what was returned for it."""

    __tablename__ = "refund_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        ForeignKeyConstraint(["centre_id", "refund_id"], ["refund.centre_id", "refund.id"]),
        ForeignKeyConstraint(
            ["centre_id", "sale_id", "line_no"],
            ["sale_line.centre_id", "sale_line.sale_id", "sale_line.line_no"],
        ),
        Index("ix_refund_line_sale", "centre_id", "sale_id", "line_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sale_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    net_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_satang: Mapped[int] = mapped_column(Satang, nullable=False)
