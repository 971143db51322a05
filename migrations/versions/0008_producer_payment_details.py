"""How a producer is paid and signs in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "app_user",
        sa.Column("by_pin", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for name, length in (
        ("promptpay_id", 15),
        ("bank_code", 3),
        ("bank_account", 15),
        ("bank_account_name", 160),
    ):
        op.add_column(
            "producer",
            sa.Column(name, sa.String(length=length), server_default="", nullable=False),
        )
