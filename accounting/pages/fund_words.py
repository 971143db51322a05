"""What every page of funds needs: names of funds and villages, and the words for what is coded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.rules.funds import BEYOND_PAPERS, CATEGORIES, FUNERAL, GIVERS, KINDS, PURPOSES
from accounting.services.funds import asking, register
from accounting.services.funds.register import FundCard
from core.web import show
from core.web.pdf import render_pdf
from members.services import members, villages

Options = list[tuple[str, str]]


def context(centre_id: int) -> dict[str, Any]:
    """Return the words and names the templates of funds look things up in."""
    every = register.listing(centre_id, of_members=False)
    return {
        "funds": {one.id: one for one in every},
        "villages": {one.id: one.name for one in villages.listing(centre_id)},
        "kinds": {kind: _(words) for kind, (words, _account) in KINDS.items()},
        "givers": _translated(GIVERS),
        "categories": _translated(CATEGORIES),
        "purposes": _translated(PURPOSES),
        "reasons": _translated(BEYOND_PAPERS | PURPOSES | GIVERS),
        "states": _translated(asking.STATES),
        "places": places(None),
    }


def places(fund: FundCard | None) -> dict[str, str]:
    """Return where a fund's money may be; of no fund, every place there is."""
    apart = {"apart": _("The funeral aid's own box or account")}
    shop = {"bank": _("Bank"), "safe": _("Safe")}
    if fund is None:
        return shop | apart
    return apart if fund.kind == FUNERAL else shop


def fund_options(centre_id: int, *, funeral: bool = True) -> Options:
    """Return the funds in use, for a form to choose from."""
    return [
        (str(one.id), name_of(one))
        for one in register.listing(centre_id, of_members=False)
        if one.active and (funeral or one.kind != FUNERAL)
    ]


def name_of(fund: FundCard) -> str:
    """Return a fund's name as the reader reads it."""
    return fund.name_en if show.language() == "en" and fund.name_en else fund.name_th


def village_options(centre_id: int) -> Options:
    """Return the villages, for a form to choose from."""
    return [
        (str(one.id), f"{one.name} ({_('Moo')} {one.moo})" if one.moo else one.name)
        for one in villages.listing(centre_id)
    ]


def member_of(centre_id: int, member_no: str) -> UUID | None:
    """Return whose number was typed, None for none; raise NotFound beside the field."""
    return members.by_number(centre_id, member_no).id if member_no else None


def paper(template: str, number: str, **values: Any) -> ResponseReturnValue:
    """Return a document as a PDF to print and sign, always in Thai."""
    with force_locale("th"):
        html = render_template(template, locale="th", number=number, **values)
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


def _translated(words: dict[str, str]) -> dict[str, str]:
    return {key: _(msgid) for key, msgid in words.items()}
