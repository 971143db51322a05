"""Pages of the room of people: the door, home, registers, users, settings, the trail."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from core.config import Settings
from core.errors import N_
from core.web.auth import Gate
from core.web.menu import MenuItem
from members.pages import door, payment, people, pins, profile, register, settings
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
        order=60,
    ),
    MenuItem(
        "producer.read",
        "members.producer_list",
        N_("Producers"),
        N_("Who delivers goods, and the usual split"),
        icon="basket",
        order=48,
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
    "gate",
    "payment",
    "people",
    "pins",
    "profile",
    "register",
    "settings",
]
