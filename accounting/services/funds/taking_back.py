"""A paper of a fund taken back as a whole: the opposite entries, once, for a reason.

What must stay true: nothing is changed or deleted; what the reversal takes out of a fund or a box
must be there; of a grant that is being paid back nothing is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from accounting.models import FundReversal
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from accounting.rules.funds import KEPT_IN
from accounting.services import ledger
from accounting.services.funds import contributing, moving, paying, register
from accounting.services.funds.money import ACCOUNTS, require_there
from accounting.services.funds.paying import chart_id
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from members.services import access

MAY = {
    contributing.SOURCE: "fund.contribute",
    paying.SOURCE: "fund_grant.pay",
    moving.SOURCE: "fund.change",
}


class ReversalReason(DomainError):
    """Taking back tells why."""

    code, status, title = "fund-reversal-reason", 422, N_("Write the reason")
    detail = N_("One sentence that another person understands next year.")


class BeingRepaid(DomainError):
    """Part of the help was paid back already."""

    code, status, title = "fund-being-repaid", 409, N_("Part of this was paid back already")
    detail = N_("Take the repayments back first.")


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A contribution, payment or transfer to take back today."""

    document_type: str
    document_id: UUID
    reason: str


def take_back(command: TakeBack, actor: Actor) -> None:
    """Reverse a paper's entries; a second time changes nothing.

    Raises ReversalReason, FundOverdrawn, SafeShort, BeingRepaid, FundClosed, PeriodClosed,
    NotFound, Forbidden.
    """
    kind, document_id = command.document_type, command.document_id
    access.require(actor, MAY[kind])
    centre_id = actor.centre_id
    if not command.reason.strip():
        raise ReversalReason(field="reason")
    serialise_on(document_id)
    if contributing.is_reversed(centre_id, kind, document_id):
        return
    _require_reversible(kind, document_id, centre_id)
    entries = [
        one for one in ledger.entry_of(centre_id, kind, document_id) if one.reverses_id is None
    ]
    lines = [line for one in entries for line in ledger.lines_of(centre_id, one.id)]
    _require_there(lines, centre_id)
    today = clock.today()
    db.session.execute(
        insert(FundReversal).values(
            centre_id=centre_id,
            document_type=kind,
            document_id=document_id,
            reason=command.reason.strip()[:300],
            business_date=today,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )
    for entry in entries:
        ledger.reverse(
            entry.id,
            actor,
            today,
            source_type=kind,
            source_id=document_id,
            kind=f"{entry.kind}_undone",
        )
    audit.record(actor, "fund.take_back", kind, document_id)


def _require_reversible(kind: str, document_id: UUID, centre_id: int) -> None:
    """Raise NotFound for no such paper; what must not come back is refused."""
    if kind == contributing.SOURCE:
        touched = [contributing.card(centre_id, document_id).fund_id]
    elif kind == paying.SOURCE:
        grant = paying.card(centre_id, document_id)
        if grant.repaid_satang:
            raise BeingRepaid
        touched = [grant.fund_id]
    else:
        transfer = moving.card(centre_id, document_id)
        touched = [transfer.from_fund_id, transfer.to_fund_id]
    for fund_id in sorted(touched):
        register.require_open(centre_id, fund_id)
        register.hold(centre_id, fund_id)


def _require_there(lines: list[NewLine], centre_id: int) -> None:
    """What came in must still be there to go out again."""
    for line in lines:
        if line.purpose in KEPT_IN and line.credit and line.fund_id is not None:
            register.require_covered(centre_id, line.fund_id, line.credit)
        elif line.purpose in _BOXES and line.debit:
            assert line.purpose is not None
            require_there(centre_id, line.purpose, line.debit, chart_id(centre_id, line.purpose))


_BOXES: tuple[Purpose, ...] = tuple(ACCOUNTS.values())
