"""What tests of shares ask: is the register sound, was it refused without a trace."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.rules.shares import ShareRules
from accounting.services import ledger, tie_outs, verify_shares
from accounting.services.shares import register, rules
from accounting.services.shares.rules import SetShareRules
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from members.services import standing
from members.services.standing import RecordFact

TODAY = date(2026, 11, 20)


def set_rules(actor: Actor, valid: ShareRules) -> None:
    in_transaction(rules.set_rules, SetShareRules(uuid7(), date(2026, 11, 1), valid), actor)


def capital(actor: Actor) -> dict[UUID, int]:
    found = ledger.sub_ledger(actor.centre_id, Purpose.SHARE_CAPITAL, "member")
    db.session.rollback()
    return {who: -satang for who, satang in found.items()}


def sound(actor: Actor) -> None:
    """The register is the books' share capital and keeps every promise."""
    db.session.rollback()
    assert register.balances(actor.centre_id) == capital(actor)
    assert [one.check for one in verify_shares.checks(actor.centre_id) if not one.ok] == []
    tie = next(one for one in tie_outs.ties(actor.centre_id, TODAY) if one.key == "shares")
    assert tie.ties and tie.documents == ()
    db.session.rollback()


def refused(
    refusal: type[DomainError], work: Callable[..., object], command: object, actor: Actor
) -> None:
    before = register.balances(actor.centre_id)
    with pytest.raises(refusal):
        in_transaction(work, command, actor)
    assert register.balances(actor.centre_id) == before


def leave(actor: Actor, member_id: UUID, kind: str, day: date = TODAY) -> None:
    fact = RecordFact(fact_id=uuid7(), member_id=member_id, kind=kind, on_date=day)
    in_transaction(standing.record, fact, actor)


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[object]:
    """Do everything at the same time, each in its own session; return answers and refusals."""

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            try:
                return work()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
