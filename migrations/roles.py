"""Least rights on PostgreSQL: the app's role owns nothing and can't rewrite what is written.

What must stay true: every table is read and added to; only what the lists below name may change or
go, and nothing may be truncated. The guards hold all of it once more.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

CHANGES: dict[str, tuple[str, ...]] = {
    "account": ("code", "name_th", "name_en", "purpose", "money", "active"),
    "account_month": ("debit", "credit"),
    "accounting_period": ("state", "closed_at", "closed_by"),
    "activity": ("name_th", "name_en", "active"),
    "allocation_scenario": (),
    "api_token": (),
    "app_user": (),
    "bank_mapping": ("content", "version"),
    "bank_match": ("live", "undone_at", "undone_by", "undone_name"),
    "bank_match_item": ("live",),
    "bank_match_line": ("live",),
    "bank_statement": ("live", "withdrawn_at", "withdrawn_by"),
    "book_settings": (
        "approval_limit_satang",
        "turnover_limit_satang",
        "moved_percent",
        "cash_report_days",
        "aged_payable_days",
        "meeting_day",
        "version",
    ),
    "centre": (),
    "consignment_policy": (),
    "discount_reason": ("active",),
    "fund": ("name_th", "name_en", "active"),
    "fund_recipient": (
        "name",
        "name_key",
        "guardian_name",
        "guardian_relation",
        "member_id",
        "erased",
    ),
    "goods_rule": (),
    "job_run": (),
    "group_member": ("left_on",),
    "meeting": ("place", "note", "version"),
    "member": (),
    "number_series": ("last_number",),
    "opening_import": ("opening_on", "state", "tables", "digests", "choices"),
    "payout_batch_line": ("state", "reference", "payout_id"),
    "person": (),
    "producer": (),
    "product": (),
    "promotion": ("valid_until", "active", "version"),
    "shift": ("closed_at", "closed_by", "expected_satang", "counted_satang"),
    "sign_in_attempt": ("succeeded",),
    "standing_fact": ("withdrawn_at", "withdrawn_by", "withdrawn_reason"),
    "stock_level": ("quantity_milli", "value_satang"),
    "till": ("name",),
    "user_session": (),
    "village": (),
    "voucher": (
        "state",
        "voucher_no",
        "business_date",
        "total_satang",
        "party",
        "note",
        "content",
        "digest",
        "reverse_on",
        "prepared_by",
        "prepared_name",
        "prepared_at",
        "decided_by",
        "decided_name",
        "decided_at",
        "reason",
        "version",
    ),
    "voucher_template": (
        "name",
        "content",
        "every",
        "day_of_month",
        "next_due",
        "active",
    ),
}
"""Tables whose rows may change, and in which columns (none named: in all)."""
DELETES = (
    "agenda_item",
    "allocation_scenario",
    "attendance",
    "held_sale",
    "job_part",
    "job_run",
    "role_grant",
    "sign_in_attempt",
    "user_session",
)
"""Tables whose rows may go."""
NOT_OURS = ("alembic_version",)
"""Tables the app only reads."""


def grant_app_role(connection: Connection, role: str) -> None:
    """Give `role` what the app needs, and take away whatever else it had; run by the owner."""
    name = connection.dialect.identifier_preparer.quote_identifier(role)
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    for statement in (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"REVOKE ALL ON SCHEMA {schema} FROM {name}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO {name}",
        *(f"REVOKE INSERT ON {table} FROM {name}" for table in NOT_OURS),
        *(_may_update(table, columns, name) for table, columns in CHANGES.items()),
        f"GRANT DELETE ON {', '.join(DELETES)} TO {name}",
    ):
        connection.exec_driver_sql(statement)


def _may_update(table: str, columns: tuple[str, ...], name: str) -> str:
    narrowed = f" ({', '.join(columns)})" if columns else ""
    return f"GRANT UPDATE{narrowed} ON {table} TO {name}"
