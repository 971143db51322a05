"""The bank's answer to a file: of each line that it was paid, or failed and why.

What must stay true: a line is answered once, and only then does the payment stand in the books; an
answer is taken whole or not at all; a line that failed is due again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import update

from accounting.rules.bank_results import LineResult, WaitingLine, read_results
from accounting.services.bank_batches.debts import BatchDoc, BatchLine, Debt
from accounting.services.bank_batches.reading import batch_doc
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound
from members.services import access


class LineMatched(DomainError):
    """The bank's answer to this line was entered before, and was another."""

    code, status, title = "batch-line-matched", 409, N_("This line was already answered")
    detail = N_("Line %(line_no)s: the first answer (%(reference)s) stands.")


class ReasonNeeded(DomainError):
    """A line that failed says why; one that was paid has the bank's reference."""

    code, status, title = "batch-reason-needed", 422, N_("Say why it failed")
    detail = N_("Line %(line_no)s: write what the bank said.")


def match_file(debt: Debt, batch_id: UUID, text: str, actor: Actor) -> BatchDoc:
    """Enter the bank's answer from its file, whole or not at all; see `match`.

    Raises BadResults besides.
    """
    access.require(actor, debt.records)
    lines = [
        WaitingLine(line.line_no, line.own_reference, line.account_digits, line.amount_satang)
        for line in batch_doc(debt, actor.centre_id, batch_id).lines
    ]
    return match(debt, batch_id, read_results(text, lines), actor)


def match(debt: Debt, batch_id: UUID, results: Sequence[LineResult], actor: Actor) -> BatchDoc:
    """Enter what the bank says of lines: paid ones become payments, failed ones are due again.

    The same answer again changes nothing. Raises LineMatched, ReasonNeeded, PeriodClosed, NotFound,
    Forbidden.
    """
    access.require(actor, debt.records)
    serialise_on(batch_id)
    batch = batch_doc(debt, actor.centre_id, batch_id)
    answered = list(_answered(batch, results))
    paid = [(line, result) for line, result in answered if result.paid]
    settled = debt.settle(batch, paid, actor)
    for line, result in answered:
        values = {
            "state": "paid" if result.paid else "failed",
            "reference": result.reference,
            **settled.get(line.line_no, {}),
        }
        db.session.execute(
            update(debt.line)
            .where(
                debt.line.centre_id == actor.centre_id,
                debt.line.batch_id == batch_id,
                debt.line.line_no == line.line_no,
            )
            .values(values)
            .execution_options(synchronize_session=False)
        )
    return batch_doc(debt, actor.centre_id, batch_id)


def _answered(
    batch: BatchDoc, results: Sequence[LineResult]
) -> Iterator[tuple[BatchLine, LineResult]]:
    """Yield the lines whose answer is new; refuse an answer that is another than the first."""
    lines = {line.line_no: line for line in batch.lines}
    for result in sorted(results, key=lambda one: one.line_no):
        line = lines.get(result.line_no)
        if line is None:
            raise NotFound(what="batch_line")
        if line.state != "waiting":
            said = ("paid" if result.paid else "failed", result.reference)
            if (line.state, line.reference) != said:
                raise LineMatched(line_no=line.line_no, reference=line.reference)
            continue
        if not result.paid and not result.reference.strip():
            raise ReasonNeeded(line_no=line.line_no)
        yield line, result
