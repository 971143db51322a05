"""The matrix of rights says what the roles are for."""

from __future__ import annotations

import pytest

from members.models import ROLES
from members.rules.roles import GRANTED, PERMISSIONS, Role, allowed, permissions_of

NAMED_IN_THE_DESIGN = """sale.record sale.read refund.record shift.open shift.close shift.read
cash.move hold.keep discount.give receipt.print intake.record intake.cancel intake.read stock.read
waste.record product.read product.change price.change producer.read member.read journal.read
ledger.read trial_balance.read report.request report.read user.manage settings.change audit.read
producer_account.read network.read token.manage"""


def test_every_permission_of_the_design_is_there() -> None:
    assert set(NAMED_IN_THE_DESIGN.split()) <= set(PERMISSIONS)


def test_an_auditor_reads_everything_but_a_network_and_only_signs_closes() -> None:
    held = permissions_of({Role.AUDITOR})
    read = {name for name in PERMISSIONS if name.endswith(".read")} - {"network.read"}
    assert held == read | {"close.sign"}


def test_a_producer_opens_the_own_account_only() -> None:
    assert permissions_of({Role.PRODUCER}) == {"producer_account.read"}


OF_THE_NETWORK = {"network.read", "network.manage"}


def test_a_network_officer_sees_totals_and_keeps_the_network_only() -> None:
    assert permissions_of({Role.NETWORK_OFFICER}) == OF_THE_NETWORK


def test_a_manager_does_everything_in_a_centre() -> None:
    assert permissions_of({Role.MANAGER}) == set(PERMISSIONS) - OF_THE_NETWORK


def test_the_system_does_everything() -> None:
    assert permissions_of({Role.SYSTEM}) == set(PERMISSIONS)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.CASHIER, "sale.record", "intake.record"),
        (Role.CASHIER, "shift.close", "price.change"),
        (Role.STOCK_KEEPER, "intake.record", "sale.record"),
        (Role.STOCK_KEEPER, "waste.record", "journal.read"),
        (Role.ACCOUNTANT, "trial_balance.read", "sale.record"),
        (Role.ACCOUNTANT, "sale.read", "user.manage"),
    ],
)
def test_each_role_has_its_work_and_no_other(role: Role, may: str, may_not: str) -> None:
    assert allowed({role}, may)
    assert not allowed({role}, may_not)


def test_roles_add_up_and_nobody_has_none() -> None:
    assert allowed({Role.CASHIER, Role.STOCK_KEEPER}, "intake.record")
    assert permissions_of(()) == frozenset()
    assert permissions_of({"someone"}) == frozenset()


def test_an_unknown_permission_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        allowed({Role.MANAGER}, "sale.invent")


def test_the_database_knows_the_same_roles() -> None:
    assert {role.value for role in GRANTED} == set(ROLES)
