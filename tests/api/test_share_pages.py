"""Pages of the share register: each task on its screen, refusals beside their fields, papers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from accounting.services.shares import certificates, heirs, plans, reading, register
from core import clock
from core.actor import Actor, Centre
from core.dates import format_date
from core.db import db
from core.ids import uuid7
from core.paging import Window
from members.services import members, standing
from members.services.standing import RecordFact
from tests.api.conftest import Browser
from tests.sharing import buy_shares, member_named

BrowserOf = Callable[[str], Browser]


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def today() -> str:
    return format_date(clock.today(), "th", "form")


def form(**more: str) -> dict[str, str]:
    return {"id": str(uuid7()), "on": today()} | more


@pytest.fixture
def somsri(system: Actor) -> UUID:
    return member_named(system, "สมศรี")


@pytest.fixture
def thong(system: Actor) -> UUID:
    return member_named(system, "ทองมี")


def number_of(centre: Centre, member_id: UUID) -> str:
    return members.names(centre.id, [member_id])[member_id].member_no


def held(centre: Centre, member_id: UUID) -> int:
    db.session.rollback()
    return register.balance(centre.id, member_id)


def test_shares_are_bought_shown_and_taken_back(
    browser_of: BrowserOf, centre: Centre, somsri: UUID
) -> None:
    accountant = browser_of("accountant")
    where = f"/c/{{c}}/shares/members/{somsri}"
    assert 'name="shares"' in text_of(accountant.get(f"{where}/buy"))
    fields = form(shares="๑๐", place="safe", note="หุ้นแรกเข้า")
    sent = [accountant.form(f"{where}/buy", **fields) for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    assert held(centre, somsri) == 1_000_00
    page = text_of(accountant.get(sent[0].location))
    assert "1,000.00" in page and "หุ้นแรกเข้า" in page and "สมศรี" in page
    assert "1,000.00" in text_of(accountant.get(where))
    assert "สมศรี" in text_of(accountant.get("/c/{c}/shares?q=สมศรี"))
    assert sent[0].location.rsplit("/", 1)[-1] in text_of(
        accountant.get("/c/{c}/shares/transactions")
    )
    back = f"{sent[0].location}/take-back"
    assert accountant.get(back).status_code == 200
    missing = accountant.form(back, id=str(uuid7()))
    assert missing.status_code == 422 and 'id="reason-error"' in text_of(missing)
    done = accountant.form(back, id=str(uuid7()), reason="ผิดคน")
    assert done.status_code == 303
    assert held(centre, somsri) == 0
    again = accountant.form(back, id=str(uuid7()), reason="ผิดคน")
    assert again.status_code == 409


def test_what_is_refused_stays_as_typed_and_is_named(
    browser_of: BrowserOf, centre: Centre, somsri: UUID
) -> None:
    accountant = browser_of("accountant")
    where = f"/c/{{c}}/shares/members/{somsri}"
    for task, change, name in (
        ("buy", {"shares": "0", "place": "safe"}, "shares"),
        ("buy", {"shares": "1", "place": "nowhere"}, "place"),
        ("buy", {"shares": "1", "place": "purse"}, "place"),
        ("buy", {"shares": "1", "place": "safe", "on": "31/12/2643"}, "on"),
        ("transfer", {"shares": "1", "to_member_no": "M-999"}, "to_member_no"),
        ("carry", {"amount": "12.345"}, "amount"),
        ("subscribe", {"shares": "x"}, "shares"),
    ):
        response = accountant.form(f"{where}/{task}", **form(note="จำไว้", **change))
        page = text_of(response)
        assert response.status_code in (404, 409, 422), (task, change, response.status_code)
        assert f'id="{name}-error"' in page, (task, change)
        assert 'value="จำไว้"' in page
    assert held(centre, somsri) == 0


def test_a_subscription_is_paid_and_given_up(
    browser_of: BrowserOf, centre: Centre, somsri: UUID
) -> None:
    accountant = browser_of("accountant")
    where = f"/c/{{c}}/shares/members/{somsri}"
    assert accountant.form(f"{where}/subscribe", **form(shares="5")).status_code == 303
    [plan] = plans.of_member(centre.id, somsri)
    pay = f"/c/{{c}}/shares/subscriptions/{plan.id}/pay"
    assert plan.subscription_no in text_of(accountant.get(pay))
    too_much = accountant.form(pay, **form(amount="501", place="safe"))
    assert too_much.status_code == 409 and "500.00" in text_of(too_much)
    assert accountant.form(pay, **form(amount="120.50", place="bank")).status_code == 303
    assert held(centre, somsri) == 120_50
    gone = accountant.form(f"/c/{{c}}/shares/subscriptions/{plan.id}/give-up", reason="ย้ายบ้าน")
    assert gone.status_code == 303
    db.session.rollback()
    assert plans.card(centre.id, plan.id).ended_reason == "ย้ายบ้าน"


def test_shares_pass_on_and_come_back(
    browser_of: BrowserOf, centre: Centre, system: Actor, somsri: UUID, thong: UUID
) -> None:
    buy_shares(system, somsri, 10)
    accountant = browser_of("accountant")
    where = f"/c/{{c}}/shares/members/{somsri}"
    fields = form(shares="4", to_member_no=number_of(centre, thong))
    assert accountant.form(f"{where}/transfer", **fields).status_code == 303
    assert (held(centre, somsri), held(centre, thong)) == (600_00, 400_00)
    gone = accountant.form(f"{where}/withdraw", **form(place="purse"))
    assert gone.status_code == 303
    assert held(centre, somsri) == 0


def test_who_takes_shares_over_is_found_by_name_and_chosen(
    browser_of: BrowserOf, centre: Centre, system: Actor, somsri: UUID, thong: UUID
) -> None:
    buy_shares(system, somsri, 10)
    accountant = browser_of("accountant")
    where = f"/c/{{c}}/shares/members/{somsri}/transfer"
    words = members.get(thong, system).first_name
    fields = form(shares="4", to_member_no=words, note="ฝากไว้")
    asked = accountant.form(where, **fields)
    page = text_of(asked)
    assert asked.status_code == 422 and f'value="{thong}"' in page and 'value="ฝากไว้"' in page
    assert f'name="to_member_id" value="{somsri}"' not in page
    # A choice made for other words counts for nothing.
    other = fields | {"to_member_no": "ไม่มีใครชื่อนี้", "offered_for": words, "to_member_id": str(thong)}
    nobody = accountant.form(where, **other)
    assert nobody.status_code == 422 and 'id="to_member_no-error"' in text_of(nobody)
    assert held(centre, thong) == 0
    chosen = fields | {"offered_for": words, "to_member_id": str(thong)}
    assert accountant.form(where, **chosen).status_code == 303
    assert (held(centre, somsri), held(centre, thong)) == (600_00, 400_00)
    own = accountant.form(where, **form(shares="1", to_member_no=number_of(centre, somsri)))
    assert own.status_code in (409, 422) and 'id="to_member_no-error"' in text_of(own)


def test_heirs_are_named_and_get_their_parts(
    browser_of: BrowserOf, centre: Centre, system: Actor, somsri: UUID, thong: UUID
) -> None:
    buy_shares(system, somsri, 1)
    accountant = browser_of("accountant")
    where = f"/c/{{c}}/shares/members/{somsri}"
    heir = {"name-1": "แก้ว", "relationship-1": "ลูก", "part-1": "66.67"}
    wrong = accountant.form(f"{where}/heirs", **form(**heir))
    assert wrong.status_code == 422 and "66.67" in text_of(wrong)
    other = {"name-2": "ทองมี", "relationship-2": "ภรรยา", "part-2": "33.33"}
    assert accountant.form(f"{where}/heirs", **form(**heir, **other)).status_code == 303
    db.session.rollback()
    found = heirs.current(centre.id, somsri)
    assert found is not None and [one.part_basis_points for one in found.heirs] == [6667, 3333]
    died = RecordFact(fact_id=uuid7(), member_id=somsri, kind="died", on_date=clock.today())
    from core.db import in_transaction

    in_transaction(standing.record, died, system)
    page = text_of(accountant.get(f"{where}/inherit"))
    assert "66.67" in page and "33.33" in page
    kept = form(heir_no="2", to_member_no=number_of(centre, thong))
    assert accountant.form(f"{where}/inherit", **kept).status_code == 303
    paid = form(heir_no="1", place="safe")
    assert accountant.form(f"{where}/inherit", **paid).status_code == 303
    assert (held(centre, somsri), held(centre, thong)) == (0, 33_33)
    assert accountant.form(f"{where}/inherit", **form(heir_no="1")).status_code == 409


def test_rules_are_added_by_the_manager_alone(browser_of: BrowserOf, centre: Centre) -> None:
    fields = {
        "id": str(uuid7()),
        "valid_from": today(),
        "par": "50",
        "least_shares": "2",
        "largest_part": "20",
    }
    assert browser_of("accountant").form("/c/{c}/shares/rules", **fields).status_code == 403
    manager = browser_of("manager")
    wrong = manager.form("/c/{c}/shares/rules", **fields | {"most_shares": "1"})
    assert wrong.status_code == 422 and 'id="most_shares-error"' in text_of(wrong)
    assert manager.form("/c/{c}/shares/rules", **fields).status_code == 303
    page = text_of(manager.get("/c/{c}/shares/rules"))
    assert "50.00" in page and "20 %" in page


def test_certificates_are_printed_and_say_when_they_are_copies(
    browser_of: BrowserOf, centre: Centre, system: Actor, somsri: UUID
) -> None:
    buy_shares(system, somsri, 10)
    accountant = browser_of("accountant")
    made = accountant.form(f"/c/{{c}}/shares/members/{somsri}/certificates", id=str(uuid7()))
    assert made.status_code == 303 and "/certificates/" in made.location
    assert "SC-" in text_of(accountant.get(made.location))
    papers = [accountant.form(f"{made.location}/print") for _ in range(2)]
    assert all(one.data[:5] == b"%PDF-" for one in papers)
    [card] = certificates.of_member(centre.id, somsri)
    assert card.prints == 2
    lost = accountant.form(f"{made.location}/lost", reason="ปลวกกิน")
    assert lost.status_code == 303
    assert accountant.form(f"{made.location}/print").status_code == 409


def test_the_register_and_the_passbook_are_files_and_papers(
    browser_of: BrowserOf, system: Actor, somsri: UUID
) -> None:
    buy_shares(system, somsri, 10)
    auditor = browser_of("auditor")
    table = text_of(auditor.get("/c/{c}/shares/register.csv"))
    assert "สมศรี" in table and "1000.00" in table
    assert auditor.get("/c/{c}/shares/register.xlsx").data[:2] == b"PK"
    for paper in ("register.pdf", f"members/{somsri}/passbook.pdf"):
        assert auditor.get(f"/c/{{c}}/shares/{paper}").data[:5] == b"%PDF-"
    [card] = reading.listing(system, Window()).items
    assert auditor.get(f"/c/{{c}}/shares/transactions/{card.id}/take-back").status_code == 403
    assert browser_of("cashier").get("/c/{c}/shares").status_code == 403
