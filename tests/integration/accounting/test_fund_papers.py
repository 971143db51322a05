"""Money into a fund, asked for, approved, paid, carried elsewhere; and what is refused."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.funds import (
    AboveLimit,
    AboveYearLimit,
    BadFund,
    BadRule,
    FundRule,
    GuardianMissing,
    PurposeNotAllowed,
)
from accounting.rules.periods import Span
from accounting.rules.vouchers import VoucherContent, VoucherLine
from accounting.services import funds, ledger, verify
from accounting.services.funds import (
    asking,
    contributing,
    deciding,
    movements,
    paying,
    recipients,
    register,
)
from accounting.services.funds.asking import AskFund
from accounting.services.funds.contributing import Contribute, GiverMissing
from accounting.services.funds.deciding import (
    AlreadySaid,
    OwnRequest,
    PromisedAlready,
    RequestDecided,
)
from accounting.services.funds.money import NotKeptThere, SafeShort
from accounting.services.funds.paying import NotApproved, PayRequest
from accounting.services.funds.recipients import Recipient
from accounting.services.funds.register import FundOverdrawn, NewFund, SetRule
from accounting.services.vouchers import posting
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DifferentContent, Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from tests.funding import approved, asked, fund, give, move, paid, village
from tests.writing import account, draft

PLENTY = 50_000_00


@pytest.fixture
def second(manager: Actor) -> Actor:
    """Another committee member: of the same rights, somebody else."""
    return replace(manager, user_id=uuid7(), name="กรรมการคนที่สอง")


def held(actor: Actor, fund_id: UUID) -> int:
    found = register.balance(actor.centre_id, fund_id)
    db.session.rollback()
    return found


def sound(actor: Actor) -> None:
    bad = [one for one in verify.checks(actor.centre_id) if not one.ok]
    db.session.rollback()
    assert bad == []


def test_a_grant_goes_all_the_way(accountant: Actor, manager: Actor, second: Actor) -> None:
    home = village(manager, "บ้านลำสินธุ์")
    fund_id = fund(manager)
    receipt = give(manager, fund_id, 10_000_00, village_id=home)
    assert receipt.contribution_no.startswith("FC-")
    request = asked(accountant, fund_id, 3_000_00, name="อนงค์ ใจดี", village_id=home)
    assert request.state == "waiting"
    first = in_transaction(deciding.approve, request.id, manager)
    assert (first.state, first.approved_by) == ("waiting", 1)
    assert in_transaction(deciding.approve, request.id, second).state == "approved"
    grant = paid(manager, request.id)
    assert asking.get(request.id, manager).card.state == "paid"
    assert held(manager, fund_id) == 7_000_00
    assert ledger.balance(manager.centre_id, Purpose.BANK) == 7_000_00
    moved = funds.fund_movements(manager.centre_id, Span(None, None))
    assert {(one.kind, one.reason, one.village_id, one.satang) for one in moved} == {
        ("in", "network", home, 10_000_00),
        ("out", "occupation", home, 3_000_00),
    }
    assert [one.recipients for one in moved if one.kind == "out"] == [1]
    [whole] = movements.periods(manager, Span(None, clock.today()))
    assert whole.ties and whole.closing_satang == 7_000_00
    page = movements.lines(fund_id, Span(None, None), Window(None, 10), manager)
    assert [(one.in_satang, one.out_satang) for one in page.items] == [(0, 300000), (1000000, 0)]
    assert page.items[0].entry.source_id == grant.id
    db.session.rollback()
    sound(manager)


def test_what_comes_twice_changes_nothing(accountant: Actor, manager: Actor, second: Actor) -> None:
    fund_id = fund(manager)
    command = Contribute(uuid7(), fund_id, "donation", 500_00, "safe", "วัดป่า")
    for _ in range(2):
        in_transaction(contributing.contribute, command, manager)
    with pytest.raises(DifferentContent):
        in_transaction(contributing.contribute, replace(command, amount_satang=1), manager)
    ask = AskFund(uuid7(), fund_id, Recipient("ก ข", "youth"), "occupation", 100_00)
    assert in_transaction(asking.ask, ask, accountant) == in_transaction(
        asking.ask, ask, accountant
    )
    with pytest.raises(DifferentContent):
        in_transaction(asking.ask, replace(ask, amount_satang=1), accountant)
    for person in (manager, manager, second, second):
        in_transaction(deciding.approve, ask.id, person)
    pay = PayRequest(uuid7(), ask.id, "safe")
    assert in_transaction(paying.pay, pay, manager) == in_transaction(paying.pay, pay, manager)
    with pytest.raises(NotApproved):
        in_transaction(paying.pay, replace(pay, id=uuid7()), manager)
    assert held(manager, fund_id) == 400_00
    sound(manager)


def test_the_one_who_asked_decides_nothing(manager: Actor, second: Actor, app: object) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, PLENTY)
    request = asked(manager, fund_id, 100_00)
    with pytest.raises(OwnRequest):
        in_transaction(deciding.approve, request.id, manager)
    with pytest.raises(OwnRequest):
        in_transaction(deciding.refuse, request.id, "ไม่ครบ", manager)
    in_transaction(deciding.approve, request.id, second)
    with pytest.raises(AlreadySaid):
        in_transaction(deciding.refuse, request.id, "เปลี่ยนใจ", second)
    with pytest.raises(NotApproved):
        paid(manager, request.id)


def test_a_refused_or_withdrawn_request_is_over(
    accountant: Actor, manager: Actor, second: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, PLENTY)
    refused = asked(accountant, fund_id, 100_00)
    assert in_transaction(deciding.refuse, refused.id, "เอกสารไม่ครบ", manager).state == "refused"
    with pytest.raises(RequestDecided):
        in_transaction(deciding.approve, refused.id, second)
    back = approved(accountant, manager, second, fund_id, 200_00)
    assert in_transaction(deciding.withdraw, back.id, "ได้งานแล้ว", accountant).state == "withdrawn"
    with pytest.raises(NotApproved):
        paid(manager, back.id)
    with pytest.raises(deciding.ReasonNeeded):
        in_transaction(deciding.refuse, asked(accountant, fund_id, 1).id, " ", manager)


def test_a_fund_pays_no_more_than_it_holds(
    accountant: Actor, manager: Actor, second: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 5_000_00)
    small = approved(accountant, manager, second, fund_id, 3_000_00)
    large = asked(accountant, fund_id, 3_000_00)
    with pytest.raises(PromisedAlready) as told:
        in_transaction(deciding.approve, large.id, manager)
    assert told.value.facts == {"held_satang": 500000, "promised_satang": 300000}
    other = fund(manager, "hardship")
    with pytest.raises(FundOverdrawn):
        move(manager, fund_id, other, 2_500_00)
    move(manager, fund_id, other, 2_000_00)
    paid(manager, small.id)
    assert (held(manager, fund_id), held(manager, other)) == (0, 2_000_00)
    sound(manager)


def test_an_empty_safe_pays_nothing(accountant: Actor, manager: Actor, second: Actor) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 5_000_00)
    request = approved(accountant, manager, second, fund_id, 1_000_00)
    with pytest.raises(SafeShort):
        paid(manager, request.id, "safe")
    with pytest.raises(NotKeptThere):
        paid(manager, request.id, "apart")
    with pytest.raises(FundOverdrawn):
        paid_by_voucher(manager, fund_id, 5_000_01)


def paid_by_voucher(actor: Actor, fund_id: UUID, satang: int) -> None:
    """Take money out of a fund by hand."""
    here = actor.centre_id
    purpose = register.card(here, fund_id).purpose
    lines = (
        VoucherLine(account(here, purpose), debit=satang, fund_id=fund_id),
        VoucherLine(account(here, Purpose.BANK), credit=satang),
    )
    db.session.rollback()
    content = VoucherContent("journal", clock.today(), lines, note="ด้วยมือ")
    card = draft(content, actor)
    in_transaction(posting.ask, card.id, actor)
    in_transaction(posting.approve, card.id, card.version, replace(actor, user_id=uuid7()))


def test_rules_are_kept_and_the_latest_counts(accountant: Actor, manager: Actor) -> None:
    rule = FundRule("เยาวชน", ("occupation",), 3_000_00, 5_000_00, 3)
    fund_id = fund(manager, rule=rule)
    give(manager, fund_id, PLENTY)
    with pytest.raises(PurposeNotAllowed):
        asked(accountant, fund_id, 1_00, purpose="education")
    with pytest.raises(AboveLimit):
        asked(accountant, fund_id, 3_000_01)
    assert asked(accountant, fund_id, 3_000_00, name="นัท  ใจดี").approvals == 3
    with pytest.raises(AboveYearLimit) as told:
        asked(accountant, fund_id, 2_000_01, name="นัท ใจดี", category="household")
    assert told.value.facts["had_satang"] == 3_000_00
    asked(accountant, fund_id, 2_000_00, name="นัท ใจดี")
    in_transaction(register.set_rule, SetRule(uuid7(), fund_id, FundRule()), manager)
    assert asked(accountant, fund_id, 9_000_00, name="นัท ใจดี").approvals == 2
    versions = [one.version_no for one in register.rules_of(manager.centre_id, fund_id)]
    assert versions == [2, 1]
    db.session.rollback()
    for bad in (FundRule(approvals=1), FundRule(request_max_satang=0)):
        with pytest.raises(BadRule):
            in_transaction(register.set_rule, SetRule(uuid7(), fund_id, bad), manager)


def test_a_minor_has_a_guardian_and_names_are_for_few(
    accountant: Actor, manager: Actor, auditor: Actor
) -> None:
    fund_id = fund(manager)
    with pytest.raises(GuardianMissing):
        asked(accountant, fund_id, 1_00, minor=True)
    request = asked(
        accountant,
        fund_id,
        1_00,
        name="เด็กดี มีสุข",
        minor=True,
        guardian_name="ยายมา มีสุข",
        guardian_relation="ยาย",
    )
    seen = asking.get(request.id, auditor).card.recipient
    assert seen is not None
    assert (seen.name, seen.guardian_name, seen.member_id) == ("เด… ม…", "", None)
    known = asking.get(request.id, accountant).card.recipient
    assert known is not None and known.guardian_name == "ยายมา มีสุข"
    db.session.rollback()
    with pytest.raises(Forbidden):
        in_transaction(recipients.erase, known.id, accountant)
    in_transaction(recipients.erase, known.id, manager)
    gone = asking.get(request.id, manager).card.recipient
    assert gone is not None and (gone.name, gone.guardian_name, gone.erased) == ("—", "", True)


def test_who_may_do_what(cashier: Actor, auditor: Actor, accountant: Actor, manager: Actor) -> None:
    fund_id = fund(manager)
    for call in (
        lambda: give(cashier, fund_id, 1),
        lambda: asked(auditor, fund_id, 1),
        lambda: fund(accountant),
        lambda: in_transaction(deciding.approve, uuid7(), auditor),
        lambda: paid(auditor, uuid7()),
        lambda: asking.listing(cashier, Window(None, 5)),
    ):
        with pytest.raises(Forbidden):
            call()


def test_a_contribution_names_its_giver(manager: Actor) -> None:
    fund_id = fund(manager)
    with pytest.raises(GiverMissing):
        give(manager, fund_id, 1, giver_name="")
    with pytest.raises(NotFound):
        give(manager, fund_id, 1, village_id=uuid7())
    with pytest.raises(NotFound):
        give(manager, fund_id, 1, source="repayment")
    with pytest.raises(BadFund):
        in_transaction(
            register.create,
            NewFund(uuid7(), "X", "x", "", Purpose.WELFARE_FUND, "funeral_aid"),
            manager,
        )
