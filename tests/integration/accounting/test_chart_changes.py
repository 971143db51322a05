"""The chart changed by people: added to, renamed, put out of use; never emptied under the books."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.vouchers import AccountRetired
from accounting.services import chart, chart_changes
from accounting.services.chart_changes import (
    AccountCodeTaken,
    AccountHasBalance,
    AccountNeeded,
    AccountTypeFixed,
    ChangeAccount,
    MoneyIsAsset,
    NewAccount,
)
from accounting.services.vouchers import posting
from core.actor import Actor
from core.db import in_transaction
from core.errors import DifferentContent, Forbidden
from core.ids import uuid7
from tests.writing import account, draft, payment

RENT = NewAccount(uuid7(), "5155", "expense", "ค่าเช่า", "Rent")


def test_an_account_of_our_own_is_added_and_posted_to(accountant: Actor) -> None:
    made = in_transaction(chart_changes.create, RENT, accountant)
    assert in_transaction(chart_changes.create, RENT, accountant) == made
    assert (made.code, made.purpose, made.money, made.active) == ("5155", None, "", True)

    content = payment(accountant.centre_id, 100)
    first = replace(content.lines[0], account_id=made.id)
    voucher = draft(replace(content, lines=(first, content.lines[1])), accountant)
    in_transaction(posting.post, voucher.id, accountant)

    with pytest.raises(AccountHasBalance) as caught:
        in_transaction(chart_changes.change, ChangeAccount(made.id, "x", active=False), accountant)
    assert caught.value.facts["balance_satang"] == 100


def test_refuses_a_code_twice_and_money_that_is_no_asset(accountant: Actor) -> None:
    in_transaction(chart_changes.create, RENT, accountant)
    refused = [
        (replace(RENT, id=uuid7()), AccountCodeTaken),
        (replace(RENT, code="5156"), DifferentContent),
        (replace(RENT, id=uuid7(), code="5157", money="cash"), MoneyIsAsset),
    ]
    for command, refusal in refused:
        with pytest.raises(refusal):
            in_transaction(chart_changes.create, command, accountant)


def test_what_is_put_out_of_use_takes_no_more_and_comes_back(accountant: Actor) -> None:
    made = in_transaction(chart_changes.create, RENT, accountant)
    out = ChangeAccount(made.id, "ค่าเช่าเก่า", active=False)
    assert in_transaction(chart_changes.change, out, accountant).active is False
    content = payment(accountant.centre_id, 100)
    first = replace(content.lines[0], account_id=made.id)
    with pytest.raises(AccountRetired) as caught:
        draft(replace(content, lines=(first, content.lines[1])), accountant)
    assert caught.value.facts["field"] == "account-1"
    back = in_transaction(chart_changes.change, replace(out, active=True), accountant)
    assert (back.active, back.name_th) == (True, "ค่าเช่าเก่า")


def test_what_the_program_posts_to_is_renamed_but_stays(accountant: Actor) -> None:
    wages = account(accountant.centre_id, Purpose.WAGES)
    named = in_transaction(chart_changes.change, ChangeAccount(wages, "ค่าจ้าง", "Pay"), accountant)
    assert (named.name_th, named.purpose) == ("ค่าจ้าง", "wages")
    assert chart.get(accountant.centre_id, wages).name_en == "Pay"
    with pytest.raises(AccountNeeded):
        in_transaction(chart_changes.change, ChangeAccount(wages, "x", active=False), accountant)
    with pytest.raises(AccountTypeFixed):
        in_transaction(chart_changes.change, ChangeAccount(wages, "x", type="asset"), accountant)


def test_takes_the_right(auditor: Actor) -> None:
    with pytest.raises(Forbidden):
        in_transaction(chart_changes.create, RENT, auditor)
    with pytest.raises(Forbidden):
        in_transaction(chart_changes.change, ChangeAccount(RENT.id, "x"), auditor)
