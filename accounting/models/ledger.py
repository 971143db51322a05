"""Tables of the books. The guards in migrations/guards make them unalterable.

An entry's lines are inserted first and its header last: the header's insert is what posts the
entry, and a trigger refuses it unless the lines balance. So an entry that exists is posted.
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from accounting.rules.funds import KINDS
from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

ACCOUNT_TYPES = ("asset", "liability", "equity", "income", "expense")
CONTROL_KEYS = ("", "producer", "member", "lot", "till")
MONEY = ("", "cash", "bank")


class Account(Base):
    """An account of the chart; postings find it by purpose, people by code and name."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("type", ACCOUNT_TYPES),
        one_of("control_key", CONTROL_KEYS),
        one_of("money", MONEY),
        UniqueConstraint("centre_id", "code"),
        UniqueConstraint("centre_id", "purpose"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(10), nullable=False)
    name_th: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False)
    type: Mapped[str] = mapped_column(String(10), nullable=False)
    purpose: Mapped[str | None] = mapped_column(String(40))
    control_key: Mapped[str] = mapped_column(String(10), nullable=False, default="")
    """The sub-ledger key every line of this account must carry; empty for an ordinary account."""
    money: Mapped[str] = mapped_column(String(10), nullable=False, default="")
    """`cash` or `bank` when the account is money; the cash flow statement explains these."""
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)


class Activity(Base):
    """A profit centre of the centre: shop, water, fertiliser … Lines may name one."""

    __tablename__ = "activity"
    __table_args__ = (UniqueConstraint("centre_id", "code"),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_th: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)


class AccountingPeriod(Base):
    """A month of the books; `id` is year × 100 + month (CE), e.g. 202611."""

    __tablename__ = "accounting_period"
    __table_args__ = (one_of("state", ("open", "closed")),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="open")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)


class JournalEntry(Base):
    """The header of a posted entry: one business event, one entry."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        CheckConstraint("debit_total = credit_total", name="balanced"),
        CheckConstraint("debit_total > 0", name="positive"),
        CheckConstraint("line_count >= 2", name="two_lines"),
        CheckConstraint("entry_no > 0", name="entry_no_positive"),
        UniqueConstraint("centre_id", "fiscal_year", "entry_no"),
        UniqueConstraint("centre_id", "source_type", "source_id", "kind"),
        UniqueConstraint("centre_id", "reverses_id"),
        ForeignKeyConstraint(
            ["centre_id", "period_id"], ["accounting_period.centre_id", "accounting_period.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "reverses_id"], ["journal_entry.centre_id", "journal_entry.id"]
        ),
        CheckConstraint("posting_date >= business_date", name="posted_on_or_after"),
        Index("ix_journal_entry_posting_date", "centre_id", "posting_date", "id"),
        Index(
            "ix_journal_entry_late",
            "centre_id",
            "business_date",
            postgresql_where=text("posting_date <> business_date"),
            sqlite_where=text("posting_date <> business_date"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(Integer, nullable=False)
    """The Buddhist-era year in which the fiscal year ends; numbers run within it."""
    entry_no: Mapped[int] = mapped_column(BigId, nullable=False)
    period_id: Mapped[int] = mapped_column(Integer, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    """The document's own day."""
    posting_date: Mapped[date] = mapped_column(Date, nullable=False)
    """The day it counts in the books: the same, unless that day's month was locked already."""
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    posted_by: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(30), nullable=False)
    source_type: Mapped[str] = mapped_column(String(30), nullable=False)
    source_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    memo: Mapped[str] = mapped_column(Text, nullable=False, default="")
    reverses_id: Mapped[UUID | None] = mapped_column(Uuid)
    line_count: Mapped[int] = mapped_column(Integer, nullable=False)
    debit_total: Mapped[int] = mapped_column(Satang, nullable=False)
    credit_total: Mapped[int] = mapped_column(Satang, nullable=False)


class Fund(Base):
    """A named fund of the community, kept in one of the accounts for funds."""

    __tablename__ = "fund"
    __table_args__ = (
        one_of("kind", tuple(KINDS)),
        CheckConstraint(
            "(kind = 'funeral_aid') = (purpose = 'funeral_aid')"
            " AND (kind = 'restricted_grant') = (purpose = 'restricted_grants')",
            name="kept_apart",
        ),
        UniqueConstraint("centre_id", "code"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_th: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False)
    purpose: Mapped[str] = mapped_column(String(40), nullable=False)
    """Which account keeps it: one of `accounting.rules.funds.KEPT_IN`."""
    kind: Mapped[str] = mapped_column(String(20), nullable=False, server_default="other")
    """What it is for, of `accounting.rules.funds.KINDS`; neither ever changes."""
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)


class JournalLine(Base):
    """A line of an entry: one account, one side, positive satang, and its sub-ledger keys."""

    __tablename__ = "journal_line"
    __table_args__ = (
        CheckConstraint(
            "debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)", name="one_side"
        ),
        ForeignKeyConstraint(
            ["centre_id", "entry_id"],
            ["journal_entry.centre_id", "journal_entry.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(["centre_id", "account_id"], ["account.centre_id", "account.id"]),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        ForeignKeyConstraint(
            ["centre_id", "fund_id"],
            ["fund.centre_id", "fund.id"],
            name="fk_journal_line_centre_id_fund_id",
        ),
        ForeignKeyConstraint(
            ["centre_id", "activity_id"],
            ["activity.centre_id", "activity.id"],
            name="fk_journal_line_centre_id_activity_id",
        ),
        Index(
            "ix_journal_line_account",
            "centre_id",
            "account_id",
            "posting_date",
            postgresql_include=["debit", "credit"],
        ),
        Index(
            "ix_journal_line_producer",
            "centre_id",
            "producer_id",
            "account_id",
            postgresql_where=text("producer_id IS NOT NULL"),
            sqlite_where=text("producer_id IS NOT NULL"),
        ),
        Index(
            "ix_journal_line_fund",
            "centre_id",
            "fund_id",
            "posting_date",
            postgresql_include=["debit", "credit", "account_id", "entry_id"],
            postgresql_where=text("fund_id IS NOT NULL"),
            sqlite_where=text("fund_id IS NOT NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    account_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    posting_date: Mapped[date] = mapped_column(Date, nullable=False)
    """The entry's posting date again, so that an account can be read by date from one index."""
    debit: Mapped[int] = mapped_column(Satang, nullable=False)
    credit: Mapped[int] = mapped_column(Satang, nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    producer_id: Mapped[UUID | None] = mapped_column(Uuid)
    lot_id: Mapped[UUID | None] = mapped_column(Uuid)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    fund_id: Mapped[UUID | None] = mapped_column(Uuid)
    activity_id: Mapped[UUID | None] = mapped_column(Uuid)
    memo: Mapped[str] = mapped_column(Text, nullable=False, default="")
