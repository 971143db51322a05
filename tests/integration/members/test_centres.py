"""A centre's settings, its stand to VAT, and the trail of what people did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import audit, clock
from core.actor import Actor, Centre, TaxSetting
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from members.services import audit_trail, centres
from members.services.centres import (
    BadTaxId,
    CentreCodeTaken,
    ChangeCentre,
    NewCentre,
    TaxDayPassed,
)

pytestmark = pytest.mark.usefixtures("app")


def settings_of(centre: Centre) -> ChangeCentre:
    return ChangeCentre(version=centre.version, name_th=centre.name_th, name_en=centre.name_en)


def test_a_manager_changes_the_settings(manager: Actor, centre: Centre) -> None:
    command = replace(
        settings_of(centre), cash_rounding_satang=25, oversell_policy="allow_and_flag"
    )
    changed = in_transaction(centres.change, command, manager)
    assert (changed.cash_rounding_satang, changed.oversell_policy) == (25, "allow_and_flag")
    assert changed.version == centre.version + 1
    entry = audit_trail.listing(manager, Window()).items[0]
    assert entry.action == "settings.changed"
    assert entry.user_name == "คุณmanager"
    assert entry.facts["changed"] == {
        "cash_rounding_satang": 25,
        "oversell_policy": "allow_and_flag",
    }


def test_two_managers_on_the_settings_learn_of_each_other(manager: Actor, centre: Centre) -> None:
    command = settings_of(centre)
    in_transaction(centres.change, replace(command, phone="1"), manager)
    with pytest.raises(ChangedMeanwhile):
        in_transaction(centres.change, replace(command, phone="2"), manager)


def test_a_wrong_tax_id_is_refused(manager: Actor, centre: Centre) -> None:
    with pytest.raises(BadTaxId):
        in_transaction(
            centres.change, replace(settings_of(centre), tax_id="1234567890123"), manager
        )
    good = replace(settings_of(centre), tax_id="1234567890121")
    assert in_transaction(centres.change, good, manager).tax_id == "1234567890121"


@pytest.mark.parametrize("role", ["cashier", "accountant", "auditor"])
def test_only_a_manager_changes_settings(request: pytest.FixtureRequest, role: str) -> None:
    actor: Actor = request.getfixturevalue(role)
    with pytest.raises(Forbidden):
        in_transaction(centres.change, settings_of(actor.centre), actor)
    with pytest.raises(Forbidden):
        in_transaction(centres.set_tax, TaxSetting(clock.today(), "registered"), actor)


def test_a_tax_setting_is_dated_and_never_reaches_back(manager: Actor) -> None:
    today = clock.today()
    with pytest.raises(TaxDayPassed):
        in_transaction(
            centres.set_tax, TaxSetting(today - timedelta(days=1), "registered"), manager
        )
    centre = in_transaction(
        centres.set_tax, TaxSetting(today + timedelta(days=5), "registered"), manager
    )
    assert centre.tax_on(today).vat_mode == "not_registered"
    assert centre.tax_on(today + timedelta(days=5)).vat_mode == "registered"
    for days in (4, 5):
        with pytest.raises(TaxDayPassed):
            in_transaction(
                centres.set_tax, TaxSetting(today + timedelta(days=days), "registered"), manager
            )


def test_a_centre_code_is_given_once(centre: Centre) -> None:
    new = NewCentre(code=centre.code, name_th="ก", name_en="a")
    with pytest.raises(CentreCodeTaken):
        in_transaction(centres.create, new)


def test_a_centre_without_a_network_begins_one(centre: Centre) -> None:
    made = in_transaction(centres.create, NewCentre(code="NEW", name_th="ก", name_en="a"))
    assert made.network_id != centre.network_id
    assert made in centres.listing(made.network_id)
    joined = NewCentre(code="NEW2", name_th="ข", name_en="b", network_id=made.network_id)
    assert in_transaction(centres.create, joined).network_id == made.network_id


# --- the trail -------------------------------------------------------------------------------


def test_the_trail_is_read_latest_first_in_pages(manager: Actor) -> None:
    for number in range(5):
        in_transaction(audit.record, manager, "test.done", "thing", number, number=number)
    first = audit_trail.listing(manager, Window(limit=2), subject_type="thing")
    assert [entry.facts["number"] for entry in first.items] == [4, 3]
    in_transaction(audit.record, manager, "test.done", "thing", 9, number=9)
    second = audit_trail.listing(manager, Window(after=first.next, limit=9), subject_type="thing")
    assert [entry.facts["number"] for entry in second.items] == [2, 1, 0]
    assert second.next is None


def test_the_trail_is_filtered(manager: Actor, cashier: Actor) -> None:
    in_transaction(audit.record, manager, "test.done", "thing", 1)
    in_transaction(audit.record, cashier, "test.done", "thing", 2)
    assert len(audit_trail.listing(manager, Window(), subject_id="2").items) == 1
    assert (
        audit_trail.listing(manager, Window(), user_id=cashier.user_id).items[0].subject_id == "2"
    )
    assert audit_trail.listing(manager, Window(), user_id=uuid7()).items == ()
    with pytest.raises(NotFound):
        audit_trail.listing(manager, Window(after="nonsense"))


def test_the_trail_of_another_centre_is_not_shown(manager: Actor, other_centre: Centre) -> None:
    there = replace(manager, centre=other_centre)
    in_transaction(audit.record, there, "test.done", "secret", 1)
    assert audit_trail.listing(manager, Window(), subject_type="secret").items == ()


def test_a_cashier_does_not_read_the_trail(cashier: Actor) -> None:
    with pytest.raises(Forbidden):
        audit_trail.listing(cashier, Window())


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"],
)
def test_the_trail_can_not_be_altered_by_raw_sql(manager: Actor, statement: str) -> None:
    in_transaction(audit.record, manager, "test.done", "thing", 1)
    with pytest.raises(DBAPIError):
        in_transaction(lambda: db.session.execute(text(statement)))
