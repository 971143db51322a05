"""What wants a look in a period: one list for each kind, each row with its document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked as read_query
from core.clock import BANGKOK
from core.paging import LIMIT_MAX, Window
from core.web import show
from core.web.auth import current_actor
from core.web.lists import listed, window
from core.web.sheets import baht_figure, csv_response
from members.services import users
from pos.pages import remarks
from pos.pages.blueprint import blueprint
from pos.pages.day import frame, odd_titles, opened, query_of
from pos.schemas.day import OddArgs
from pos.services import held, tills
from pos.services.day_figures import exceptions
from pos.services.day_figures.exceptions import Oddity

PAGES = {
    "sale": ("pos.sale", "sale_id"),
    "refund": ("pos.refund_page", "refund_id"),
    "shift": ("pos.shift_page", "shift_id"),
    "held": ("pos.day_held", "held_id"),
}


@blueprint.get("/day/look/<kind>")
def day_odd(centre_id: int, kind: str) -> ResponseReturnValue:
    """Show what there is of a kind, the latest first."""
    actor = current_actor(centre_id)
    form = read_query(OddArgs())
    found = opened(form, actor)
    cashier = form.data.get("cashier")
    page = exceptions.listing(kind, found.read.days, actor, window(), cashier)
    kept: dict[str, Any] = {"kind": kind, **query_of(form, found.read.days), "cashier": cashier}
    shown = render_template(
        "day/odd.html",
        **frame(form, found, ""),
        kind=kind,
        titles=odd_titles(),
        cashier=users.names({cashier}).get(cashier, "") if cashier else "",
        address=lambda row: _address(row, centre_id),
        note=note_of,
        csv_url=url_for("pos.day_odd_csv", centre_id=centre_id, **kept),
        **listed(page, "pos.day_odd", centre_id=centre_id, **kept),
    )
    return shown, form.status


@blueprint.get("/day/look/<kind>.csv")
def day_odd_csv(centre_id: int, kind: str) -> ResponseReturnValue:
    """Send the list as a file."""
    actor = current_actor(centre_id)
    form = read_query(OddArgs())
    days = opened(form, actor).read.days
    first = exceptions.listing(kind, days, actor, Window(limit=LIMIT_MAX), form.data.get("cashier"))

    def rows() -> Any:
        page = first
        while True:
            for row in page.items:
                satang = "" if row.satang is None else baht_figure(row.satang)
                yield (row.number, row.at.isoformat(), row.who, satang, note_of(row))
            if page.next is None:
                return
            after = Window(page.next, LIMIT_MAX)
            page = exceptions.listing(kind, days, actor, after, form.data.get("cashier"))

    headings = (_("Number"), _("Time"), _("Who"), _("Baht"), _("Note"))
    return csv_response(f"day-{kind}-{days.first:%Y%m%d}-{days.last:%Y%m%d}", headings, rows())


@blueprint.get("/day/held/<uuid:held_id>")
def day_held(centre_id: int, held_id: UUID) -> str:
    """Show what lies in a basket on hold."""
    basket = held.look_at(held_id, current_actor(centre_id))
    return render_template(
        "day/held.html",
        basket=basket,
        till=tills.get(centre_id, basket.till_id),
        lines=[one for one in map(_held_line, basket.content.get("lines") or ()) if one],
        title=odd_titles()[exceptions.HELD],
    )


def _held_line(line: Any) -> tuple[str, int, str, int] | None:
    """Return name, quantity, unit and price of a line as the till wrote it; None for no such."""
    try:
        product = line["product"]
        name = product["name_en"] if show.language() == "en" else product["name_th"]
        numbers = int(line["quantity_milli"]), int(line["unit_price_satang"])
        return str(name or product["name_th"]), numbers[0], str(product["unit"]), numbers[1]
    except (KeyError, TypeError, ValueError):
        return None


def note_of(row: Oddity) -> str:
    """Return what there is to say of one, in the reader's language."""
    if isinstance(row.note, list):
        return " · ".join(remarks.in_words(one) for one in row.note)
    if isinstance(row.note, int) and row.type == "sale":
        if row.satang is not None and row.sort == row.at:
            return _("Copy %(number)s", number=row.note)
        return _("%(amount)s baht off", amount=show.baht(row.note))
    return str(row.note or "")


def _address(row: Oddity, centre_id: int) -> str:
    if row.type not in PAGES:
        # A manager said yes and nothing came of it: the list has the rest.
        day = row.at.astimezone(BANGKOK).date().isoformat()
        that_day: dict[str, Any] = {"from": day, "until": day}
        return url_for("pos.override_list", centre_id=centre_id, **that_day)
    endpoint, name = PAGES[row.type]
    key: dict[str, Any] = {name: row.document_id}
    return url_for(endpoint, centre_id=centre_id, **key)
