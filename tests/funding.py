"""Funds for tests: set up, filled, asked, approved and paid the way people do it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounting.rules.funds import FUNERAL, KINDS, OTHER, FundRule
from accounting.services.funds import asking, contributing, deciding, moving, paying, register
from accounting.services.funds.asking import AskFund, RequestCard
from accounting.services.funds.contributing import Contribute, ContributionCard
from accounting.services.funds.moving import MoveMoney
from accounting.services.funds.paying import GrantCard, PayRequest
from accounting.services.funds.recipients import Recipient
from accounting.services.funds.register import NewFund, SetRule
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import villages
from members.services.villages import NewVillage
from tests.resolving import resolve


def fund(actor: Actor, kind: str = "occupation", rule: FundRule | None = None) -> UUID:
    """Set up a fund of a kind, with a rule where one is given."""
    purpose = KINDS[kind][1]
    code = f"F{uuid7().hex[-6:]}"
    new = NewFund(uuid7(), code, f"กองทุน {KINDS.get(kind, KINDS[OTHER])[0]}", kind, purpose, kind)
    made = in_transaction(register.create, new, actor)
    if rule is not None:
        in_transaction(register.set_rule, SetRule(uuid7(), made.id, rule), actor)
    return made.id


def village(actor: Actor, name: str) -> UUID:
    return in_transaction(villages.create, NewVillage(name), actor).id


def give(actor: Actor, fund_id: UUID, satang: int, **more: Any) -> ContributionCard:
    """Put money into a fund, from the network into the bank unless told."""
    funeral = register.card(actor.centre_id, fund_id).kind == FUNERAL
    db.session.rollback()
    said = {
        "source": "network",
        "giver_name": "เครือข่ายสินธุ์แพรทอง",
        "paid_to": "apart" if funeral else "bank",
    } | more
    command = Contribute(id=uuid7(), fund_id=fund_id, amount_satang=satang, **said)
    return in_transaction(contributing.contribute, command, actor)


def asked(actor: Actor, fund_id: UUID, satang: int, name: str = "", **more: Any) -> RequestCard:
    """Ask a fund for somebody."""
    person = Recipient(
        name or f"สมชาย {uuid7().hex[-5:]}",
        more.pop("category", "youth"),
        village_id=more.pop("village_id", None),
        minor=more.pop("minor", False),
        guardian_name=more.pop("guardian_name", ""),
        guardian_relation=more.pop("guardian_relation", ""),
        member_id=more.pop("member_id", None),
    )
    command = AskFund(
        more.pop("id", None) or uuid7(),
        fund_id,
        person,
        more.pop("purpose", "occupation"),
        satang,
        **more,
    )
    return in_transaction(asking.ask, command, actor)


def approved(
    actor: Actor, one: Actor, two: Actor, fund_id: UUID, satang: int, **more: Any
) -> RequestCard:
    """Ask, and let two people say yes."""
    request = asked(actor, fund_id, satang, **more)
    in_transaction(deciding.approve, request.id, one)
    return in_transaction(deciding.approve, request.id, two)


def paid(actor: Actor, request_id: UUID, place: str = "bank", **more: Any) -> GrantCard:
    return in_transaction(paying.pay, PayRequest(uuid7(), request_id, place, **more), actor)


def move(actor: Actor, one: UUID, two: UUID, satang: int) -> UUID:
    """Carry money between funds by a resolution of its own."""
    resolution = resolve(actor, f"{uuid7().hex[-6:]}/2569")
    command = MoveMoney(uuid7(), one, two, satang, resolution)
    return in_transaction(moving.move, command, actor).id
