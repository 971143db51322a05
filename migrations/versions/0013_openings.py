"""Opening balances of the old books"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import widen_check

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen_check(
        "goods_receipt",
        "ck_goods_receipt_kind_known",
        "kind IN ('outright', 'consignment', 'transfer')",
        "kind IN ('outright', 'consignment', 'transfer', 'opening')",
    )
    widen_check(
        "advance",
        "ck_advance_paid_from_known",
        "paid_from IN ('till', 'safe', 'bank', 'shelf')",
        "paid_from IN ('till', 'safe', 'bank', 'shelf', 'opening')",
    )
    widen_check(
        "payout_line",
        "ck_payout_line_kind_known",
        "kind IN ('settlement', 'outright', 'advance', 'recovery')",
        "kind IN ('settlement', 'outright', 'opening', 'advance', 'recovery')",
    )
    widen_check(
        "payout_line",
        "ck_payout_line_sign_of_kind",
        "(kind IN ('settlement', 'outright')) = (amount_satang > 0)",
        "(kind IN ('settlement', 'outright', 'opening')) = (amount_satang > 0)",
    )
    _tables()


def _tables() -> None:
    op.create_table(
        "opening_import",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_no", sa.String(length=30), nullable=False),
        sa.Column("opening_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'dropped')", name=op.f("ck_opening_import_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_opening_import_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_opening_import")),
        sa.UniqueConstraint(
            "centre_id", "import_no", name=op.f("uq_opening_import_centre_id_import_no")
        ),
    )
    op.create_table(
        "opening_taking",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column(
            "total_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(total_satang = 0) = (entry_id IS NULL)",
            name=op.f("ck_opening_taking_money_has_entry"),
        ),
        sa.CheckConstraint("total_satang >= 0", name=op.f("ck_opening_taking_total_natural")),
        sa.ForeignKeyConstraint(
            ["centre_id", "entry_id"],
            ["journal_entry.centre_id", "journal_entry.id"],
            name=op.f("fk_opening_taking_centre_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "import_id"],
            ["opening_import.centre_id", "opening_import.id"],
            name=op.f("fk_opening_taking_centre_id_import_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_opening_taking_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "import_id", name=op.f("pk_opening_taking")),
    )
    op.create_table(
        "opening_due",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('consignment', 'outright', 'advance')", name=op.f("ck_opening_due_kind_known")
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_opening_due_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "import_id"],
            ["opening_taking.centre_id", "opening_taking.import_id"],
            name=op.f("fk_opening_due_centre_id_import_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_opening_due_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_opening_due_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_opening_due")),
        sa.UniqueConstraint(
            "centre_id",
            "import_id",
            "producer_id",
            "kind",
            name=op.f("uq_opening_due_centre_id_import_id_producer_id_kind"),
        ),
    )
    op.create_index(
        "ix_opening_due_producer_id", "opening_due", ["centre_id", "producer_id"], unique=False
    )
