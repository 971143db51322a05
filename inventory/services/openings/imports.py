"""What was brought of the old books: kept as it came, looked over, mapped, dropped.

What must stay true: nothing here posts; the same table is not brought twice while its first import
is open or taken; what is shown is worked out anew from what was brought each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.services import opening
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid7, uuid_or_none
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought
from core.sought import matching as fitting
from core.table_forms import TableForm
from core.tables_in import headed, sheets_of
from inventory.models import OpeningImport, OpeningTaking
from inventory.rules import opening_tables
from inventory.rules.opening_balance import Matches, Reconciliation, reconcile
from inventory.rules.opening_matching import KnownAccount
from inventory.rules.opening_tables import FORMS, Read, TableUnknown
from inventory.services.openings import matching
from members.services import access

SOURCE = "opening_import"
_BRINGING = UUID("5c0f3f6e-0000-4000-8000-000000000000")


class NothingBrought(DomainError):
    """No file was chosen."""

    code, status, title = "nothing-brought", 422, N_("No file was chosen")
    detail = N_("Choose at least one file of the old books.")


class BroughtBefore(DomainError):
    """The very same table came before."""

    code, status, title = "brought-before", 409, N_("This table was brought before")
    detail = N_("%(table)s is the same as in import %(number)s. Open that one, or drop it first.")


class ImportDiffers(DifferentContent):
    """The import's id came again with other tables; the first ones stand."""

    code, title = "import-differs", N_("This import was already brought with other tables")


class TableTwice(DomainError):
    """Two sheets are the same table."""

    code, status, title = "table-twice", 422, N_("One table came twice")
    detail = N_("Both %(sheet)s and another sheet hold %(table)s. Bring one of them.")


class NotOpen(DomainError):
    """An import that was taken or dropped stays as it is."""

    code, status, title = "opening-not-open", 409, N_("This import was taken or dropped")
    detail = N_("Open the list to see what became of it.")


@dataclass(frozen=True, slots=True)
class BroughtFile:
    """A file as it came; `table` is which of the four it is, empty when its sheets say so."""

    name: str
    data: bytes
    table: str = ""


@dataclass(frozen=True, slots=True)
class BringIn:
    """Files of the old books, and the day they are of."""

    id: UUID
    opening_on: date
    files: tuple[BroughtFile, ...]


@dataclass(frozen=True, slots=True)
class ImportCard:
    """An import in a list."""

    id: UUID
    import_no: str
    opening_on: date
    state: str
    tables: tuple[str, ...]
    recorded_at: datetime
    recorded_name: str


@dataclass(frozen=True, slots=True)
class ImportDoc:
    """An import, what it would post (or posted), and its matching with what we know."""

    card: ImportCard
    files: Mapping[str, str]
    reads: Mapping[str, Read]
    matches: Matches
    reconciliation: Reconciliation
    chart: tuple[KnownAccount, ...]
    taking: OpeningTaking | None


def bring_in(command: BringIn, actor: Actor) -> ImportCard:
    """Keep files as an import to look over; the same id again returns what is there.

    Raises ImportDiffers, NothingBrought, NotATable, TableUnknown, ColumnMissing, TableTwice,
    BroughtBefore, OpeningInFuture, OpeningAfterClose, Forbidden.
    """
    access.require(actor, "opening.post")
    tables = _tables(command.files)
    digests = _digests(tables)
    serialise_on_centre(actor.centre_id)
    earlier = _row(actor.centre_id, command.id)
    if earlier is not None:
        if differs := differences(earlier.digests, digests):
            raise ImportDiffers(differs=differs)
        return _card(earlier)
    opening.require_may_be_on(actor.centre_id, command.opening_on, "opening_on")
    _require_new(actor.centre_id, digests)
    _insert(command.id, command.opening_on, tables, digests, actor)
    return _card(_existing(actor.centre_id, command.id))


