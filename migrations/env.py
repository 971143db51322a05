"""Alembic's entry point: drop the guards, migrate, install the guards, in one transaction.

Guards are repeatable SQL, not versioned: Alembic's table rebuild on SQLite would fail on or lose
triggers, and the text at head stays one readable file.
"""

from __future__ import annotations

from alembic import context

import pos.models  # noqa: F401 - every room's tables must be known
from core.db import Base
from migrations import guards

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    guards.drop(connection)
    context.run_migrations()
    guards.install(connection)
