"""Gapless document numbers per centre, series and Buddhist year.

A number is given inside the transaction of the document that carries it, as late as possible: the
series row stays locked until the commit, so a rolled-back document leaves no gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from core.db import db
from core.models import NumberSeries


def buddhist_year(day: date) -> int:
    """Return the Buddhist-era year (CE + 543) in which a day falls."""
    return day.year + 543


def next_numbers(centre_id: int, wanted: Sequence[tuple[str, int]]) -> list[int]:
    """Draw the next number of each (series, year), in the order asked, with one statement.

    A series used for the first time starts at 1. The series asked for must differ.
    """
    assert len(set(wanted)) == len(wanted)
    connection = db.session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    values = tuple(value for series, year in wanted for value in (centre_id, series, year))
    rows = connection.exec_driver_sql(_draw(len(wanted), mark), values)
    given = {(series, year): last for series, year, last in rows}
    return [given[key] for key in wanted]


@lru_cache(maxsize=16)
def _draw(count: int, mark: str) -> str:
    # Kept as text: it runs in every sale, and building it anew would cost more than running it.
    places = ", ".join([f"({mark}, {mark}, {mark}, 1)"] * count)
    return (
        f"INSERT INTO number_series (centre_id, series, year, last_number) VALUES {places}"  # noqa: S608
        " ON CONFLICT (centre_id, series, year)"
        " DO UPDATE SET last_number = number_series.last_number + 1"
        " RETURNING series, year, last_number"
    )


def next_block(centre_id: int, series: str, year: int, count: int) -> range:
    """Draw `count` numbers in a row from one series, with one statement."""
    assert count > 0
    new = insert_for(db.session.connection().dialect.name)(NumberSeries).values(
        centre_id=centre_id, series=series, year=year, last_number=count
    )
    statement = new.on_conflict_do_update(
        index_elements=["centre_id", "series", "year"],
        set_={"last_number": NumberSeries.last_number + new.excluded.last_number},
    ).returning(NumberSeries.last_number)
    last = db.session.execute(statement.execution_options(synchronize_session=False)).scalar_one()
    return range(last - count + 1, last + 1)


def insert_for(dialect: str) -> Any:
    """Return the INSERT that knows ON CONFLICT on this engine."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert
