"""Users and rights: what a manager may do, and to whom."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.actor import Actor, Centre, system_actor
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, Forbidden, NotFound
from core.models import AuditEvent
from members.models import AppUser
from members.rules.passwords import WeakPassword
from members.services import access, grants, passwords, producers, sessions, users
from members.services.access import require
from members.services.grants import LastManager, ProducerNeeded, RoleNeeded
from members.services.passwords import WorksElsewhere, WrongPassword
from members.services.producers import NewProducer
from members.services.sessions import Attempt
from members.services.users import ChangeUser, NewUser, UserCard, UsernameTaken
from tests.conftest import PASSWORD, actor_of

pytestmark = pytest.mark.usefixtures("app")


def new_user(actor: Actor, username: str = "somsri", **facts: object) -> UserCard:
    values = {"display_name": "คุณสมศรี", "password": PASSWORD, "roles": ("cashier",)} | facts
    return in_transaction(users.create, NewUser(username=username, **values), actor)


def change(card: UserCard, actor: Actor, **facts: object) -> UserCard:
    values = {
        "user_id": card.id,
        "version": card.version,
        "display_name": card.display_name,
        "roles": card.roles,
        "producer_id": card.producer_id,
        "active": card.active,
    } | facts
    return in_transaction(users.change, ChangeUser(**values), actor)


def actions(centre: Centre, subject_id: object) -> list[str]:
    statement = (
        select(AuditEvent.action)
        .where(AuditEvent.centre_id == centre.id, AuditEvent.subject_id == str(subject_id))
        .order_by(AuditEvent.id)
    )
    return list(db.session.execute(statement).scalars())


def test_a_manager_lets_a_cashier_in(manager: Actor, centre: Centre) -> None:
    card = new_user(manager, " SomSri ")
    assert (card.username, card.roles, card.active, card.version) == (
        "somsri",
        ("cashier",),
        True,
        1,
    )
    assert card in users.listing(manager)
    assert actions(centre, card.id) == ["user.created", "role.given"]


@pytest.mark.usefixtures("costly_passwords")
def test_the_hash_is_argon2id_with_the_agreed_cost(manager: Actor) -> None:
    card = new_user(manager)
    stored = db.session.execute(
        select(AppUser.password_hash).where(AppUser.id == card.id)
    ).scalar_one()
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("role", ["cashier", "stock_keeper", "accountant", "auditor"])
def test_nobody_else_lets_people_in(centre: Centre, role: str) -> None:
    with pytest.raises(Forbidden):
        new_user(actor_of(centre, role))


def test_a_sign_in_name_is_given_once_in_the_whole_federation(
    manager: Actor, other_centre: Centre
) -> None:
    new_user(manager)
    for actor in (manager, actor_of(other_centre, "manager")):
        with pytest.raises(UsernameTaken):
            new_user(actor, "SOMSRI")


def test_a_weak_password_lets_nobody_in(manager: Actor) -> None:
    with pytest.raises(WeakPassword):
        new_user(manager, password="12345678")
    assert users.find("somsri") is None


def test_roles_are_given_and_taken_and_each_is_in_the_trail(manager: Actor, centre: Centre) -> None:
    card = change(new_user(manager), manager, roles=("stock_keeper", "accountant"))
    assert card.roles == ("accountant", "stock_keeper")
    assert actions(centre, card.id)[2:] == ["role.taken", "role.given", "role.given"]


def test_the_same_roles_again_change_nothing(manager: Actor, centre: Centre) -> None:
    card = new_user(manager)
    before = actions(centre, card.id)
    change(card, manager)
    assert actions(centre, card.id) == before


def test_a_user_needs_a_role(manager: Actor) -> None:
    with pytest.raises(RoleNeeded):
        change(new_user(manager), manager, roles=())


def test_the_role_of_producer_names_one_of_the_centre(manager: Actor, other_centre: Centre) -> None:
    with pytest.raises(ProducerNeeded):
        new_user(manager, roles=("producer",))
    elsewhere = in_transaction(
        producers.create, NewProducer(name="ยายมา"), system_actor(other_centre)
    )
    with pytest.raises(NotFound):
        new_user(manager, roles=("producer",), producer_id=elsewhere.id)
    ours = in_transaction(producers.create, NewProducer(name="ตามี"), manager)
    assert new_user(manager, roles=("producer",), producer_id=ours.id).producer_id == ours.id


def test_two_managers_on_one_user_learn_of_each_other(manager: Actor) -> None:
    card = new_user(manager)
    change(card, manager, display_name="คุณหนึ่ง")
    with pytest.raises(ChangedMeanwhile):
        change(card, manager, display_name="คุณสอง")
    assert users.get(card.id, manager).display_name == "คุณหนึ่ง"


def test_the_last_manager_stays(manager: Actor) -> None:
    assert manager.user_id
    card = users.get(manager.user_id, manager)
    for facts in ({"roles": ("cashier",)}, {"active": False}):
        with pytest.raises(LastManager):
            change(card, manager, **facts)
    new_user(manager, "second", roles=("manager",))
    assert change(card, manager, roles=("cashier",)).roles == ("cashier",)


def test_a_disabled_user_is_out_at_once(manager: Actor) -> None:
    card = new_user(manager)
    token = signed_in("somsri", card)
    change(card, manager, active=False)
    assert access.load_actor("session", token, manager.centre_id) is None
    with pytest.raises(sessions.SignInRefused):
        sessions.judge(in_transaction(sessions.reserve, "somsri", ""), PASSWORD)


def signed_in(username: str, card: UserCard) -> str:
    attempt: Attempt = in_transaction(sessions.reserve, username, "")
    who = sessions.judge(attempt, PASSWORD)
    assert who.user_id == card.id
    from datetime import timedelta

    browser = sessions.Browser(address="", user_agent="", lasts=timedelta(hours=12))
    return in_transaction(sessions.open_session, who, browser)


def test_a_new_password_ends_every_session(manager: Actor) -> None:
    card = new_user(manager)
    token = signed_in("somsri", card)
    in_transaction(passwords.set_password, card.id, "ทุ่งนาเขียวขจี", manager)
    assert access.load_actor("session", token, manager.centre_id) is None


def test_an_own_new_password_needs_the_present_one_and_keeps_this_place(manager: Actor) -> None:
    card = new_user(manager)
    here, there = signed_in("somsri", card), signed_in("somsri", card)

    def change_to(present: str) -> None:
        attempt = in_transaction(sessions.reserve, "somsri", "")
        in_transaction(sessions.change_own_password, attempt, card.id, present, "ทุ่งนาเขียวขจี", here)

    for _ in range(3):
        with pytest.raises(WrongPassword):
            change_to("nonsense")
    change_to(PASSWORD)
    assert access.load_actor("session", here, manager.centre_id)
    assert access.load_actor("session", there, manager.centre_id) is None


def test_the_present_password_is_not_guessed_for_ever(manager: Actor) -> None:
    card = new_user(manager)
    for _ in range(10):
        attempt = in_transaction(sessions.reserve, "somsri", "")
        with pytest.raises(WrongPassword):
            in_transaction(sessions.change_own_password, attempt, card.id, "nonsense", "ทุ่งนาเขียวขจี")
    with pytest.raises(sessions.TooManyTries):
        in_transaction(sessions.reserve, "somsri", "")


def test_what_people_do_to_their_own_account_is_in_the_trail(
    manager: Actor, centre: Centre
) -> None:
    card = new_user(manager)
    token = signed_in("somsri", card)
    in_transaction(users.set_own_locale, card.id, "en")
    in_transaction(sessions.close, token)
    in_transaction(sessions.close, token)
    assert actions(centre, card.id)[2:] == [
        "session.opened",
        "user.language_chosen",
        "session.closed",
    ]


def test_a_person_of_two_centres_is_not_one_managers_to_rule(
    manager: Actor, other_centre: Centre
) -> None:
    card = new_user(manager)
    in_transaction(grants.give, card.id, "cashier", system_actor(other_centre))
    with pytest.raises(WorksElsewhere):
        in_transaction(passwords.set_password, card.id, "ทุ่งนาเขียวขจี", manager)
    with pytest.raises(WorksElsewhere):
        change(card, manager, active=False)
    assert change(card, manager, roles=("auditor",)).roles == ("auditor",)


def test_a_network_officer_is_not_one_managers_to_rule(manager: Actor) -> None:
    card = new_user(manager)
    in_transaction(grants.make_officer, card.id, manager.centre.network_id)
    with pytest.raises(WorksElsewhere):
        in_transaction(passwords.set_password, card.id, "ทุ่งนาเขียวขจี", manager)


def test_users_of_another_centre_are_not_there(manager: Actor, other_centre: Centre) -> None:
    theirs = actor_of(other_centre, "cashier").user_id
    assert theirs
    with pytest.raises(NotFound):
        users.get(theirs, manager)
    with pytest.raises(NotFound):
        in_transaction(passwords.set_password, theirs, "ทุ่งนาเขียวขจี", manager)
    with pytest.raises(NotFound):
        sessions.of_colleague(theirs, manager)


def test_require_names_the_right_that_is_missing(cashier: Actor) -> None:
    require(cashier, "sale.record")
    with pytest.raises(Forbidden) as refusal:
        require(cashier, "intake.record")
    assert refusal.value.facts == {"permission": "intake.record"}
