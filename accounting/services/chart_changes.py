"""Changing the chart: accounts of people's own, new names, and accounts put out of use.

What must stay true: what postings find by purpose stays in use; an account that holds money or owes
it is never put out of use; nothing is ever removed, and no account changes its type.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, update

from accounting.models import Account
from accounting.services import balances, chart
from accounting.services.chart import AccountCard
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DifferentContent, DomainError
from members.services import access


class AccountCodeTaken(DomainError):
    """Another account has this code."""

    code, status, title = "account-code-taken", 409, N_("Another account has this code")
    detail = N_("Give the account a code of its own.")


class MoneyIsAsset(DomainError):
    """Only what the centre has can be money."""

    code, status, title = "money-is-asset", 422, N_("Only an asset can be money")
    detail = N_("Choose the type asset, or say that it is no money.")


class AccountHasBalance(DomainError):
    """Something still stands on the account."""

    code, status, title = "account-has-balance", 409, N_("Something still stands on this account")
    detail = N_("Move the %(balance_satang)s baht to another account by a journal entry first.")


class AccountNeeded(DomainError):
    """The program posts to this account by itself."""

    code, status, title = "account-needed", 409, N_("Sales and other rooms post to this account")
    detail = N_("It can be renamed, but not put out of use.")


class AccountTypeFixed(DomainError):
    """What is written on an account would change its meaning."""

    code, status, title = "account-type-fixed", 409, N_("The type of an account never changes")
    detail = N_("Add a new account of the right type and put this one out of use.")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as it is set up by a person."""

    id: UUID
    code: str
    type: str
    name_th: str
    name_en: str = ""
    money: str = ""


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """An account as it shall be called, and whether it is in use."""

    id: UUID
    name_th: str
    name_en: str = ""
    active: bool = True
    type: str | None = None
    """Only to say that it stays: another one is refused."""


def create(command: NewAccount, actor: Actor) -> AccountCard:
    """Set up an account; the same id again changes nothing.

    Raises AccountCodeTaken, MoneyIsAsset, DifferentContent, Forbidden.
    """
    access.require(actor, "chart.change")
    if command.money and command.type != "asset":
        raise MoneyIsAsset(field="money")
    for known in chart.listing(actor.centre_id):
        if known.id == command.id:
            if (known.code, known.type, known.money) != (command.code, command.type, command.money):
                raise DifferentContent(id=str(command.id))
            return known
        if known.code == command.code:
            raise AccountCodeTaken(field="code")
    db.session.execute(
        insert(Account).values(
            centre_id=actor.centre_id,
            id=command.id,
            code=command.code,
            name_th=command.name_th,
            name_en=command.name_en or command.name_th,
            type=command.type,
            purpose=None,
            control_key="",
            money=command.money,
            active=True,
        )
    )
    audit.record(actor, "account.create", "account", command.id, code=command.code)
    return chart.get(actor.centre_id, command.id)


def change(command: ChangeAccount, actor: Actor) -> AccountCard:
    """Rename an account, put it out of use or into use again.

    Raises AccountHasBalance, AccountNeeded, AccountTypeFixed, NotFound, Forbidden.
    """
    access.require(actor, "chart.change")
    before = chart.get(actor.centre_id, command.id)
    if command.type not in (None, before.type):
        raise AccountTypeFixed(field="type")
    if before.active and not command.active:
        _require_unneeded(before, actor.centre_id)
    after = {
        "name_th": command.name_th,
        "name_en": command.name_en or command.name_th,
        "active": command.active,
    }
    changed = {name: value for name, value in after.items() if getattr(before, name) != value}
    if not changed:
        return before
    db.session.execute(
        update(Account)
        .where(Account.centre_id == actor.centre_id, Account.id == command.id)
        .values(**changed)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "account.change", "account", command.id, **changed)
    return chart.get(actor.centre_id, command.id)


def _require_unneeded(account: AccountCard, centre_id: int) -> None:
    if account.purpose is not None:
        raise AccountNeeded(field="active")
    debit, credit = balances.until(centre_id, clock.today()).get(account.id, (0, 0))
    if debit != credit:
        raise AccountHasBalance(field="active", balance_satang=abs(debit - credit))
