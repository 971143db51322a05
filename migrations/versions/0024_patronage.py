"""What patronage is measured by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_check

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NATURAL = (
    "share_days >= 0 AND purchase_weight >= 0 AND delivery_weight >= 0"
    " AND dividend_satang >= 0 AND purchase_refund_satang >= 0"
    " AND delivery_refund_satang >= 0 AND cash_dividend_satang >= 0"
    " AND cash_patronage_satang >= 0 AND retained_satang >= 0"
)


def upgrade() -> None:
    op.add_column(
        "member_run_item",
        sa.Column("member_no", sa.String(length=20), server_default="", nullable=False),
    )
    op.add_column(
        "member_run_item", sa.Column("detail", sa.JSON(), server_default="{}", nullable=False)
    )
    add_check("member_run_item", "natural", NATURAL)
    op.create_index(
        "ix_member_run_item_no", "member_run_item", ["centre_id", "run_id", "member_no"]
    )
    _of_a_member("ix_sale_member_id", "sale", ["centre_id", "member_id", "business_date"])
    _of_a_member("ix_lot_member_id", "lot", ["centre_id", "member_id"])


def _of_a_member(name: str, table: str, columns: list[str]) -> None:
    """Index the rows that name a member: what one bought or brought is found by it."""
    there = sa.text("member_id IS NOT NULL")
    op.create_index(name, table, columns, postgresql_where=there, sqlite_where=there)
