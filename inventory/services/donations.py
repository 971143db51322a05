"""Give goods that did not sell away: to whom, why, and who bears it.

What must stay true: our own goods leave at their cost, borne by the centre or a named fund; of
consigned goods the producer gives them, or is owed the share of today's price by the frozen terms;
a fund never gives more than it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import funds, ledger
from core import clock
from core.actor import Actor
from core.db import db
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.numbering import buddhist_year, next_numbers
from core.quantity import price_of
from inventory.models import DONATION_BEARERS, Donation
from inventory.rules import costing, terms
from inventory.rules.posting import donation_lines
from inventory.services import decided, locations, lots, lying
from inventory.services.catalogue import ProductDoc
from inventory.services.decided import DecidedDoc
from inventory.services.lots import LotCard
from inventory.services.lying import Level
from inventory.services.moves import Journey, NewMove
from inventory.services.waste import OwnGoods
from members.services import access

SOURCE = "donation"


class DonationDiffers(DifferentContent):
    """The donation's id came again with other content; the first one stands."""

    code, title = "donation-differs", N_("This donation was already recorded with other content")


class FundNotNamed(DomainError):
    """A fund bears the donation, but which one was not said; or one was named for nothing."""

    code, status, title = "fund-not-named", 422, N_("Choose the fund that bears it")
    detail = N_("Name a fund only when a fund bears the donation.")


class FundTooLow(DomainError):
    """The fund holds less than the goods are worth."""

    code, status, title = "fund-too-low", 409, N_("The fund does not hold enough")
    detail = N_(
        "It holds %(balance_satang)s baht, the goods are worth %(charge_satang)s baht."
        " Give less, or let another bear it."
    )


@dataclass(frozen=True, slots=True)
class Donate:
    """Goods of a lot given away; `bearer` is centre, producer or fund."""

    id: UUID
    lot_id: UUID
    quantity_milli: int
    recipient: str
    reason: str
    bearer: str
    fund_id: UUID | None = None
    location_id: UUID | None = None


def record(command: Donate, actor: Actor) -> DecidedDoc:
    """Give goods away and return the document; the same command again changes nothing.

    Raises DonationDiffers, OwnGoods, FundNotNamed, FundTooLow, OutOfStock, WholePieces,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "unsold.decide")
    content = content_of(command)
    earlier = decided.content_of_earlier(actor.centre_id, SOURCE, command.id)
    if earlier is not None:
        if differs := differences(earlier, content):
            raise DonationDiffers(differs=differs)
        return decided.get(SOURCE, command.id, actor)
    lot = lots.card(actor.centre_id, command.lot_id)
    _require_bearer(command, lot)
    product = lying.whole_product(actor.centre_id, lot, command.quantity_milli)
    place, level = lying.place_with(
        actor.centre_id, lot, command.quantity_milli, command.location_id
    )
    gone = _gone(command, lot, product, level)
    charge = gone.cost_satang + gone.share_satang
    bearer = _bearing(command, charge, actor)
    now = clock.now()
    journey = Journey(
        source_type=SOURCE,
        source_id=command.id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=place,
        to_location_id=locations.outside(actor.centre_id, "customer"),
    )
    lying.take_out(actor.centre_id, journey, gone)
    year = buddhist_year(journey.business_date)
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(Donation).values(
            centre_id=actor.centre_id,
            id=command.id,
            donation_no=f"DN-{year}-{number:05d}",
            lot_id=lot.id,
            location_id=place,
            quantity_milli=command.quantity_milli,
            recipient=command.recipient,
            reason=command.reason,
            bearer=command.bearer,
            fund_id=command.fund_id,
            charge_satang=charge,
            business_date=journey.business_date,
            recorded_at=now,
            recorded_by=actor.user_id,
            digest=digest_of(content),
            content=content,
        )
    )
    _post(command, lot, gone, bearer, journey, actor)
    return decided.get(SOURCE, command.id, actor)


def _require_bearer(command: Donate, lot: LotCard) -> None:
    assert command.bearer in DONATION_BEARERS
    if lot.ownership == "own" and command.bearer == "producer":
        raise OwnGoods(field="bearer")
    if (command.bearer == "fund") != (command.fund_id is not None):
        raise FundNotNamed(field="fund_id")


def _gone(command: Donate, lot: LotCard, product: ProductDoc, level: Level) -> NewMove:
    """Return the move of the goods: at cost when they are ours, with the share when it is owed."""
    quantity = command.quantity_milli
    if lot.split_basis_points is None:
        cost = costing.issue_cost(*level, quantity, lot.unit_cost_satang)
        return NewMove(1, lot.id, quantity, cost_satang=cost)
    if command.bearer == "producer":
        return NewMove(1, lot.id, quantity)
    base = price_of(quantity, product.price_satang)
    agreed = terms.terms_of(lot.terms, lot.split_basis_points)
    share = agreed.outcome(base, quantity).share_satang
    return NewMove(1, lot.id, quantity, base_satang=base, share_satang=share)


def _bearing(command: Donate, charge_satang: int, actor: Actor) -> NewLine:
    """Return the line of whoever bears it; a fund is locked first. Raises FundTooLow."""
    if command.fund_id is None:
        return NewLine(Purpose.EXPENSE_OTHER, debit=charge_satang)
    fund = funds.of_members(actor.centre_id, command.fund_id)
    balance = funds.hold(actor.centre_id, fund.id)
    if balance < charge_satang:
        raise FundTooLow(field="fund_id", balance_satang=balance, charge_satang=charge_satang)
    return NewLine(fund.purpose, debit=charge_satang, fund_id=fund.id)


def _post(
    command: Donate,
    lot: LotCard,
    gone: NewMove,
    bearer: NewLine,
    journey: Journey,
    actor: Actor,
) -> None:
    lines = donation_lines(
        bearer, lot.id, gone.cost_satang, gone.share_satang, lot.producer_id, lot.member_id
    )
    if lines:
        ledger.post(
            NewEntry(
                kind="donation",
                source_type=SOURCE,
                source_id=command.id,
                business_date=journey.business_date,
                occurred_at=journey.moved_at,
                lines=lines,
                memo=command.recipient,
            ),
            actor,
        )