def _insert(
    import_id: UUID,
    opening_on: date,
    tables: Mapping[str, Any],
    digests: Mapping[str, str],
    actor: Actor,
) -> None:
    year = buddhist_year(clock.today())
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(OpeningImport).values(
            centre_id=actor.centre_id,
            id=import_id,
            import_no=f"OB-{year}-{number:05d}",
            opening_on=opening_on,
            state="open",
            tables=dict(tables),
            digests=dict(digests),
            choices={},
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )


def bring_checked(
    opening_on: date, tables: Mapping[str, Any], reference: str, actor: Actor
) -> UUID:
    """Keep tables that were looked over elsewhere (a moving-in of stock) as an import to take.

    That they came only once was seen to there. Raises OpeningInFuture, OpeningAfterClose.
    """
    access.require(actor, "opening.post")
    serialise_on_centre(actor.centre_id)
    opening.require_may_be_on(actor.centre_id, opening_on, "opening_on")
    import_id = uuid7()
    digests = {name: digest_of({"of": reference, "id": str(import_id)}) for name in tables}
    _insert(import_id, opening_on, tables, digests, actor)
    return import_id


def replace_files(import_id: UUID, files: tuple[BroughtFile, ...], actor: Actor) -> ImportCard:
    """Put corrected tables in the place of those brought before; raise as `bring_in`, NotOpen."""
    access.require(actor, "opening.post")
    serialise_on_centre(actor.centre_id)
    found = existing_open(actor.centre_id, import_id)
    tables = _tables(files)
    digests = _digests(tables)
    _require_new(actor.centre_id, digests, without=import_id)
    _change(found, tables=found.tables | tables, digests=found.digests | digests)
    return _card(_existing(actor.centre_id, import_id))


def choose(
    import_id: UUID, accounts: Mapping[str, str], opening_on: date, actor: Actor
) -> ImportCard:
    """Say which of our accounts those of the old books are, and the day.

    An empty choice takes the line's own code and name again. Raises NotOpen, NotFound, Forbidden,
    OpeningInFuture, OpeningAfterClose.
    """
    access.require(actor, "opening.post")
    serialise_on_centre(actor.centre_id)
    found = existing_open(actor.centre_id, import_id)
    opening.require_may_be_on(actor.centre_id, opening_on, "opening_on")
    known = {one.key for one in matching.chart_of(actor.centre_id)}
    if any(chosen and chosen not in known for chosen in accounts.values()):
        raise NotFound(what="account")
    chosen = {**found.choices, **accounts}
    _change(
        found,
        choices={key: one for key, one in chosen.items() if one},
        opening_on=opening_on,
    )
    return _card(_existing(actor.centre_id, import_id))


def drop(import_id: UUID, actor: Actor) -> ImportCard:
    """Put an import aside that nobody will take; raise NotOpen, NotFound."""
    access.require(actor, "opening.post")
    serialise_on_centre(actor.centre_id)
    found = existing_open(actor.centre_id, import_id)
    _change(found, state="dropped")
    return _card(_existing(actor.centre_id, import_id))


