"""The words a reader chooses from: roles, kinds, policies, in their language."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from core.web import show
from members.rules.roles import Role
from members.services import villages as village_list

Choices = list[tuple[str, str]]


def roles() -> Choices:
    """Return the roles a manager gives, in the order of the day's work."""
    return [
        (Role.CASHIER.value, _("Cashier")),
        (Role.STOCK_KEEPER.value, _("Stock keeper")),
        (Role.ACCOUNTANT.value, _("Accountant")),
        (Role.MANAGER.value, _("Manager")),
        (Role.AUDITOR.value, _("Auditor")),
        (Role.PRODUCER.value, _("Producer")),
    ]


def languages() -> Choices:
    """Return the languages, each in itself."""
    return [("th", "ไทย"), ("en", "English")]


def producer_kinds() -> Choices:
    """Return what a producer can be."""
    return [("person", _("Person")), ("group", _("Group")), ("company", _("Shop or company"))]


def person_kinds() -> Choices:
    """Return whom a list of the register of persons shows."""
    return [
        ("", _("Everybody")),
        ("members", _("Members")),
        ("producers", _("Producers")),
        ("neither", _("Neither member nor producer")),
    ]


def fact_kinds() -> dict[str, str]:
    """Return the words of what can happen to a membership."""
    return {
        "joined": _("Joined"),
        "suspended": _("Suspended"),
        "reinstated": _("Reinstated"),
        "resigned": _("Resigned"),
        "expelled": _("Expelled"),
        "died": _("Died"),
    }


def standings() -> dict[str, str]:
    """Return the words of the standing of a member."""
    return {
        "member": _("Member"),
        "suspended": _("Suspended"),
        "resigned": _("Resigned"),
        "expelled": _("Expelled"),
        "died": _("Died"),
        "not_yet": _("Not a member yet"),
    }


def producer_fact_kinds(kind: str) -> dict[str, str]:
    """Return the words of what can happen to a producer: to a person, or to a group."""
    return {
        "joined": _("Began to deliver"),
        "suspended": _("Was suspended from delivering"),
        "reinstated": _("May deliver again"),
        "resigned": _("Stopped delivering"),
        "expelled": _("Was excluded from delivering"),
        "died": _("The group was dissolved") if kind == "group" else _("Died"),
    }


def producer_standings(kind: str) -> dict[str, str]:
    """Return the words of the standing of a producer: a person, or a group."""
    return {
        "member": _("Delivers"),
        "suspended": _("Suspended from delivering"),
        "resigned": _("No longer delivers"),
        "expelled": _("Excluded from delivering"),
        "died": _("Died") if kind == "person" else _("Dissolved"),
        "not_yet": _("Does not deliver yet"),
    }


def month_names() -> Choices:
    """Return the months by number."""
    return [(str(one), show.day(date(2000, one, 1), "long").split(" ")[1]) for one in range(1, 13)]


def villages(centre_id: int) -> Choices:
    """Return a centre's villages."""
    return [
        (str(one.id), one.name + (f" ({_('Moo')} {one.moo})" if one.moo else ""))
        for one in village_list.listing(centre_id)
    ]


def oversell_policies() -> Choices:
    """Return what happens when more is sold than the shelf says."""
    return [
        ("block", _("Refuse the sale")),
        ("allow_and_flag", _("Sell, and mark it for checking")),
    ]


def organisation_types() -> Choices:
    """Return the kinds of organisation: each has its law for shares and surplus."""
    return [
        ("community_enterprise", _("Community enterprise")),
        ("cooperative", _("Co-operative")),
        ("savings_group", _("Savings group")),
    ]


def cash_roundings() -> Choices:
    """Return what cash is rounded to."""
    return [
        ("0", _("No rounding")),
        ("25", _("25 satang")),
        ("50", _("50 satang")),
        ("100", _("1 baht")),
    ]


def promptpay_kinds() -> Choices:
    """Return what a PromptPay account is named by."""
    return [
        ("", _("No PromptPay")),
        ("phone", _("Phone number")),
        ("id", _("13-digit ID")),
        ("ewallet", _("E-wallet number")),
    ]


def vat_modes() -> Choices:
    """Return how a centre can stand to VAT."""
    return [("not_registered", _("Not registered for VAT")), ("registered", _("VAT-registered"))]


def consignment_bases() -> Choices:
    """Return what bears VAT when an unregistered producer's goods are sold."""
    return [("commission", _("Our commission")), ("gross", _("The whole price"))]
