"""Who is asking: one statement, and nothing about centres that are not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from core import clock
from core.actor import Actor, Centre, TaxSetting, system_actor
from core.db import db, in_transaction
from core.errors import NotFound
from core.ids import uuid7
from members.services import access, centres, grants, sessions, tokens, users
from members.services.sessions import TRIES_PER_ACCOUNT, Browser, SignInRefused, TooManyTries
from members.services.tokens import NewToken
from tests.conftest import PASSWORD, actor_of

HOURS = timedelta(hours=12)


def sign_in(username: str) -> str:
    who = sessions.judge(in_transaction(sessions.reserve, username, "10.0.0.1"), PASSWORD)
    browser = Browser(address="10.0.0.1", user_agent="test", lasts=HOURS)
    return in_transaction(sessions.open_session, who, browser)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if statement != "BEGIN":
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_session_becomes_an_actor_with_one_statement(app: Flask, centre: Centre) -> None:
    in_transaction(
        centres.set_tax,
        TaxSetting(clock.today(), "registered", "gross"),
        system_actor(centre),
    )
    token = sign_in("cashier")
    db.session.rollback()
    with counted() as sent:
        loaded = access.load_actor("session", token, centre.id)
    assert len(sent) == 1
    assert loaded is not None
    assert loaded.actor.roles == {"cashier"}
    assert loaded.actor.user_id == users.find("cashier")
    assert loaded.actor.centre == centres.get(centre.id)
    assert loaded.actor.centre.tax_on(clock.today()).vat_mode == "registered"


def test_several_roles_and_tax_settings_do_not_multiply(
    app: Flask, centre: Centre, manager: Actor
) -> None:
    assert manager.user_id
    in_transaction(grants.give, manager.user_id, "accountant", manager)
    start = clock.today()
    for days in range(3):
        setting = TaxSetting(start + timedelta(days=days), "registered")
        in_transaction(centres.set_tax, setting, manager)
    loaded = access.load_actor("session", sign_in("manager"), centre.id)
    assert loaded is not None
    assert loaded.actor.roles == {"manager", "accountant"}
    assert len(loaded.actor.centre.tax_settings) == 3


def test_nobody_is_let_in_by_a_token_nobody_has(app: Flask, centre: Centre) -> None:
    for kind in ("session", "bearer"):
        assert access.load_actor(kind, "nonsense", centre.id) is None
    assert access.load_person("nonsense") is None


def test_a_centre_of_others_and_none_at_all_are_alike(
    app: Flask, centre: Centre, other_centre: Centre
) -> None:
    token = sign_in("manager")
    for centre_id in (other_centre.id, 999_999):
        with pytest.raises(NotFound) as refusal:
            access.load_actor("session", token, centre_id)
        assert refusal.value.facts == {}


def test_a_machine_is_held_to_its_centre(app: Flask, manager: Actor, other_centre: Centre) -> None:
    card = in_transaction(tokens.create, NewToken("scale"), manager)
    assert card.token
    loaded = access.load_actor("bearer", card.token, manager.centre_id)
    assert loaded is not None
    assert loaded.actor.user_id == manager.user_id
    assert not loaded.stale
    for centre_id in (other_centre.id, 999_999):
        with pytest.raises(NotFound):
            access.load_actor("bearer", card.token, centre_id)


def test_a_machine_is_out_when_its_token_ends(app: Flask, manager: Actor) -> None:
    card = in_transaction(tokens.create, NewToken("scale", days=1), manager)
    assert card.token
    later = clock.now() + timedelta(days=1, seconds=1)
    with clock.travel(lambda: later):
        assert access.load_actor("bearer", card.token, manager.centre_id) is None
    in_transaction(tokens.revoke, card.id, manager)
    assert access.load_actor("bearer", card.token, manager.centre_id) is None
    assert in_transaction(tokens.revoke, card.id, manager).revoked_at is not None


def test_a_machine_can_do_no_more_than_its_user_now(app: Flask, manager: Actor) -> None:
    user_id = users.find("cashier")
    card = in_transaction(tokens.create, NewToken("till", user_id=user_id), manager)
    assert card.token
    assert user_id
    in_transaction(grants.give, user_id, "auditor", manager)
    in_transaction(grants.take, user_id, "cashier", manager)
    loaded = access.load_actor("bearer", card.token, manager.centre_id)
    assert loaded is not None
    assert loaded.actor.roles == {"auditor"}


def test_a_token_is_made_for_people_of_the_centre_only(
    app: Flask, manager: Actor, other_centre: Centre
) -> None:
    for user_id in (actor_of(other_centre, "cashier").user_id, uuid7()):
        with pytest.raises(NotFound):
            in_transaction(tokens.create, NewToken("x", user_id=user_id), manager)


def test_a_network_officer_sees_the_centres_of_the_network_and_no_others(
    app: Flask, centre: Centre, other_centre: Centre, auditor: Actor
) -> None:
    assert auditor.user_id
    in_transaction(grants.make_officer, auditor.user_id, other_centre.network_id)
    token = sign_in("auditor")
    there = access.load_actor("session", token, other_centre.id)
    assert there is not None
    assert there.actor.roles == {"network_officer"}
    person = access.load_person(token)
    assert person is not None
    assert {place.centre_id: place.roles for place in person.person.places} == {
        centre.id: {"auditor"},
        other_centre.id: {"network_officer"},
    }


def test_the_eleventh_of_many_tries_at_once_is_refused(app: Flask) -> None:
    """Twenty threads guess together; never more than ten guesses are looked at."""
    answers: list[str] = []

    def guess() -> None:
        with app.app_context():
            try:
                attempt = in_transaction(sessions.reserve, "cashier", "10.0.0.2")
                sessions.judge(attempt, "not the password")
            except (TooManyTries, SignInRefused) as refusal:
                answers.append(refusal.code)
            finally:
                db.session.remove()

    threads = [Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("sign-in-refused") == TRIES_PER_ACCOUNT
    assert answers.count("too-many-tries") == 20 - TRIES_PER_ACCOUNT


def test_old_tries_are_swept(app: Flask) -> None:
    from sqlalchemy import func, select

    from members.models import SignInAttempt

    in_transaction(sessions.reserve, "cashier", "")
    later = clock.now() + timedelta(days=2)
    with clock.travel(lambda: later):
        in_transaction(sessions.reserve, "cashier", "")
    assert db.session.execute(select(func.count()).select_from(SignInAttempt)).scalar_one() == 1


@pytest.mark.usefixtures("costly_passwords")
def test_an_old_hash_is_made_anew_at_sign_in(app: Flask) -> None:
    from argon2 import PasswordHasher
    from sqlalchemy import select, update

    from members.models import AppUser

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    def weaken() -> None:
        db.session.execute(
            update(AppUser).where(AppUser.username == "cashier").values(password_hash=weak)
        )

    in_transaction(weaken)
    sign_in("cashier")
    stored = db.session.execute(
        select(AppUser.password_hash).where(AppUser.username == "cashier")
    ).scalar_one()
    assert "m=19456,t=2,p=1" in stored
    sign_in("cashier")


def test_ones_sessions_are_listed_and_ended(app: Flask) -> None:
    first, second = sign_in("cashier"), sign_in("cashier")
    user_id = users.find("cashier")
    assert user_id
    cards = sessions.of_user(user_id, second)
    assert [card.is_current for card in cards].count(True) == 1
    assert len(cards) == 2
    other = next(card for card in cards if not card.is_current)
    in_transaction(sessions.revoke, user_id, other.id)
    assert access.load_person(first) is None
    assert access.load_person(second) is not None
    with pytest.raises(NotFound):
        in_transaction(sessions.revoke, user_id, other.id)


def test_nobody_ends_the_session_of_someone_else(app: Flask) -> None:
    sign_in("cashier")
    theirs, mine = users.find("cashier"), users.find("auditor")
    assert theirs
    assert mine
    session_id = sessions.of_user(theirs)[0].id
    with pytest.raises(NotFound):
        in_transaction(sessions.revoke, mine, session_id)


def test_a_centre_is_not_registered_before_its_first_setting(centre: Centre) -> None:
    assert centre.tax_on(date(2020, 1, 1)).vat_mode == "not_registered"
