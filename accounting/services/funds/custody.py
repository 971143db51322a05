"""Funeral aid: collected for each death, kept apart, paid to the bereaved.

What must stay true: what is held for funerals equals the money kept for them, in an account that
is no money of the shop; who gave for which death can be told by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import DeathCase, FundContribution, FundGrant, FundRequest, FundReversal
from accounting.rules.chart import Purpose
from accounting.rules.funds import FUNERAL
from accounting.services import ledger
from accounting.services.funds import contributing, register
from accounting.services.funds.contributing import ContributionCard
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on, sum_int
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access, members, villages

SERIES = "death_case"


class NotForFunerals(DomainError):
    """Deaths are kept with a fund for funeral aid."""

    code, status, title = "fund-not-funeral", 422, N_("This fund is not for funerals")
    detail = N_("Choose the fund of funeral aid.")


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A death for which aid is collected."""

    id: UUID
    fund_id: UUID
    deceased_name: str
    died_on: date
    member_id: UUID | None = None
    village_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A death with what was collected and paid for it."""

    id: UUID
    case_no: str
    fund_id: UUID
    deceased_name: str
    member_id: UUID | None
    village_id: UUID | None
    died_on: date
    recorded_name: str
    collected_satang: int
    paid_satang: int


@dataclass(frozen=True, slots=True)
class Custody:
    """What is held for funerals beside the money kept for them, in satang."""

    held_satang: int
    money_satang: int

    @property
    def ties(self) -> bool:
        """Tell whether both are the same."""
        return self.held_satang == self.money_satang


def open_case(command: OpenCase, actor: Actor) -> CaseCard:
    """Write a death down; nothing is posted. The same id again changes nothing.

    Raises NotForFunerals, FundClosed, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "fund.contribute")
    serialise_on(command.id)
    centre_id = actor.centre_id
    said = {name: getattr(command, name) for name in OpenCase.__slots__}
    earlier = db.session.get(DeathCase, (centre_id, command.id))
    if earlier is not None:
        if any(getattr(earlier, name) != value for name, value in said.items()):
            raise DifferentContent(id=str(command.id))
        return _case(centre_id, command.id)
    if register.require_open(centre_id, command.fund_id).kind != FUNERAL:
        raise NotForFunerals(field="fund_id")
    villages.require_known(centre_id, command.village_id)
    if command.member_id and command.member_id not in members.names(centre_id, [command.member_id]):
        raise NotFound(field="member_id", what="member")
    year = buddhist_year(command.died_on)
    [number] = next_numbers(centre_id, [(SERIES, year)])
    db.session.execute(
        insert(DeathCase).values(
            centre_id=centre_id,
            case_no=f"FD-{year}-{number:04d}",
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            **said,
        )
    )
    audit.record(actor, "fund.death_case", "death_case", command.id)
    return _case(centre_id, command.id)


def cases(fund_id: UUID, actor: Actor) -> list[CaseCard]:
    """Return the deaths of a fund, the latest first. Raises Forbidden."""
    access.require(actor, "fund.read")
    query = _cases(actor.centre_id).where(DeathCase.fund_id == fund_id)
    rows = db.session.execute(query.order_by(DeathCase.died_on.desc(), DeathCase.id.desc()))
    return [_card(row) for row in rows]


def case_of(case_id: UUID, actor: Actor) -> tuple[CaseCard, list[ContributionCard]]:
    """Return a death with every contribution collected for it. Raises NotFound, Forbidden."""
    access.require(actor, "fund.read")
    centre_id = actor.centre_id
    return _case(centre_id, case_id), contributing.of_papers(centre_id, case_id=case_id)


def custody(centre_id: int, on: date) -> Custody:
    """Return both sides of the funeral aid at the end of a day."""
    held = -ledger.balance(centre_id, Purpose.FUNERAL_AID, until=on)
    return Custody(held, ledger.balance(centre_id, Purpose.FUNERAL_MONEY, until=on))


def _case(centre_id: int, case_id: UUID) -> CaseCard:
    row = db.session.execute(_cases(centre_id).where(DeathCase.id == case_id)).one_or_none()
    if row is None:
        raise NotFound(what="death_case")
    return _card(row)


def _cases(centre_id: int) -> Any:
    collected = _standing(FundContribution, "fund_contribution").where(
        FundContribution.centre_id == DeathCase.centre_id, FundContribution.case_id == DeathCase.id
    )
    paid = (
        _standing(FundGrant, "fund_grant")
        .join(
            FundRequest,
            (FundRequest.centre_id == FundGrant.centre_id)
            & (FundRequest.id == FundGrant.request_id),
        )
        .where(FundRequest.centre_id == DeathCase.centre_id, FundRequest.case_id == DeathCase.id)
    )
    names = [n for n in CaseCard.__slots__ if not n.endswith("_satang")]
    return select(
        *(getattr(DeathCase, name) for name in names),
        collected.correlate(DeathCase).scalar_subquery(),
        paid.correlate(DeathCase).scalar_subquery(),
    ).where(DeathCase.centre_id == centre_id)


def _standing(table: Any, source: str) -> Any:
    return (
        select(sum_int(table.amount_satang))
        .select_from(table)
        .outerjoin(
            FundReversal,
            (FundReversal.centre_id == table.centre_id)
            & (FundReversal.document_type == source)
            & (FundReversal.document_id == table.id),
        )
        .where(FundReversal.document_id.is_(None))
    )


def _card(row: Any) -> CaseCard:
    return CaseCard(*row)
