"""Install the guards: the triggers by which the database itself refuses what must never happen.

Guards are repeatable, not versioned: every migration drops all of them, changes the schema and
installs all of them again. What one table needs is SQL in migrations/guards/<dialect>/, statements
parted by a line that is only `--;;`; what every document needs is made here from the two lists.
What must stay true: everything we make is named guard_…, so dropping needs no list, and both
dialects refuse the same things in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

FOLDER = Path(__file__).with_suffix("")
SEPARATOR = "--;;"

APPEND_ONLY = (
    "journal_entry",
    "journal_line",
    "sale",
    "sale_line",
    "payment",
    "refund",
    "refund_line",
    "receipt_print",
    "refund_payment",
    "scheme_settlement",
    "scheme_settlement_item",
    "credit_account_change",
    "credit_charge",
    "credit_move",
    "credit_repayment",
    "credit_repayment_reversal",
    "credit_write_off",
    "credit_write_off_outcome",
    "purse_movement",
    "coupon_issue",
    "coupon",
    "coupon_move",
    "cash_movement",
    "cash_count",
    "goods_receipt",
    "goods_receipt_cancellation",
    "lot",
    "stock_move",
    "waste",
    "count_sheet",
    "count_sheet_line",
    "count_entry",
    "count_outcome",
    "stock_transfer",
    "stock_transfer_line",
    "transfer_arrival",
    "transfer_arrival_line",
    "transfer_difference",
    "transfer_difference_line",
    "producer_origin",
    "product_origin",
    "price_change",
    "consignment_terms",
    "consignment_terms_decision",
    "settlement_run",
    "settlement",
    "settlement_approval",
    "settlement_outcome",
    "settled_move",
    "recovery",
    "absorption",
    "advance",
    "advance_line",
    "advance_netting",
    "advance_repayment",
    "payout_batch",
    "payout",
    "payout_line",
    "producer_return",
    "lot_conversion",
    "production_batch",
    "batch_issue",
    "batch_issue_line",
    "batch_cost",
    "batch_finish",
    "batch_output",
    "batch_output_lot",
    "batch_fee",
    "batch_cancellation",
    "own_producer",
    "donation",
    "lot_event",
    "seal",
    "opening_taking",
    "opening_due",
    "month_close",
    "month_close_approval",
    "month_reopening",
    "month_reopening_approval",
    "step_waiver",
    "budget_line",
    "attachment",
    "bank_file",
    "bank_line",
    "resolution",
    "resolution_outcome",
    "reference_price",
    "reference_price_withdrawal",
    "welfare_settings",
    "allocation_rule_set",
    "surplus_allocation",
    "surplus_allocation_line",
    "surplus_approval",
    "surplus_outcome",
    "member_run",
    "member_run_item",
    "member_payment",
    "member_payment_reversal",
    "member_item_move",
    "member_batch",
    "unclaimed_rule",
    "unclaimed_taking",
    "unclaimed_line",
    "unclaimed_outcome",
    "network_invitation",
    "network_invitation_outcome",
    "centre_network",
    "share_transaction",
    "share_movement",
    "share_subscription",
    "share_subscription_end",
    "share_rule",
    "share_nomination",
    "share_heir",
    "share_certificate",
    "share_certificate_end",
    "share_certificate_print",
    "fund_rule",
    "match_round",
    "death_case",
    "fund_request",
    "fund_decision",
    "fund_grant",
    "fund_contribution",
    "fund_transfer",
    "fund_reversal",
    "fund_closing",
    "consent",
    "data_request",
    "person_merge",
    "not_the_same",
    "duty_waiver",
    "duty_waiver_end",
    "duty_waiver_use",
    "manager_override",
    "purchase_line",
    "supplier_return",
    "supplier_return_line",
    "purchase_voucher",
    "purchase_voucher_print",
    "joint_round_sharing",
    "joint_round_share",
    "joint_round_handout",
    "audit_event",
)
"""Rows of these are only ever added."""
NEVER_DELETED = (
    "account",
    "account_month",
    "accounting_period",
    "activity",
    "bank_mapping",
    "bank_match",
    "bank_match_item",
    "bank_match_line",
    "bank_statement",
    "fund",
    "fund_recipient",
    "book_settings",
    "credit_account",
    "group_member",
    "household",
    "joint_round",
    "joint_round_order",
    "member",
    "member_batch_line",
    "member_pay_choice",
    "number_series",
    "opening_import",
    "payout_batch_line",
    "person",
    "producer",
    "recipe",
    "shift",
    "scheme",
    "standing_fact",
    "stock_level",
    "table_import",
    "voucher",
    "voucher_template",
)
"""Rows of these change by the rules in the SQL files, and stay for ever."""
UPSERTED = ("number_series", "account_month")
"""Of those, the ones our own code inserts over (ON CONFLICT DO UPDATE)."""

_WORDS = dict.fromkeys(("journal_entry", "journal_line"), "ledger: a posted entry never changes")


def words(table: str) -> str:
    """Return the words in which a change or deletion of a guarded row is refused."""
    if table in NEVER_DELETED:
        return f"guard: rows of {table} stay for ever"
    return _WORDS.get(table, f"guard: {table} is append-only")


def drop(connection: Connection) -> None:
    """Drop every guard of the database; harmless where there are none."""
    query = _TRIGGERS_SQLITE if connection.dialect.name == "sqlite" else _GUARDS_POSTGRESQL
    for (statement,) in connection.execute(text(query)).all():
        _run(connection, statement)


def install(connection: Connection) -> None:
    """Install every guard of this dialect; they must have been dropped before."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        # Guards remember this path (SET search_path FROM CURRENT): a session that puts a temporary
        # table of the same name before ours must not be able to show them a false period or shift.
        schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
        _run(connection, f"SET LOCAL search_path = {schema}, pg_temp")
    for statement in written(connection.dialect.name):
        _run(connection, statement)
    for statement in _made_sqlite(connection) if sqlite else _made_postgresql():
        _run(connection, statement)


