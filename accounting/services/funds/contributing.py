"""Money that comes into a fund, with its receipt.

What must stay true: a contribution is one entry, from one giver, for one village or for none; the
same id again changes nothing; of a grant no more is paid back than was given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import DeathCase, FundContribution, FundGrant, FundReversal
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from accounting.services.funds import money, register
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on, sum_int
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access, members, villages

SOURCE = "fund_contribution"


class GiverMissing(DomainError):
    """A receipt says from whom."""

    code, status, title = "giver-missing", 422, N_("Write who gave it")
    detail = N_("A name, or choose the member.")


class MoreThanGiven(DomainError):
    """Of a grant no more comes back than was given."""

    code, status, title = "fund-repaid", 409, N_("More than is still to be paid back")
    detail = N_("%(left_satang)s baht are still to come back.")


@dataclass(frozen=True, slots=True)
class Contribute:
    """Money for a fund; a `grant_id` makes it the repayment of help that was given."""

    id: UUID
    fund_id: UUID
    source: str
    amount_satang: int
    paid_to: str
    giver_name: str = ""
    member_id: UUID | None = None
    village_id: UUID | None = None
    round_id: UUID | None = None
    case_id: UUID | None = None
    grant_id: UUID | None = None
    business_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContributionCard:
    """A contribution as it was received; `reversed_reason` says why it was taken back."""

    id: UUID
    contribution_no: str
    fund_id: UUID
    source: str
    giver_name: str
    member_id: UUID | None
    village_id: UUID | None
    round_id: UUID | None
    case_id: UUID | None
    grant_id: UUID | None
    amount_satang: int
    paid_to: str
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    reversed_reason: str | None = None


_COLUMNS = tuple(
    getattr(FundContribution, name)
    for name in ContributionCard.__slots__
    if name != "reversed_reason"
)


def contribute(command: Contribute, actor: Actor) -> ContributionCard:
    """Record a contribution; the same command again changes nothing.

    Raises DifferentContent, FundClosed, GiverMissing, NotKeptThere, MoreThanGiven, FutureDate,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "fund.contribute")
    serialise_on(command.id)
    centre_id = actor.centre_id
    content = content_of(command)
    earlier = db.session.scalar(
        select(FundContribution.content).where(
            FundContribution.centre_id == centre_id, FundContribution.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise DifferentContent(differs=differs)
        return card(centre_id, command.id)
    fund = register.require_open(centre_id, command.fund_id)
    account = money.account_of(fund, command.paid_to)
    giver = _giver(command, centre_id)
    on = money.day(command.business_date)
    now, year = clock.now(), buddhist_year(on)
    [number] = next_numbers(centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(FundContribution).values(
            centre_id=centre_id,
            contribution_no=f"FC-{year}-{number:05d}",
            **{name: getattr(command, name) for name in _SAID},
            giver_name=giver,
            business_date=on,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    satang = command.amount_satang
    lines = (
        NewLine(account, debit=satang),
        NewLine(Purpose(fund.purpose), credit=satang, fund_id=fund.id, memo=command.note),
    )
    memo = giver or f"FC-{year}-{number:05d}"
    money.post(SOURCE, (SOURCE, command.id), on, lines, memo, actor)
    audit.record(actor, "fund.contribute", "fund", fund.id, satang=satang, source=command.source)
    return card(centre_id, command.id)


_SAID = (
    *("id", "fund_id", "source", "member_id", "village_id", "round_id", "case_id", "grant_id"),
    *("amount_satang", "paid_to", "note"),
)


def _giver(command: Contribute, centre_id: int) -> str:
    """Check whom the paper names; return the giver as the receipt says it."""
    villages.require_known(centre_id, command.village_id)
    _require_case(command, centre_id)
    if (command.source == "repayment") != (command.grant_id is not None):
        raise NotFound(field="grant_id", what="fund_grant")
    if command.grant_id is not None:
        _require_left(command, centre_id)
    if command.member_id is None:
        if not command.giver_name.strip():
            raise GiverMissing(field="giver_name")
        return command.giver_name.strip()
    known = members.names(centre_id, [command.member_id])
    if command.member_id not in known:
        raise NotFound(field="member_id", what="member")
    # A member's name is looked up when it is shown: should they be erased, it is gone here too.
    return command.giver_name.strip()


def _require_case(command: Contribute, centre_id: int) -> None:
    if command.case_id is None:
        return
    case = db.session.get(DeathCase, (centre_id, command.case_id))
    if case is None or case.fund_id != command.fund_id:
        raise NotFound(field="case_id", what="death_case")


def _require_left(command: Contribute, centre_id: int) -> None:
    assert command.grant_id is not None
    serialise_on(command.grant_id)
    grant = db.session.get(FundGrant, (centre_id, command.grant_id))
    if grant is None or grant.fund_id != command.fund_id:
        raise NotFound(field="grant_id", what="fund_grant")
    left = grant.amount_satang - repaid(centre_id, grant.id)
    if is_reversed(centre_id, "fund_grant", grant.id):
        left = 0
    if command.amount_satang > left:
        raise MoreThanGiven(field="amount_satang", left_satang=left)


# --- reading -----------------------------------------------------------------------------------


def card(centre_id: int, contribution_id: UUID) -> ContributionCard:
    """Return a contribution; raise NotFound."""
    found = _shown(_cards(centre_id).where(FundContribution.id == contribution_id), centre_id)
    if not found:
        raise NotFound(what="fund_contribution")
    return found[0]


def get(contribution_id: UUID, actor: Actor) -> ContributionCard:
    """Return a contribution. Raises NotFound, Forbidden."""
    access.require(actor, "fund.read")
    return card(actor.centre_id, contribution_id)


def of_papers(
    centre_id: int, *, round_id: UUID | None = None, case_id: UUID | None = None
) -> list[ContributionCard]:
    """Return the contributions of a round or of a death, in the order received."""
    query = _cards(centre_id)
    if round_id is not None:
        query = query.where(FundContribution.round_id == round_id)
    if case_id is not None:
        query = query.where(FundContribution.case_id == case_id)
    query = query.order_by(FundContribution.recorded_at, FundContribution.id)
    return _shown(query, centre_id)


def repaid(centre_id: int, grant_id: UUID) -> int:
    """Return what of a grant was paid back, in satang."""
    query = (
        select(sum_int(FundContribution.amount_satang))
        .outerjoin(FundReversal, _undone(centre_id))
        .where(
            FundContribution.centre_id == centre_id,
            FundContribution.grant_id == grant_id,
            FundReversal.document_id.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def is_reversed(centre_id: int, document_type: str, document_id: UUID) -> bool:
    """Tell whether a paper of a fund was taken back."""
    return db.session.get(FundReversal, (centre_id, document_type, document_id)) is not None


def _shown(query: Any, centre_id: int) -> list[ContributionCard]:
    """Return contributions with the names of the members who gave them."""
    found = [ContributionCard(*row) for row in db.session.execute(query)]
    known = members.names(centre_id, {one.member_id for one in found if not one.giver_name})
    return [
        replace(one, giver_name=known[one.member_id].name)
        if not one.giver_name and one.member_id in known
        else one
        for one in found
    ]


def _cards(centre_id: int) -> Any:
    return (
        select(*_COLUMNS, FundReversal.reason)
        .outerjoin(FundReversal, _undone(centre_id))
        .where(FundContribution.centre_id == centre_id)
    )


def _undone(centre_id: int) -> Any:
    return (
        (FundReversal.centre_id == centre_id)
        & (FundReversal.document_type == SOURCE)
        & (FundReversal.document_id == FundContribution.id)
    )
