"""`sunruam user` and `sunruam network`: people let in, centres moved, from the machine's own shell.

What must stay true: whoever may run this owns the machine, so it acts as the system, in one centre;
a password is read from a prompt (or one line of standard input), never from the command itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from core import clock
from core.actor import Actor, system_actor
from core.db import in_transaction
from core.errors import NotFound
from core.ids import uuid7
from members.rules.roles import GRANTED
from members.services import (
    centres,
    grants,
    invitations,
    networks,
    passwords,
    producers,
    users,
)
from members.services.invitations import Invite
from members.services.users import ChangeUser, NewUser, UserCard

ROLE_NAMES = [role.value for role in GRANTED]
InApp = Callable[[Callable[..., Any]], Callable[..., Any]]

_centre_option = click.option(
    "--centre", "centre_id", type=int, default=1, show_default=True, help="Id of the centre."
)
_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


def user_commands(in_app: InApp) -> click.Group:
    """Return the group `user`; `in_app` runs a command inside the application."""
    group = click.Group(
        "user",
        help="Add, list, disable users; set passwords; give and take roles.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name, command, options in (
        ("add", add, (_username, _name, _roles, _producer, _password_option, _centre_option)),
        ("list", listing, (_centre_option,)),
        ("disable", disable, (_username, _centre_option)),
        ("enable", enable, (_username, _centre_option)),
        ("password", password, (_username, _password_option, _centre_option)),
        ("role", role, (_username, _give, _take, _producer, _centre_option)),
        ("officer", officer, (_username, _network)),
    ):
        wrapped = in_app(command)
        for option in reversed(options):
            wrapped = option(wrapped)
        group.add_command(click.command(name)(wrapped))
    return group


def network_commands(in_app: InApp) -> click.Group:
    """Return the group `network`; `in_app` runs a command inside the application."""
    group = click.Group(
        "network",
        help="List and add networks; invite centres; move a centre.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name, command, options in (
        ("list", network_list, ()),
        ("add", network_add, (_name_th, _name_en)),
        ("invite", network_invite, (_of_network, _found, _for_code)),
        ("move", network_move, (_of_network, _on, _centre_option)),
        ("history", network_history, (_centre_option,)),
    ):
        wrapped = in_app(command)
        for option in reversed(options):
            wrapped = option(wrapped)
        group.add_command(click.command(name)(wrapped))
    return group


_username = click.argument("username")
_name = click.option("--name", required=True, help="Name shown on documents.")
_roles = click.option(
    "--role", "roles", type=click.Choice(ROLE_NAMES), multiple=True, required=True, help="Repeat."
)
_producer = click.option("--producer", default="", help="Producer's number, for role producer.")
_give = click.option("--give", type=click.Choice(ROLE_NAMES), multiple=True)
_take = click.option("--take", type=click.Choice(ROLE_NAMES), multiple=True)
_network = click.option("--network", type=int, help="Id of the network; without it, no longer.")
_of_network = click.option("--network", "network_id", type=int, required=True, help="Its id.")
_name_th = click.argument("name_th")
_name_en = click.option("--name-en", default="", help="Its English name.  [default: the Thai one]")
_found = click.option("--found", "name_th", help="Invite to found a centre of this (Thai) name.")
_for_code = click.option("--code", default="", help="Only the centre of this code may join.")
_on = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day in the new network.  [default: today]",
)


def add(
    *,
    username: str,
    name: str,
    roles: tuple[str, ...],
    producer: str,
    password_stdin: bool,
    centre_id: int,
) -> None:
    """Let a new person sign in to a centre."""
    actor = _system(centre_id)
    new = NewUser(
        username=username,
        display_name=name,
        password=_ask_password(password_stdin),
        roles=roles,
        producer_id=_producer_id(producer, actor),
    )
    card = in_transaction(users.create, new, actor)
    click.echo(f"{card.username}: {', '.join(card.roles)} in {actor.centre.code}")


def listing(centre_id: int) -> None:
    """List everyone with a role in a centre."""
    for card in users.listing(_system(centre_id)):
        state = "" if card.active else "  (disabled)"
        click.echo(f"{card.username}\t{card.display_name}\t{', '.join(card.roles)}{state}")


def disable(username: str, centre_id: int) -> None:
    """Keep a person out, everywhere and at once."""
    _set_active(username, centre_id, active=False)


def enable(username: str, centre_id: int) -> None:
    """Let a disabled person in again."""
    _set_active(username, centre_id, active=True)


def password(username: str, password_stdin: bool, centre_id: int) -> None:
    """Set a new password; the person is signed out everywhere."""
    actor = _system(centre_id)
    user_id = _user_id(username)
    in_transaction(passwords.set_password, user_id, _ask_password(password_stdin), actor)
    click.echo(f"{username}: new password set")


def role(
    *, username: str, give: tuple[str, ...], take: tuple[str, ...], producer: str, centre_id: int
) -> None:
    """Give and take roles in a centre, also to a person who works in another one."""
    actor = _system(centre_id)
    user_id = _user_id(username)
    for one in give:
        named = _producer_id(producer, actor) if one == "producer" else None
        in_transaction(grants.give, user_id, one, actor, named)
    for one in take:
        in_transaction(grants.take, user_id, one, actor)
    click.echo(f"{username}: {', '.join(grants.roles_of(user_id, centre_id)) or 'no role'}")


def officer(username: str, network: int | None) -> None:
    """Let a person see the totals of a network's centres, or no longer."""
    user_id = _user_id(username)
    if network is not None and network not in {card.id for card in centres.networks()}:
        raise NotFound(network=network)
    in_transaction(grants.make_officer, user_id, network)
    click.echo(f"{username}: {'officer of network ' + str(network) if network else 'no officer'}")


