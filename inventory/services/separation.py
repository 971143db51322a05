"""Who set what a producer earns, or is the producer, does not approve what the producer is paid.

What must stay true: asked before a settlement is approved (prices, terms, oneself) and before money
goes to oneself; the pairs and the waivers are `members.services.duties`'.

A price counts when it was set, and terms when they begin, between the first line a statement pays
and the run's last day. A product's first price does not: nothing was sold at another. Of terms the
proposer counts: a second person approved them. A promotion whose discount the producer bears counts
like terms; the counter above, which makes them, is appointed to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import or_, select

from core import clock
from core.actor import Actor
from core.appointed import Appointed
from core.db import db
from core.errors import N_, DomainError
from inventory.models import (
    ConsignmentTerms,
    ConsignmentTermsDecision,
    PriceChange,
    Product,
    Settlement,
    SettlementRun,
)
from inventory.rules.settlement import line_of
from members.services import duties, grants, producers
from members.services.duties import Document

PRICE, OWN = "price-payout", "own-payout"

Lowering = Callable[[Actor, Mapping[UUID, date], date], Iterable[str]]
"""(who, first day settled of each product, last day) → what of theirs lowers a producer's part."""
LOWERING: Appointed[Lowering] = Appointed()


class PricedIt(DomainError):
    """Who set a price, terms or a promotion in the settled time can't approve the payout."""

    code, status, title = (
        "priced-it",
        409,
        N_("You set a price, terms or a promotion of these goods"),
    )
    detail = N_(
        "Whoever set none of them approves: if that person prepared it, cancel it and prepare it"
        " yourself. Or the manager records a waiver under “Duties kept apart”."
    )


class OwnPayout(DomainError):
    """Nobody approves or pays out what they earn themselves."""

    code, status, title = "own-payout", 409, N_("This would be paid to yourself")
    detail = N_(
        "Another person must do it, or the manager records a waiver under “Duties kept apart”."
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """What one statement pays: whose goods, from which day on."""

    producer_id: UUID
    products: frozenset[UUID]
    since: date


def require_for_run(run: SettlementRun, actor: Actor) -> None:
    """Refuse the approval of a run by who priced its goods, or earns of it.

    Raises PricedIt, OwnPayout, unless a waiver holds, whose use is noted.
    """
    if actor.user_id is None:
        return
    document = Document("settlement_run", run.id, run.run_no)
    statements = list(_statements(actor.centre_id, run.id))
    own = set(own_producers(actor)) & {one.producer_id for one in statements}
    if own:
        names = [_named(actor.centre_id, one) for one in sorted(own)]
        duties.require_apart(OWN, [actor.user_id], document, actor, OwnPayout, names)
    facts = _set_by(actor, statements, run.cut_off)
    if facts:
        duties.require_apart(PRICE, [actor.user_id], document, actor, PricedIt, facts)


def require_not_own(producer_ids: Iterable[UUID], document: Document, actor: Actor) -> None:
    """Refuse to pay oneself. Raises OwnPayout, unless a waiver holds, whose use is noted."""
    own = set(own_producers(actor)) & set(producer_ids)
    if own:
        names = [_named(actor.centre_id, one) for one in sorted(own)]
        duties.require_apart(OWN, [actor.user_id], document, actor, OwnPayout, names)


def own_producers(actor: Actor) -> list[UUID]:
    """Return the producers somebody is, by the account they sign in with."""
    if actor.user_id is None:
        return []
    return grants.producers_of(actor.user_id, actor.centre_id)


def _named(centre_id: int, producer_id: UUID) -> str:
    card = producers.get(centre_id, producer_id)
    return f"{card.producer_no} {card.name}"


def _statements(centre_id: int, run_id: UUID) -> Iterable[_Settled]:
    rows = db.session.execute(
        select(Settlement.producer_id, Settlement.content).where(
            Settlement.centre_id == centre_id, Settlement.run_id == run_id
        )
    )
    for producer_id, content in rows:
        lines = [line_of(one) for one in content["lines"]]
        if lines:
            yield _Settled(
                producer_id,
                frozenset(line.product_id for line in lines),
                min(line.business_date for line in lines),
            )


def _set_by(actor: Actor, statements: Sequence[_Settled], until: date) -> list[str]:
    """Return what the actor set of the goods of some statements within their time, in words."""
    if not statements:
        return []
    first = min(one.since for one in statements)
    since_of: dict[UUID, date] = {}
    for one in statements:
        for product_id in one.products:
            since_of[product_id] = min(one.since, since_of.get(product_id, one.since))
    midnight = datetime.combine(first, time(), clock.BANGKOK)
    facts = {
        *_prices(actor, since_of, midnight, until),
        *_terms(actor, statements, first, until),
        *(words for ask in LOWERING for words in ask(actor, since_of, until)),
    }
    return sorted(facts)[:20]


def _prices(actor: Actor, since_of: dict[UUID, date], first: datetime, until: date) -> list[str]:
    rows = db.session.execute(
        select(PriceChange.product_id, PriceChange.at, Product.code, PriceChange.label)
        .join(
            Product,
            (Product.centre_id == PriceChange.centre_id) & (Product.id == PriceChange.product_id),
        )
        .where(
            PriceChange.centre_id == actor.centre_id,
            PriceChange.changed_by == actor.user_id,
            PriceChange.at >= first,
            or_(
                PriceChange.before_satang.is_not(None),
                PriceChange.unit_id.is_not(None),
                PriceChange.tier_id.is_not(None),
            ),
        )
    )
    return [
        f"{row.code} {row.label} {clock.business_date(row.at).isoformat()}"
        for row in rows
        if row.product_id in since_of
        and since_of[row.product_id] <= clock.business_date(row.at) <= until
    ]


def _terms(actor: Actor, statements: Sequence[_Settled], first: date, until: date) -> list[str]:
    rows = db.session.execute(
        select(
            ConsignmentTerms.terms_no,
            ConsignmentTerms.producer_id,
            ConsignmentTerms.product_id,
            ConsignmentTerms.category,
            ConsignmentTerms.valid_from,
        )
        .join(
            ConsignmentTermsDecision,
            (ConsignmentTermsDecision.centre_id == ConsignmentTerms.centre_id)
            & (ConsignmentTermsDecision.terms_id == ConsignmentTerms.id),
        )
        .where(
            ConsignmentTerms.centre_id == actor.centre_id,
            ConsignmentTerms.proposed_by == actor.user_id,
            ConsignmentTermsDecision.kind == "approved",
            ConsignmentTerms.valid_from.between(first, until),
        )
    ).all()
    if not rows:
        return []
    goods = {product_id for one in statements for product_id in one.products}
    category_of = dict(
        db.session.execute(
            select(Product.id, Product.category).where(
                Product.centre_id == actor.centre_id, Product.id.in_(goods)
            )
        ).all()
    )
    return [
        row.terms_no
        for row in rows
        for one in statements
        if row.valid_from >= one.since
        and row.producer_id in (None, one.producer_id)
        and (row.product_id is None or row.product_id in one.products)
        and (not row.category or row.category in {category_of[each] for each in one.products})
    ]
