"""Which tables go along in an archive, in an order in which they can come back.

What must stay true: a table added tomorrow goes along by itself when its rows belong to a centre;
one whose rows don't must be named here, or a test fails.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Table
from sqlalchemy import Uuid as AnyUuid

from core.db import Base

LEFT_OUT = {
    "api_token": "a key to the old installation",
    "day_figure": "added up anew from the documents where it arrives",
    "day_goods": "added up anew from the documents where it arrives",
    "day_roll": "goes with the figures of its day",
    "job_part": "goes with its job",
    "job_run": "work of the old installation's worker; what it made can be made again",
    "centre_network": "where it arrives another network begins",
    "network_invitation": "a word between a network and centres of the old installation",
    "network_invitation_outcome": "goes with its invitation",
    "network": "the centre joins or founds a network where it arrives",
    "pin_try": "belongs to the old installation's tills",
    "sign_in_attempt": "belongs to the old installation's door",
    "staff_pin": "a key to the old installation's tills",
    "till_device": "a key to the old installation's tills",
    "user_session": "a key to the old installation",
}
"""What stays behind, and why."""
ABOVE = ("centre", "app_user")
"""Tables above centres, of which an archive holds the rows that concern its own."""
SECRETS = {
    "app_user": ("password_hash", "officer_network_id"),
    "person": ("national_id_cipher", "national_id_hash"),
    "purchase_voucher": ("national_id_cipher",),
}
"""Columns that never leave: people get a new password where they arrive, and their national ids,
locked with this installation's key, are entered there again."""
ITSELF = ""
"""What stands for the centre's own code, which may be another where it arrives."""
PEOPLE = ("user_id", "cashier_id")
"""Columns that name a person, beside those that end in `_by`."""


def tables() -> list[Table]:
    """Return the tables of a centre, each after those its rows refer to."""
    own = {table.name: table for table in Base.metadata.tables.values() if _of_a_centre(table)}
    graph = {name: sorted(_referred(own[name]) & own.keys()) for name in sorted(own)}
    return [own[name] for name in TopologicalSorter(graph).static_order()]


def columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that go along."""
    hidden = {"centre_id", *SECRETS.get(table.name, ())}
    if table.name == "centre":
        hidden |= {"id", "network_id"}
    return [column for column in table.columns if column.name not in hidden]


def people(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that name a person."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, AnyUuid)
        and (column.name.endswith("_by") or column.name in PEOPLE)
    ]


def neighbours(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that name another centre; a file holds its code for them."""
    return [column for column in table.columns if column.name.endswith("_centre_id")]


def parent(table: Table) -> Column[Any] | None:
    """Return the column by which a row refers to another row of its own table, if any."""
    for key in table.foreign_key_constraints:
        if key.referred_table is table:
            return next(one.parent for one in key.elements if one.column.name == "id")
    return None


def _of_a_centre(table: Table) -> bool:
    return "centre_id" in table.columns and table.name not in LEFT_OUT


def _referred(table: Table) -> set[str]:
    """Rows referred to must come first, unless the key is only looked at in the end."""
    keys: set[ForeignKeyConstraint] = table.foreign_key_constraints
    return {
        key.referred_table.name
        for key in keys
        if not key.deferrable and key.referred_table is not table
    }
