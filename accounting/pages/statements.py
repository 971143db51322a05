"""The trial balance, the chart, an account's ledger and its parties, as pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked, given_day, given_span
from accounting.pages.blueprint import blueprint, way_back
from accounting.rules.periods import ALWAYS
from accounting.schemas import LedgerArgs, OnArgs
from accounting.services import activities, parties, statements
from accounting.services.financial_statements import NO_ACTIVITY
from core import clock
from core.actor import Actor
from core.paging import Window
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form

KEYS = ("producer", "member", "till", "lot", "activity")


@blueprint.get("/trial-balance")
def trial_balance(centre_id: int) -> ResponseReturnValue:
    """Show the trial balance at the end of a day."""
    actor = current_actor(centre_id)
    form, on = asked_day()
    page = render_template(
        "accounting/trial_balance.html",
        balance=statements.trial_balance(on, actor),
        errors=form.errors,
        typed_on=given_day(form, on),
        last_month=clock.today().replace(day=1) - timedelta(days=1),
        files={
            kind: url_for(
                "accounting.trial_balance_file",
                centre_id=centre_id,
                form=kind,
                on=on.isoformat(),
            )
            for kind in ("pdf", "xlsx", "csv")
        },
    )
    return page, form.status


def asked_day() -> tuple[Form, date]:
    """Return the form and the day asked for: today unless told, and when it can't be read."""
    form = asked(OnArgs())
    return form, form.data.get("on") or clock.today()


@blueprint.get("/accounts")
def accounts(centre_id: int) -> str:
    """Show the chart of accounts."""
    return render_template(
        "accounting/accounts.html", accounts=statements.accounts(current_actor(centre_id))
    )


@blueprint.get("/accounts/<uuid:account_id>")
def account_ledger(centre_id: int, account_id: UUID) -> ResponseReturnValue:
    """Show the lines of an account between two days, with the running balance."""
    actor = current_actor(centre_id)
    form = asked(LedgerArgs())
    span = form.data.get("span", ALWAYS)
    keys = asked_keys(form)
    window = form.data.get("window", Window())
    closing = form.data.get("closing", True)
    ledger = statements.account_ledger(account_id, actor, window, span, keys, closing)
    filters = filters_of(form)

    def address(endpoint: str, **query: Any) -> str:
        return url_for(endpoint, centre_id=centre_id, account_id=account_id, **{**filters, **query})

    following = ledger.page.next
    page = render_template(
        "accounting/ledger.html",
        ledger=ledger,
        span=span,
        filters={name: key for name, key in filters.items() if name not in {"from", "to"}},
        party=_party(actor, keys),
        activity=_activity(actor, keys),
        closing=closing,
        errors=form.errors,
        given=given_span(form, span),
        parts_by_party=ledger.account.control_key in parties.KINDS,
        first_page=window.after is None,
        back_url=way_back(url_for("accounting.trial_balance", centre_id=centre_id)),
        next_url=address("accounting.account_ledger", after=following) if following else None,
        first_url=address("accounting.account_ledger") if window.after else None,
        file_url=address("accounting.ledger_file"),
    )
    return page, form.status


def asked_keys(form: Form) -> dict[str, UUID]:
    """Return the sub-ledger the ledger is narrowed to."""
    wanted = {name: form.data.get(f"{name}_id") for name in KEYS}
    return {name: key for name, key in wanted.items() if key is not None}


def filters_of(form: Form) -> dict[str, Any]:
    """Return what was asked, for the address of the next page and of the file."""
    span = form.data.get("span", ALWAYS)
    days = {"from": span.first, "to": span.last}
    return {
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        **{f"{name}_id": key for name, key in asked_keys(form).items()},
        **({} if form.data.get("closing", True) else {"closing": "0"}),
    }


def _party(actor: Actor, keys: dict[str, UUID]) -> parties.Party | None:
    for kind in parties.KINDS:
        if kind in keys:
            return parties.named(actor.centre_id, kind, {keys[kind]}).get(keys[kind])
    return None


def _activity(actor: Actor, keys: dict[str, UUID]) -> str:
    """Return the words for the activity the ledger is narrowed to."""
    wanted = keys.get("activity")
    if wanted == NO_ACTIVITY:
        return _("No activity")
    known = {one.id: one for one in activities.listing(actor.centre_id)} if wanted else {}
    return known[wanted].name(show.language()) if wanted in known else ""


@blueprint.get("/accounts/<uuid:account_id>/parties")
def account_parties(centre_id: int, account_id: UUID) -> ResponseReturnValue:
    """Show what an account holds for each producer or member."""
    actor = current_actor(centre_id)
    form, on = asked_day()
    page = render_template(
        "accounting/parties.html",
        balances=statements.by_party(account_id, on, actor),
        errors=form.errors,
        typed_on=given_day(form, on),
        file_url=url_for(
            "accounting.parties_file",
            centre_id=centre_id,
            account_id=account_id,
            on=on.isoformat(),
        ),
    )
    return page, form.status
