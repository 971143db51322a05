"""A centre's networks by date: moves, invitations, and who sees it when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from members.services import access, audit_trail, centres, grants, invitations, networks, users
from members.services.centres import BEGINNING, NewCentre
from members.services.invitations import (
    Invitation,
    InvitationDiffers,
    InvitationOver,
    InvitationUnknown,
    Invite,
    NotYet,
)
from members.services.networks import MoveDayTaken, SameNetwork, Stretch
from pos.services import founding
from tests.integration.members.test_access import sign_in

JULY = date(2026, 7, 1)
YEAR = date(2026, 1, 1), date(2026, 12, 31)
LAST_OF_YEAR = datetime(2026, 12, 31, 5, tzinfo=UTC)


@pytest.fixture
def officer(centre: Centre) -> Actor:
    """An officer of the test centre's network, who came in by that centre."""
    return Actor(centre, users.find("auditor"), "officer", frozenset({"network_officer"}))


@pytest.fixture
def other_manager(other_centre: Centre) -> Actor:
    return Actor(other_centre, users.find("oth_manager"), "m", frozenset({"manager"}))


def invited(officer: Actor, **more: Any) -> tuple[Invitation, str]:
    command = Invite(**{"id": uuid7(), "kind": "join", **more})
    made = in_transaction(invitations.invite, command, officer)
    assert made.code is not None
    return made.invitation, made.code


def now_of(actor: Actor) -> Actor:
    """The actor as the next request loads it."""
    centre = centres.get(actor.centre_id)
    assert centre is not None
    return replace(actor, centre=centre)


def test_a_centre_belongs_to_its_first_network_from_the_beginning(
    app: Flask, centre: Centre
) -> None:
    [now] = networks.history(centre.id)
    assert (now.network_id, now.first, now.last) == (centre.network_id, None, None)
    assert networks.stretches(centre.network_id, *YEAR) == (Stretch(centre.id, *YEAR),)
    assert all(one.ok for one in networks.checks(centre.id))


def test_a_centre_that_moves_in_july_is_in_each_network_for_its_part_of_the_year(
    app: Flask, centre: Centre, other_centre: Centre
) -> None:
    system = system_actor(other_centre)
    with clock.travel(lambda: LAST_OF_YEAR):
        in_transaction(networks.move, centre.network_id, JULY, system)
    first, last = YEAR
    june = date(2026, 6, 30)
    assert networks.stretches(other_centre.network_id, *YEAR) == (
        Stretch(other_centre.id, first, june),
    )
    assert networks.stretches(centre.network_id, *YEAR) == (
        Stretch(centre.id, *YEAR),
        Stretch(other_centre.id, JULY, last),
    )
    assert networks.stretches(centre.network_id, first, june) == (Stretch(centre.id, first, june),)
    assert networks.stretches(other_centre.network_id, JULY, last) == ()
    assert networks.stretches(None, *YEAR) == (
        Stretch(centre.id, *YEAR),
        Stretch(other_centre.id, *YEAR),
    )
    now, before = networks.history(other_centre.id)
    assert (now.network_id, now.first, now.last) == (centre.network_id, JULY, None)
    assert (before.network_id, before.first, before.last) == (other_centre.network_id, None, june)
    both = centre.id, other_centre.id
    assert networks.together_on(both, JULY)
    assert not networks.together_on(both, june)
    assert all(one.ok for one in networks.checks(other_centre.id))


def test_a_centre_that_comes_back_has_two_stretches(
    app: Flask, centre: Centre, other_centre: Centre
) -> None:
    system = system_actor(other_centre)
    with clock.travel(lambda: LAST_OF_YEAR):
        in_transaction(networks.move, centre.network_id, JULY, system)
        in_transaction(networks.move, other_centre.network_id, date(2026, 9, 1), system)
    assert networks.stretches(other_centre.network_id, *YEAR) == (
        Stretch(other_centre.id, YEAR[0], date(2026, 6, 30)),
        Stretch(other_centre.id, date(2026, 9, 1), YEAR[1]),
    )


