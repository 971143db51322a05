"""The producer's own page, made for a phone: what is owed, what was sold, what is left.

Staff with the right open any producer's under `/producers/<id>/account`; the page is the same.
What must stay true: every figure opens the documents it is the sum of.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core.actor import Actor
from core.ids import uuid_or_none
from core.paging import Page
from core.web import plots, show
from core.web.api import page_window
from core.web.auth import current_actor
from core.web.lists import listed, sought, window
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
    left = lots.listing(
        actor, window(), sought(), producer_id=found.producer.id, ownership="consigned"
    )
    return render_template(
        "producer/account.html",
        account=found,
        own=producer_id is None,
        deliveries=intake.listing(
            actor, page_window(limit=DELIVERIES_SHOWN), producer_id=found.producer.id
        ).items,
        **_listed(left, "account", centre_id, producer_id),
        statements=_statements(actor, found.producer.id),
        plot=_plot(found),
        documents=lambda **query: _address(centre_id, producer_id, **query),
    )


def _statements(actor: Actor, producer_id: UUID) -> tuple[StatementCard, ...]:
    """The latest posted statements; none for a reader who may not open them."""
    if actor.producer_id != producer_id and not allowed(actor.roles, "settlement.read"):
        return ()
    latest = page_window(limit=STATEMENTS_SHOWN)
    return tuple(statements.of_producer(actor, latest, producer_id).items)


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
    args, chosen = request.args, sought()
    wanted = Wanted(
        sold_only=bool(args.get("sold_only")),
        product_id=uuid_or_none(args.get("product_id")),
        since=chosen.first,
        until=chosen.last,
    )
    page = producer_documents.rows(actor, window(), wanted, producer_id)
    kept = {name: args.get(name) for name in ("sold_only", "product_id")}
    return render_template(
        "producer/documents.html",
        wanted=wanted,
        own=producer_id is None,
        account=producer_account.of(actor, producer_id),
        numbers=numbers_of(centre_id, {(row.source_type, row.source_id) for row in page.items}),
        **_listed(page, "account_documents", centre_id, producer_id, **kept),
        account_url=_account_address(centre_id, producer_id),
    )


def _listed(
    page: Page[Any], name: str, centre_id: int, producer_id: UUID | None, **kept: Any
) -> dict[str, Any]:
    if producer_id is None:
        own = {"account": "my", "account_documents": "my_documents"}[name]
        return listed(page, f"inventory.{own}", centre_id=centre_id, **kept)
    here = {"centre_id": centre_id, "producer_id": producer_id}
    return listed(page, f"inventory.{name}", **here, **kept)


def _account_address(centre_id: int, producer_id: UUID | None) -> str:
    if producer_id is None:
        return url_for("inventory.my", centre_id=centre_id)
    return url_for("inventory.account", centre_id=centre_id, producer_id=producer_id)


def _address(centre_id: int, producer_id: UUID | None, **query: Any) -> str:
    if producer_id is None:
        return url_for("inventory.my_documents", centre_id=centre_id, **query)
    return url_for(
        "inventory.account_documents", centre_id=centre_id, producer_id=producer_id, **query
    )
