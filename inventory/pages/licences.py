"""Licences of all products, the next to run out first."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.paging import LIMIT_MAX, Window
from core.sought import Sought
from core.web.auth import current_actor
from core.web.lists import listed, sought, window
from core.web.sheets import Cell, Table, csv_response, xlsx_response
from inventory.pages.blueprint import blueprint
from inventory.pages.catalogue_words import licence_kinds
from inventory.services.catalogue import licences
from inventory.services.catalogue.listing import LICENCE_WARNED_DAYS


@blueprint.get("/licences")
def licence_list(centre_id: int) -> ResponseReturnValue:
    """Show the licences in use; those that have run out or soon will, unless all are asked for."""
    actor = current_actor(centre_id)
    everything = request.args.get("show") == "all"
    wanted = sought()
    kind = request.args.get("format")
    if kind in ("csv", "xlsx"):
        table = Table("licences", _headings(), _rows(actor, wanted, warned=not everything))
        if kind == "csv":
            return csv_response("licences", table.headings, table.rows)
        return xlsx_response("licences", [table])
    page = licences.listing(actor, window(), wanted, warned=not everything)
    return render_template(
        "inventory/licences.html",
        everything=everything,
        days=LICENCE_WARNED_DAYS,
        names=dict(licence_kinds()),
        **listed(
            page,
            "inventory.licence_list",
            centre_id=centre_id,
            show="all" if everything else None,
        ),
    )


def _headings() -> list[Cell]:
    return [
        *(_("Product"), _("Licence"), _("Number"), _("Valid from"), _("Last day")),
        *(_("Days left"), _("Note")),
    ]


def _rows(actor: Actor, wanted: Sought, *, warned: bool) -> Iterator[list[Cell]]:
    names = dict(licence_kinds())
    at: Window | None = Window(limit=LIMIT_MAX)
    while at is not None:
        page = licences.listing(actor, at, wanted, warned=warned)
        for one in page.items:
            yield [
                *(one.name_th, names[one.kind], one.number, one.issued_on, one.expires_on),
                *(one.days_left, one.note),
            ]
        at = Window(page.next, LIMIT_MAX) if page.next else None