def test_a_centre_does_not_move_into_the_future_nor_before_its_last_move(
    app: Flask, centre: Centre, other_centre: Centre
) -> None:
    system = system_actor(other_centre)
    tomorrow = clock.today() + timedelta(days=1)
    for day in (tomorrow, BEGINNING):
        with pytest.raises(MoveDayTaken):
            in_transaction(networks.move, centre.network_id, day, system)
    with pytest.raises(SameNetwork):
        in_transaction(networks.move, other_centre.network_id, clock.today(), system)
    with pytest.raises(NotFound):
        in_transaction(networks.move, 999, clock.today(), system)
    in_transaction(networks.move, centre.network_id, clock.today(), system)
    with pytest.raises(MoveDayTaken):
        in_transaction(networks.move, other_centre.network_id, clock.today(), system)


def test_officers_lose_and_gain_sight_the_moment_a_centre_moves(
    app: Flask, centre: Centre, other_centre: Centre, other_manager: Actor, officer: Actor
) -> None:
    """Each network has one officer; both are nothing else anywhere."""
    for username, network in (("cashier", centre.network_id), ("stock_keeper", None)):
        user_id = users.find(username)
        assert user_id is not None
        for role in grants.roles_of(user_id, centre.id):
            in_transaction(grants.take, user_id, role, system_actor(centre))
        in_transaction(grants.make_officer, user_id, network or other_centre.network_id)
    ours, theirs = sign_in("cashier"), sign_in("stock_keeper")
    with pytest.raises(NotFound):
        access.load_actor("session", ours, other_centre.id)
    assert access.load_actor("session", theirs, other_centre.id)
    one, code = invited(officer)
    in_transaction(invitations.accept, one.id, code, other_manager)
    loaded = access.load_actor("session", ours, other_centre.id)
    assert loaded is not None
    assert loaded.actor.roles == {"network_officer"}
    with pytest.raises(NotFound):
        access.load_actor("session", theirs, other_centre.id)
    person = access.load_person(theirs)
    assert person is not None
    assert person.person.places == ()


def test_an_invitation_is_answered_once(
    app: Flask, centre: Centre, officer: Actor, other_manager: Actor
) -> None:
    one, code = invited(officer, for_code="OTH")
    assert [each.id for each in invitations.waiting_for(other_manager)] == [one.id]
    in_transaction(invitations.accept, one.id, "", other_manager)
    [now, _] = networks.history(other_manager.centre_id)
    assert (now.network_id, now.first) == (centre.network_id, clock.today())
    again: tuple[Callable[..., object], ...] = (invitations.accept, invitations.decline)
    for work in again:
        with pytest.raises(InvitationOver):
            in_transaction(work, one.id, code, now_of(other_manager))
    with pytest.raises(InvitationOver):
        in_transaction(invitations.withdraw, one.id, officer)
    [listed] = invitations.listing(officer)
    assert (listed.state, listed.centre_name) == ("accepted", "ศูนย์อื่น")
    assert invitations.waiting_for(now_of(other_manager)) == []
    moved = audit_trail.listing(system_actor(other_manager.centre), Window())
    assert "network.joined" in {event.action for event in moved.items}


