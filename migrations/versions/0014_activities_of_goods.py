"""Activities of goods, and late sales"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_copy, add_reference

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_reference("product", "activity_id", "activity")
    add_reference("sale_line", "activity_id", "activity")
    # Refunds were recorded as they happened: until now none could be late.
    add_copy("refund", "occurred_at", "recorded_at", _moment())
    for table in ("sale", "refund"):
        op.add_column(
            table, sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        op.create_index(
            f"ix_{table}_late",
            table,
            ["centre_id", "business_date", "id"],
            postgresql_where=sa.text("late"),
            sqlite_where=sa.text("late = 1"),
        )


def _moment() -> str:
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
