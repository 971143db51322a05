"""Tables of the community: the federation tree, people, and who may do what.

Networks, centres and users stand above centres; every other row belongs to exactly one centre.
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
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

VAT_MODES = ("not_registered", "registered")
CONSIGNMENT_BASES = ("commission", "gross")
OVERSELL_POLICIES = ("block", "allow_and_flag")
PROMPTPAY_KINDS = ("", "phone", "id", "ewallet")
PRODUCER_KINDS = ("person", "group")
ROLES = ("cashier", "stock_keeper", "accountant", "manager", "auditor", "producer")


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


class Member(Base):
    """A member of the centre; `sort_key` orders Thai names, `search_key` forgives tone marks."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("centre_id", "member_no"),
        ForeignKeyConstraint(["centre_id", "village_id"], ["village.centre_id", "village.id"]),
        Index("ix_member_sort_key", "centre_id", "sort_key"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_no: Mapped[str] = mapped_column(String(20), nullable=False)
    title: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    first_name: Mapped[str] = mapped_column(String(80), nullable=False)
    last_name: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    nickname: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    phone: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    house_no: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    village_id: Mapped[UUID | None] = mapped_column(Uuid)
    joined_on: Mapped[date] = mapped_column(Date, nullable=False)
    resigned_on: Mapped[date | None] = mapped_column(Date)
    sort_key: Mapped[str] = mapped_column(Text, nullable=False)
    search_key: Mapped[str] = mapped_column(Text, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class Producer(Base):
    """A person or group that delivers goods; a producer may also be a member."""

    __tablename__ = "producer"
    __table_args__ = (
        one_of("kind", PRODUCER_KINDS),
        UniqueConstraint("centre_id", "producer_no"),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        ForeignKeyConstraint(["centre_id", "village_id"], ["village.centre_id", "village.id"]),
        CheckConstraint("split_basis_points BETWEEN 0 AND 10000", name="split_within_whole"),
        Index("ix_producer_sort_key", "centre_id", "sort_key"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    producer_no: Mapped[str] = mapped_column(String(20), nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    name: Mapped[str] = mapped_column(String(160), nullable=False)
    phone: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    village_id: Mapped[UUID | None] = mapped_column(Uuid)
    split_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=8000)
    """The producer's usual part of a consigned sale; frozen on each lot at intake."""
    promptpay_id: Mapped[str] = mapped_column(
        String(15), nullable=False, default="", server_default=""
    )
    bank_code: Mapped[str] = mapped_column(String(3), nullable=False, default="", server_default="")
    bank_account: Mapped[str] = mapped_column(
        String(15), nullable=False, default="", server_default=""
    )
    bank_account_name: Mapped[str] = mapped_column(
        String(160), nullable=False, default="", server_default=""
    )
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    sort_key: Mapped[str] = mapped_column(Text, nullable=False)
    search_key: Mapped[str] = mapped_column(Text, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class AppUser(Base):
    """Someone who signs in; roles are given per centre, network officers per network."""

    __tablename__ = "app_user"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    username: Mapped[str] = mapped_column(String(60), nullable=False, unique=True)
    display_name: Mapped[str] = mapped_column(String(120), nullable=False)
    password_hash: Mapped[str] = mapped_column(String(200), nullable=False)
    locale: Mapped[str] = mapped_column(String(5), nullable=False, default="th")
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    by_pin: Mapped[bool] = mapped_column(
        Boolean, nullable=False, default=False, server_default=false()
    )
    """A producer who signs in with the phone number and a PIN: no other role, no password."""
    officer_network_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("network.id"))
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class RoleGrant(Base):
    """A role of a user in a centre; a producer's grant names whose rows it opens."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", ROLES),
        UniqueConstraint("centre_id", "user_id", "role"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        CheckConstraint("(role = 'producer') = (producer_id IS NOT NULL)", name="producer_named"),
        Index("ix_role_grant_user_id", "user_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("app_user.id"), nullable=False)
    role: Mapped[str] = mapped_column(String(20), nullable=False)
    producer_id: Mapped[UUID | None] = mapped_column(Uuid)


class UserSession(Base):
    """A signed-in browser; the cookie holds the token, this row only its SHA-256."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_user_id", "user_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("app_user.id"), nullable=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    user_agent: Mapped[str] = mapped_column(String(200), nullable=False, default="")


class ApiToken(Base):
    """A machine's bearer token in one centre, acting for a user; only its SHA-256 is kept."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("app_user.id"), nullable=False)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    token_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInAttempt(Base):
    """A try to sign in, kept for the rate limit; swept when old."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_username", "username", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    username: Mapped[str] = mapped_column(String(60), nullable=False)
    address: Mapped[str] = mapped_column(String(60), nullable=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    succeeded: Mapped[bool] = mapped_column(Boolean, nullable=False)