# --- reading ---------------------------------------------------------------------------------


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[ImportCard]:
    """Return imports, newest first; raise Forbidden."""
    access.require(actor, "opening.post")
    texts = (OpeningImport.import_no, OpeningImport.recorded_name)
    query = select(OpeningImport).where(
        OpeningImport.centre_id == actor.centre_id,
        *fitting(sought, day=OpeningImport.opening_on, text=texts),
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(OpeningImport.id < last)
    rows = db.session.scalars(query.order_by(OpeningImport.id.desc()).limit(window.limit + 1)).all()
    return page_of([_card(row) for row in rows], window, lambda card: str(card.id))


def get(import_id: UUID, actor: Actor) -> ImportDoc:
    """Return an import with its reconciliation; raise NotFound, Forbidden."""
    access.require(actor, "opening.post")
    return doc_of(_existing(actor.centre_id, import_id))


def doc_of(found: OpeningImport) -> ImportDoc:
    """Work an import out: read its tables, match their lines, set totals in beside totals out."""
    centre_id = found.centre_id
    reads = {
        name: opening_tables.read(FORMS[name], one["headings"], one["rows"])
        for name, one in _in_order(found.tables)
    }
    accounts = matching.chart_of(centre_id)
    matches, problems = matching.matched(centre_id, reads, found.choices, accounts)
    return ImportDoc(
        card=_card(found),
        files={name: one["file"] for name, one in _in_order(found.tables)},
        reads=reads,
        matches=matches,
        reconciliation=reconcile(reads, matches, problems, accounts),
        chart=accounts,
        taking=taking_of(centre_id, found.id),
    )


def taking_of(centre_id: int, import_id: UUID) -> OpeningTaking | None:
    """Return the taking of an import, if it was taken."""
    return db.session.get(OpeningTaking, (centre_id, import_id))


def existing_open(centre_id: int, import_id: UUID) -> OpeningImport:
    """Return an import that may still change; raise NotFound, NotOpen."""
    found = _existing(centre_id, import_id)
    if found.state != "open":
        raise NotOpen
    return found


def serialise_on_centre(centre_id: int) -> None:
    """Let one at a time bring in, change, take or drop the old books of a centre."""
    serialise_on(UUID(int=_BRINGING.int + centre_id))


def mark_taken(found: OpeningImport) -> None:
    """Let an import stay as it is from now on; its taking is written."""
    _change(found, state="taken")


# --- tables ----------------------------------------------------------------------------------


def _tables(files: tuple[BroughtFile, ...]) -> dict[str, Any]:
    """Read files into the tables they hold, as text."""
    if not files:
        raise NothingBrought
    tables: dict[str, Any] = {}
    for file in files:
        sheets = sheets_of(file.data, file.name)
        for sheet in sheets[:1] if file.table else sheets:
            table = headed(sheet)
            form = _form(file.table, sheet.name, table.headings.cells)
            opening_tables.require_columns(
                form, sheet.name, table.headings.line, table.headings.cells
            )
            if form.name in tables:
                raise TableTwice(sheet=sheet.name, table=form.title)
            tables[form.name] = {
                "file": file.name[:120],
                "headings": list(table.headings.cells),
                "rows": [[row.line, list(row.cells)] for row in table.rows],
            }
    return tables


def _form(table: str, sheet: str, headings: tuple[str, ...]) -> TableForm:
    form = FORMS.get(table) or opening_tables.form_of(sheet, headings)
    if form is None:
        raise TableUnknown(sheet=sheet)
    return form


def _in_order(tables: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, tables[name]) for name in FORMS if name in tables]


def _digests(tables: Mapping[str, Any]) -> dict[str, str]:
    """Tell tables by what they say, whatever their file is called or saved as."""
    return {
        name: digest_of({"headings": one["headings"], "cells": [row[1] for row in one["rows"]]})
        for name, one in tables.items()
    }


def _require_new(centre_id: int, digests: Mapping[str, str], without: UUID | None = None) -> None:
    rows = db.session.execute(
        select(OpeningImport.id, OpeningImport.import_no, OpeningImport.digests).where(
            OpeningImport.centre_id == centre_id, OpeningImport.state != "dropped"
        )
    )
    for identity, number, known in rows:
        for name, digest in digests.items():
            if identity != without and known.get(name) == digest:
                raise BroughtBefore(number=number, table=FORMS[name].title, import_id=str(identity))


# --- rows ------------------------------------------------------------------------------------


def _row(centre_id: int, import_id: UUID) -> OpeningImport | None:
    return db.session.get(OpeningImport, (centre_id, import_id))


def _existing(centre_id: int, import_id: UUID) -> OpeningImport:
    found = _row(centre_id, import_id)
    if found is None:
        raise NotFound(what=SOURCE)
    return found


def _change(found: OpeningImport, **values: Any) -> None:
    db.session.execute(
        update(OpeningImport)
        .where(OpeningImport.centre_id == found.centre_id, OpeningImport.id == found.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(found)


def _card(row: OpeningImport) -> ImportCard:
    return ImportCard(
        row.id,
        row.import_no,
        row.opening_on,
        row.state,
        tuple(name for name, _ in _in_order(row.tables)),
        row.recorded_at,
        row.recorded_name,
    )
