"""The community's named funds: what levies go into and what need-based help comes out of.

What must stay true: a fund is kept in one of the accounts for funds, and its balance is the sum of
the lines that name it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import Fund
from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from members.services import access

KEPT_IN = (Purpose.WELFARE_FUND, Purpose.PUBLIC_BENEFIT_FUND, Purpose.OTHER_FUNDS)


class FundCodeTaken(DomainError):
    """Another fund of the centre has this code."""

    code, status, title = "fund-code-taken", 409, N_("Another fund has this code")
    detail = N_("Give the fund a code of its own.")


@dataclass(frozen=True, slots=True)
class NewFund:
    """A fund as it is set up; `purpose` is the account that keeps it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    purpose: Purpose = Purpose.WELFARE_FUND


@dataclass(frozen=True, slots=True)
class FundCard:
    """A fund, as other rooms see it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    purpose: Purpose
    active: bool


def listing(centre_id: int) -> list[FundCard]:
    """Return the centre's funds by code."""
    rows = db.session.scalars(select(Fund).where(Fund.centre_id == centre_id).order_by(Fund.code))
    return [_card(row) for row in rows]


def card(centre_id: int, fund_id: UUID) -> FundCard:
    """Return a fund; raise `NotFound`."""
    row = db.session.get(Fund, (centre_id, fund_id))
    if row is None:
        raise NotFound(what="fund")
    return _card(row)


def create(command: NewFund, actor: Actor) -> FundCard:
    """Set up a fund; raise FundCodeTaken, Forbidden. The same id again changes nothing."""
    access.require(actor, "fund.change")
    assert command.purpose in KEPT_IN, "a fund is kept in an account for funds"
    for fund in listing(actor.centre_id):
        if fund.id == command.id:
            return fund
        if fund.code == command.code:
            raise FundCodeTaken(field="code")
    db.session.execute(
        insert(Fund).values(
            centre_id=actor.centre_id,
            id=command.id,
            code=command.code,
            name_th=command.name_th,
            name_en=command.name_en,
            purpose=command.purpose,
        )
    )
    audit.record(actor, "fund.create", "fund", command.id, code=command.code)
    return card(actor.centre_id, command.id)


def balance(centre_id: int, fund_id: UUID) -> int:
    """Return what a fund holds, in satang."""
    purpose = card(centre_id, fund_id).purpose
    return -ledger.sub_ledger(centre_id, purpose, "fund", [fund_id]).get(fund_id, 0)


def balances(actor: Actor) -> list[tuple[FundCard, int]]:
    """Return every fund with what it holds; raises Forbidden."""
    access.require(actor, "fund.read")
    held: dict[UUID, int] = {}
    for purpose in KEPT_IN:
        held |= ledger.sub_ledger(actor.centre_id, purpose, "fund")
    return [(fund, -held.get(fund.id, 0)) for fund in listing(actor.centre_id)]


def _card(row: Fund) -> FundCard:
    return FundCard(row.id, row.code, row.name_th, row.name_en, Purpose(row.purpose), row.active)
