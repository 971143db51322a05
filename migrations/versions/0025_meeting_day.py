"""The day of the monthly meeting"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.rebuild import add_check

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "book_settings", sa.Column("meeting_day", sa.Integer(), server_default="9", nullable=False)
    )
    add_check("book_settings", "meeting_day", "meeting_day BETWEEN 0 AND 28")
