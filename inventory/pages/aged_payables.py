"""What producers and sellers are owed by its age, as a page with a plot and as a file."""

from __future__ import annotations

from datetime import date

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.pages.asking import asked, given_day
from accounting.schemas import OnArgs
from accounting.services import book_settings
from core import clock
from core.sheets import Cell
from core.web import plots, show
from core.web.api import page_window
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.plots import Bar
from core.web.sheets import baht_figure, csv_response
from inventory.pages.blueprint import blueprint
from inventory.services import aged_payables
from inventory.services.aged_payables import Ages

SATANG_PER_BAHT = 100


@blueprint.get("/aged-payables")
def aged(centre_id: int) -> ResponseReturnValue:
    """Show who has waited how long for how much, at the end of a day."""
    actor = current_actor(centre_id)
    form, on = _asked_day()
    after = request.args.get("after")
    found = aged_payables.listing(actor, on, page_window(after))

    def address(place: str | None) -> str:
        return url_for("inventory.aged", centre_id=centre_id, on=on.isoformat(), after=place)

    page = render_template(
        "payouts/aged.html",
        rows=found.page.items,
        ages=found.ages,
        count=found.count,
        days=book_settings.of(centre_id).aged_payable_days,
        on=on,
        plot=_plot(found.ages),
        typed_on=given_day(form, on),
        errors=form.errors,
        file_url=url_for("inventory.aged_file", centre_id=centre_id, on=on.isoformat()),
        next_url=address(found.page.next) if found.page.next else None,
        first_url=address(None) if after else None,
    )
    return page, form.status


@blueprint.get("/aged-payables.csv")
def aged_file(centre_id: int) -> Response:
    """Return all of it as a file."""
    actor = current_actor(centre_id)
    _form, on = _asked_day()
    headings: list[Cell] = [
        *(_("Number"), _("Producer"), _("Waiting since"), _("0–30 days"), _("31–60 days")),
        *(_("61–90 days"), _("Older"), _("Owed")),
    ]
    rows: list[list[Cell]] = [
        [
            one.producer.producer_no,
            one.producer.name,
            one.oldest,
            baht_figure(one.ages.to_30_satang),
            baht_figure(one.ages.to_60_satang),
            baht_figure(one.ages.to_90_satang),
            baht_figure(one.ages.older_satang),
            baht_figure(one.ages.total_satang),
        ]
        for one in aged_payables.everybody(actor, on)
    ]
    return csv_response(f"aged-payables-{on.isoformat()}", headings, rows)


def _plot(ages: Ages) -> Markup | None:
    if not ages.total_satang:
        return None
    parts = (
        (_("0–30 days"), ages.to_30_satang),
        (_("31–60 days"), ages.to_60_satang),
        (_("61–90 days"), ages.to_90_satang),
        (_("Older"), ages.older_satang),
    )
    bars = [Bar(words, satang, _baht(satang)) for words, satang in parts]
    title = _("Owed by age, baht")
    return plots.fitting(
        lambda width: plots.columns(
            bars, title=title, axis=_baht, step_least=SATANG_PER_BAHT, width=width, height=190
        )
    )


def _baht(satang: int) -> str:
    return show.number(satang // SATANG_PER_BAHT)


def _asked_day() -> tuple[Form, date]:
    form = asked(OnArgs())
    return form, form.data.get("on") or clock.today()
