"""A month's checklist, worked out anew whenever it is asked for, and what is signed of it.

What must stay true: what is signed is what the books say at that moment; the digest covers the
month, its trial balance, tie-outs and entries, so that the second signature is for the same
figures as the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, insert, select

from accounting.models import (
    AccountingPeriod,
    JournalEntry,
    MonthClose,
    MonthReopeningApproval,
    StepWaiver,
)
from accounting.rules import closing
from accounting.rules.attention import Attention, TieOut
from accounting.rules.closing import NothingToWaive, NotWaivable, StepResult, Waiver
from accounting.rules.periods import first_day, last_day
from accounting.services import balances, chart, contributors, periods
from accounting.services.chart import AccountCard
from core import audit, clock
from core.actor import Actor, Centre
from core.db import db, sum_int
from core.documents import digest_of
from core.errors import N_, DomainError
from members.services import access, users

REASON_MAX = 300
FIGURES = ("period", "entries", "trial_balance", "tie_outs", "waived")
LETTERHEAD = ("code", "name_th", "name_en", "address", "phone", "tax_id")


class ReasonMissing(DomainError):
    """A waiver or a reopening says why."""

    code, status, title = "reason-missing", 422, N_("Write the reason")
    detail = N_("One sentence that another person understands next year.")


@dataclass(frozen=True, slots=True)
class AccountSums:
    """An account with what was debited and credited to it until the month's end."""

    account: AccountCard
    debit_satang: int
    credit_satang: int

    @property
    def balance_satang(self) -> int:
        """Debits less credits."""
        return self.debit_satang - self.credit_satang


@dataclass(frozen=True, slots=True)
class EntriesOfMonth:
    """How many entries a month has and what they add up to."""

    count: int
    satang: int


@dataclass(frozen=True, slots=True)
class Checklist:
    """A month as it stands: steps, tie-outs and figures."""

    period_id: int
    state: str
    steps: tuple[StepResult, ...]
    ties: tuple[TieOut, ...]
    trial: tuple[AccountSums, ...]
    entries: EntriesOfMonth

    @property
    def ready(self) -> bool:
        """Tell whether nothing stops the close."""
        return all(result.state is not closing.State.STOPS for result in self.steps)


def of(period_id: int, actor: Actor) -> Checklist:
    """Work out a month's checklist. Raises Forbidden."""
    access.require(actor, "close.read")
    return worked_out(period_id, actor.centre_id)


def worked_out(period_id: int, centre_id: int) -> Checklist:
    """Work out a month's checklist for whoever was allowed to ask."""
    trial = _trial(centre_id, period_id)
    ties = tuple(contributors.ties(centre_id, last_day(period_id)))
    matters: list[Attention] = list(contributors.matters(centre_id, period_id))
    even = sum(row.balance_satang for row in trial) == 0
    return Checklist(
        period_id,
        periods.state_of(centre_id, period_id),
        closing.results(matters, ties, even, waivers(centre_id, period_id)),
        ties,
        trial,
        _entries(centre_id, period_id),
    )


def as_signed(content: Mapping[str, Any], found: Checklist) -> Checklist:
    """Return a month's checklist as it was signed, in place of how it stands today."""
    return replace(
        found,
        steps=closing.as_signed(content["steps"]),
        ties=tuple(TieOut(*one) for one in content["tie_outs"]),
    )


def waive(period_id: int, step: str, reason: str, actor: Actor) -> None:
    """Let a step that stops this close pass, for a reason; the first reason given stays.

    Raises Forbidden, NotWaivable, NothingToWaive, ReasonMissing, PeriodClosed.
    """
    access.require(actor, "close.prepare")
    if step not in closing.WAIVABLE or actor.user_id is None:
        raise NotWaivable(step=step)
    if not reason.strip() or len(reason) > REASON_MAX:
        raise ReasonMissing(field="reason")
    periods.require_open(actor.centre_id, first_day(period_id))
    if any(given.step == step for given in waivers(actor.centre_id, period_id)):
        return
    found = contributors.matters(actor.centre_id, period_id)
    if not any(one.step == step and one.stops and one.count for one in found):
        raise NothingToWaive(step=step)
    db.session.execute(
        insert(StepWaiver).values(
            centre_id=actor.centre_id,
            period_id=period_id,
            step=step,
            opened=_opened(actor.centre_id, period_id),
            reason=reason.strip(),
            waived_by=actor.user_id,
            waived_at=clock.now(),
        )
    )
    audit.record(actor, "close.waive", "accounting_period", period_id, step=step)


