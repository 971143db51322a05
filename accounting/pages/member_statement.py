"""A member's statement on paper: one A4 page, in Thai, what was given and why.

What must stay true: it is made from what the run froze alone, so that the same part gives the same
page whenever it is printed; price of goods, refund and share of profit stand in columns apart, for
they are taxed apart.
"""

from __future__ import annotations

from datetime import date

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.rules.surplus.decimals import decimal
from accounting.rules.surplus.dividend import units_in_year
from accounting.rules.surplus.keeping import ABOVE_MOST, ABOVE_PART, NOT_MEMBER
from accounting.services.surplus.explaining import Explanation
from accounting.services.surplus.runs import MemberRunCard
from core.actor import Actor
from core.baht_text import baht_text
from core.web import show

TEMPLATE = "surplus_run/_statement.html"
SHARE_LINES_MAX, GROUPS_MAX = 10, 4
"""More than fit on one page with everything else; the rest is named by its count."""
HUNDRED_BAHT, WEIGHT_ONE, RATE_PLACES = 10_000, 10_000, 6


def statement_html(explanation: Explanation, actor: Actor) -> str:
    """Return a member's statement, ready to be laid out."""
    with force_locale("th"):
        return current_app.jinja_env.get_template(TEMPLATE).render(
            centre=actor.centre,
            locale="th",
            number=f"{explanation.allocation.allocation_no}/{explanation.item.member_no}",
            found=explanation,
            item=explanation.item,
            allocation=explanation.allocation,
            rates=rate_of_pool(explanation.run),
            part_words=part_words(),
            why_words=why_words(),
            back_words=back_words(explanation),
            amount_words=baht_text(explanation.item.total_satang),
            shares=explanation.shares[:SHARE_LINES_MAX],
            shares_more=len(explanation.shares[SHARE_LINES_MAX:]),
            purchases=explanation.purchases[:GROUPS_MAX],
            deliveries=explanation.deliveries[:GROUPS_MAX],
            groups_more=len(explanation.purchases[GROUPS_MAX:])
            + len(explanation.deliveries[GROUPS_MAX:]),
        )


def rate_of_pool(run: MemberRunCard) -> dict[str, str]:
    """Return what 100 baht earn in each pool, in baht: shares held all year, goods of weight 1."""
    first = date.fromisoformat(run.content["first"])
    last = date.fromisoformat(run.content["last"])
    units = units_in_year(first, last, run.content["basis"])
    found = {}
    for name, pool in run.content["pools"].items():
        each = units if name == "dividend" else WEIGHT_ONE
        found[name] = decimal(pool["pool"] * HUNDRED_BAHT * each, pool["weight"] * 100, RATE_PLACES)
    return found


def part_words() -> dict[str, str]:
    """Return what each pool is called."""
    return {
        "dividend": _("Dividend on shares"),
        "purchases": _("Refund on purchases"),
        "deliveries": _("Refund on deliveries"),
        "patronage": _("Refund on purchases and deliveries"),
    }


def why_words() -> dict[str, str]:
    """Return why somebody takes no part."""
    return {
        "suspended": _("Suspended on the last day of the year"),
        "resigned": _("Had resigned by the last day of the year"),
        "expelled": _("Had been expelled by the last day of the year"),
        "died": _("Had died by the last day of the year"),
        "not_yet": _("Not yet a member on the last day of the year"),
        "few_shares": _("Fewer shares than the rule asks for"),
        "in_default": _("Owed the centre money on the last day of the year"),
        "too_new": _("No dividend: a member for too short a time"),
    }


def held_back_words(part: int | None) -> dict[str, str]:
    """Return why less is kept as shares than the resolution says, in short."""
    return {
        ABOVE_PART: _(
            "Would hold more than %(percent)s %% of all shares", percent=show.percent(part or 0)
        ),
        ABOVE_MOST: _("Would hold more shares than a member may"),
        NOT_MEMBER: _("No longer a member"),
    }


def back_words(found: Explanation) -> str:
    """Return why a member is paid what was to be kept as shares; empty for all others."""
    if found.back is None:
        return ""
    keeping, back = found.run.content["keeping"], found.back
    paid = _(
        "Of %(wanted)s baht to be kept as shares %(paid)s baht are paid in cash instead.",
        wanted=show.baht(back.wanted),
        paid=show.baht(back.wanted - back.kept),
    )
    held, limit = show.baht(back.held), show.baht(keeping["limit"] or 0)
    if back.why == ABOVE_PART:
        why = _(
            "One member may hold at most %(percent)s %% of all paid-up shares: %(limit)s of"
            " %(total)s baht with everything kept now. %(held)s baht were held before.",
            percent=show.percent(keeping["part"]),
            limit=limit,
            total=show.baht(keeping["total"]),
            held=held,
        )
    elif back.why == ABOVE_MOST:
        why = _(
            "One member may hold at most %(limit)s baht of shares. %(held)s baht were held before.",
            limit=limit,
            held=held,
        )
    else:
        why = _("Only members hold shares, and this membership has ended.")
    return f"{paid} {why}"


def standing_words() -> dict[str, str]:
    """Return what each standing is called."""
    return {
        "member": _("Member in good standing"),
        "suspended": _("Suspended member"),
        "resigned": _("Has resigned"),
        "expelled": _("Was expelled"),
        "died": _("Has died"),
        "not_yet": _("Not yet a member"),
    }
