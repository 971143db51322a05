"""Rounds in which somebody adds to what villages have: 10,000 baht for each, or a part of theirs.

What must stay true: every village's contribution is a paper of its own, at most one for each
village and round; how many villages there are is what those papers say, and no total is worked out
from a number of villages or recipients that somebody only stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from accounting.models import FundContribution, FundGrant, FundRequest, FundReversal, MatchRound
from accounting.rules import funds as rules
from accounting.rules.chart import Purpose
from accounting.rules.funds import FIXED, MatchRule
from accounting.services.funds import contributing, money, register
from accounting.services.funds.contributing import Contribute, ContributionCard
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on, sum_int
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access

SERIES = "match_round"


class AlreadyMatched(DomainError):
    """The village has had its part of this round."""

    code, status, title = "already-matched", 409, N_("This village has had its part of the round")
    detail = N_("Open the round to see its contribution.")


class NothingToMatch(DomainError):
    """A part of nothing is nothing."""

    code, status, title = "nothing-to-match", 409, N_("This village put nothing in to be matched")
    detail = N_("Enter what the village gave first, within the days of the round.")


class BadRound(DomainError):
    """A rule by which nothing can be worked out."""

    code, status, title = "bad-match-round", 422, N_("The rule of the round is not complete")
    detail = N_("A fixed sum for each village, or a percentage of what the village put in.")


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round as its giver announced it; `recipients_stated` is only ever shown."""

    id: UUID
    fund_id: UUID
    title: str
    source: str
    giver_name: str
    rule: MatchRule
    counts_from: date
    counts_to: date
    happened_on: date
    happened_precision: str = "day"
    recipients_stated: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MatchVillage:
    """A village's part of a round, received."""

    id: UUID
    round_id: UUID
    village_id: UUID
    paid_to: str
    business_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round, and what came of it so far."""

    id: UUID
    round_no: str
    fund_id: UUID
    title: str
    source: str
    giver_name: str
    rule: MatchRule
    counts_from: date
    counts_to: date
    happened_on: date
    happened_precision: str
    recipients_stated: int | None
    note: str
    recorded_at: datetime
    recorded_name: str
    contributions: tuple[ContributionCard, ...] = ()
    recipients_recorded: int = 0
    """Different recipients paid under this round: from the register, not from the paper."""

    @property
    def received_satang(self) -> int:
        """What was received, the papers added up."""
        standing = (one for one in self.contributions if one.reversed_reason is None)
        return sum(one.amount_satang for one in standing)


def open_round(command: OpenRound, actor: Actor) -> RoundCard:
    """Write a round down; nothing is posted. The same command again changes nothing.

    Raises BadRound, FundClosed, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "fund.contribute")
    serialise_on(command.id)
    centre_id = actor.centre_id
    content = content_of(command)
    earlier = db.session.get(MatchRound, (centre_id, command.id))
    if earlier is not None:
        if differs := differences(earlier.content, content):
            raise DifferentContent(differs=differs)
        return card(centre_id, command.id)
    _require_sense(command, centre_id)
    year = buddhist_year(command.happened_on)
    [number] = next_numbers(centre_id, [(SERIES, year)])
    rule = command.rule
    db.session.execute(
        insert(MatchRound).values(
            centre_id=centre_id,
            round_no=f"FM-{year}-{number:03d}",
            **{name: getattr(command, name) for name in OpenRound.__slots__ if name != "rule"},
            rule_type=rule.type,
            amount_satang=rule.amount_satang,
            ratio_basis_points=rule.ratio_basis_points,
            cap_satang=rule.cap_satang,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    audit.record(actor, "fund.round", "match_round", command.id, title=command.title)
    return card(centre_id, command.id)


def _require_sense(command: OpenRound, centre_id: int) -> None:
    rule = command.rule
    fixed = rule.amount_satang > 0 and rule.ratio_basis_points == 0 and rule.cap_satang is None
    part = rule.amount_satang == 0 and rule.ratio_basis_points > 0
    if not (fixed if rule.type == FIXED else part):
        raise BadRound(field="amount_satang")
    if command.counts_from > command.counts_to:
        raise BadRound(field="counts_to")
    if command.source not in rules.MATCHING:
        raise BadRound(field="source")
    fund = register.require_open(centre_id, command.fund_id)
    if fund.purpose is Purpose.FUNERAL_AID:
        raise money.NotKeptThere(field="fund_id")


def match_village(command: MatchVillage, actor: Actor) -> ContributionCard:
    """Receive a village's part: a contribution like any other, its sum by the round's rule.

    Raises AlreadyMatched, NothingToMatch and what `contribute` raises.
    """
    access.require(actor, "fund.contribute")
    centre_id = actor.centre_id
    serialise_on(command.round_id)
    found = card(centre_id, command.round_id)
    for one in found.contributions:
        if one.id == command.id:
            if one.village_id != command.village_id:
                raise DifferentContent(id=str(command.id))
            return one
        if one.village_id == command.village_id and one.reversed_reason is None:
            raise AlreadyMatched(field="village_id")
    satang = due_to(found, command.village_id, centre_id)
    if satang <= 0:
        raise NothingToMatch(field="village_id")
    return contributing.contribute(
        Contribute(
            id=command.id,
            fund_id=found.fund_id,
            source=found.source,
            amount_satang=satang,
            paid_to=command.paid_to,
            giver_name=found.giver_name,
            village_id=command.village_id,
            round_id=found.id,
            business_date=command.business_date,
            note=command.note or found.title,
        ),
        actor,
    )


def due_to(found: RoundCard, village_id: UUID, centre_id: int) -> int:
    """Return what a village's part of a round is, by its rule."""
    if found.rule.type == FIXED:
        return rules.matched(found.rule)
    return rules.matched(found.rule, _put_in(found, village_id, centre_id))


def _put_in(found: RoundCard, village_id: UUID, centre_id: int) -> int:
    """Return what a village itself gave to the fund in the days that count, in satang."""
    query = (
        select(sum_int(FundContribution.amount_satang))
        .outerjoin(
            FundReversal,
            (FundReversal.centre_id == FundContribution.centre_id)
            & (FundReversal.document_type == contributing.SOURCE)
            & (FundReversal.document_id == FundContribution.id),
        )
        .where(
            FundContribution.centre_id == centre_id,
            FundContribution.fund_id == found.fund_id,
            FundContribution.village_id == village_id,
            FundContribution.round_id.is_(None),
            FundContribution.source.in_(("member", "donation", "merit_making")),
            FundContribution.business_date.between(found.counts_from, found.counts_to),
            FundReversal.document_id.is_(None),
        )
    )
    return db.session.scalar(query) or 0


# --- reading -----------------------------------------------------------------------------------


def listing(actor: Actor, fund_id: UUID | None = None) -> list[RoundCard]:
    """Return the rounds, the latest first, without their papers. Raises Forbidden."""
    access.require(actor, "fund.read")
    query = select(MatchRound).where(MatchRound.centre_id == actor.centre_id)
    if fund_id is not None:
        query = query.where(MatchRound.fund_id == fund_id)
    query = query.order_by(MatchRound.happened_on.desc(), MatchRound.id.desc()).limit(200)
    return [_card(row) for row in db.session.scalars(query)]


def get(round_id: UUID, actor: Actor) -> RoundCard:
    """Return a round with its contributions. Raises NotFound, Forbidden."""
    access.require(actor, "fund.read")
    return card(actor.centre_id, round_id)


def card(centre_id: int, round_id: UUID) -> RoundCard:
    """Return a round with its contributions; raise NotFound."""
    row = db.session.get(MatchRound, (centre_id, round_id))
    if row is None:
        raise NotFound(what="match_round")
    helped = db.session.scalar(
        select(func.count(FundRequest.recipient_id.distinct()))
        .join(
            FundGrant,
            (FundGrant.centre_id == FundRequest.centre_id)
            & (FundGrant.request_id == FundRequest.id),
        )
        .outerjoin(
            FundReversal,
            (FundReversal.centre_id == FundGrant.centre_id)
            & (FundReversal.document_type == "fund_grant")
            & (FundReversal.document_id == FundGrant.id),
        )
        .where(
            FundRequest.centre_id == centre_id,
            FundRequest.round_id == round_id,
            FundReversal.document_id.is_(None),
        )
    )
    papers = tuple(contributing.of_papers(centre_id, round_id=round_id))
    return _card(row, contributions=papers, recipients_recorded=helped or 0)


def _card(row: Any, **more: Any) -> RoundCard:
    said = {
        name: getattr(row, name)
        for name in RoundCard.__slots__
        if name not in ("rule", "contributions", "recipients_recorded")
    }
    rule = MatchRule(row.rule_type, row.amount_satang, row.ratio_basis_points, row.cap_satang)
    return RoundCard(**said, rule=rule, **more)