def altered(connection: Connection) -> list[str]:
    """Return the names of guards that are missing, switched off or not in our words."""
    if connection.dialect.name == "sqlite":
        there = {name: sql for name, sql in connection.execute(text(_TEXTS_SQLITE))}
        wanted = [*written("sqlite"), *_made_sqlite(connection)]
    else:
        there = {name: sql for name, sql in connection.execute(text(_TEXTS_POSTGRESQL))}
        wanted = [*written("postgresql"), *_made_postgresql()]
    found = []
    for statement in wanted:
        create = _CREATE.search(statement)
        assert create is not None, statement
        kind, name = create.groups()
        if connection.dialect.name == "sqlite":
            own_words = statement[create.start() :]
        else:
            own_words = statement.split("$$")[1] if kind == "FUNCTION" else "O"
        if there.get(f"{kind} {name}") != own_words:
            found.append(name)
    return found


def written(dialect: str) -> Iterator[str]:
    """Yield the guards written for a dialect, in order of file and place."""
    for path in sorted((FOLDER / dialect).glob("*.sql")):
        lines: list[str] = []
        for line in [*path.read_text(encoding="utf-8").splitlines(), SEPARATOR]:
            if line.strip() != SEPARATOR:
                lines.append(line)
                continue
            statement = "\n".join(lines).strip()
            assert statement, f"{path.name}: an empty statement"
            yield statement
            lines = []


# --- what every document needs ---------------------------------------------------------------


def _made_postgresql() -> Iterator[str]:
    """A trigger by statement meets UPDATE, DELETE and TRUNCATE, even of no row at all."""
    for table in APPEND_ONLY + NEVER_DELETED:
        events = "UPDATE OR DELETE OR TRUNCATE" if table in APPEND_ONLY else "DELETE OR TRUNCATE"
        yield (
            f"CREATE TRIGGER guard_{table}_frozen BEFORE {events} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION guard_refuse('{words(table)}')"
        )


