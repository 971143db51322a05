"""Any sequence of share transactions: the register is what was done, never below nothing, capped.

The machine keeps its own plain account of everybody's shares by day and holds the register against
it after each step; the database's own auditor agrees in the end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounting.rules.chart import Purpose
from accounting.rules.shares import DEFAULTS, ShareRefused
from accounting.services import ledger, verify_shares
from accounting.services.shares import correcting, recording, register, rules
from accounting.services.shares.correcting import TakeBack
from accounting.services.shares.recording import BuyShares, TransferShares, WithdrawShares
from accounting.services.shares.rules import SetShareRules
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from tests.sharing import member_named

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
PEOPLE = 6
PAR = 100_00
FIFTH = replace(
    DEFAULTS["cooperative"],
    par_satang=PAR,
    transfer_needs_approval=False,
    withdraw_while_member=True,
)
who = st.integers(0, PEOPLE - 1)
shares = st.integers(1, 30)
days = st.integers(0, 15).map(lambda back: TODAY - timedelta(back))


class ShareMachine(RuleBasedStateMachine):
    """Six members who buy, pass on, give back and take back, on days of one month."""

    actor: Actor

    def __init__(self) -> None:
        super().__init__()
        self.people = [member_named(self.actor, f"คน{n}{uuid7()}") for n in range(PEOPLE)]
        self.before = register.balances(self.actor.centre_id)
        self.told: list[tuple[UUID, date, int]] = []
        self.done: dict[UUID, list[tuple[UUID, date, int]]] = {}

    def held(self, member_id: UUID, on: date = TODAY) -> int:
        return sum(delta for one, day, delta in self.told if one == member_id and day <= on)

    def lowest(self, member_id: UUID, on: date) -> int:
        return min(
            self.held(member_id, day)
            for day in (on + timedelta(n) for n in range((TODAY - on).days + 1))
        )

    def total(self) -> int:
        return sum(self.before.values()) + sum(delta for _, _, delta in self.told)

    def holders(self) -> int:
        return len(self.before) + sum(self.held(one) > 0 for one in self.people)

    def enter(self, work: Any, command: Any, *moved: tuple[UUID, date, int]) -> bool:
        try:
            in_transaction(work, command, self.actor)
        except ShareRefused:
            return False
        self.told += moved
        self.done[command.id] = list(moved)
        return True

    @rule(one=who, count=shares, on=days)
    def buy(self, one: int, count: int, on: date) -> None:
        member_id = self.people[one]
        command = BuyShares(uuid7(), member_id, count, on, "safe")
        if self.enter(recording.buy, command, (member_id, on, count * PAR)):
            self.within_the_cap(member_id)
        else:
            after = self.held(member_id) + count * PAR
            assert after * 5 > self.total() + count * PAR, "refused without a reason"

    @rule(one=who, other=who, count=shares, on=days)
    def transfer(self, one: int, other: int, count: int, on: date) -> None:
        giver, taker = self.people[one], self.people[other]
        could = self.lowest(giver, on) >= count * PAR
        command = TransferShares(uuid7(), giver, taker, count, on)
        moved = ((giver, on, -count * PAR), (taker, on, count * PAR))
        if self.enter(recording.transfer, command, *moved):
            assert could and giver != taker
            self.within_the_cap(taker)

    @rule(one=who, count=shares, on=days)
    def withdraw(self, one: int, count: int, on: date) -> None:
        member_id = self.people[one]
        could = self.lowest(member_id, on) >= count * PAR
        command = WithdrawShares(uuid7(), member_id, count, on, "safe")
        assert self.enter(recording.withdraw, command, (member_id, on, -count * PAR)) == could

    @rule(place=st.integers(0, 40))
    def take_back(self, place: int) -> None:
        if not self.done:
            return
        which = list(self.done)[place % len(self.done)]
        moved = tuple((one, day, -delta) for one, day, delta in self.done[which])
        could = all(self.lowest(one, day) + delta >= 0 for one, day, delta in moved)
        command = TakeBack(uuid7(), which, "ผิด")
        assert self.enter(correcting.take_back, command, *moved) == could
        self.done.pop(command.id, None)
        if could:
            del self.done[which]

    def within_the_cap(self, member_id: UUID) -> None:
        if self.holders() >= 5:
            assert self.held(member_id) * 5 <= self.total()

    @invariant()
    def register_is_what_was_done(self) -> None:
        centre_id = self.actor.centre_id
        for on in (TODAY - timedelta(16), TODAY - timedelta(7), TODAY):
            found = register.balances(centre_id, on, self.people)
            assert all(satang > 0 for satang in found.values())
            assert found == {one: self.held(one, on) for one in self.people if self.held(one, on)}
        books = ledger.sub_ledger(centre_id, Purpose.SHARE_CAPITAL, "member", self.people)
        assert {one: -satang for one, satang in books.items()} == found
        every = register.movements(centre_id, TODAY)
        for member_id in self.people:
            rows = every.get(member_id, ())
            assert [one.on for one in rows] == sorted(one.on for one in rows)
            assert sum(one.delta_satang for one in rows) == self.held(member_id)
        db.session.rollback()

    def teardown(self) -> None:
        bad = [one.check for one in verify_shares.checks(self.actor.centre_id) if not one.ok]
        db.session.rollback()
        assert bad == []


def test_any_sequence_of_share_transactions(app: Flask, system: Actor) -> None:
    with clock.travel(lambda: NOON):
        command = SetShareRules(uuid7(), date(2026, 11, 1), FIFTH)
        in_transaction(rules.set_rules, command, system)
        machine = type("Machine", (ShareMachine,), {"actor": system})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=20,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
