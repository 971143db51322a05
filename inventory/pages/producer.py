"""The producer's own page, made for a phone: what is owed, what was sold, what is left.

Staff with the right open any producer's under `/producers/<id>/account`; the page is the same.
What must stay true: every figure opens the documents it is the sum of.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core.actor import Actor
from core.dates import NotADate, parse_date
from core.ids import uuid_or_none
from core.web import plots, show
from core.web.api import page_window
from core.web.auth import current_actor
from inventory.pages.blueprint import blueprint
from inventory.pages.stock import numbers_of
from inventory.services import intake, lots, producer_account, producer_documents
from inventory.services.producer_account import ProducerAccount
from inventory.services.producer_documents import Wanted
from inventory.services.settlement import statements
from inventory.services.settlement.statements import StatementCard
from members.rules.roles import allowed

DELIVERIES_SHOWN = 5
STATEMENTS_SHOWN = 12
PLOT_WIDTH, PLOT_LABELS = 320, 84
"""Lying bars no wider than a phone: they need no shrinking to be read."""


@blueprint.get("/my")
def my(centre_id: int) -> ResponseReturnValue:
    """Show the signed-in producer's account; staff, who have none, go to everyone's."""
    if current_actor(centre_id).producer_id is None:
        return redirect(url_for("inventory.owed", centre_id=centre_id))
    return _account(centre_id, None)


@blueprint.get("/producers/<uuid:producer_id>/account")
def account(centre_id: int, producer_id: UUID) -> str:
    """Show a producer's account."""
    return _account(centre_id, producer_id)


@blueprint.get("/my/documents")
def my_documents(centre_id: int) -> str:
    """Show the documents behind a figure of the signed-in producer's account."""
    return _documents(centre_id, None)


@blueprint.get("/producers/<uuid:producer_id>/account/documents")
def account_documents(centre_id: int, producer_id: UUID) -> str:
    """Show the documents behind a figure of a producer's account."""
    return _documents(centre_id, producer_id)


def _account(centre_id: int, producer_id: UUID | None) -> str:
    actor = current_actor(centre_id)
    found = producer_account.of(actor, producer_id)
    after = request.args.get("after")
    left = lots.listing(
        actor, page_window(after), producer_id=found.producer.id, ownership="consigned"
    )
    return render_template(
        "producer/account.html",
        account=found,
        own=producer_id is None,
        deliveries=intake.listing(
            actor, page_window(limit=DELIVERIES_SHOWN), producer_id=found.producer.id
        ).items,
        lots=left.items,
        statements=_statements(actor, found.producer.id),
        plot=_plot(found),
        next_url=_account_address(centre_id, producer_id, left.next) if left.next else None,
        first_url=_account_address(centre_id, producer_id) if after else None,
        documents=lambda **query: _address(centre_id, producer_id, **query),
    )


def _statements(actor: Actor, producer_id: UUID) -> tuple[StatementCard, ...]:
    """The latest posted statements; none for a reader who may not open them."""
    if actor.producer_id != producer_id and not allowed(actor.roles, "settlement.read"):
        return ()
    window = page_window(limit=STATEMENTS_SHOWN)
    return tuple(statements.of_producer(actor, window, producer_id).items)


def _plot(account: ProducerAccount) -> Markup | None:
    """Draw the producer's part month by month; months of returns alone stand at nothing."""
    if not any(month.share_satang > 0 for month in account.months):
        return None
    return plots.rows(
        [
            plots.Bar(
                label=show.month(month.first),
                value=max(month.share_satang, 0),
                figure=show.baht(month.share_satang),
            )
            for month in account.months
        ],
        title=_("The producer's part by month, baht"),
        width=PLOT_WIDTH,
        label_width=PLOT_LABELS,
    )


def _documents(centre_id: int, producer_id: UUID | None) -> str:
    actor = current_actor(centre_id)
    args = request.args
    wanted = Wanted(
        sold_only=bool(args.get("sold_only")),
        product_id=uuid_or_none(args.get("product_id")),
        since=_day(args.get("since")),
        until=_day(args.get("until")),
    )
    page = producer_documents.rows(actor, page_window(args.get("after")), wanted, producer_id)
    kept = {
        name: args[name] for name in ("sold_only", "product_id", "since", "until") if args.get(name)
    }
    return render_template(
        "producer/documents.html",
        rows=page.items,
        wanted=wanted,
        own=producer_id is None,
        account=producer_account.of(actor, producer_id),
        numbers=numbers_of(centre_id, {(row.source_type, row.source_id) for row in page.items}),
        next_url=_address(centre_id, producer_id, after=page.next, **kept) if page.next else None,
        first_url=_address(centre_id, producer_id, **kept) if args.get("after") else None,
        account_url=_account_address(centre_id, producer_id),
    )


def _account_address(centre_id: int, producer_id: UUID | None, after: str | None = None) -> str:
    if producer_id is None:
        return url_for("inventory.my", centre_id=centre_id, after=after)
    return url_for("inventory.account", centre_id=centre_id, producer_id=producer_id, after=after)


def _address(centre_id: int, producer_id: UUID | None, **query: Any) -> str:
    if producer_id is None:
        return url_for("inventory.my_documents", centre_id=centre_id, **query)
    return url_for(
        "inventory.account_documents", centre_id=centre_id, producer_id=producer_id, **query
    )


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except NotADate:
        return None