def _made_sqlite(connection: Connection) -> Iterator[str]:
    """DELETE and UPDATE are refused, and so is every way of replacing a row.

    In a session of another tool recursive_triggers is off: then OR REPLACE deletes the row in its
    way without firing the DELETE guard. So an insert over any unique key, or over the rowid (which
    is one too), is refused before it; and a row that may change may not move to another rowid.
    """
    unique = _unique_keys(connection)
    for table in APPEND_ONLY + NEVER_DELETED:
        yield _refusal(f"guard_{table}_delete BEFORE DELETE ON {table}", table)
        keys = unique[table] if table not in UPSERTED else []
        yield _refusal(
            f"guard_{table}_over BEFORE INSERT ON {table} WHEN "
            + " OR ".join(_exists(table, key) for key in [*keys, ["rowid"]]),
            table,
        )
    for table in APPEND_ONLY:
        yield _refusal(f"guard_{table}_update BEFORE UPDATE ON {table}", table)
    for table in NEVER_DELETED:
        moved = f"guard_{table}_moved BEFORE UPDATE ON {table} WHEN NEW.rowid IS NOT OLD.rowid"
        yield _refusal(moved, table)


def _refusal(trigger: str, table: str) -> str:
    return f"CREATE TRIGGER {trigger} BEGIN SELECT RAISE(ABORT, '{words(table)}'); END"


def _unique_keys(connection: Connection) -> dict[str, list[list[str]]]:
    """Return each table's keys, the primary one first, the rest as they stand in its definition.

    One question for all tables: the auditor asks it in every run.
    """
    keys: dict[tuple[str, str], list[str]] = {}
    for table, key, column in connection.execute(text(_KEYS_SQLITE)):
        keys.setdefault((table, key), []).append(column)
    found: dict[str, list[list[str]]] = {}
    for (table, _key), columns in keys.items():
        found.setdefault(table, []).append(columns)
    return found


def _exists(table: str, key: list[str]) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"


def _run(connection: Connection, statement: str) -> None:
    # Without parameters nothing in the text is read as a place for one.
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


_CREATE = re.compile(r"^CREATE (TRIGGER|FUNCTION) (guard_\w+)", re.MULTILINE)
_TEXTS_SQLITE = """
    SELECT 'TRIGGER ' || name, sql FROM sqlite_master
    WHERE type = 'trigger' AND name GLOB 'guard_*'
"""
_TEXTS_POSTGRESQL = r"""
    SELECT 'TRIGGER ' || tgname, tgenabled::text
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT 'FUNCTION ' || proname, prosrc FROM pg_proc
    WHERE proname LIKE 'guard\_%' AND pronamespace = current_schema()::regnamespace
"""
# SQLite numbers the index of each UNIQUE in the order they stand in: sqlite_autoindex_<table>_<n>.
_KEYS_SQLITE = """
    SELECT of_table, key, part FROM (
        SELECT tables.name AS of_table, '' AS key, columns.name AS part, columns.pk AS place
        FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND columns.pk
        UNION ALL
        SELECT tables.name, keys.name, columns.name, columns.seqno
        FROM sqlite_master AS tables, pragma_index_list(tables.name) AS keys,
             pragma_index_info(keys.name) AS columns
        WHERE tables.type = 'table' AND keys.origin = 'u'
    )
    ORDER BY of_table, length(key), key, place
"""
_TRIGGERS_SQLITE = """
    SELECT 'DROP TRIGGER "' || name || '"' FROM sqlite_master
    WHERE type = 'trigger' AND name GLOB 'guard_*'
"""
_GUARDS_POSTGRESQL = r"""
    SELECT statement FROM (
        SELECT 1 AS step, tgname AS name,
               format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) AS statement
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND tgname LIKE 'guard\_%'
          AND relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT 2, proname, format('DROP FUNCTION %s', pg_proc.oid::regprocedure)
        FROM pg_proc
        WHERE proname LIKE 'guard\_%' AND pronamespace = current_schema()::regnamespace
    ) AS guards
    ORDER BY step, name
"""
