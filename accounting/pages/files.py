"""Every table of the books as a file for a spreadsheet, whole, streamed as it is read.

What must stay true: a file holds what its page shows for the same days, all pages of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from accounting.pages import book_files
from accounting.pages.asking import asked
from accounting.pages.blueprint import blueprint, kind_words
from accounting.pages.statements import asked_day, asked_keys
from accounting.rules.periods import ALWAYS
from accounting.schemas import JournalArgs, LedgerArgs
from accounting.services import journal, statements, trial_balance_book
from accounting.services.chart import AccountCard
from accounting.services.parties import Party
from core import clock
from core.web import show
from core.web.auth import current_actor
from core.web.sheets import Cell, baht_figure, csv_response

Rows = Iterator[list[Cell]]


def _name(account: AccountCard) -> str:
    return account.name_en if show.language() == "en" else account.name_th


def _whose(party: Party | None) -> list[Cell]:
    return [party.number, party.name] if party else ["", ""]


@blueprint.get("/trial-balance.<any(csv, xlsx, pdf):form>")
def trial_balance_file(centre_id: int, form: str) -> Response:
    """Return the trial balance as a file or on paper."""
    actor = current_actor(centre_id)
    _form, on = asked_day()
    # Paper is in Thai, whoever asks.
    english = show.language() == "en" and form != "pdf"
    book = trial_balance_book.of_day(on, actor, english)
    return book_files.answer(book, actor.centre, form, f"trial-balance-{on.isoformat()}")


@blueprint.get("/accounts/<uuid:account_id>/parties.csv")
def parties_file(centre_id: int, account_id: UUID) -> Response:
    """Return an account by producer or member as a file."""
    actor = current_actor(centre_id)
    _form, on = asked_day()
    balances = statements.by_party(account_id, on, actor)
    rows: Rows = ([*_whose(row.party), baht_figure(row.balance_satang)] for row in balances.rows)
    name = f"account-{balances.account.code}-{on.isoformat()}"
    return csv_response(name, [_("Number"), _("Name"), _("Debit less credit")], rows)


@blueprint.get("/accounts/<uuid:account_id>/ledger.csv")
def ledger_file(centre_id: int, account_id: UUID) -> Response:
    """Return an account's ledger as a file."""
    actor = current_actor(centre_id)
    form = asked(LedgerArgs())
    span, keys = form.data.get("span", ALWAYS), asked_keys(form)
    account = statements.account(account_id, actor)
    lines = statements.every_line(account_id, actor, span, keys, form.data.get("closing", True))
    rows: Rows = (
        [
            line.entry.business_date,
            line.entry.number,
            kind_words(line.entry.kind),
            line.memo or line.entry.memo,
            *_whose(line.party),
            baht_figure(line.debit_satang),
            baht_figure(line.credit_satang),
            baht_figure(line.balance_satang),
        ]
        for line in lines
    )
    headings = [
        *(_("Date"), _("Entry"), _("Kind"), _("Memo"), _("Number"), _("Name")),
        *(_("Debit"), _("Credit"), _("Debit less credit")),
    ]
    name = f"account-{account.code}-{clock.today().isoformat()}"
    return csv_response(name, headings, rows)


@blueprint.get("/journal.csv")
def journal_file(centre_id: int) -> Response:
    """Return the journal, line by line, as a file."""
    actor = current_actor(centre_id)
    form = asked(JournalArgs())
    span, kind = form.data.get("span", ALWAYS), form.data.get("kind")
    lines = journal.every_line(actor, span, kind)
    rows: Rows = (
        [
            card.business_date,
            card.number,
            kind_words(card.kind),
            line.memo or card.memo,
            line.account.code,
            _name(line.account),
            *_whose(line.party),
            baht_figure(line.debit_satang),
            baht_figure(line.credit_satang),
        ]
        for card, line in lines
    )
    headings = [
        *(_("Date"), _("Entry"), _("Kind"), _("Memo"), _("Account"), _("Account name")),
        *(_("Number"), _("Name"), _("Debit"), _("Credit")),
    ]
    return csv_response(f"journal-{clock.today().isoformat()}", headings, rows)
