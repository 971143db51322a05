"""Least rights on PostgreSQL: the app's role owns nothing and can't rewrite what is written."""

from __future__ import annotations

from sqlalchemy import Connection, inspect

CHANGES = (
    "account",
    "accounting_period",
    "api_token",
    "app_user",
    "centre",
    "discount_reason",
    "held_sale",
    "job_run",
    "member",
    "number_series",
    "producer",
    "product",
    "role_grant",
    "shift",
    "stock_level",
    "till",
    "user_session",
    "village",
)
"""Tables whose rows may change; all others are only added to."""
DELETES = ("held_sale", "role_grant", "sign_in_attempt", "user_session")
"""Tables whose rows may go."""


def grant_app_role(connection: Connection, role: str) -> None:
    """Give `role` what the app needs: read and add everywhere, change and delete where named."""
    name = connection.dialect.identifier_preparer.quote(role)
    schema = connection.dialect.identifier_preparer.quote(
        inspect(connection).default_schema_name or "public"
    )
    tables = ", ".join(CHANGES)
    for statement in (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO {name}",
        f"REVOKE INSERT ON alembic_version FROM {name}",
        f"GRANT UPDATE ON {tables} TO {name}",
        f"GRANT DELETE ON {', '.join(DELETES)} TO {name}",
    ):
        connection.exec_driver_sql(statement)
