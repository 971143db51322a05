"""Funds, and consignment terms frozen on the lot"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_reference

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_th", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_fund_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_fund")),
        sa.UniqueConstraint("centre_id", "code", name=op.f("uq_fund_centre_id_code")),
    )
    add_reference("journal_line", "fund_id", "fund")
    op.add_column("lot", sa.Column("terms", sa.JSON(), nullable=True))
    for column in ("levy_satang", "borne_satang"):
        op.add_column(
            "stock_move",
            sa.Column(
                column,
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                server_default=sa.text("0"),
                nullable=False,
            ),
        )
