"""Members' money for tests: accounts, purses, schemes and coupons, as people use them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import OperationalError

from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services.coupons import issuing
from accounting.services.coupons.issuing import IssueCoupons
from accounting.services.credit import accounts
from accounting.services.credit.accounts import SetCredit
from accounting.services.purse import holding, moving
from accounting.services.purse.moving import MovePurse
from core import clock
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from pos.services import schemes, verify
from pos.services.sale import RecordPayment, RecordSaleLine
from pos.services.schemes import SaveScheme
from tests.funding import fund, give
from tests.shop import Shop


def opened(shop: Shop, member_id: UUID, limit: int = 150_00, **more: Any) -> None:
    known = accounts.card(shop.centre_id, member_id)
    terms = {"state": "active", "limit_satang": limit, "terms_days": 30, "reason": "มติ"} | more
    command = SetCredit(member_id, **terms, version=known.version)
    in_transaction(accounts.save, command, shop.actor)


def topped_up(shop: Shop, member_id: UUID, satang: int) -> None:
    assert shop.shift is not None
    command = MovePurse(uuid7(), member_id, "top_up", "till", satang, shift_id=shop.shift.id)
    in_transaction(moving.move, command, shop.actor)


def sold(shop: Shop, product: UUID, *pay: tuple[Any, ...], jars: int = 1, **rest: Any) -> Any:
    payments = tuple(RecordPayment(*one) for one in pay)
    line = RecordSaleLine(product, jars * 1000, 100_00)
    return shop.sell(line, pay=payments, **rest)


def owes(shop: Shop, member_id: UUID) -> int:
    found = ledger.sub_ledger(shop.centre_id, Purpose.MEMBER_RECEIVABLE, "member", [member_id])
    return found.get(member_id, 0)


def purse(shop: Shop, member_id: UUID) -> int:
    return holding.balance(shop.centre_id, member_id)


def sound(shop: Shop) -> None:
    wrong = [one for one in verify.run(shop.centre_id) if not one.ok]
    assert not wrong, wrong


def race(app: Flask, *runners: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()
            except (DomainError, OperationalError) as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def scheme(shop: Shop, **said: Any) -> UUID:
    values = {"code": "W1", "name_th": "บัตรสวัสดิการ", "name_en": "Welfare card"} | said
    command = SaveScheme(uuid7(), **values)
    return in_transaction(schemes.save, command, shop.actor).id


def coupons(shop: Shop, count: int = 1, **said: Any) -> tuple[UUID, list[Any]]:
    fund_id = fund(shop.actor)
    give(shop.actor, fund_id, 500_00)
    values = {
        "name": "คูปองช่วยเหลือ",
        "count": count,
        "amount_satang": 60_00,
        "valid_until": clock.today(),
    } | said
    card = in_transaction(issuing.issue, IssueCoupons(uuid7(), fund_id, **values), shop.actor)
    return fund_id, issuing.get(card.id, shop.actor)[1]
