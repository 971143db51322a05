"""PINs of producers: who gives them, what they open, and what becomes of the old one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.models import AuditEvent
from members.models import AppUser
from members.services import access, grants, passwords, pins, producers, sessions, standing, users
from members.services.delivering import ProducerInactive
from members.services.grants import OnlyProducer
from members.services.passwords import HasPin
from members.services.pins import AccountClosed, NewPin, PhoneNeeded, PhoneTaken
from members.services.producers import ChangeProducer, NewProducer
from members.services.sessions import Browser, PinLocked, SignInRefused, TooManyTries
from members.services.standing import RecordFact
from members.services.users import ChangeUser, NewUser
from tests.conftest import PASSWORD, actor_of

pytestmark = pytest.mark.usefixtures("app")
BROWSER = Browser(address="10.0.0.9", user_agent="phone", lasts=timedelta(hours=12))


def enter(actor: Actor, phone: str = "081-234-5678", name: str = "ป้าแดง") -> UUID:
    return in_transaction(producers.create, NewProducer(name=name, phone=phone), actor).id


def give(producer_id: UUID, actor: Actor) -> NewPin:
    return in_transaction(pins.give, producer_id, actor)


def sign_in(name: str, pin: str) -> str:
    attempt = in_transaction(sessions.reserve, name, BROWSER.address)
    return in_transaction(sessions.open_session, sessions.judge(attempt, pin), BROWSER)


def at(moment: datetime) -> AbstractContextManager[None]:
    """Work at a moment."""
    return clock.travel(lambda: moment)


def test_a_producer_signs_in_by_phone_and_pin_and_is_nobody_else(
    stock_keeper: Actor, centre: Centre
) -> None:
    producer_id = enter(stock_keeper)
    given = give(producer_id, stock_keeper)
    assert (given.phone, len(given.pin), given.pin.isdigit()) == ("0812345678", 6, True)
    token = sign_in("+66 81 234 5678", f"{given.pin[:3]} {given.pin[3:]}")
    loaded = access.load_actor("session", token, centre.id)
    assert loaded is not None
    assert loaded.actor.roles == {"producer"}
    assert loaded.actor.producer_id == producer_id


def test_the_pin_is_kept_as_a_hash_and_the_trail_does_not_know_it(stock_keeper: Actor) -> None:
    given = give(enter(stock_keeper), stock_keeper)
    stored = db.session.execute(
        select(AppUser.password_hash).where(AppUser.username == given.phone)
    ).scalar_one()
    assert stored.startswith("$argon2id$")
    trail = db.session.execute(select(AuditEvent.action, AuditEvent.facts)).all()
    assert "pin.given" in [row.action for row in trail]
    assert given.pin not in str([row.facts for row in trail])


def test_a_new_pin_ends_the_old_one_and_its_sessions(stock_keeper: Actor, centre: Centre) -> None:
    producer_id = enter(stock_keeper)
    old = give(producer_id, stock_keeper)
    token = sign_in(old.phone, old.pin)
    new = give(producer_id, stock_keeper)
    assert new.pin != old.pin
    assert access.load_actor("session", token, centre.id) is None
    with pytest.raises(SignInRefused):
        sign_in(old.phone, old.pin)
    assert sign_in(new.phone, new.pin)


def test_a_pin_renewed_between_judging_and_opening_opens_nothing(stock_keeper: Actor) -> None:
    producer_id = enter(stock_keeper)
    old = give(producer_id, stock_keeper)
    attempt = in_transaction(sessions.reserve, old.phone, BROWSER.address)
    who = sessions.judge(attempt, old.pin)
    give(producer_id, stock_keeper)
    with pytest.raises(SignInRefused):
        in_transaction(sessions.open_session, who, BROWSER)


def test_a_changed_phone_number_is_the_name_of_the_next_pin(stock_keeper: Actor) -> None:
    producer_id = enter(stock_keeper)
    old = give(producer_id, stock_keeper)
    command = ChangeProducer(producer_id=producer_id, version=1, name="ป้าแดง", phone="๐๘๙ ๙๙๙ ๑๒๓๔")
    in_transaction(producers.change, command, stock_keeper)
    new = give(producer_id, stock_keeper)
    assert new.phone == "0899991234"
    assert users.find(new.phone) is not None
    assert users.find(old.phone) is None


@pytest.mark.parametrize("phone", ["", "1234", "02-1"])
def test_without_a_phone_number_there_is_no_pin(stock_keeper: Actor, phone: str) -> None:
    with pytest.raises(PhoneNeeded):
        give(enter(stock_keeper, phone), stock_keeper)


def test_a_phone_number_opens_one_account_only(
    manager: Actor, stock_keeper: Actor, other_centre: Centre
) -> None:
    give(enter(stock_keeper), stock_keeper)
    for actor in (stock_keeper, actor_of(other_centre, "stock_keeper")):
        with pytest.raises(PhoneTaken):
            give(enter(actor, "0812345678", "ลุงดำ"), actor)
    new = NewUser(
        username="0890001111", display_name="คุณสมศรี", password=PASSWORD, roles=("cashier",)
    )
    in_transaction(users.create, new, manager)
    with pytest.raises(PhoneTaken):
        give(enter(stock_keeper, "089-000-1111", "ยายเขียว"), stock_keeper)


@pytest.mark.parametrize("role", ["cashier", "accountant", "auditor"])
def test_others_give_no_pin(stock_keeper: Actor, centre: Centre, role: str) -> None:
    producer_id = enter(stock_keeper)
    for step in (pins.give, pins.withdraw):
        with pytest.raises(Forbidden):
            in_transaction(step, producer_id, actor_of(centre, role))


def test_another_centres_producer_is_not_there(stock_keeper: Actor, other_centre: Centre) -> None:
    producer_id = enter(stock_keeper)
    with pytest.raises(NotFound):
        give(producer_id, actor_of(other_centre, "stock_keeper"))


def test_a_withdrawn_pin_opens_nothing_and_frees_the_number(
    stock_keeper: Actor, centre: Centre
) -> None:
    producer_id = enter(stock_keeper)
    given = give(producer_id, stock_keeper)
    token = sign_in(given.phone, given.pin)
    in_transaction(pins.withdraw, producer_id, stock_keeper)
    assert access.load_actor("session", token, centre.id) is None
    assert pins.state(producer_id, stock_keeper) is None
    with pytest.raises(SignInRefused):
        sign_in(given.phone, given.pin)
    with pytest.raises(NotFound):
        in_transaction(pins.withdraw, producer_id, stock_keeper)
    assert sign_in(given.phone, give(producer_id, stock_keeper).pin)


def test_whoever_has_a_pin_stays_a_producer(
    manager: Actor, stock_keeper: Actor, other_centre: Centre
) -> None:
    producer_id = enter(stock_keeper)
    user_id = users.find(give(producer_id, stock_keeper).phone)
    assert user_id is not None
    known = users.get(user_id, manager)
    for roles in (("cashier",), ("cashier", "producer")):
        command = ChangeUser(
            user_id=user_id,
            version=known.version,
            display_name=known.display_name,
            roles=roles,
            producer_id=producer_id,
        )
        with pytest.raises(OnlyProducer):
            in_transaction(users.change, command, manager)
    with pytest.raises(OnlyProducer):
        in_transaction(grants.give, user_id, "cashier", system_actor(other_centre))
    with pytest.raises(OnlyProducer):
        in_transaction(grants.make_officer, user_id, other_centre.network_id)
    with pytest.raises(HasPin):
        in_transaction(passwords.set_password, user_id, PASSWORD, manager)


def test_an_account_a_manager_disabled_is_not_opened_by_a_new_pin(
    manager: Actor, stock_keeper: Actor
) -> None:
    producer_id = enter(stock_keeper)
    user_id = users.find(give(producer_id, stock_keeper).phone)
    assert user_id is not None
    known = users.get(user_id, manager)
    command = ChangeUser(
        user_id=user_id,
        version=known.version,
        display_name=known.display_name,
        roles=known.roles,
        producer_id=producer_id,
        active=False,
    )
    in_transaction(users.change, command, manager)
    with pytest.raises(AccountClosed):
        give(producer_id, stock_keeper)


def test_five_wrong_pins_shut_the_number_for_a_quarter_of_an_hour(stock_keeper: Actor) -> None:
    given = give(enter(stock_keeper), stock_keeper)
    start = clock.now()
    for minute in range(5):
        with at(start + timedelta(minutes=minute)), pytest.raises(SignInRefused):
            sign_in(given.phone, "000000")
    for minutes in (5, 16, 18):
        with at(start + timedelta(minutes=minutes)), pytest.raises(TooManyTries):
            sign_in(given.phone, given.pin)
    with at(start + timedelta(minutes=20)):
        assert sign_in(given.phone, given.pin)


def test_an_unknown_number_is_shut_just_like_a_known_one(stock_keeper: Actor) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in("0999999999", "000000")
    with pytest.raises(TooManyTries):
        sign_in("0999999999", "000000")


def test_twenty_wrong_pins_shut_it_for_the_day_unless_a_new_one_is_given(
    stock_keeper: Actor,
) -> None:
    producer_id = enter(stock_keeper)
    given = give(producer_id, stock_keeper)
    start = clock.now()
    for try_no in range(20):
        with at(start + timedelta(minutes=30 * try_no)), pytest.raises(SignInRefused):
            sign_in(given.phone, "000000")
    with at(start + timedelta(hours=12)):
        with pytest.raises(PinLocked):
            sign_in(given.phone, given.pin)
        new = give(producer_id, stock_keeper)
        assert sign_in(new.phone, new.pin)


def test_who_stopped_still_looks_at_what_is_owed_and_who_died_does_not(
    stock_keeper: Actor,
) -> None:
    producer_id = enter(stock_keeper)
    for kind in ("resigned", "died"):
        fact = RecordFact(
            fact_id=uuid7(), producer_id=producer_id, kind=kind, on_date=clock.today()
        )
        in_transaction(standing.record, fact, stock_keeper)
        if kind == "resigned":
            assert give(producer_id, stock_keeper).pin
    with pytest.raises(ProducerInactive):
        give(producer_id, stock_keeper)
