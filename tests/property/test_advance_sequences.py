"""Any sequence of advances, nettings and repayments: what is out never falls below zero."""

from __future__ import annotations

import os

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.db import in_transaction
from core.ids import uuid7
from inventory.rules.advances import MoreThanOutstanding
from inventory.rules.payouts import MoreThanOwed, NettedTooMuch, PaidLine
from inventory.services import advances, repayments
from inventory.services.advances import GiveAdvance
from inventory.services.repayments import Repay
from members.services.centres import NewCentre
from pos.services import founding, verify
from tests.paying import due, pay
from tests.shop import Shop, shop_in

STEPS = st.lists(
    st.tuples(st.sampled_from(("give", "repay", "pay")), st.integers(1, 300_00)),
    min_size=1,
    max_size=12,
)


def test_advances_are_given_back_to_the_satang_and_never_twice(app: Flask) -> None:
    examples = int(os.environ.get("SUNRUAM_TEST_EXAMPLES", "20"))

    @settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def any_sequence(steps: list[tuple[str, int]]) -> None:
        code = uuid7().hex[-12:]
        actor = in_transaction(founding.found, NewCentre(code=code, name_th="ศูนย์", name_en=code))
        shop = shop_in(actor.centre)
        rice = shop.product("ข้าว", 50_00)
        out = 0
        for step, satang in steps:
            out += _taken(shop, step, satang, out)
            left = advances.outstanding(shop.centre_id).get(shop.producer_id, [])
            books = ledger.balance(shop.centre_id, Purpose.PRODUCER_ADVANCES)
            assert sum(one.left_satang for one in left) == books == out >= 0
            if step == "pay":
                shop.buy(rice, 1_000, 100_00)
        assert all(finding.ok for finding in verify.run(shop.centre_id))

    any_sequence()


def _taken(shop: Shop, step: str, satang: int, out: int) -> int:
    """Do one step; return what it changes, nothing when it is refused as it must be."""
    if step == "give":
        command = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", satang)
        in_transaction(advances.give, command, shop.actor)
        return satang
    if step == "repay":
        back = Repay(uuid7(), shop.producer_id, satang, "safe")
        try:
            in_transaction(repayments.repay, back, shop.actor)
        except MoreThanOutstanding:
            assert satang > out
            return 0
        return -satang
    lines = due(shop)
    oldest = next((line for line in lines if line.kind == "advance"), None)
    bought = [PaidLine(line.kind, line.document_id, line.left_satang) for line in lines[:1]]
    if oldest is None or lines[0].kind == "advance":
        return 0
    netted = PaidLine(*oldest.key, satang)
    exact = satang == bought[0].amount_satang
    said = {"method": "offset", "paid_from": "nothing"} if exact else {}
    try:
        pay(shop, [*bought, netted], **said)
    except MoreThanOwed:
        assert satang > oldest.left_satang
        return 0
    except NettedTooMuch:
        assert satang > bought[0].amount_satang
        return 0
    return -satang