def waivers(centre_id: int, period_id: int) -> list[Waiver]:
    """Return who let which step pass in a month, since it was opened last."""
    rows = db.session.scalars(
        select(StepWaiver)
        .where(
            StepWaiver.centre_id == centre_id,
            StepWaiver.period_id == period_id,
            StepWaiver.opened == _opened(centre_id, period_id),
        )
        .order_by(StepWaiver.step)
    ).all()
    names = users.names({row.waived_by for row in rows})
    return [Waiver(row.step, row.reason, names.get(row.waived_by, "")) for row in rows]


def _opened(centre_id: int, period_id: int) -> int:
    """Return how often a month was opened again."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(MonthReopeningApproval)
            .join(
                MonthClose,
                (MonthClose.centre_id == MonthReopeningApproval.centre_id)
                & (MonthClose.id == MonthReopeningApproval.close_id),
            )
            .where(MonthClose.centre_id == centre_id, MonthClose.period_id == period_id)
        )
        or 0
    )


def states(centre_id: int) -> dict[int, str]:
    """Return the state of every month the books know."""
    rows = db.session.execute(
        select(AccountingPeriod.id, AccountingPeriod.state)
        .where(AccountingPeriod.centre_id == centre_id)
        .order_by(AccountingPeriod.id)
    )
    return {period_id: state for period_id, state in rows}


def content_of(found: Checklist, centre: Centre) -> dict[str, Any]:
    """Return what is signed: plain data, the same for the same figures.

    The letterhead and the accounts' names of the day go with it, so that the paper for the meeting
    can be made again letter by letter, whatever is renamed later.
    """
    return {
        "letterhead": {name: getattr(centre, name) for name in LETTERHEAD},
        "fiscal_year_start_month": centre.fiscal_year_start_month,
        "accounts": {card.id.hex: [card.code, card.name_th] for card in chart.listing(centre.id)},
        "period": found.period_id,
        "entries": {"count": found.entries.count, "satang": found.entries.satang},
        "trial_balance": [
            [row.account.code, row.debit_satang, row.credit_satang] for row in found.trial
        ],
        "tie_outs": [
            [tie.key, tie.title, tie.code, tie.ledger_satang, tie.sub_ledger_satang]
            for tie in found.ties
        ],
        "waived": [
            [result.step.key, result.waiver.reason, result.waiver.by]
            for result in found.steps
            if result.state is closing.State.WAIVED and result.waiver is not None
        ],
        "steps": [_step(result) for result in found.steps],
    }


def digest(content: dict[str, Any]) -> str:
    """Return the digest of the figures and waivers in a signed content; the rest is only shown."""
    return digest_of({name: content[name] for name in FIGURES})


def content_hash(seal_hash: str, content: dict[str, Any]) -> str:
    """Return the hash of everything that was signed, the seal included: printed on the paper."""
    return digest_of({"seal": seal_hash, "content": content})


def _step(result: StepResult) -> dict[str, Any]:
    return {
        "key": result.step.key,
        "state": result.state.value,
        "count": result.count,
        "satang": result.satang,
        "matters": [
            {"title": one.title, "count": one.count, "satang": one.satang, "stops": one.stops}
            for one in result.matters
        ],
        "waiver": [result.waiver.reason, result.waiver.by] if result.waiver else None,
    }


def _trial(centre_id: int, period_id: int) -> tuple[AccountSums, ...]:
    sums = balances.until(centre_id, last_day(period_id))
    return tuple(
        AccountSums(card, *sums[card.id]) for card in chart.listing(centre_id) if card.id in sums
    )


def _entries(centre_id: int, period_id: int) -> EntriesOfMonth:
    query = select(func.count(), sum_int(JournalEntry.debit_total)).where(
        JournalEntry.centre_id == centre_id,
        JournalEntry.posting_date.between(first_day(period_id), last_day(period_id)),
    )
    count, satang = db.session.execute(query).one()
    return EntriesOfMonth(count, satang)
