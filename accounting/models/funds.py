"""What comes into funds, who asks of them, and what they pay. Rows are only ever added.

A recipient's name stands in one table of its own, the only one here that may be blanked when a
person is erased; every paper names the recipient's row. What moved money has an entry in the books;
a balance is never stored.
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

from accounting.rules.funds import CATEGORIES, FIXED, GIVERS, PRECISIONS, PURPOSES, RATIO
from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

PLACES = ("safe", "bank", "apart")
"""Where money of funds is: the shop's safe or bank, or apart from both (funeral aid)."""
_FUND = ("fund.centre_id", "fund.id")
_VILLAGE = ("village.centre_id", "village.id")
_MEMBER = ("member.centre_id", "member.id")
_RESOLUTION = ("resolution.centre_id", "resolution.id")
_REQUEST = ("fund_request.centre_id", "fund_request.id")


class FundRuleRow(Base):
    """A rule of a fund as it was decided; the latest one counts, all of them stay."""

    __tablename__ = "fund_rule"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "fund_id"], _FUND),
        ForeignKeyConstraint(["centre_id", "resolution_id"], _RESOLUTION),
        CheckConstraint("approvals BETWEEN 2 AND 9", name="two_or_more"),
        UniqueConstraint("centre_id", "fund_id", "version_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    version_no: Mapped[int] = mapped_column(Integer, nullable=False)
    who_may_ask: Mapped[str] = mapped_column(String(200), nullable=False)
    purposes: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    request_max_satang: Mapped[int | None] = mapped_column(Satang)
    recipient_year_max_satang: Mapped[int | None] = mapped_column(Satang)
    approvals: Mapped[int] = mapped_column(Integer, nullable=False)
    expires_on: Mapped[date | None] = mapped_column(Date)
    registration_no: Mapped[str] = mapped_column(String(60), nullable=False)
    giver: Mapped[str] = mapped_column(String(120), nullable=False)
    resolution_id: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class MatchRound(Base):
    """A round in which somebody adds to what villages have; no number of villages is kept here."""

    __tablename__ = "match_round"
    __table_args__ = (
        one_of("rule_type", (FIXED, RATIO)),
        one_of("source", tuple(GIVERS)),
        one_of("happened_precision", PRECISIONS),
        ForeignKeyConstraint(["centre_id", "fund_id"], _FUND),
        CheckConstraint(
            "(rule_type = 'fixed' AND amount_satang > 0 AND ratio_basis_points = 0)"
            " OR (rule_type = 'ratio' AND amount_satang = 0 AND ratio_basis_points > 0)",
            name="rule_complete",
        ),
        CheckConstraint("cap_satang IS NULL OR cap_satang > 0", name="cap_positive"),
        CheckConstraint("counts_from <= counts_to", name="days_in_order"),
        UniqueConstraint("centre_id", "round_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round_no: Mapped[str] = mapped_column(String(30), nullable=False)
    fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    title: Mapped[str] = mapped_column(String(160), nullable=False)
    source: Mapped[str] = mapped_column(String(20), nullable=False)
    giver_name: Mapped[str] = mapped_column(String(120), nullable=False)
    rule_type: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """For each village, when fixed."""
    ratio_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    cap_satang: Mapped[int | None] = mapped_column(Satang)
    counts_from: Mapped[date] = mapped_column(Date, nullable=False)
    counts_to: Mapped[date] = mapped_column(Date, nullable=False)
    """What villages put in between these days is what a ratio is of."""
    happened_on: Mapped[date] = mapped_column(Date, nullable=False)
    happened_precision: Mapped[str] = mapped_column(String(10), nullable=False)
    """`month` when only the month is known: the first of it then stands for it."""
    recipients_stated: Mapped[int | None] = mapped_column(Integer)
    """How many recipients the round's own paper names; beside the register, never reckoned with."""
    note: Mapped[str] = mapped_column(Text, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class DeathCase(Base):
    """A death for which funeral aid is collected and paid."""

    __tablename__ = "death_case"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "fund_id"], _FUND),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        ForeignKeyConstraint(["centre_id", "village_id"], _VILLAGE),
        UniqueConstraint("centre_id", "case_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_no: Mapped[str] = mapped_column(String(30), nullable=False)
    fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    deceased_name: Mapped[str] = mapped_column(String(120), nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    village_id: Mapped[UUID | None] = mapped_column(Uuid)
    died_on: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class FundRecipient(Base):
    """Somebody helped, with as little as a register needs; blanked when the person is erased."""

    __tablename__ = "fund_recipient"
    __table_args__ = (
        one_of("category", tuple(CATEGORIES)),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        ForeignKeyConstraint(["centre_id", "village_id"], _VILLAGE),
        CheckConstraint("erased OR NOT minor OR guardian_name <> ''", name="guardian_named"),
        Index("ix_fund_recipient_name", "centre_id", "name_key"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    name_key: Mapped[str] = mapped_column(String(120), nullable=False)
    """The name as it is compared."""
    category: Mapped[str] = mapped_column(String(20), nullable=False)
    minor: Mapped[bool] = mapped_column(Boolean, nullable=False)
    guardian_name: Mapped[str] = mapped_column(String(120), nullable=False)
    guardian_relation: Mapped[str] = mapped_column(String(60), nullable=False)
    village_id: Mapped[UUID | None] = mapped_column(Uuid)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    erased: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)


class FundRequest(Base):
    """What somebody asks of a fund, for a recipient; decided by the rows of fund_decision."""

    __tablename__ = "fund_request"
    __table_args__ = (
        one_of("purpose", tuple(PURPOSES)),
        ForeignKeyConstraint(["centre_id", "fund_id"], _FUND),
        ForeignKeyConstraint(
            ["centre_id", "recipient_id"], ["fund_recipient.centre_id", "fund_recipient.id"]
        ),
        ForeignKeyConstraint(["centre_id", "case_id"], ["death_case.centre_id", "death_case.id"]),
        ForeignKeyConstraint(
            ["centre_id", "round_id"], ["match_round.centre_id", "match_round.id"]
        ),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("approvals BETWEEN 2 AND 9", name="two_or_more"),
        UniqueConstraint("centre_id", "request_no"),
        Index("ix_fund_request_fund", "centre_id", "fund_id", "id"),
        Index("ix_fund_request_recipient", "centre_id", "recipient_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    request_no: Mapped[str] = mapped_column(String(30), nullable=False)
    fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    recipient_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    purpose: Mapped[str] = mapped_column(String(20), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    repayable: Mapped[bool] = mapped_column(Boolean, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    round_id: Mapped[UUID | None] = mapped_column(Uuid)
    approvals: Mapped[int] = mapped_column(Integer, nullable=False)
    """How many different people must say yes, by the rule of the day it was asked."""
    requested_on: Mapped[date] = mapped_column(Date, nullable=False)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    requested_by: Mapped[UUID | None] = mapped_column(Uuid)
    requested_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)


class FundDecision(Base):
    """One person's word on a request: yes, no, or taken back."""

    __tablename__ = "fund_decision"
    __table_args__ = (
        one_of("kind", ("approve", "refuse", "withdraw")),
        ForeignKeyConstraint(["centre_id", "request_id"], _REQUEST),
        CheckConstraint("kind = 'approve' OR reason <> ''", name="reason_given"),
        UniqueConstraint("centre_id", "request_id", "decided_by"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    request_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    reason: Mapped[str] = mapped_column(String(300), nullable=False)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    decided_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    decided_name: Mapped[str] = mapped_column(String(120), nullable=False)


class FundGrant(Base):
    """The payment of an approved request, with its voucher."""

    __tablename__ = "fund_grant"
    __table_args__ = (
        one_of("paid_from", PLACES),
        ForeignKeyConstraint(["centre_id", "request_id"], _REQUEST),
        ForeignKeyConstraint(["centre_id", "fund_id"], _FUND),
        ForeignKeyConstraint(
            ["centre_id", "expense_account_id"], ["account.centre_id", "account.id"]
        ),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        UniqueConstraint("centre_id", "grant_no"),
        UniqueConstraint("centre_id", "request_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    grant_no: Mapped[str] = mapped_column(String(30), nullable=False)
    request_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_from: Mapped[str] = mapped_column(String(10), nullable=False)
    expense_account_id: Mapped[UUID | None] = mapped_column(Uuid)
    """For a restricted grant: the cost it pays for."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class FundContribution(Base):
    """Money that came into a fund, from whom, and for which village if for one."""

    __tablename__ = "fund_contribution"
    __table_args__ = (
        one_of("source", tuple(GIVERS)),
        one_of("paid_to", PLACES),
        ForeignKeyConstraint(["centre_id", "fund_id"], _FUND),
        ForeignKeyConstraint(["centre_id", "member_id"], _MEMBER),
        ForeignKeyConstraint(["centre_id", "village_id"], _VILLAGE),
        ForeignKeyConstraint(
            ["centre_id", "round_id"], ["match_round.centre_id", "match_round.id"]
        ),
        ForeignKeyConstraint(["centre_id", "case_id"], ["death_case.centre_id", "death_case.id"]),
        ForeignKeyConstraint(["centre_id", "grant_id"], ["fund_grant.centre_id", "fund_grant.id"]),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(source = 'repayment') = (grant_id IS NOT NULL)", name="what_is_repaid"),
        CheckConstraint("round_id IS NULL OR village_id IS NOT NULL", name="round_by_village"),
        UniqueConstraint("centre_id", "contribution_no"),
        Index("ix_fund_contribution_fund", "centre_id", "fund_id", "id"),
        Index("ix_fund_contribution_round", "centre_id", "round_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    contribution_no: Mapped[str] = mapped_column(String(30), nullable=False)
    fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    source: Mapped[str] = mapped_column(String(20), nullable=False)
    giver_name: Mapped[str] = mapped_column(String(120), nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    village_id: Mapped[UUID | None] = mapped_column(Uuid)
    round_id: Mapped[UUID | None] = mapped_column(Uuid)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    grant_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    paid_to: Mapped[str] = mapped_column(String(10), nullable=False)
    note: Mapped[str] = mapped_column(String(200), nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class FundTransfer(Base):
    """Money moved from one fund to another by a resolution."""

    __tablename__ = "fund_transfer"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "from_fund_id"], _FUND),
        ForeignKeyConstraint(["centre_id", "to_fund_id"], _FUND),
        ForeignKeyConstraint(["centre_id", "resolution_id"], _RESOLUTION),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("from_fund_id <> to_fund_id", name="two_funds"),
        UniqueConstraint("centre_id", "transfer_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    transfer_no: Mapped[str] = mapped_column(String(30), nullable=False)
    from_fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    to_fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    resolution_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    note: Mapped[str] = mapped_column(String(200), nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class FundReversal(Base):
    """A contribution, payment or transfer taken back as a whole, once, for a reason."""

    __tablename__ = "fund_reversal"
    __table_args__ = (
        one_of("document_type", ("fund_contribution", "fund_grant", "fund_transfer")),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    document_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(String(300), nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class FundClosing(Base):
    """A fund that ended by a resolution, empty or with its rest moved to another."""

    __tablename__ = "fund_closing"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "fund_id"], _FUND),
        ForeignKeyConstraint(["centre_id", "resolution_id"], _RESOLUTION),
        ForeignKeyConstraint(
            ["centre_id", "transfer_id"], ["fund_transfer.centre_id", "fund_transfer.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    fund_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    resolution_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    transfer_id: Mapped[UUID | None] = mapped_column(Uuid)
    closed_on: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
