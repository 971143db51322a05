"""Goods between places, repacking, production batches"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.ids import uuid7
from migrations.rebuild import add_check, widen_check

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

WIDER = (
    (
        "location",
        "kind",
        "'shop', 'storage', 'producer', 'customer', 'waste', 'transit'",
        "'work'",
    ),
    ("goods_receipt", "kind", "'outright', 'consignment', 'transfer', 'opening'", "'production'"),
    ("advance", "kind", "'money', 'goods'", "'service'"),
    ("advance", "paid_from", "'till', 'safe', 'bank', 'shelf', 'opening'", "'service'"),
    (
        "advance_netting",
        "document_type",
        "'settlement', 'payout', 'repayment'",
        "'batch_cancel'",
    ),
)


def upgrade() -> None:
    for table, column, known, more in WIDER:
        widen_check(
            table,
            f"ck_{table}_{column}_known",
            f"{column} IN ({known})",
            f"{column} IN ({known}, {more})",
        )
    add_check("advance", "service_is_work", "(kind = 'service') = (paid_from = 'service')")
    _recipe()
    _production_batch()
    _batch_issue()
    _batch_issue_line()
    _batch_cost()
    _batch_finish()
    _batch_output()
    _batch_output_lot()
    _batch_fee()
    _batch_cancellation()
    _own_producer()
    _work_in_progress()


def _recipe() -> None:
    op.create_table(
        "recipe",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("loss_rule", sa.String(length=10), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("basis IN ('weight', 'value')", name=op.f("ck_recipe_basis_known")),
        sa.CheckConstraint("kind IN ('own', 'joint', 'repack')", name=op.f("ck_recipe_kind_known")),
        sa.CheckConstraint(
            "loss_rule IN ('spread', 'expense')", name=op.f("ck_recipe_loss_rule_known")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_recipe_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_recipe")),
        sa.UniqueConstraint("centre_id", "name", name=op.f("uq_recipe_centre_id_name")),
    )


def _production_batch() -> None:
    op.create_table(
        "production_batch",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_no", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("recipe_id", sa.Uuid(), nullable=True),
        sa.Column("planned", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("loss_rule", sa.String(length=10), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('weight', 'value')", name=op.f("ck_production_batch_basis_known")
        ),
        sa.CheckConstraint(
            "kind IN ('own', 'joint', 'repack')", name=op.f("ck_production_batch_kind_known")
        ),
        sa.CheckConstraint(
            "loss_rule IN ('spread', 'expense')", name=op.f("ck_production_batch_loss_rule_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_production_batch_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "recipe_id"],
            ["recipe.centre_id", "recipe.id"],
            name=op.f("fk_production_batch_centre_id_recipe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_production_batch_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_production_batch")),
        sa.UniqueConstraint(
            "centre_id", "batch_no", name=op.f("uq_production_batch_centre_id_batch_no")
        ),
    )
    op.create_index(
        "ix_production_batch_recipe_id",
        "production_batch",
        ["centre_id", "recipe_id"],
        unique=False,
    )


def _batch_issue() -> None:
    op.create_table(
        "batch_issue",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id"],
            ["production_batch.centre_id", "production_batch.id"],
            name=op.f("fk_batch_issue_centre_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "location_id"],
            ["location.centre_id", "location.id"],
            name=op.f("fk_batch_issue_centre_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_batch_issue_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_batch_issue")),
    )
    op.create_index(
        "ix_batch_issue_batch_id", "batch_issue", ["centre_id", "batch_id"], unique=False
    )


def _batch_issue_line() -> None:
    op.create_table(
        "batch_issue_line",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "unit_grams", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "quantity_milli > 0", name=op.f("ck_batch_issue_line_quantity_positive")
        ),
        sa.CheckConstraint(
            "unit_grams >= 0 AND cost_satang >= 0", name=op.f("ck_batch_issue_line_parts_natural")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "issue_id"],
            ["batch_issue.centre_id", "batch_issue.id"],
            name=op.f("fk_batch_issue_line_centre_id_issue_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_batch_issue_line_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_batch_issue_line_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "issue_id", "line_no", name=op.f("pk_batch_issue_line")
        ),
    )
    op.create_index(
        "ix_batch_issue_line_lot_id", "batch_issue_line", ["centre_id", "lot_id"], unique=False
    )


def _batch_cost() -> None:
    op.create_table(
        "batch_cost",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "rate_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("grams", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'water') = (grams > 0)", name=op.f("ck_batch_cost_water_weighs")
        ),
        sa.CheckConstraint(
            "kind IN ('labour', 'energy', 'transport', 'packing', 'other', 'water')",
            name=op.f("ck_batch_cost_kind_known"),
        ),
        sa.CheckConstraint("grams >= 0", name=op.f("ck_batch_cost_grams_natural")),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_batch_cost_quantity_positive")),
        sa.CheckConstraint(
            "rate_satang >= 0 AND amount_satang >= 0", name=op.f("ck_batch_cost_money_natural")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id"],
            ["production_batch.centre_id", "production_batch.id"],
            name=op.f("fk_batch_cost_centre_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_batch_cost_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_batch_cost")),
    )
    op.create_index("ix_batch_cost_batch_id", "batch_cost", ["centre_id", "batch_id"], unique=False)


def _batch_finish() -> None:
    op.create_table(
        "batch_finish",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "in_cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "out_cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "loss_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "spent_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("in_grams", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "out_grams", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("over_reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "in_cost_satang = out_cost_satang + loss_satang + spent_satang",
            name=op.f("ck_batch_finish_cost_conserved"),
        ),
        sa.CheckConstraint(
            "in_grams >= 0 AND out_grams >= 0", name=op.f("ck_batch_finish_grams_natural")
        ),
        sa.CheckConstraint(
            "out_cost_satang >= 0 AND loss_satang >= 0 AND spent_satang >= 0",
            name=op.f("ck_batch_finish_parts_natural"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id"],
            ["production_batch.centre_id", "production_batch.id"],
            name=op.f("fk_batch_finish_centre_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_batch_finish_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "batch_id", name=op.f("pk_batch_finish")),
    )


def _batch_output() -> None:
    op.create_table(
        "batch_output",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kept_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "unit_grams", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "unit_value_satang",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(role = 'waste') = (product_id IS NULL)",
            name=op.f("ck_batch_output_waste_is_no_product"),
        ),
        sa.CheckConstraint(
            "role IN ('main', 'by_product', 'waste')", name=op.f("ck_batch_output_role_known")
        ),
        sa.CheckConstraint(
            "kept_milli BETWEEN 0 AND quantity_milli", name=op.f("ck_batch_output_kept_of_it")
        ),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_batch_output_quantity_positive")),
        sa.CheckConstraint(
            "unit_grams >= 0 AND unit_value_satang >= 0 AND cost_satang >= 0",
            name=op.f("ck_batch_output_parts_natural"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id"],
            ["batch_finish.centre_id", "batch_finish.batch_id"],
            name=op.f("fk_batch_output_centre_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_batch_output_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_batch_output_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "batch_id", "line_no", name=op.f("pk_batch_output")),
    )


def _batch_output_lot() -> None:
    op.create_table(
        "batch_output_lot",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("share_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "quantity_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'home') = (lot_id IS NULL)", name=op.f("ck_batch_output_lot_lot_stays_here")
        ),
        sa.CheckConstraint(
            "cost_satang >= 0 AND (kind = 'own' OR cost_satang = 0)",
            name=op.f("ck_batch_output_lot_cost_ours"),
        ),
        sa.CheckConstraint(
            "kind IN ('own', 'consigned', 'home')", name=op.f("ck_batch_output_lot_kind_known")
        ),
        sa.CheckConstraint(
            "quantity_milli > 0", name=op.f("ck_batch_output_lot_quantity_positive")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id", "line_no"],
            ["batch_output.centre_id", "batch_output.batch_id", "batch_output.line_no"],
            name=op.f("fk_batch_output_lot_centre_id_batch_id_line_no"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "lot_id"],
            ["lot.centre_id", "lot.id"],
            name=op.f("fk_batch_output_lot_centre_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_batch_output_lot_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_batch_output_lot_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "batch_id", "line_no", "share_no", name=op.f("pk_batch_output_lot")
        ),
        sa.UniqueConstraint(
            "centre_id", "lot_id", name=op.f("uq_batch_output_lot_centre_id_lot_id")
        ),
    )


def _batch_fee() -> None:
    op.create_table(
        "batch_fee",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("grams", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "amount_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("advance_id", sa.Uuid(), nullable=True),
        sa.Column("repayment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(amount_satang = 0) = (advance_id IS NULL)", name=op.f("ck_batch_fee_fee_is_owed")
        ),
        sa.CheckConstraint(
            "grams > 0 AND amount_satang >= 0", name=op.f("ck_batch_fee_parts_natural")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "advance_id"],
            ["advance.centre_id", "advance.id"],
            name=op.f("fk_batch_fee_centre_id_advance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id"],
            ["batch_finish.centre_id", "batch_finish.batch_id"],
            name=op.f("fk_batch_fee_centre_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_batch_fee_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "repayment_id"],
            ["advance_repayment.centre_id", "advance_repayment.id"],
            name=op.f("fk_batch_fee_centre_id_repayment_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_batch_fee_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "batch_id", "producer_id", name=op.f("pk_batch_fee")),
        sa.UniqueConstraint(
            "centre_id", "advance_id", name=op.f("uq_batch_fee_centre_id_advance_id")
        ),
    )
    op.create_index(
        "ix_batch_fee_producer_id", "batch_fee", ["centre_id", "producer_id"], unique=False
    )


def _batch_cancellation() -> None:
    op.create_table(
        "batch_cancellation",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "work_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "batch_id"],
            ["production_batch.centre_id", "production_batch.id"],
            name=op.f("fk_batch_cancellation_centre_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_batch_cancellation_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_batch_cancellation")),
        sa.UniqueConstraint(
            "centre_id", "batch_id", name=op.f("uq_batch_cancellation_centre_id_batch_id")
        ),
    )


def _own_producer() -> None:
    op.create_table(
        "own_producer",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "producer_id"],
            ["producer.centre_id", "producer.id"],
            name=op.f("fk_own_producer_centre_id_producer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_own_producer_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", name=op.f("pk_own_producer")),
    )


def _work_in_progress() -> None:
    """Give every centre an account for goods being made, under a code still free there."""
    account = sa.table(
        "account",
        *(sa.column(name) for name in ("centre_id", "code", "name_th", "name_en", "type")),
        *(sa.column(name) for name in ("purpose", "control_key", "money")),
        sa.column("id", sa.Uuid()),
        sa.column("active", sa.Boolean()),
    )
    connection = op.get_bind()
    codes: dict[int, set[str]] = {}
    for centre_id, code in connection.execute(sa.select(account.c.centre_id, account.c.code)):
        codes.setdefault(centre_id, set()).add(code)
    for centre_id, taken in codes.items():
        free = next(str(code) for code in range(1325, 1400) if str(code) not in taken)
        connection.execute(
            account.insert().values(
                centre_id=centre_id,
                id=uuid7(),
                code=free,
                name_th="งานระหว่างทำ",
                name_en="Work in progress",
                type="asset",
                purpose="work_in_progress",
                control_key="",
                money="",
                active=True,
            )
        )
