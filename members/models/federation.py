"""The federation tree: networks, centres with their settings, villages."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, Uuid, one_of

VAT_MODES = ("not_registered", "registered")
CONSIGNMENT_BASES = ("commission", "gross")
OVERSELL_POLICIES = ("block", "allow_and_flag")
PROMPTPAY_KINDS = ("", "phone", "id", "ewallet")
ORGANISATION_TYPES = ("cooperative", "community_enterprise", "savings_group")


class Network(Base):
    """A network of centres: the middle level of the federation."""

    __tablename__ = "network"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name_th: Mapped[str] = mapped_column(String(200), nullable=False)
    name_en: Mapped[str] = mapped_column(String(200), nullable=False)


class CentreRow(Base):
    """An organisation with its own books, numbers and settings."""

    __tablename__ = "centre"
    __table_args__ = (
        one_of("oversell_policy", OVERSELL_POLICIES),
        one_of("promptpay_kind", PROMPTPAY_KINDS),
        one_of("organisation_type", ORGANISATION_TYPES),
        CheckConstraint("cash_rounding_satang IN (0, 25, 50, 100)", name="cash_rounding_known"),
        CheckConstraint("fiscal_year_start_month BETWEEN 1 AND 12", name="fiscal_month"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    network_id: Mapped[int] = mapped_column(BigId, ForeignKey("network.id"), nullable=False)
    code: Mapped[str] = mapped_column(String(20), nullable=False, unique=True)
    name_th: Mapped[str] = mapped_column(String(200), nullable=False)
    name_en: Mapped[str] = mapped_column(String(200), nullable=False)
    address: Mapped[str] = mapped_column(Text, nullable=False, default="")
    phone: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    tax_id: Mapped[str] = mapped_column(String(13), nullable=False, default="")
    oversell_policy: Mapped[str] = mapped_column(String(20), nullable=False, default="block")
    cash_rounding_satang: Mapped[int] = mapped_column(Satang, nullable=False, default=0)
    promptpay_kind: Mapped[str] = mapped_column(String(10), nullable=False, default="")
    promptpay_id: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    promptpay_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    fiscal_year_start_month: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    receipt_footer: Mapped[str] = mapped_column(Text, nullable=False, default="")
    organisation_type: Mapped[str] = mapped_column(
        String(20),
        nullable=False,
        default="community_enterprise",
        server_default="community_enterprise",
    )
    """Which law its shares and its surplus obey."""
    discount_limit_basis_points: Mapped[int | None] = mapped_column(Integer)
    discount_limit_satang: Mapped[int | None] = mapped_column(Satang)
    refund_limit_satang: Mapped[int | None] = mapped_column(Satang)
    """How far a cashier goes alone; None: as far as it takes. Above it a manager says so."""
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class TaxSetting(Base):
    """How the centre stands to VAT from a day on; the latest row not after the day is in force."""

    __tablename__ = "tax_setting"
    __table_args__ = (
        one_of("vat_mode", VAT_MODES),
        one_of("consignment_basis", CONSIGNMENT_BASES),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    vat_mode: Mapped[str] = mapped_column(String(20), nullable=False)
    consignment_basis: Mapped[str] = mapped_column(String(20), nullable=False)
    """Consigned goods of an unregistered producer: VAT on our `commission`, or on the `gross`."""


class Village(Base):
    """A village of the centre's area."""

    __tablename__ = "village"
    __table_args__ = (UniqueConstraint("centre_id", "name"),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    moo: Mapped[str] = mapped_column(String(10), nullable=False, default="")
    tambon: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    amphoe: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    changwat: Mapped[str] = mapped_column(String(80), nullable=False, default="")
