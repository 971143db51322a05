"""Bank statements and their matches"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_mapping",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "account_id"],
            ["account.centre_id", "account.id"],
            name=op.f("fk_bank_mapping_centre_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_bank_mapping_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "account_id", name=op.f("pk_bank_mapping")),
    )
    op.create_table(
        "bank_file",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id", "account_id"],
            ["account.centre_id", "account.id"],
            name=op.f("fk_bank_file_centre_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_bank_file_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint(
            "centre_id",
            "account_id",
            "digest",
            name=op.f("uq_bank_file_centre_id_account_id_digest"),
        ),
    )
    op.create_table(
        "bank_statement",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column(
            "opening_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "closing_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("known_count", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Uuid(), nullable=True),
        sa.Column("imported_name", sa.String(length=120), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("line_count > 0", name=op.f("ck_bank_statement_not_empty")),
        sa.CheckConstraint("live IS NULL OR live", name=op.f("ck_bank_statement_live_or_null")),
        sa.ForeignKeyConstraint(
            ["centre_id", "account_id"],
            ["account.centre_id", "account.id"],
            name=op.f("fk_bank_statement_centre_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "file_id"],
            ["bank_file.centre_id", "bank_file.id"],
            name=op.f("fk_bank_statement_centre_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_bank_statement_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint(
            "centre_id",
            "account_id",
            "digest",
            "live",
            name=op.f("uq_bank_statement_centre_id_account_id_digest_live"),
        ),
    )
    op.create_table(
        "bank_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "balance_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('opening', 'line')", name=op.f("ck_bank_line_kind_known")),
        sa.CheckConstraint("amount_satang <> 0", name=op.f("ck_bank_line_says_something")),
        sa.ForeignKeyConstraint(
            ["centre_id", "statement_id"],
            ["bank_statement.centre_id", "bank_statement.id"],
            name=op.f("fk_bank_line_centre_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_bank_line_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint(
            "centre_id",
            "account_id",
            "position",
            name=op.f("uq_bank_line_centre_id_account_id_position"),
        ),
    )
    op.create_table(
        "bank_match",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched_by", sa.Uuid(), nullable=True),
        sa.Column("matched_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_name", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "how IN ('certain', 'person', 'undo')", name=op.f("ck_bank_match_how_known")
        ),
        sa.CheckConstraint(
            "kind IN ('direct', 'transfer', 'entry', 'contra')",
            name=op.f("ck_bank_match_kind_known"),
        ),
        sa.CheckConstraint(
            "(live IS NULL) = (undone_at IS NOT NULL)",
            name=op.f("ck_bank_match_undone_when_not_live"),
        ),
        sa.CheckConstraint("live IS NULL OR live", name=op.f("ck_bank_match_live_or_null")),
        sa.ForeignKeyConstraint(
            ["centre_id", "account_id"],
            ["account.centre_id", "account.id"],
            name=op.f("fk_bank_match_centre_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "entry_id"],
            ["journal_entry.centre_id", "journal_entry.id"],
            name=op.f("fk_bank_match_centre_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_bank_match_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_bank_match")),
    )
    op.create_table(
        "bank_match_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.CheckConstraint("live IS NULL OR live", name=op.f("ck_bank_match_line_live_or_null")),
        sa.ForeignKeyConstraint(
            ["centre_id", "line_id"],
            ["bank_line.centre_id", "bank_line.id"],
            name=op.f("fk_bank_match_line_centre_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "match_id"],
            ["bank_match.centre_id", "bank_match.id"],
            name=op.f("fk_bank_match_line_centre_id_match_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_bank_match_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "match_id", "line_id", name=op.f("pk_bank_match_line")
        ),
        sa.UniqueConstraint(
            "centre_id", "line_id", "live", name=op.f("uq_bank_match_line_centre_id_line_id_live")
        ),
    )
    op.create_table(
        "bank_match_item",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.CheckConstraint("live IS NULL OR live", name=op.f("ck_bank_match_item_live_or_null")),
        sa.ForeignKeyConstraint(
            ["centre_id", "entry_id", "line_no"],
            ["journal_line.centre_id", "journal_line.entry_id", "journal_line.line_no"],
            name=op.f("fk_bank_match_item_centre_id_entry_id_line_no"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "match_id"],
            ["bank_match.centre_id", "bank_match.id"],
            name=op.f("fk_bank_match_item_centre_id_match_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_bank_match_item_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "match_id", "entry_id", "line_no", name=op.f("pk_bank_match_item")
        ),
        sa.UniqueConstraint(
            "centre_id",
            "entry_id",
            "line_no",
            "live",
            name=op.f("uq_bank_match_item_centre_id_entry_id_line_no_live"),
        ),
    )
