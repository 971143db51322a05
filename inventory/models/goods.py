"""Tables of the goods: what is sold, whose it is, where it lies, and every move of it.

Lots and moves are never changed or deleted; `stock_level` is the sum of moves, kept beside them
because the counter must lock it, and recomputed by `sunruam verify`.
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
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of

SOLD_BY = ("piece", "weight")
OWNERSHIPS = ("own", "consigned")
LOCATION_KINDS = ("shop", "storage", "producer", "customer", "waste", "transit", "work")
BEARERS = ("centre", "producer")
WASTE_KINDS = ("loss", "weight_loss")
RECEIPT_KINDS = ("outright", "consignment", "transfer", "opening", "production")
"""A transfer's goods come from another centre: bought or consigned there, lot by lot; an opening's
lay here on the first day, as the old books say; a production's came out of a batch of ours.
"""


class Product(Base):
    """A thing we sell. Price is per unit (1,000 thousandths), VAT included when registered."""

    __tablename__ = "product"
    __table_args__ = (
        one_of("sold_by", SOLD_BY),
        CheckConstraint("price_satang >= 0", name="price_natural"),
        UniqueConstraint("centre_id", "code"),
        Index("ix_product_search", "centre_id", "sort_key", "id", "search_key"),
        ForeignKeyConstraint(["centre_id", "activity_id"], ["activity.centre_id", "activity.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_th: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False)
    category: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    picture: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    """A short sign for the button: one emoji or the name of one of our icons."""
    sold_by: Mapped[str] = mapped_column(String(10), nullable=False)
    unit: Mapped[str] = mapped_column(String(20), nullable=False)
    price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_code: Mapped[str] = mapped_column(String(20), nullable=False, default="exempt")
    activity_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The profit centre its income and costs belong to, if it has one."""
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    sort_key: Mapped[str] = mapped_column(Text, nullable=False)
    search_key: Mapped[str] = mapped_column(Text, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class Location(Base):
    """A place goods move from and to: our shelves, or the world (producer, customer, waste)."""

    __tablename__ = "location"
    __table_args__ = (
        one_of("kind", LOCATION_KINDS),
        UniqueConstraint("centre_id", "code"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_th: Mapped[str] = mapped_column(String(80), nullable=False)
    name_en: Mapped[str] = mapped_column(String(80), nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)


class GoodsReceipt(Base):
    """An intake: what one producer delivered, outright or on consignment."""

    __tablename__ = "goods_receipt"
    __table_args__ = (
        one_of("kind", RECEIPT_KINDS),
        one_of("paid", ("payable", "cash", "none")),
        UniqueConstraint("centre_id", "receipt_no"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        ForeignKeyConstraint(
            ["centre_id", "order_id"], ["purchase_order.centre_id", "purchase_order.id"]
        ),
        CheckConstraint("tax_satang >= 0", name="tax_natural"),
        Index("ix_goods_receipt_producer_id", "centre_id", "producer_id", "business_date"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    receipt_no: Mapped[str] = mapped_column(String(30), nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    paid: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The till whose drawer paid, when paid in cash, and its shift at that moment."""
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What its lots cost us; what we owe for them is `owed_satang`."""
    order_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The purchase order it came on."""
    tax_satang: Mapped[int] = mapped_column(
        Satang, nullable=False, default=0, server_default=text("0")
    )
    """Input VAT of the supplier's tax invoice that we claim, beside the cost."""
    due_on: Mapped[date | None] = mapped_column(Date)
    """When the purchase is to be paid; None: at once."""
    invoice_no: Mapped[str] = mapped_column(
        String(40), nullable=False, default="", server_default=""
    )
    """The number on the supplier's paper, and its date."""
    invoice_on: Mapped[date | None] = mapped_column(Date)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The command as it came, so that a repeated id can be told what differs."""

    @hybrid_property
    def owed_satang(self) -> int:
        """What the supplier is owed, or was paid at once: the cost and the VAT beside it."""
        return self.cost_satang + self.tax_satang


class GoodsReceiptCancellation(Base):
    """An intake taken back whole before anything of it moved; the intake itself stays."""

    __tablename__ = "goods_receipt_cancellation"
    __table_args__ = (
        UniqueConstraint("centre_id", "goods_receipt_id"),
        ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"],
            ["goods_receipt.centre_id", "goods_receipt.id"],
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    goods_receipt_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The shift whose drawer the cash went back into, when it was paid in cash."""


class Lot(Base):
    """One line of one delivery: producer, grade, agreed price or frozen terms, expiry."""

    __tablename__ = "lot"
    __table_args__ = (
        one_of("ownership", OWNERSHIPS),
        UniqueConstraint("centre_id", "lot_no"),
        UniqueConstraint("centre_id", "goods_receipt_id", "line_no"),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("cost_satang >= 0", name="cost_natural"),
        CheckConstraint(
            "(ownership = 'consigned') = (split_basis_points IS NOT NULL)",
            name="terms_frozen",
        ),
        CheckConstraint("split_basis_points BETWEEN 0 AND 10000", name="split_within_whole"),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"],
            ["goods_receipt.centre_id", "goods_receipt.id"],
        ),
        Index("ix_lot_product_id", "centre_id", "product_id", "received_at"),
        Index("ix_lot_producer_id", "centre_id", "producer_id"),
        Index(
            "ix_lot_member_id",
            *("centre_id", "member_id"),
            postgresql_where=text("member_id IS NOT NULL"),
            sqlite_where=text("member_id IS NOT NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    lot_no: Mapped[str] = mapped_column(String(30), nullable=False)
    goods_receipt_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    line_no: Mapped[int] = mapped_column(Integer, nullable=False)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The producer as a member, frozen at intake: the key patronage is reckoned by."""
    ownership: Mapped[str] = mapped_column(String(10), nullable=False)
    gross_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    tare_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    deduction_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """Net: gross − tare − deduction."""
    grade: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    unit_cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the whole lot cost us; 0 when consigned, for it is not ours."""
    split_basis_points: Mapped[int | None] = mapped_column(Integer)
    """The producer's part of each sale in 1/10,000, frozen at intake."""
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The consignment terms agreed, frozen whole; None when only the split was agreed."""
    expires_on: Mapped[date | None] = mapped_column(Date)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class StockMove(Base):
    """Goods of one lot going from one location to another because of one document.

    `cost_satang` is the book value that moved (own goods). For consigned goods sold,
    `base_satang` is the money shared with the producer and `share_satang` the producer's part.
    """

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("from_location_id <> to_location_id", name="goes_somewhere"),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(
            ["centre_id", "from_location_id"], ["location.centre_id", "location.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "to_location_id"], ["location.centre_id", "location.id"]
        ),
        CheckConstraint(
            "(original_id IS NULL) = (original_type IS NULL)"
            " AND (original_id IS NULL) = (original_move_no IS NULL)",
            name="original_named_whole",
        ),
        Index("ix_stock_move_lot_id", "centre_id", "lot_id"),
        Index(
            "ix_stock_move_original",
            "centre_id",
            "original_type",
            "original_id",
            postgresql_where=text("original_id IS NOT NULL"),
            sqlite_where=text("original_id IS NOT NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    source_type: Mapped[str] = mapped_column(String(30), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    move_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    line_no: Mapped[int] = mapped_column(Integer, nullable=False)
    """The line of the source document this move serves; a line may draw on several lots."""
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    from_location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    to_location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    base_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    share_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    levy_satang: Mapped[int] = mapped_column(Satang, nullable=False, server_default=text("0"))
    """Put into the fund the lot's terms name, out of the centre's part."""
    borne_satang: Mapped[int] = mapped_column(Satang, nullable=False, server_default=text("0"))
    """The discount the producer bore; already taken off `share_satang`."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    original_type: Mapped[str | None] = mapped_column(String(30))
    original_id: Mapped[UUID | None] = mapped_column(Uuid)
    original_move_no: Mapped[int | None] = mapped_column(Integer)
    """The move these goods left by, when this move brings them back."""


class StockLevel(Base):
    """How much of a lot lies at a location, and its book value; below zero only when flagged."""

    __tablename__ = "stock_level"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        Index(
            "ix_stock_level_on_hand",
            "centre_id",
            "product_id",
            "location_id",
            postgresql_where=text("quantity_milli > 0"),
            sqlite_where=text("quantity_milli > 0"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    location_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    value_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class Waste(Base):
    """Goods written off, with a reason and who bears it."""

    __tablename__ = "waste"
    __table_args__ = (
        one_of("bearer", BEARERS),
        UniqueConstraint("centre_id", "waste_no"),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    waste_no: Mapped[str] = mapped_column(String(30), nullable=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    bearer: Mapped[str] = mapped_column(String(10), nullable=False)
    charge_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the centre bears: the cost of own goods, or the producer's share of consigned ones."""
    kind: Mapped[str] = mapped_column(String(12), nullable=False, server_default=text("'loss'"))
    """A loss someone bears, or the weight fresh goods lose by drying, which is nobody's fault."""
    rule_bearer: Mapped[str | None] = mapped_column(String(10))
    """Who bears it by the rule of the category on that day; None when there was no rule."""
    override_reason: Mapped[str] = mapped_column(Text, nullable=False, server_default=text("''"))
    """Why another bore it than the rule says."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
