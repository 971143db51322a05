"""Who signs in, with which rights, and by what: passwords, sessions, tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, UtcDateTime, Uuid, one_of

ROLES = ("cashier", "stock_keeper", "accountant", "manager", "auditor", "producer")


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
    pin_centre_id: Mapped[int | None] = mapped_column(BigId)
    """Begun by PIN at a till of this centre: good for its counter alone, as a cashier."""


class StaffPin(Base):
    """Six digits by which someone takes over a till of a centre; worth nothing anywhere else."""

    __tablename__ = "staff_pin"

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("app_user.id"), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(200), nullable=False)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


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