def network_list() -> None:
    """List the networks and how many centres each has today."""
    for card in centres.networks():
        click.echo(f"{card.id}\t{card.name_th}\t{len(centres.listing(card.id))}")


def network_add(name_th: str, name_en: str) -> None:
    """Begin a network without a centre."""
    network_id = in_transaction(centres.add_network, name_th, name_en or name_th)
    click.echo(f"{network_id}\t{name_th}")


def network_invite(*, network_id: int, name_th: str | None, for_code: str) -> None:
    """Ask a centre to join a network, or (--found) somebody to found one; prints the code once."""
    there = centres.listing(network_id)
    if not there:
        raise NotFound(network=network_id)
    kind = invitations.FOUND if name_th else invitations.JOIN
    command = Invite(id=uuid7(), kind=kind, for_code=for_code, name_th=name_th or "")
    made = in_transaction(invitations.invite, command, system_actor(there[0]))
    click.echo(f"{made.code}  until {made.invitation.expires_at:%Y-%m-%d}")


def network_move(*, network_id: int, on: datetime | None, centre_id: int) -> None:
    """Move a centre to another network; what was before the day stays the old one's."""
    actor = _system(centre_id)
    day: date = on.date() if on else clock.today()
    in_transaction(networks.move, network_id, day, actor)
    click.echo(f"{actor.centre.code}: in network {network_id} from {day.isoformat()}")


def network_history(centre_id: int) -> None:
    """Say which networks a centre belonged to, the present one first."""
    for one in networks.history(_system(centre_id).centre_id):
        first, last = one.first or "beginning", one.last or "today"
        click.echo(f"{first} .. {last}\t{one.network_id}\t{one.name_th}")


def _system(centre_id: int) -> Actor:
    centre = centres.get(centre_id)
    if centre is None:
        raise NotFound(centre=centre_id)
    return system_actor(centre)


def _user_id(username: str) -> UUID:
    user_id = users.find(username)
    if user_id is None:
        raise NotFound(username=username)
    return user_id


def _set_active(username: str, centre_id: int, *, active: bool) -> None:
    actor = _system(centre_id)
    card: UserCard = users.get(_user_id(username), actor)
    command = ChangeUser(
        user_id=card.id,
        version=card.version,
        display_name=card.display_name,
        roles=card.roles,
        producer_id=card.producer_id,
        active=active,
    )
    in_transaction(users.change, command, actor)
    click.echo(f"{username}: {'may sign in' if active else 'kept out'}")


def _producer_id(producer_no: str, actor: Actor) -> UUID | None:
    return producers.by_number(actor.centre_id, producer_no).id if producer_no else None


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer
