"""Tables of the catalogue beside the product itself: units, barcodes, prices for many, pictures …

A product's own unit and price stay on the product. What was sold keeps its own label and factor,
so these rows may change; what a price was, when and by whom, is only ever added to.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of

SCALE_KINDS = ("weight", "price", "pieces")
PRICE_SOURCES = ("page", "api", "file", "system")
"""Through which door a price came; `system` is the demo and what was there before."""
LICENCE_KINDS = ("fda", "community", "organic", "gi", "gap", "fertiliser", "water", "other")
"""อย., มผช., organic, geographical indication, GAP, fertiliser, drinking water, any other."""
_OF_PRODUCT = (["centre_id", "product_id"], ["product.centre_id", "product.id"])
_OF_UNIT = (
    ["centre_id", "product_id", "unit_id"],
    ["product_unit.centre_id", "product_unit.product_id", "product_unit.id"],
)


class ProductUnit(Base):
    """Another unit a product is sold in: one of it is `factor_milli` thousandths of the base unit.

    It may be defined as `of_count_milli` of another unit of the product; the factor is kept anyway,
    and kept in step by the service. (An archive brings rows in any order: the key is deferred.)
    """

    __tablename__ = "product_unit"
    __table_args__ = (
        CheckConstraint("factor_milli > 0", name="factor_positive"),
        CheckConstraint("price_satang >= 0", name="price_natural"),
        CheckConstraint("(of_unit_id IS NULL) = (of_count_milli IS NULL)", name="of_named_whole"),
        CheckConstraint("of_count_milli > 0", name="of_count_positive"),
        CheckConstraint("of_unit_id <> id", name="of_another"),
        UniqueConstraint("centre_id", "product_id", "id"),
        UniqueConstraint("centre_id", "product_id", "label"),
        ForeignKeyConstraint(*_OF_PRODUCT),
        ForeignKeyConstraint(
            ["centre_id", "product_id", "of_unit_id"],
            ["product_unit.centre_id", "product_unit.product_id", "product_unit.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    label: Mapped[str] = mapped_column(String(20), nullable=False)
    factor_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    of_unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    of_count_milli: Mapped[int | None] = mapped_column(Milli)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class ProductBarcode(Base):
    """A code that is scanned for a product, or for one unit of it; a centre's code means one."""

    __tablename__ = "product_barcode"
    __table_args__ = (
        CheckConstraint("barcode <> ''", name="barcode_there"),
        ForeignKeyConstraint(*_OF_PRODUCT),
        ForeignKeyConstraint(*_OF_UNIT),
        Index("ix_product_barcode_product_id", "centre_id", "product_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    barcode: Mapped[str] = mapped_column(String(20), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)


class PriceTier(Base):
    """`count` whole units together for `price_satang`: three for 100, or a price for members."""

    __tablename__ = "price_tier"
    __table_args__ = (
        CheckConstraint("price_satang >= 0", name="price_natural"),
        CheckConstraint("count > 1 OR (count = 1 AND members_only)", name="many_or_members"),
        ForeignKeyConstraint(*_OF_PRODUCT),
        ForeignKeyConstraint(*_OF_UNIT),
        Index(
            "uq_price_tier_product",
            *("centre_id", "product_id", "members_only", "count"),
            unique=True,
            postgresql_where=text("unit_id IS NULL AND active"),
            sqlite_where=text("unit_id IS NULL AND active"),
        ),
        Index(
            "uq_price_tier_unit",
            *("centre_id", "product_id", "unit_id", "members_only", "count"),
            unique=True,
            postgresql_where=text("unit_id IS NOT NULL AND active"),
            sqlite_where=text("unit_id IS NOT NULL AND active"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The unit that is counted; None for the product's own."""
    members_only: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    count: Mapped[int] = mapped_column(Integer, nullable=False)
    price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class ScalePrefix(Base):
    """How to read the labels of a scale: what follows these digits of an EAN-13.

    GS1 leaves 02, 04 and 20–29 to the shop.

    prefix, item digits, value digits, check digit: 13 together, or 12 with one digit between item
    and value that only the scale understands.
    """

    __tablename__ = "scale_prefix"
    __table_args__ = (
        one_of("kind", SCALE_KINDS),
        CheckConstraint("item_digits BETWEEN 1 AND 8", name="item_digits_sane"),
        CheckConstraint("value_digits BETWEEN 3 AND 8", name="value_digits_sane"),
        CheckConstraint(
            "decimals BETWEEN 0 AND 3 AND (kind <> 'price' OR decimals < 3)", name="decimals_sane"
        ),
        CheckConstraint(
            "length(prefix) + item_digits + value_digits BETWEEN 11 AND 12", name="fills_the_code"
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(6), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    item_digits: Mapped[int] = mapped_column(Integer, nullable=False)
    value_digits: Mapped[int] = mapped_column(Integer, nullable=False)
    decimals: Mapped[int] = mapped_column(Integer, nullable=False)
    """How many of the value's digits stand behind the point: kg, baht or pieces."""
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class PriceChange(Base):
    """What one price of a product was and became, when and by whom; its own, a unit's, a tier's.

    `before_satang` is None for a first price, `after_satang` None when a unit or tier was ended.
    """

    __tablename__ = "price_change"
    __table_args__ = (
        one_of("source", PRICE_SOURCES),
        CheckConstraint("unit_id IS NULL OR tier_id IS NULL", name="one_subject"),
        CheckConstraint("before_satang IS NOT NULL OR after_satang IS NOT NULL", name="some_price"),
        ForeignKeyConstraint(*_OF_PRODUCT),
        ForeignKeyConstraint(*_OF_UNIT),
        ForeignKeyConstraint(["centre_id", "tier_id"], ["price_tier.centre_id", "price_tier.id"]),
        Index("ix_price_change_product_id", "centre_id", "product_id", "id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    tier_id: Mapped[UUID | None] = mapped_column(Uuid)
    label: Mapped[str] = mapped_column(String(60), nullable=False)
    """What was priced, as it was called then: «กก.», «แผง», «3 ขวด»."""
    before_satang: Mapped[int | None] = mapped_column(Satang)
    after_satang: Mapped[int | None] = mapped_column(Satang)
    at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(120), nullable=False)
    source: Mapped[str] = mapped_column(String(10), nullable=False)


class ProductCategory(Base):
    """A category with its place among the others; `key` is what products, terms, promotions name.

    The key never changes, so renaming leaves what was agreed for a category in force. A category
    merged into another stays, for old terms and promotions still name it.
    """

    __tablename__ = "product_category"
    __table_args__ = (
        UniqueConstraint("centre_id", "key"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        ForeignKeyConstraint(
            ["centre_id", "merged_into_id"],
            ["product_category.centre_id", "product_category.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(
            "uq_product_category_name_th",
            *("centre_id", "name_th"),
            unique=True,
            postgresql_where=text("merged_into_id IS NULL"),
            sqlite_where=text("merged_into_id IS NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(String(60), nullable=False)
    name_th: Mapped[str] = mapped_column(String(60), nullable=False)
    name_en: Mapped[str] = mapped_column(String(60), nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    merged_into_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class ProductPicture(Base):
    """A product's picture, made anew by us from what was uploaded, and a small one for the till."""

    __tablename__ = "product_picture"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="size_positive"),
        ForeignKeyConstraint(*_OF_PRODUCT),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    """Both WebP."""
    width: Mapped[int] = mapped_column(Integer, nullable=False)
    height: Mapped[int] = mapped_column(Integer, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    """SHA-256 of the content: names the version in the picture's address."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)


class ProductLicence(Base):
    """A number an authority gave a product (อย., มผช., organic, GI …), and until when it holds."""

    __tablename__ = "product_licence"
    __table_args__ = (
        one_of("kind", LICENCE_KINDS),
        CheckConstraint("expires_on >= issued_on", name="days_in_order"),
        ForeignKeyConstraint(*_OF_PRODUCT),
        Index("ix_product_licence_product_id", "centre_id", "product_id"),
        Index("ix_product_licence_expires_on", "centre_id", "expires_on"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    number: Mapped[str] = mapped_column(String(60), nullable=False)
    issued_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    """The last day it holds; None when it has no end."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    """False once it was renewed under another row or given up: no more warning."""
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
