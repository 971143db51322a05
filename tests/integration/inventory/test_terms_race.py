"""People who agree on terms at once: days are had once, a decision is made once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from inventory.rules.terms import Terms
from inventory.rules.versions import TermsOverlap
from inventory.services import consignment_terms
from inventory.services.consignment_terms import AlreadyDecided, DecideTerms, ProposeTerms, TermsDoc
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def propose(shop: Shop, actor: Actor) -> TermsDoc:
    command = ProposeTerms(uuid7(), Terms(8500), clock.today(), producer_id=shop.producer_id)
    return in_transaction(consignment_terms.propose, command, actor)


def race(app: Flask, *runners: Callable[[], TermsDoc]) -> list[TermsDoc | DomainError]:
    """Run all at once, each in a context of its own; return documents or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], TermsDoc]) -> TermsDoc | DomainError:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def test_of_proposals_for_one_day_one_is_taken(
    app: Flask, shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    people = (stock_keeper, accountant, stock_keeper)
    results = race(app, *(lambda who=who: propose(shop, who) for who in people))
    assert sum(isinstance(one, TermsDoc) for one in results) == 1
    assert sum(isinstance(one, TermsOverlap) for one in results) == 2


def test_approving_and_withdrawing_at_once_leaves_one_decision(
    app: Flask, shop: Shop, stock_keeper: Actor, manager: Actor
) -> None:
    terms_id = propose(shop, stock_keeper).id

    def decide(kind: str, who: Actor) -> TermsDoc:
        return in_transaction(consignment_terms.decide, DecideTerms(terms_id, kind), who)

    results = race(
        app, lambda: decide("approved", manager), lambda: decide("withdrawn", stock_keeper)
    )
    assert sum(isinstance(one, AlreadyDecided) for one in results) == 1
    [decided] = [one for one in results if isinstance(one, TermsDoc)]
    found = consignment_terms.get(terms_id, manager)
    db.session.rollback()
    assert found.state == decided.state
