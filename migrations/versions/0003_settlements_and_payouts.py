"""Settlements, payouts and advances"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consignment_policy",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("hold_back_days", sa.Integer(), nullable=False),
        sa.Column(
            "minimum_payout_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("recovery_cap_basis_points", sa.Integer(), nullable=False),
        sa.Column("advance_cap_basis_points", sa.Integer(), nullable=False),
        sa.Column("payout_day", sa.Integer(), nullable=False),
        sa.Column("one_person", sa.Boolean(), nullable=False),
        sa.Column("one_person_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "advance_cap_basis_points BETWEEN 0 AND 10000",
            name=op.f("ck_consignment_policy_advance_cap_part"),
        ),
        sa.CheckConstraint(
            "hold_back_days BETWEEN 0 AND 90", name=op.f("ck_consignment_policy_hold_back_sane")
        ),
        sa.CheckConstraint(
            "minimum_payout_satang >= 0", name=op.f("ck_consignment_policy_minimum_natural")
        ),
        sa.CheckConstraint(
            "payout_day BETWEEN 1 AND 31", name=op.f("ck_consignment_policy_payout_day_of_month")
        ),
        sa.CheckConstraint(
            "recovery_cap_basis_points BETWEEN 0 AND 10000",
            name=op.f("ck_consignment_policy_recovery_cap_part"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_consignment_policy_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", name=op.f("pk_consignment_policy")),
    )
    op.create_table(
        "payout_batch",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_no", sa.String(length=30), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("file_content", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "method IN ('promptpay', 'transfer')", name=op.f("ck_payout_batch_method_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_payout_batch_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_payout_batch")),
        sa.UniqueConstraint(
            "centre_id", "batch_no", name=op.f("uq_payout_batch_centre_id_batch_no")
        ),
    )
    op.create_table(
        "settlement_run",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_no", sa.String(length=30), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.Column("producers", sa.Integer(), nullable=False),
        sa.Column(
            "payout_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("prepared_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_settlement_run_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_settlement_run")),
        sa.UniqueConstraint("centre_id", "run_no", name=op.f("uq_settlement_run_centre_id_run_no")),
    )
    op.create_table(
        "settlement_approval",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_name", sa.String(length=120), nullable=False),
        sa.Column("approved_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("waiver", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "waiver <> '' OR (approved_by IS NOT NULL AND prepared_by IS NOT NULL AND approved_by <> prepared_by)",
            name=op.f("ck_settlement_approval_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "run_id"],
            ["settlement_run.centre_id", "settlement_run.id"],
            name=op.f("fk_settlement_approval_centre_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_settlement_approval_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "run_id", name=op.f("pk_settlement_approval")),
    )
    op.create_table(
        "settlement_outcome",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('posted', 'cancelled')", name=op.f("ck_settlement_outcome_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "run_id"],
            ["settlement_run.centre_id", "settlement_run.id"],
            name=op.f("fk_settlement_outcome_centre_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_settlement_outcome_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "run_id", name=op.f("pk_settlement_outcome")),
    )
    op.create_table(
        "absorption",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absorption_no", sa.String(length=30), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_absorption_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_absorption_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_absorption_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_absorption")),
        sa.UniqueConstraint(
            "centre_id", "absorption_no", name=op.f("uq_absorption_centre_id_absorption_no")
        ),
    )
    op.create_index(
        "ix_absorption_producer_id", "absorption", ["centre_id", "producer_id"], unique=False
    )
    op.create_table(
        "advance",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advance_no", sa.String(length=30), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("paid_from", sa.String(length=10), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'goods') = (paid_from = 'shelf')", name=op.f("ck_advance_goods_from_shelf")
        ),
        sa.CheckConstraint(
            "(paid_from = 'till') = (shift_id IS NOT NULL)", name=op.f("ck_advance_drawer_named")
        ),
        sa.CheckConstraint("kind IN ('money', 'goods')", name=op.f("ck_advance_kind_known")),
        sa.CheckConstraint(
            "paid_from IN ('till', 'safe', 'bank', 'shelf')",
            name=op.f("ck_advance_paid_from_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_advance_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_advance_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_advance_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_advance")),
        sa.UniqueConstraint(
            "centre_id", "advance_no", name=op.f("uq_advance_centre_id_advance_no")
        ),
    )
    op.create_index("ix_advance_producer_id", "advance", ["centre_id", "producer_id"], unique=False)
    op.create_table(
        "payout",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payout_no", sa.String(length=30), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("paid_from", sa.String(length=10), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(paid_from = 'till') = (shift_id IS NOT NULL)", name=op.f("ck_payout_drawer_named")
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'transfer', 'promptpay', 'offset')",
            name=op.f("ck_payout_method_known"),
        ),
        sa.CheckConstraint(
            "paid_from IN ('till', 'safe', 'bank', 'nothing')",
            name=op.f("ck_payout_paid_from_known"),
        ),
        sa.CheckConstraint("amount_satang >= 0", name=op.f("ck_payout_amount_natural")),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_payout_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_payout_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_payout")),
        sa.UniqueConstraint("centre_id", "payout_no", name=op.f("uq_payout_centre_id_payout_no")),
    )
    op.create_index("ix_payout_producer_id", "payout", ["centre_id", "producer_id"], unique=False)
    op.create_table(
        "settlement",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("settlement_no", sa.String(length=30), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "brought_forward_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "earned_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "recovered_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "netted_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "payout_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "carried_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "brought_forward_satang + earned_satang - recovered_satang - netted_satang = payout_satang + carried_satang",
            name=op.f("ck_settlement_adds_up"),
        ),
        sa.CheckConstraint(
            "recovered_satang >= 0 AND netted_satang >= 0 AND payout_satang >= 0",
            name=op.f("ck_settlement_natural"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_settlement_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "run_id"],
            ["settlement_run.centre_id", "settlement_run.id"],
            name=op.f("fk_settlement_centre_id_run_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_settlement_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_settlement")),
        sa.UniqueConstraint(
            "centre_id",
            "run_id",
            "producer_id",
            name=op.f("uq_settlement_centre_id_run_id_producer_id"),
        ),
        sa.UniqueConstraint(
            "centre_id", "settlement_no", name=op.f("uq_settlement_centre_id_settlement_no")
        ),
    )
    op.create_index(
        "ix_settlement_producer_id", "settlement", ["centre_id", "producer_id", "id"], unique=False
    )
    op.create_table(
        "advance_netting",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("document_type", sa.String(length=12), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "document_type IN ('settlement', 'payout', 'repayment')",
            name=op.f("ck_advance_netting_document_type_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_advance_netting_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "advance_id"],
            ["advance.centre_id", "advance.id"],
            name=op.f("fk_advance_netting_centre_id_advance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_advance_netting_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id",
            "document_type",
            "document_id",
            "advance_id",
            name=op.f("pk_advance_netting"),
        ),
    )
    op.create_index(
        "ix_advance_netting_advance_id",
        "advance_netting",
        ["centre_id", "advance_id"],
        unique=False,
    )
    op.create_table(
        "payout_batch_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("account_name", sa.String(length=160), nullable=False),
        sa.Column("pays", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'paid') = (payout_id IS NOT NULL)",
            name=op.f("ck_payout_batch_line_paid_by_payout"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'paid', 'failed')", name=op.f("ck_payout_batch_line_state_known")
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_payout_batch_line_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id"],
            ["payout_batch.centre_id", "payout_batch.id"],
            name=op.f("fk_payout_batch_line_centre_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "payout_id"],
            ["payout.centre_id", "payout.id"],
            name=op.f("fk_payout_batch_line_centre_id_payout_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_payout_batch_line_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_payout_batch_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "batch_id", "line_no", name=op.f("pk_payout_batch_line")
        ),
    )
    op.create_index(
        "uq_payout_batch_line_waiting",
        "payout_batch_line",
        ["centre_id", "producer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "payout_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind IN ('settlement', 'outright')) = (amount_satang > 0)",
            name=op.f("ck_payout_line_sign_of_kind"),
        ),
        sa.CheckConstraint(
            "kind IN ('settlement', 'outright', 'advance', 'recovery')",
            name=op.f("ck_payout_line_kind_known"),
        ),
        sa.CheckConstraint("amount_satang <> 0", name=op.f("ck_payout_line_amount_something")),
        sa.ForeignKeyConstraint(
            ["centre_id", "payout_id"],
            ["payout.centre_id", "payout.id"],
            name=op.f("fk_payout_line_centre_id_payout_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_payout_line_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "payout_id", "line_no", name=op.f("pk_payout_line")),
    )
    op.create_index(
        "ix_payout_line_document_id",
        "payout_line",
        ["centre_id", "kind", "document_id"],
        unique=False,
    )
    op.create_table(
        "recovery",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("document_type", sa.String(length=12), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("source_type", sa.String(length=30), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("move_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "document_type IN ('settlement', 'payout', 'absorption')",
            name=op.f("ck_recovery_document_type_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_recovery_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_recovery_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "source_type", "source_id", "move_no"],
            [
                "stock_move.centre_id",
                "stock_move.source_type",
                "stock_move.source_id",
                "stock_move.move_no",
            ],
            name=op.f("fk_recovery_centre_id_source_type_source_id_move_no"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_recovery_centre_id")),
        sa.PrimaryKeyConstraint(
            "centre_id",
            "document_type",
            "document_id",
            "source_type",
            "source_id",
            "move_no",
            name=op.f("pk_recovery"),
        ),
    )
    op.create_index(
        "ix_recovery_move",
        "recovery",
        ["centre_id", "source_type", "source_id", "move_no"],
        unique=False,
    )
    op.create_index(
        "ix_recovery_producer_id", "recovery", ["centre_id", "producer_id"], unique=False
    )
    op.create_table(
        "settled_move",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("source_type", sa.String(length=30), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("move_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settlement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "settlement_id"],
            ["settlement.centre_id", "settlement.id"],
            name=op.f("fk_settled_move_centre_id_settlement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "source_type", "source_id", "move_no"],
            [
                "stock_move.centre_id",
                "stock_move.source_type",
                "stock_move.source_id",
                "stock_move.move_no",
            ],
            name=op.f("fk_settled_move_centre_id_source_type_source_id_move_no"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_settled_move_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "source_type", "source_id", "move_no", name=op.f("pk_settled_move")
        ),
    )
    op.create_index(
        "ix_settled_move_settlement_id",
        "settled_move",
        ["centre_id", "settlement_id"],
        unique=False,
    )
    op.create_table(
        "advance_repayment",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("repayment_no", sa.String(length=30), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("paid_into", sa.String(length=10), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(paid_into = 'till') = (shift_id IS NOT NULL)",
            name=op.f("ck_advance_repayment_drawer_named"),
        ),
        sa.CheckConstraint(
            "paid_into IN ('till', 'safe', 'bank')",
            name=op.f("ck_advance_repayment_paid_into_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_advance_repayment_amount_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_advance_repayment_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_advance_repayment_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_advance_repayment")),
        sa.UniqueConstraint(
            "centre_id", "repayment_no", name=op.f("uq_advance_repayment_centre_id_repayment_no")
        ),
    )
    op.create_index(
        "ix_advance_repayment_producer_id",
        "advance_repayment",
        ["centre_id", "producer_id"],
        unique=False,
    )
    op.create_table(
        "advance_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("name_th", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "unit_price_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("tax_rate_basis_points", sa.Integer(), nullable=False),
        sa.Column(
            "tax_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_advance_line_amount_positive")),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_advance_line_quantity_positive")),
        sa.CheckConstraint(
            "tax_satang >= 0 AND cost_satang >= 0", name=op.f("ck_advance_line_parts_natural")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "advance_id"],
            ["advance.centre_id", "advance.id"],
            name=op.f("fk_advance_line_centre_id_advance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_advance_line_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_advance_line_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "advance_id", "line_no", name=op.f("pk_advance_line")),
    )
