"""The books over HTTP: read only, but for the opening balances. Translation and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from accounting.schemas import (
    AccountsOut,
    EntryCardOut,
    EntryOut,
    JournalArgs,
    JournalOut,
    LedgerArgs,
    LedgerOut,
    OnArgs,
    OpeningIn,
    PartyBalancesOut,
    TrialBalanceOut,
)
from accounting.services import journal, opening, statements
from accounting.services.journal import EntryView
from accounting.services.ledger import EntryCard
from accounting.services.opening import Opening
from accounting.services.statements import AccountLedger, PartyBalances, TrialBalance
from core import clock
from core.db import in_transaction
from core.paging import Page
from core.web.api import CENTRE_URL, Blueprint
from core.web.auth import current_actor

blueprint = Blueprint("accounting_api", __name__, url_prefix=CENTRE_URL, description="The books")

KEYS = ("producer", "member", "till", "lot", "activity")


@blueprint.get("/accounts")
@blueprint.response(200, AccountsOut)
def list_accounts(centre_id: int) -> dict[str, Any]:
    """Return the chart of accounts."""
    return {"items": statements.accounts(current_actor(centre_id))}


@blueprint.get("/trial_balance")
@blueprint.arguments(OnArgs, location="query")
@blueprint.response(200, TrialBalanceOut)
def get_trial_balance(query: dict[str, Any], centre_id: int) -> TrialBalance:
    """Return the trial balance at the end of a day."""
    return statements.trial_balance(query["on"] or clock.today(), current_actor(centre_id))


@blueprint.get("/accounts/<uuid:account_id>/ledger")
@blueprint.arguments(LedgerArgs, location="query")
@blueprint.response(200, LedgerOut)
def get_ledger(query: dict[str, Any], centre_id: int, account_id: UUID) -> AccountLedger:
    """Return the lines of an account with the running balance, oldest first."""
    keys = {name: query[f"{name}_id"] for name in KEYS if query[f"{name}_id"] is not None}
    actor = current_actor(centre_id)
    window, span, closing = query["window"], query["span"], query["closing"]
    return statements.account_ledger(account_id, actor, window, span, keys, closing)


@blueprint.get("/accounts/<uuid:account_id>/parties")
@blueprint.arguments(OnArgs, location="query")
@blueprint.response(200, PartyBalancesOut)
def get_parties(query: dict[str, Any], centre_id: int, account_id: UUID) -> PartyBalances:
    """Return what an account holds for each producer or member at the end of a day."""
    on = query["on"] or clock.today()
    return statements.by_party(account_id, on, current_actor(centre_id))


@blueprint.get("/journal_entries")
@blueprint.arguments(JournalArgs, location="query")
@blueprint.response(200, JournalOut)
def list_entries(query: dict[str, Any], centre_id: int) -> Page[EntryCard]:
    """List entries, latest first."""
    actor = current_actor(centre_id)
    return journal.listing(actor, query["window"], query["span"], query["kind"])


@blueprint.get("/journal_entries/<uuid:entry_id>")
@blueprint.response(200, EntryOut)
def get_entry(centre_id: int, entry_id: UUID) -> EntryView:
    """Return an entry with its lines."""
    return journal.get(entry_id, current_actor(centre_id))


@blueprint.put("/openings/<uuid:opening_id>")
@blueprint.arguments(OpeningIn)
@blueprint.response(201, EntryCardOut)
@blueprint.alt_response(200, schema=EntryCardOut, description="The same opening again")
def put_opening(command: Opening, centre_id: int, opening_id: UUID) -> Any:
    """Post what the centre had before its first day here."""
    actor = current_actor(centre_id)
    entry, new = in_transaction(opening.post_once, replace(command, id=opening_id), actor)
    where = {"Location": f"/api/v1/centres/{centre_id}/journal_entries/{entry.id}"}
    return entry, 201 if new else 200, where