def test_an_invitation_joins_on_the_day_it_names(
    app: Flask, officer: Actor, other_manager: Actor
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(NotYet):
        invited(officer, joins_on=clock.today() + timedelta(days=1))
    one, code = invited(officer, joins_on=yesterday)
    in_transaction(invitations.accept, one.id, code, other_manager)
    assert networks.history(other_manager.centre_id)[0].first == yesterday


def test_another_centre_learns_nothing_of_an_invitation(
    app: Flask, centre: Centre, officer: Actor, other_manager: Actor, manager: Actor
) -> None:
    one, code = invited(officer, for_code="ELSE")
    open_one, open_code = invited(officer)
    for invitation_id, typed in (
        (one.id, ""),
        (one.id, code),
        (None, code),
        (None, "AAAA-BBBB-CCCC-DDDD"),
        (None, ""),
        (open_one.id, ""),
        (open_one.id, code),
    ):
        with pytest.raises(InvitationUnknown):
            invitations.for_centre(invitation_id, typed, other_manager)
    assert invitations.waiting_for(other_manager) == []
    typed = f" {open_code.lower().replace('-', ' ')} "
    assert invitations.for_centre(None, typed, other_manager).id == open_one.id
    with pytest.raises(SameNetwork):
        in_transaction(invitations.accept, open_one.id, open_code, manager)


def test_the_time_of_an_invitation_passes(app: Flask, officer: Actor, other_manager: Actor) -> None:
    one, code = invited(officer, for_code="OTH", days=3)
    after = clock.now() + timedelta(days=3)
    with clock.travel(lambda: after):
        assert invitations.waiting_for(other_manager) == []
        with pytest.raises(InvitationOver) as refused:
            in_transaction(invitations.accept, one.id, code, other_manager)
        assert refused.value.facts["state"] == "expired"
        assert [each.state for each in invitations.listing(officer)] == ["expired"]


def test_an_invitation_taken_back_opens_nothing(
    app: Flask, officer: Actor, other_manager: Actor, other_centre: Centre
) -> None:
    one, code = invited(officer)
    in_transaction(invitations.withdraw, one.id, officer)
    in_transaction(invitations.withdraw, one.id, officer)
    with pytest.raises(InvitationOver):
        in_transaction(invitations.accept, one.id, code, other_manager)
    theirs = replace(other_manager, roles=frozenset({"network_officer"}))
    with pytest.raises(NotFound):
        in_transaction(invitations.withdraw, one.id, theirs)


def test_the_same_invitation_again_changes_nothing_and_tells_no_code(
    app: Flask, officer: Actor
) -> None:
    command = Invite(id=uuid7(), kind="join", for_code="OTH")
    first = in_transaction(invitations.invite, command, officer)
    second = in_transaction(invitations.invite, command, officer)
    assert first.invitation == second.invitation
    assert (bool(first.code), second.code) == (True, None)
    with pytest.raises(InvitationDiffers):
        in_transaction(invitations.invite, replace(command, for_code="ELSE"), officer)
    assert len(invitations.listing(officer)) == 1


def test_who_holds_the_code_founds_a_centre_once(
    app: Flask, centre: Centre, officer: Actor
) -> None:
    _, code = invited(officer, kind="found", name_th="กลุ่มใหม่")
    new = NewCentre(code="NEW", name_th="กลุ่มใหม่", name_en="New", network_id=999)
    give = new, "new_manager", "ข้าวหอมมะลิ-2569-ใหม่"
    with pytest.raises(InvitationUnknown):
        in_transaction(founding.found_invited, "AAAA", *give)
    founded = in_transaction(founding.found_invited, code, *give)
    assert founded.centre.network_id == centre.network_id
    assert networks.history(founded.centre_id)[0].network_id == centre.network_id
    assert users.find("new_manager")
    with pytest.raises(InvitationOver):
        in_transaction(founding.found_invited, code, replace(new, code="NEW2"), "m2", give[2])
    assert len(centres.listing()) == 3
    [listed] = invitations.listing(officer)
    assert (listed.state, listed.centre_name) == ("accepted", "กลุ่มใหม่")


def test_a_code_to_join_founds_nothing_and_the_other_way_round(
    app: Flask, officer: Actor, other_manager: Actor
) -> None:
    _, to_join = invited(officer)
    _, to_found = invited(officer, kind="found")
    with pytest.raises(InvitationUnknown):
        invitations.to_found(to_join)
    with pytest.raises(InvitationUnknown):
        invitations.for_centre(None, to_found, other_manager)


def test_only_officers_invite_and_only_managers_answer(
    app: Flask, officer: Actor, manager: Actor, auditor: Actor
) -> None:
    command = Invite(id=uuid7(), kind="join")
    for actor in (manager, auditor):
        with pytest.raises(Forbidden):
            in_transaction(invitations.invite, command, actor)
        with pytest.raises(Forbidden):
            invitations.listing(actor)
    for actor in (officer, auditor):
        with pytest.raises(Forbidden):
            invitations.waiting_for(actor)
        with pytest.raises(Forbidden):
            in_transaction(invitations.accept, command.id, "", actor)
        with pytest.raises(Forbidden):
            in_transaction(networks.move, 2, clock.today(), actor)
