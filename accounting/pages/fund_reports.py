"""Funds over a period as a page, a paper for the board and a file; the register of recipients.

What must stay true: names stand on the register only, for those who handle requests; what leaves
as a file has none; on the board no village with few recipients stands alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.pages import fund_words
from accounting.pages.asking import asked, given_span
from accounting.pages.blueprint import blueprint
from accounting.rules.periods import Span
from accounting.schemas import SpanArgs
from accounting.services.funds import asking, movements, recipients
from accounting.services.funds.asking import PAID, RequestCard
from accounting.services.funds.movements import IN, OUT, FundMovement, FundPeriod
from core import clock
from core.actor import Actor
from core.ids import uuid_or_none
from core.paging import Window
from core.web import plots, show
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.lists import listed, window
from core.web.plots import Bar
from core.web.sheets import baht_figure, csv_response

BARS_MAX = 12


def _asked() -> tuple[Form, Span]:
    """Return the days asked for; this calendar year up to today unless told."""
    form = asked(SpanArgs())
    span: Span | None = form.data.get("span")
    today = clock.today()
    first = (span.first if span else None) or date(today.year, 1, 1)
    return form, Span(first, (span.last if span else None) or today)


@blueprint.get("/fund-report")
def fund_report(centre_id: int) -> ResponseReturnValue:
    """Show every fund over a period, by source and purpose, and by village."""
    actor = current_actor(centre_id)
    form, span = _asked()
    found = movements.periods(actor, span)
    days: dict[str, Any] = {**given_span(form, span)}
    page = render_template(
        "funds/report.html",
        given=days,
        errors=form.errors,
        paper_url=url_for("accounting.fund_report_paper", centre_id=centre_id, **days),
        file_url=url_for("accounting.fund_report_file", centre_id=centre_id, **days),
        **_figures(found, centre_id),
    )
    return page, form.status


@blueprint.get("/fund-report.pdf")
def fund_report_paper(centre_id: int) -> ResponseReturnValue:
    """Return the same on paper, for the meeting's board: few people of a village told apart."""
    actor = current_actor(centre_id)
    _form, span = _asked()
    found = [
        replace(one, movements=movements.for_board(one.movements))
        for one in movements.periods(actor, span)
    ]
    assert span.last is not None
    return fund_words.paper(
        "documents/fund_report.html",
        f"funds-{span.last.isoformat()}",
        document_date=span.last,
        span=span,
        **_figures(found, centre_id),
    )


@blueprint.get("/fund-report.csv")
def fund_report_file(centre_id: int) -> ResponseReturnValue:
    """Return the movements as a file, without anybody's name."""
    actor = current_actor(centre_id)
    _form, span = _asked()
    found = movements.periods(actor, span)
    words = fund_words.context(centre_id)
    headings = [
        _("Fund"),
        _("Village"),
        _("In or out"),
        _("From or for"),
        _("Amount (baht)"),
        _("Recipients"),
    ]
    return csv_response("funds", headings, _cells(found, words))


def _cells(found: Iterable[FundPeriod], words: dict[str, Any]) -> Iterator[list[Any]]:
    for period in found:
        name = fund_words.name_of(period.fund)
        for one in period.movements:
            yield [
                name,
                words["villages"].get(one.village_id, ""),
                _("In") if one.kind == IN else _("Out"),
                words["reasons"][one.reason],
                baht_figure(one.satang),
                one.recipients or "",
            ]


def _figures(found: list[FundPeriod], centre_id: int) -> dict[str, Any]:
    words = fund_words.context(centre_id)
    kept = [
        one
        for one in found
        if one.fund.active or one.movements or one.opening_satang or one.closing_satang
    ]
    moved = [one for period in kept for one in period.movements]
    rows = _by_village(moved)
    return {
        "periods": kept,
        "village_rows": rows,
        "plot": _held_plot(kept),
        "village_plot": _village_plot(rows, words["villages"]),
        **words,
    }


def _by_village(moved: Iterable[FundMovement]) -> list[tuple[UUID | None, list[FundMovement]]]:
    """Return what was given for and paid to each village; what is for no one village last."""
    found: defaultdict[UUID | None, list[FundMovement]] = defaultdict(list)
    for one in moved:
        if one.reason not in ("levy", "need_discount", "transfer", "opening", "by_hand"):
            found[one.village_id].append(one)
    return sorted(found.items(), key=lambda one: (one[0] is None, str(one[0])))


def _held_plot(found: list[FundPeriod]) -> Markup:
    bars = [
        Bar(_short(fund_words.name_of(one.fund)), max(one.closing_satang, 0), _baht(one))
        for one in found[:BARS_MAX]
    ]
    title = _("What each fund holds, baht")
    return plots.fitting(lambda width: plots.rows(bars, title=title, label_width=230, width=width))


def _village_plot(
    rows: list[tuple[UUID | None, list[FundMovement]]], names: dict[UUID, str]
) -> Markup:
    bars = []
    for village_id, moved in rows[:BARS_MAX]:
        paid = sum(one.satang for one in moved if one.kind == OUT)
        if village_id is not None and paid > 0:
            figure = show.number(paid // 100)
            bars.append(Bar(_short(names.get(village_id, "")), paid, figure))
    if not bars:
        return Markup("")
    title = _("Paid out by village, baht")
    return plots.fitting(lambda width: plots.rows(bars, title=title, label_width=230, width=width))


def _baht(one: FundPeriod) -> str:
    return show.number(one.closing_satang // 100)


def _short(words: str) -> str:
    return words if len(words) <= 30 else words[:29] + "…"


# --- recipients --------------------------------------------------------------------------------


@blueprint.get("/fund-recipients")
def fund_recipients(centre_id: int) -> str:
    """Show who was helped, by village; by name to those who handle requests only."""
    actor = current_actor(centre_id)
    village_id = uuid_or_none(request.args.get("village"))
    page = asking.listing(actor, window(), state=PAID, village_id=village_id)

    return render_template(
        "funds/recipients.html",
        named=recipients.named(actor),
        village_id=village_id,
        village_options=fund_words.village_options(centre_id),
        **listed(page, "accounting.fund_recipients", centre_id=centre_id, village=village_id),
        **fund_words.context(centre_id),
    )


@blueprint.get("/fund-recipients.csv")
def fund_recipients_file(centre_id: int) -> ResponseReturnValue:
    """Return what was paid as a file, without names: for agencies and other groups."""
    actor = current_actor(centre_id)
    asking.require_reader(actor)
    words = fund_words.context(centre_id)
    headings = [
        _("Number"),
        _("Date"),
        _("Fund"),
        _("Village"),
        _("Who"),
        _("Purpose"),
        _("Amount (baht)"),
    ]
    return csv_response("recipients", headings, list(_people(actor, words)))


def _people(actor: Actor, words: dict[str, Any]) -> Iterator[list[Any]]:
    after: str | None = None
    while True:
        page = asking.listing(actor, Window(after, 200), state=PAID)
        for one in page.items:
            yield _person(one, words)
        after = page.next
        if after is None:
            return


def _person(one: RequestCard, words: dict[str, Any]) -> list[Any]:
    assert one.recipient is not None
    return [
        one.request_no,
        one.requested_on,
        fund_words.name_of(words["funds"][one.fund_id]),
        words["villages"].get(one.recipient.village_id, ""),
        words["categories"][one.recipient.category],
        words["purposes"][one.purpose],
        baht_figure(one.amount_satang),
    ]
