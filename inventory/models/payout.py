"""Tables of money to producers: advances, payouts on signed vouchers, and batches for the bank.

Rows are never changed, but for a batch line's state: waiting at the bank, then paid or failed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
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

ADVANCE_KINDS = ("money", "goods", "service")
"""A service is work on a producer's own goods (milling), its fee still owed."""
PAID_FROM = ("till", "safe", "bank", "shelf", "opening", "service")
RECIPIENTS = ("producer", "proxy", "heir")
PAYOUT_METHODS = ("cash", "transfer", "promptpay", "offset")
PAYOUT_LINE_KINDS = ("settlement", "outright", "opening", "advance", "recovery", "credit")
NETTING_DOCUMENTS = ("settlement", "payout", "repayment", "batch_cancel")
BATCH_STATES = ("waiting", "paid", "failed")


class Advance(Base):
    """Money, or goods from our own shelf, given to a producer before anything was earned."""

    __tablename__ = "advance"
    __table_args__ = (
        one_of("kind", ADVANCE_KINDS),
        one_of("paid_from", PAID_FROM),
        UniqueConstraint("centre_id", "advance_no"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(kind = 'goods') = (paid_from = 'shelf')", name="goods_from_shelf"),
        CheckConstraint("(kind = 'service') = (paid_from = 'service')", name="service_is_work"),
        CheckConstraint("(paid_from = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_advance_producer_id", "centre_id", "producer_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    advance_no: Mapped[str] = mapped_column(String(30), nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    paid_from: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class AdvanceLine(Base):
    """Goods of ours given as an advance, at the shelf price of the day."""

    __tablename__ = "advance_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("tax_satang >= 0 AND cost_satang >= 0", name="parts_natural"),
        ForeignKeyConstraint(["centre_id", "advance_id"], ["advance.centre_id", "advance.id"]),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    advance_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    name_th: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False)
    unit: Mapped[str] = mapped_column(String(20), nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    unit_price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_rate_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The VAT inside the amount."""
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class AdvanceRepayment(Base):
    """Money a producer brought to give advances back."""

    __tablename__ = "advance_repayment"
    __table_args__ = (
        one_of("paid_into", ("till", "safe", "bank")),
        UniqueConstraint("centre_id", "repayment_no"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(paid_into = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_advance_repayment_producer_id", "centre_id", "producer_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    repayment_no: Mapped[str] = mapped_column(String(30), nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    paid_into: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class AdvanceNetting(Base):
    """A part of an advance given back: out of a settlement, out of a payout, or repaid."""

    __tablename__ = "advance_netting"
    __table_args__ = (
        one_of("document_type", NETTING_DOCUMENTS),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        ForeignKeyConstraint(["centre_id", "advance_id"], ["advance.centre_id", "advance.id"]),
        Index("ix_advance_netting_advance_id", "centre_id", "advance_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    document_type: Mapped[str] = mapped_column(String(12), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    advance_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class PayoutBatch(Base):
    """A file for the bank: many producers paid at once, frozen as it was handed over."""

    __tablename__ = "payout_batch"
    __table_args__ = (
        one_of("method", ("promptpay", "transfer")),
        UniqueConstraint("centre_id", "batch_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    batch_no: Mapped[str] = mapped_column(String(30), nullable=False)
    method: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    file_content: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class PayoutBatchLine(Base):
    """One producer in a batch. While it waits, what it would pay can't be paid another way."""

    __tablename__ = "payout_batch_line"
    __table_args__ = (
        one_of("state", BATCH_STATES),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(state = 'paid') = (payout_id IS NOT NULL)", name="paid_by_payout"),
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["payout_batch.centre_id", "payout_batch.id"]
        ),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "payout_id"], ["payout.centre_id", "payout.id"]),
        Index(
            "uq_payout_batch_line_waiting",
            "centre_id",
            "producer_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    account: Mapped[str] = mapped_column(String(60), nullable=False)
    """The PromptPay id or bank account as it went into the file."""
    account_name: Mapped[str] = mapped_column(String(160), nullable=False)
    pays: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The payout command this line becomes once the bank has paid it."""
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="waiting")
    reference: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    """The bank's reference when paid, why not when failed."""
    payout_id: Mapped[UUID | None] = mapped_column(Uuid)


class Payout(Base):
    """What one producer was paid on one voucher: settlements and purchases, less what is netted."""

    __tablename__ = "payout"
    __table_args__ = (
        one_of("method", PAYOUT_METHODS),
        one_of("paid_from", ("till", "safe", "bank", "nothing")),
        UniqueConstraint("centre_id", "payout_no"),
        CheckConstraint("amount_satang >= 0", name="amount_natural"),
        CheckConstraint("withheld_satang >= 0", name="withheld_natural"),
        CheckConstraint("(paid_from = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        one_of("recipient_kind", RECIPIENTS),
        CheckConstraint(
            "(recipient_kind = 'producer') = (length(recipient_name) = 0)", name="recipient_named"
        ),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_payout_producer_id", "centre_id", "producer_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payout_no: Mapped[str] = mapped_column(String(30), nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    method: Mapped[str] = mapped_column(String(10), nullable=False)
    paid_from: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The money handed over: its lines' sum less what was withheld; 0 when netting took all of it
    (offset).
    """
    withheld_satang: Mapped[int] = mapped_column(
        Satang, nullable=False, default=0, server_default=text("0")
    )
    """Tax held back from the payee, which we owe the Revenue Department."""
    withheld_basis_points: Mapped[int] = mapped_column(
        Integer, nullable=False, default=0, server_default=text("0")
    )
    recipient_kind: Mapped[str] = mapped_column(
        String(10), nullable=False, default="producer", server_default="producer"
    )
    recipient_name: Mapped[str] = mapped_column(
        String(160), nullable=False, default="", server_default=""
    )
    """Who took the money, when it was not the producer: an heir, or a proxy."""
    recipient_relation: Mapped[str] = mapped_column(
        String(80), nullable=False, default="", server_default=""
    )
    reference: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class PayoutLine(Base):
    """What a voucher pays (above zero) or takes off (below): a document and its part."""

    __tablename__ = "payout_line"
    __table_args__ = (
        one_of("kind", PAYOUT_LINE_KINDS),
        CheckConstraint("amount_satang <> 0", name="amount_something"),
        CheckConstraint(
            "(kind IN ('settlement', 'outright', 'opening')) = (amount_satang > 0)",
            name="sign_of_kind",
        ),
        ForeignKeyConstraint(["centre_id", "payout_id"], ["payout.centre_id", "payout.id"]),
        Index("ix_payout_line_document_id", "centre_id", "kind", "document_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    payout_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    document_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """The settlement, the goods receipt, what the old books owed, the advance, the refund, or the
    return whose credit is used.
    """
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
