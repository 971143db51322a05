"""Whatever a member does with purse and account, the books and the sub-ledgers agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from accounting.rules.credit import MoreThanOwed, NothingOwed
from accounting.services import ledger
from accounting.services.credit import bills, repaying
from accounting.services.credit.repaying import Repay
from accounting.services.purse import moving
from accounting.services.purse.holding import PurseShort
from accounting.services.purse.moving import MovePurse
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.rules.tender import TenderTooMuch
from pos.services.overrides import OverrideNeeded
from pos.services.receipts import Receipt
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in
from tests.tendering import opened, owes, purse, sound

LIMIT = 250_00
PRICE = 80_13
"""Two jars end on no coin: what cash pays is rounded."""
REFUSED = (PurseShort, OverrideNeeded, MoreThanOwed, NothingOwed, TenderTooMuch)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("top up", "pay out", "sell", "sell", "return", "repay", "from purse")),
        st.integers(1, 160_00),
        st.integers(0, 90_00),
    ),
    min_size=4,
    max_size=8,
)
Step = tuple[str, int, int]


class Life:
    """A member at the till, with a cashier who can't go above the limit."""

    def __init__(self, shop: Shop, cashier: Actor, jam: UUID) -> None:
        self.shop, self.jam = shop, jam
        self.till = replace(shop, actor=cashier)
        self.member = in_transaction(members.create, NewMember(first_name="มาลี"), shop.actor).id
        opened(shop, self.member, LIMIT)
        self.whole: list[Receipt] = []

    def do(self, step: str, satang: int, more: int) -> None:
        if step in ("top up", "pay out"):
            kind, place = ("top_up", "awaited") if step == "top up" else ("withdrawal", "bank")
            command = MovePurse(uuid7(), self.member, kind, place, satang)
            in_transaction(moving.move, command, self.shop.actor)
        elif step in ("repay", "from purse"):
            place = "awaited" if step == "repay" else "purse"
            in_transaction(
                repaying.repay, Repay(uuid7(), self.member, place, satang), self.shop.actor
            )
        elif step == "sell":
            pay = [("purse", satang), ("credit", more), ("cash", 500_00)]
            ways = tuple(RecordPayment(*one) for one in pay if one[1])
            line = RecordSaleLine(self.jam, 2000, PRICE)
            self.whole.append(self.till.sell(line, pay=ways, member_id=self.member))
        elif self.whole:
            self.give_back(self.whole.pop())

    def give_back(self, sale: Receipt) -> None:
        """Return the two jars one by one: together exactly what was paid, by the same ways."""
        back: dict[str, int] = {}
        for _ in range(2):
            for part in self.till.refund(sale, (1, 1000)).payments:
                back[part.method] = back.get(part.method, 0) + part.amount_satang
        told = {one.method: one.amount_satang for one in sale.payments}
        cash = told.pop("cash") - sale.change_satang
        assert back.pop("cash", 0) == cash
        assert sum(back.values()) == sum(told.values()) == sale.due_satang - cash
        assert back.get("credit", 0) <= told.get("credit", 0)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_a_member_does_purse_and_account_keep_their_bounds(
    centre: Centre, cashier: Actor, steps: Sequence[Step]
) -> None:
    shop = shop_in(centre)
    shop.open()
    jam = shop.product("แยม", PRICE)
    shop.buy(jam, 100_000, 30_00)
    life = Life(shop, cashier, jam)
    for step in steps:
        before = purse(shop, life.member), owes(shop, life.member)
        try:
            life.do(*step)
        except REFUSED:
            db.session.rollback()
            assert (purse(shop, life.member), owes(shop, life.member)) == before
        held, owed = purse(shop, life.member), owes(shop, life.member)
        assert held >= 0
        assert 0 <= owed <= LIMIT
        assert owed == sum(bill.open_satang for bill in bills.open_of(shop.centre_id, life.member))
        for purpose in (Purpose.MEMBER_PURSE, Purpose.MEMBER_RECEIVABLE):
            by_member = ledger.sub_ledger(shop.centre_id, purpose, "member")
            assert ledger.balance(shop.centre_id, purpose) == sum(by_member.values())
    sound(shop)
    shop.close()
