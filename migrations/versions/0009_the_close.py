"""Posting dates, activities, seals, and the close of months"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_check, add_copy, add_reference

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MONEY = {"cash_till": "cash", "cash_safe": "cash", "bank": "bank", "transfers_awaiting": "bank"}


def upgrade() -> None:
    _tables()
    add_reference("journal_line", "activity_id", "activity")
    op.alter_column("journal_line", "business_date", new_column_name="posting_date")
    op.drop_index("ix_journal_entry_business_date", table_name="journal_entry")
    add_copy("journal_entry", "posting_date", "business_date", "DATE")
    add_check("journal_entry", "posted_on_or_after", "posting_date >= business_date")
    op.create_index(
        "ix_journal_entry_posting_date", "journal_entry", ["centre_id", "posting_date", "id"]
    )
    late = sa.text("posting_date <> business_date")
    op.create_index(
        "ix_journal_entry_late",
        "journal_entry",
        ["centre_id", "business_date"],
        postgresql_where=late,
        sqlite_where=late,
    )
    op.add_column(
        "account", sa.Column("money", sa.String(length=10), server_default="", nullable=False)
    )
    add_check("account", "money_known", "money IN ('', 'cash', 'bank')")
    account = sa.table("account", sa.column("money"), sa.column("purpose"))
    for purpose, money in MONEY.items():
        op.execute(account.update().where(account.c.purpose == purpose).values(money=money))


def _tables() -> None:
    op.create_table(
        "activity",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_th", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_activity_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_activity")),
        sa.UniqueConstraint("centre_id", "code", name=op.f("uq_activity_centre_id_code")),
    )
    op.create_table(
        "seal",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("first_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column(
            "debit_total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("entry_count = last_no - first_no + 1", name=op.f("ck_seal_whole_run")),
        sa.CheckConstraint(
            "first_no >= 1 AND last_no >= first_no", name=op.f("ck_seal_run_of_entries")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_seal_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "sequence", name=op.f("pk_seal")),
        sa.UniqueConstraint(
            "centre_id",
            "fiscal_year",
            "first_no",
            name=op.f("uq_seal_centre_id_fiscal_year_first_no"),
        ),
        sa.UniqueConstraint(
            "centre_id",
            "fiscal_year",
            "last_no",
            name=op.f("uq_seal_centre_id_fiscal_year_last_no"),
        ),
    )
    op.create_table(
        "account_month",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("closing", sa.Boolean(), nullable=False),
        sa.Column("debit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("debit >= 0 AND credit >= 0", name=op.f("ck_account_month_sums")),
        sa.ForeignKeyConstraint(
            ["centre_id", "account_id"],
            ["account.centre_id", "account.id"],
            name=op.f("fk_account_month_centre_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "period_id"],
            ["accounting_period.centre_id", "accounting_period.id"],
            name=op.f("fk_account_month_centre_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_account_month_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id",
            "account_id",
            "period_id",
            "activity_id",
            "closing",
            name=op.f("pk_account_month"),
        ),
    )
    op.create_table(
        "month_close",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "period_id"],
            ["accounting_period.centre_id", "accounting_period.id"],
            name=op.f("fk_month_close_centre_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_month_close_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_month_close")),
    )
    op.create_table(
        "month_close_approval",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("close_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_to", sa.Integer(), nullable=False),
        sa.Column("seal_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "signed_by <> prepared_by", name=op.f("ck_month_close_approval_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "close_id"],
            ["month_close.centre_id", "month_close.id"],
            name=op.f("fk_month_close_approval_centre_id_close_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_month_close_approval_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "close_id", name=op.f("pk_month_close_approval")),
    )
    op.create_table(
        "month_reopening",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("close_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_month_reopening_with_reason")),
        sa.ForeignKeyConstraint(
            ["centre_id", "close_id"],
            ["month_close_approval.centre_id", "month_close_approval.close_id"],
            name=op.f("fk_month_reopening_centre_id_close_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_month_reopening_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_month_reopening")),
    )
    op.create_table(
        "month_reopening_approval",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reopening_id", sa.Uuid(), nullable=False),
        sa.Column("close_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "agreed_by <> asked_by", name=op.f("ck_month_reopening_approval_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "reopening_id"],
            ["month_reopening.centre_id", "month_reopening.id"],
            name=op.f("fk_month_reopening_approval_centre_id_reopening_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_month_reopening_approval_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "reopening_id", name=op.f("pk_month_reopening_approval")
        ),
        sa.UniqueConstraint(
            "centre_id", "close_id", name=op.f("uq_month_reopening_approval_centre_id_close_id")
        ),
    )
    op.create_table(
        "step_waiver",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("period_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("opened", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_by", sa.Uuid(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_step_waiver_with_reason")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_step_waiver_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "period_id", "step", "opened", name=op.f("pk_step_waiver")
        ),
    )
    op.create_table(
        "book_settings",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "approval_limit_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "turnover_limit_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("moved_percent", sa.Integer(), nullable=False),
        sa.Column("cash_report_days", sa.Integer(), nullable=False),
        sa.Column("aged_payable_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "aged_payable_days BETWEEN 1 AND 366", name=op.f("ck_book_settings_aged_payable_days")
        ),
        sa.CheckConstraint(
            "approval_limit_satang >= 0", name=op.f("ck_book_settings_approval_limit")
        ),
        sa.CheckConstraint(
            "cash_report_days BETWEEN 0 AND 31", name=op.f("ck_book_settings_cash_report_days")
        ),
        sa.CheckConstraint(
            "moved_percent BETWEEN 1 AND 1000", name=op.f("ck_book_settings_moved_percent")
        ),
        sa.CheckConstraint(
            "turnover_limit_satang > 0", name=op.f("ck_book_settings_turnover_limit")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_book_settings_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", name=op.f("pk_book_settings")),
    )
