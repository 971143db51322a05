"""Reference prices and the aims of the village"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reference_price",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "price_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "low_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "high_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_name", sa.String(length=120), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('farm_gate', 'shelf')", name=op.f("ck_reference_price_kind_known")
        ),
        sa.CheckConstraint(
            "place <> '' AND source <> ''", name=op.f("ck_reference_price_said_where_from")
        ),
        sa.CheckConstraint(
            "low_satang > 0 AND low_satang <= price_satang AND price_satang <= high_satang",
            name=op.f("ck_reference_price_spread_around_price"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id"],
            ["product.centre_id", "product.id"],
            name=op.f("fk_reference_price_centre_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_reference_price_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_reference_price")),
    )
    op.create_index(
        "ix_reference_price_product",
        "reference_price",
        ["centre_id", "product_id", "kind", "valid_from"],
        unique=False,
    )
    op.create_table(
        "reference_price_withdrawal",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_name", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_reference_price_withdrawal_reason_said")),
        sa.ForeignKeyConstraint(
            ["centre_id", "price_id"],
            ["reference_price.centre_id", "reference_price.id"],
            name=op.f("fk_reference_price_withdrawal_centre_id_price_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_reference_price_withdrawal_centre_id")
        ),
        sa.PrimaryKeyConstraint(
            "centre_id", "price_id", name=op.f("pk_reference_price_withdrawal")
        ),
    )
    op.create_table(
        "welfare_settings",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("members_from_basis_points", sa.Integer(), nullable=False),
        sa.Column("centre_below_basis_points", sa.Integer(), nullable=False),
        sa.Column("coverage_basis_points", sa.Integer(), nullable=False),
        sa.Column("reference_days", sa.Integer(), nullable=False),
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "centre_below_basis_points BETWEEN 0 AND members_from_basis_points"
            " AND members_from_basis_points <= 10000",
            name=op.f("ck_welfare_settings_thresholds_in_order"),
        ),
        sa.CheckConstraint(
            "coverage_basis_points BETWEEN 0 AND 10000",
            name=op.f("ck_welfare_settings_coverage_part"),
        ),
        sa.CheckConstraint(
            "reference_days BETWEEN 1 AND 3660",
            name=op.f("ck_welfare_settings_reference_days_sane"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "resolution_id"],
            ["resolution.centre_id", "resolution.id"],
            name=op.f("fk_welfare_settings_centre_id_resolution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_welfare_settings_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_welfare_settings")),
    )
