"""Pages of the room of people: the door, home, registers, users, settings, the trail."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from core.config import Settings
from core.errors import N_
from core.web.auth import Gate
from core.web.menu import MenuItem
from members.pages import (
    door,
    duties,
    groups,
    moving_in,
    network,
    own_pin,
    payment,
    people,
    persons,
    pins,
    privacy,
    profile,
    register,
    roster,
    settings,
    standing,
)
from members.pages.blueprint import blueprint
from members.rules.roles import allowed
from members.services import access, sessions

MENU = (
    MenuItem(
        "member.read",
        "members.member_list",
        N_("Members"),
        N_("Find a member, enter a new one"),
        icon="member",
        order=45,
    ),
    MenuItem(
        "member.read",
        "members.person_list",
        N_("People"),
        N_("Everybody the centre knows, and who lives in which house"),
        icon="member",
        order=46,
    ),
    MenuItem(
        "producer.read",
        "members.producer_list",
        N_("Producers"),
        N_("Who delivers goods, and the usual split"),
        icon="basket",
        order=41,
    ),
    MenuItem(
        "person.merge",
        "members.duplicate_people",
        N_("People who stand twice"),
        N_("Two spellings of one person, to be made one"),
        icon="search",
        order=46,
    ),
    MenuItem(
        "table.bring",
        "members.moving_in",
        N_("Moving in"),
        N_("Bring products, people, producers and stock from files; take them away"),
        icon="basket",
        order=79,
    ),
    MenuItem(
        "roster.read",
        "members.roster",
        N_("Duty roster"),
        N_("Who works when, and at what"),
        icon="clock",
        order=60,
    ),
    MenuItem(
        "sale.record",
        "members.own_pin",
        N_("My PIN"),
        N_("Six digits to take over an open till"),
        icon="keyboard",
        order=61,
    ),
    MenuItem(
        "duty_waiver.read",
        "members.duty_waivers",
        N_("Duties kept apart"),
        N_("What one person must not do both of, and a small centre's waivers"),
        icon="check",
        order=83,
    ),
    MenuItem(
        "user.read",
        "members.user_list",
        N_("Users and rights"),
        N_("Who may sign in, and what they may do"),
        icon="keyboard",
        order=80,
    ),
    MenuItem(
        "token.manage",
        "members.token_list",
        N_("Machine access"),
        N_("Tokens for other programs"),
        icon="send",
        order=82,
    ),
    MenuItem(
        "settings.read",
        "members.centre_settings",
        N_("Centre settings"),
        N_("Name, receipts, rounding, PromptPay, VAT"),
        icon="settings",
        order=84,
    ),
    MenuItem(
        "network.manage",
        "members.network_desk",
        N_("Centres of the network"),
        N_("Which centres are in it, and who is invited"),
        icon="member",
        order=46,
    ),
    MenuItem(
        "network.join",
        "members.own_network",
        N_("Our network"),
        N_("Which network the centre belongs to; answer an invitation"),
        icon="send",
        order=85,
    ),
    MenuItem(
        "audit.read",
        "members.audit_list",
        N_("Audit trail"),
        N_("Who did what, and when"),
        icon="clock",
        order=86,
    ),
)


def gate(app_settings: Settings) -> Gate:
    """Return what `core.web.init_app` asks to recognise people by."""
    idle = timedelta(minutes=app_settings.session_idle_minutes)
    return Gate(
        load_actor=partial(access.load_actor, idle=idle),
        load_person=partial(access.load_person, idle=idle),
        keep_alive=sessions.keep_alive,
        allowed=allowed,
    )


__all__ = [
    "MENU",
    "blueprint",
    "door",
    "duties",
    "gate",
    "groups",
    "moving_in",
    "network",
    "own_pin",
    "payment",
    "people",
    "persons",
    "pins",
    "privacy",
    "profile",
    "register",
    "roster",
    "settings",
    "standing",
]
