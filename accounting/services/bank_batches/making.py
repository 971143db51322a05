"""Making a file for the bank: what it will pay is reserved, and the file frozen.

What must stay true: the file is made whole or not at all, and once, however often it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select

from accounting.services.bank_batches.debts import BatchDoc, Debt, MakeBatch, Owed
from accounting.services.bank_batches.reading import batch_doc
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.numbering import buddhist_year, next_numbers
from core.sheets import baht_figure, csv_lines
from members.services import access

HEADINGS = ("reference", "bank_code", "account", "account_name", "amount")
"""The columns every file begins with: our reference of the line, the bank's code (empty for
PromptPay), where the money goes, to whom, and how much in baht. A debt adds its own."""
NAMED_MAX = 10


def make(debt: Debt, command: MakeBatch, actor: Actor) -> BatchDoc:
    """Reserve what payees are owed and freeze the file; the same command changes nothing.

    Raises the debt's own refusals, Forbidden.
    """
    access.require(actor, debt.records)
    centre_id = actor.centre_id
    serialise_on(command.id)
    content = content_of(command)
    earlier = db.session.scalar(
        select(debt.batch.content).where(
            debt.batch.centre_id == centre_id, debt.batch.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise debt.differs(differs=differs)
        return batch_doc(debt, centre_id, command.id)
    reserved = _reserve(debt, command, actor)
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    [number] = next_numbers(centre_id, [(debt.series, year)])
    batch_no = debt.number % {"year": year, "number": number}
    values = {
        "centre_id": centre_id,
        "id": command.id,
        "batch_no": batch_no,
        debt.way.key: command.way,
        "amount_satang": sum(one.amount_satang for one in reserved),
        "file_content": _file(debt, batch_no, command.way, reserved),
        "business_date": day,
        "recorded_at": now,
        "recorded_by": actor.user_id,
        "recorded_name": actor.name,
        "digest": digest_of(content),
        "content": content,
    }
    db.session.execute(insert(debt.batch).values(values))
    insert_rows(debt.line, _line_rows(command, reserved, centre_id))
    return batch_doc(debt, centre_id, command.id)


def _reserve(debt: Debt, command: MakeBatch, actor: Actor) -> list[Owed]:
    """Return what the file pays, by the payees' numbers; refuse it when some can't be reached."""
    owed = list(debt.owed(command, actor))
    reserved = [one for one in owed if one.details.pays_by(command.way)]
    if len(reserved) < len(owed) and not command.skip_missing:
        missing = (one.name for one in owed if not one.details.pays_by(command.way))
        raise debt.unreached(names=named(missing))
    if not reserved:
        raise debt.nobody
    return sorted(reserved, key=lambda one: one.number)


def _line_rows(
    command: MakeBatch, reserved: Sequence[Owed], centre_id: int
) -> list[dict[str, Any]]:
    rows = []
    for line_no, one in enumerate(reserved, start=1):
        bank, account, name = one.account(command.way)
        rows.append(
            {
                "centre_id": centre_id,
                "batch_id": command.id,
                "line_no": line_no,
                "account": f"{bank} {account}".strip(),
                "account_name": name,
                "state": "waiting",
                "reference": "",
                **one.row,
            }
        )
    return rows


def _file(debt: Debt, batch_no: str, way: str, reserved: Sequence[Owed]) -> str:
    rows = [
        (
            debt.reference(batch_no, line_no),
            *one.account(way),
            baht_figure(one.amount_satang),
            one.number,
            one.name,
            *one.cells,
        )
        for line_no, one in enumerate(reserved, start=1)
    ]
    return "".join(csv_lines(HEADINGS + debt.headings, rows))


def named(names: Iterable[str]) -> str:
    """Return names in a row, for a refusal."""
    known = sorted(names)
    return ", ".join(known[:NAMED_MAX]) + (" …" if len(known) > NAMED_MAX else "")
