"""The yearly list for tax: price of goods, patronage refund and share of profit apart."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.services.member_payments import income
from accounting.services.member_payments.income import Income
from core import clock
from core.actor import Actor
from core.sheets import Cell, Table
from core.web.auth import current_actor
from core.web.sheets import baht_figure, csv_response, xlsx_response

ERA = 543
FIRST_YEAR = 2000


@blueprint.get("/member-payments/income")
def member_income(centre_id: int) -> str:
    """Show what each member got in a calendar year, by kind."""
    actor = current_actor(centre_id)
    year = _asked_year()
    rows = income.of_year(year, actor)
    return render_template(
        "member_payments/income.html",
        year=year + ERA,
        years=[(one + ERA, one + ERA) for one in _offered(actor)],
        rows=rows,
        goods=sum(row.goods_satang for row in rows),
        patronage=sum(row.patronage_satang for row in rows),
        dividend=sum(row.dividend_satang for row in rows),
    )


@blueprint.get("/member-payments/income.csv")
def member_income_csv(centre_id: int) -> Response:
    """Return the same as a file."""
    table = _table(current_actor(centre_id))
    return csv_response(table.name, table.headings, table.rows)


@blueprint.get("/member-payments/income.xlsx")
def member_income_xlsx(centre_id: int) -> Response:
    """Return the same as a workbook."""
    table = _table(current_actor(centre_id))
    return xlsx_response(table.name, [table])


def _offered(actor: Actor) -> list[int]:
    return sorted({clock.today().year, *income.years(actor)}, reverse=True)


def _asked_year() -> int:
    """Return the asked year (CE); nonsense is this year."""
    typed = request.args.get("year", "")
    year = int(typed) - ERA if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    today = clock.today().year
    return year if FIRST_YEAR <= year <= today else today


def _table(actor: Actor) -> Table:
    year = _asked_year()
    headings = (
        _("Number"),
        _("Member"),
        _("Village"),
        _("Price of goods (baht)"),
        _("Patronage refund (baht)"),
        _("Share of profit (baht)"),
        _("Together (baht)"),
    )
    rows = [_row(one) for one in income.of_year(year, actor)]
    return Table(f"member_income_{year + ERA}", headings, rows)


def _row(one: Income) -> tuple[Cell, ...]:
    return (
        one.member.member_no,
        one.member.name,
        one.member.village,
        baht_figure(one.goods_satang),
        baht_figure(one.patronage_satang),
        baht_figure(one.dividend_satang),
        baht_figure(one.satang),
    )
