"""Vouchers, their templates, and the papers kept with them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _templates()
    _vouchers()
    _attachments()


def _templates() -> None:
    op.create_table(
        "voucher_template",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("every", sa.String(length=10), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(every = '') = (next_due IS NULL)", name=op.f("ck_voucher_template_recurs_from")
        ),
        sa.CheckConstraint(
            "every IN ('', 'month', 'quarter', 'year')",
            name=op.f("ck_voucher_template_every_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('receive', 'pay', 'journal')", name=op.f("ck_voucher_template_kind_known")
        ),
        sa.CheckConstraint(
            "day_of_month BETWEEN 1 AND 31", name=op.f("ck_voucher_template_day_of_month")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_voucher_template_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_voucher_template")),
    )


def _vouchers() -> None:
    op.create_table(
        "voucher",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("voucher_no", sa.String(length=30), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column(
            "total_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reverse_on", sa.Date(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_name", sa.String(length=120), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_voucher_reverses")
        ),
        sa.CheckConstraint(
            "(state = 'posted') = (voucher_no IS NOT NULL)", name=op.f("ck_voucher_posted_numbered")
        ),
        sa.CheckConstraint(
            "kind IN ('receive', 'pay', 'journal', 'reversal')", name=op.f("ck_voucher_kind_known")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR length(reason) > 0", name=op.f("ck_voucher_refused_with_reason")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'posted', 'refused', 'discarded')",
            name=op.f("ck_voucher_state_known"),
        ),
        sa.CheckConstraint("reverse_on > business_date", name=op.f("ck_voucher_reversed_later")),
        sa.CheckConstraint("total_satang > 0", name=op.f("ck_voucher_total_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "corrects_id"],
            ["journal_entry.centre_id", "journal_entry.id"],
            name=op.f("fk_voucher_centre_id_corrects_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "reverses_id"],
            ["journal_entry.centre_id", "journal_entry.id"],
            name=op.f("fk_voucher_centre_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "template_id"],
            ["voucher_template.centre_id", "voucher_template.id"],
            name=op.f("fk_voucher_centre_id_template_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_voucher_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_voucher")),
        sa.UniqueConstraint(
            "centre_id",
            "template_id",
            "due_on",
            name=op.f("uq_voucher_centre_id_template_id_due_on"),
        ),
    )
    op.create_index("ix_voucher_reverse_on", "voucher", ["centre_id", "reverse_on"], unique=False)
    op.create_index("ix_voucher_reverses_id", "voucher", ["centre_id", "reverses_id"], unique=False)
    op.create_index("ix_voucher_number", "voucher", ["centre_id", "voucher_no"], unique=True)
    op.create_index(
        "ix_voucher_state", "voucher", ["centre_id", "state", "business_date", "id"], unique=False
    )
    op.create_index("ix_voucher_corrects_id", "voucher", ["centre_id", "corrects_id"], unique=False)


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("added_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(voucher_id IS NULL) <> (entry_id IS NULL)", name=op.f("ck_attachment_of_one")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attachment_sha256_whole")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_attachment_size_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "entry_id"],
            ["journal_entry.centre_id", "journal_entry.id"],
            name=op.f("fk_attachment_centre_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "voucher_id"],
            ["voucher.centre_id", "voucher.id"],
            name=op.f("fk_attachment_centre_id_voucher_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_attachment_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_entry_id", "attachment", ["centre_id", "entry_id"], unique=False)
    op.create_index(
        "ix_attachment_voucher_id", "attachment", ["centre_id", "voucher_id"], unique=False
    )
