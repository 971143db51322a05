"""The welfare report in words: the same rows and plots for the page and the villagers' paper.

What must stay true: page and paper are made from one view, so their figures can't differ; every
figure names where its lines are. Thousandths of a satang are rounded here, once, to be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from accounting.rules.chart import Purpose
from core.money import half_up_div
from core.web import show
from core.web.band_plots import Spot, Zone, band, gauge
from core.web.plots import HALF, Series, fitting, groups
from pos.rules.welfare.facts import MILS, Band
from pos.rules.welfare.measures import (
    WHOLE,
    Report,
    mean_days,
    median_days,
    missing_of,
    price_test,
)
from pos.rules.welfare.slices import HOUSEHOLDS_LEAST
from pos.rules.welfare.what_if import Change, Outcome, frontier, today, try_out


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the report: satang, its interval when it has one, its missing part, its lines.

    `purposes` are the accounts it ties to; `goods` says that it ties to the lines of receipts.
    """

    key: str
    words: str
    how: str
    satang: int
    interval: tuple[int, int] | None = None
    missing: str = ""
    purposes: tuple[Purpose, ...] = ()
    goods: bool = False
    total: bool = False
    resolved: bool = False
    """Whether it is what a meeting resolved about a year's surplus."""


@dataclass(frozen=True, slots=True)
class View:
    """The report as it is read."""

    verdict: str
    headline: str
    because: str
    share: str
    interval: str
    coverage: str
    measures: tuple[Measure, ...]
    uses: tuple[Measure, ...]
    beside: tuple[tuple[str, str], ...]
    gauge: Markup
    bars: Markup
    warnings: tuple[str, ...] = field(default=())


def view_of(report: Report, *, public: bool = True) -> View:
    """Return a report in the reader's language; `public` when others than the books' roles read."""
    share = report.share
    known = share.low is not None and share.mid is not None and share.high is not None
    return View(
        verdict=report.verdict,
        headline=_headlines()[report.verdict],
        because=_because(report),
        share=percent(share.mid) if known else "–",
        interval=f"{percent(share.low)} – {percent(share.high)}" if known else "–",
        coverage=percent(report.coverage),
        measures=tuple(_measures(report)),
        uses=tuple(_uses(report)),
        beside=tuple(_beside(report, public)),
        gauge=_gauge(report),
        bars=_bars(report),
        warnings=tuple(_warnings(report)),
    )


def satang(mils: int) -> int:
    """Return thousandths of a satang as satang, halves away from zero."""
    return half_up_div(mils, MILS)


def spread(mils: Band) -> tuple[int, int]:
    """Return the ends of a band in satang."""
    return satang(mils.low), satang(mils.high)


def percent(part: Fraction | None) -> str:
    """Return a part as a percentage with one place; a dash for none."""
    if part is None:
        return "–"
    tenths = half_up_div(part.numerator * 1000, part.denominator)
    sign, (whole, tail) = "-" if tenths < 0 else "", divmod(abs(tenths), 10)
    return f"{sign}{whole}.{tail} %" if tail else f"{sign}{whole} %"


def _headlines() -> dict[str, str]:
    return {
        "serves_members": _("Today's prices serve the members"),
        "balanced": _("Today's prices are balanced between members and centre"),
        "serves_centre": _("Today's prices serve the centre's profit"),
        "not_determinable": _("It can't be told yet"),
    }


def _because(report: Report) -> str:
    if report.why == "no_sales":
        return _("Nothing was sold in these days.")
    if report.why == "coverage":
        return _(
            "Only %(covered)s of what was sold has reference prices; the village asks for"
            " %(wanted)s. Enter more reference prices.",
            covered=percent(report.coverage),
            wanted=percent(Fraction(report.aims.coverage_basis_points, WHOLE)),
        )
    if report.why == "nobody_gained":
        return _("Neither villagers nor centre gained anything that could be shared.")
    facts = {"share": percent(report.share.mid), "low": percent(report.share.low)}
    facts["high"] = percent(report.share.high)
    if report.why == "interval":
        return _(
            "The villagers' share is about %(share)s, but it may be anything from %(low)s to"
            " %(high)s, on both sides of the village's limits. Reference prices with a narrower"
            " spread would tell.",
            **facts,
        )
    return _(
        "Of each 100 baht gained, about %(share)s went to villagers (from %(low)s to %(high)s"
        " by the spread of the reference prices).",
        **facts,
    )


def _measures(report: Report) -> list[Measure]:
    return [*_by_prices(report), *_by_books(report)]


def _by_prices(report: Report) -> list[Measure]:
    facts = report.facts
    missing_parts = missing_of(facts.producers.missing_satang, facts.producers.part_satang)
    missing_paid = missing_of(facts.buyers.missing_satang, facts.buyers.paid_satang)
    members, whole = satang(report.members_mils.mid), satang(report.buyers_mils.mid)
    return [
        Measure(
            "P",
            _("To producers"),
            _("What they got, less what the goods fetch at the farm gate."),
            satang(report.producers_mils.mid),
            spread(report.producers_mils),
            percent(missing_parts),
            goods=True,
        ),
        Measure(
            "B",
            _("To buyers"),
            _(
                "What the goods cost elsewhere, less what was paid. Of it members: %(baht)s baht.",
                baht=show.baht(members),
            ),
            whole,
            spread(report.buyers_mils),
            percent(missing_paid),
            goods=True,
        ),
    ]


def _by_books(report: Report) -> list[Measure]:
    books = report.facts.ledger
    return [
        Measure(
            "M",
            _("To members, patronage and dividends"),
            _("Resolved by the meeting for whole fiscal years in these days."),
            report.refunds_satang,
            purposes=(Purpose.DIVIDENDS_PAYABLE, Purpose.PATRONAGE_PAYABLE, Purpose.SHARE_CAPITAL),
            resolved=True,
        ),
        Measure(
            "F",
            _("To the village through its funds"),
            _(
                "Levies %(levies)s, given by the meeting %(given)s, grants %(grants)s, help at the"
                " till %(helped)s (with the buyers); the same money counts once.",
                levies=show.baht(books.levies_satang),
                given=show.baht(books.to_funds_satang),
                grants=show.baht(books.grants_satang),
                helped=show.baht(books.helped_satang),
            ),
            report.funds_satang,
            purposes=(Purpose.WELFARE_FUND, Purpose.PUBLIC_BENEFIT_FUND, Purpose.OTHER_FUNDS),
        ),
        Measure(
            "G",
            _("Villagers' gain, together"),
            "P + B + M + F",
            satang(report.gain_mils.mid),
            spread(report.gain_mils),
            total=True,
        ),
        Measure(
            "K",
            _("Kept by the centre"),
            _("The surplus less what the meeting gave to members and funds."),
            report.kept_satang,
            total=True,
        ),
    ]


def _uses(report: Report) -> list[Measure]:
    books = report.facts.ledger
    undecided = books.surplus_satang - books.resolved_satang
    return [
        Measure("S", _("Surplus of these days"), "", books.surplus_satang, total=True),
        Measure(
            "reserve",
            _("Into the reserve"),
            "",
            books.to_reserve_satang,
            purposes=(Purpose.LEGAL_RESERVE,),
            resolved=True,
        ),
        Measure(
            "retained",
            _("Carried forward"),
            "",
            books.brought_forward_satang,
            purposes=(Purpose.BROUGHT_FORWARD,),
            resolved=True,
        ),
        Measure("members", _("Paid out to members"), "", books.to_members_satang, resolved=True),
        Measure("funds", _("Given to funds"), "", books.to_funds_satang, resolved=True),
        Measure("others", _("Used otherwise"), "", books.to_others_satang, resolved=True),
        Measure("undecided", _("Not resolved yet"), "", undecided),
    ]


def _beside(report: Report, public: bool) -> list[tuple[str, str]]:
    facts = report.facts
    waits, small = facts.waits, facts.smallest
    rows = [(_("Wages to villagers (a cost, and a welfare)"), _baht(facts.ledger.wages_satang))]
    mean, median = mean_days(waits.paid), median_days(waits.paid)
    if mean is not None:
        days = f"{half_up_div(mean.numerator, mean.denominator)}"
        rows.append(
            (
                _("From the sale to the producer's cash"),
                _(
                    "half of the money within %(median)s days; %(mean)s days on average",
                    median=median,
                    mean=days,
                ),
            )
        )
    if waits.waiting_satang:
        rows.append((_("Sold, and producers not paid yet"), _baht(waits.waiting_satang)))
    # A part of the whole is somebody's income when one or two people got it.
    if small.counted >= (HOUSEHOLDS_LEAST if public else 1) and small.part_satang > 0:
        share = percent(Fraction(small.theirs_satang, small.part_satang))
        rows.append(
            (
                _("The quarter of producers who sold least"),
                _(
                    "%(count)s of %(all)s producers got %(share)s of what producers got",
                    count=small.counted,
                    all=small.producers,
                    share=share,
                ),
            )
        )
    rows.append((_("Discounts on receipts"), _baht(facts.buyers.discount_satang)))
    test = price_test(facts)
    if test is not None:
        rows.append((_("Our margin, of 100 baht paid"), percent(test.ours)))
        rows.append((_("Margin that would just pay the costs"), percent(test.break_even)))
        if test.market is not None:
            low, mid, high = (percent(one) for one in test.market)
            rows.append((_("What trade elsewhere keeps"), f"{mid} ({low} – {high})"))
    return rows


def _baht(amount: int) -> str:
    return _("%(baht)s baht", baht=show.baht(amount))


def _warnings(report: Report) -> list[str]:
    found = []
    books = report.facts.ledger
    if not report.aims.decided:
        found.append(_("The village has not resolved its own limits yet; usual ones are used."))
    if books.surplus_satang < 0:
        found.append(_("The centre made a loss: what villagers gained was partly its own savings."))
    if report.gain_mils.high < 0:
        found.append(_("Villagers lost against prices elsewhere, whatever the spread."))
    return found


# --- plots ---------------------------------------------------------------------------------------


def _gauge(report: Report) -> Markup:
    aims, share = report.aims, report.share
    zones = (
        Zone(aims.centre_below_basis_points, _("serves the centre")),
        Zone(aims.members_from_basis_points, _("balanced")),
        Zone(WHOLE, _("serves members")),
    )
    interval = None
    if share.low is not None and share.mid is not None and share.high is not None:
        low, mid, high = (int(one * WHOLE) for one in (share.low, share.mid, share.high))
        interval = (low, mid, high)
    title = _("The villagers' share of what was gained")
    return fitting(lambda width: gauge(zones, interval, title=title, width=width))


def _bars(report: Report) -> Markup:
    amounts = {
        _("Producers"): satang(report.producers_mils.mid),
        _("Buyers"): satang(report.buyers_mils.mid),
        _("Members"): report.refunds_satang,
        _("Funds"): report.funds_satang,
        _("Centre keeps"): report.kept_satang,
    }
    title, series = _("Who gained how much, in baht"), [Series(_("baht"), list(amounts.values()))]
    return fitting(
        lambda width: groups(
            list(amounts),
            series,
            title=title,
            axis=whole_baht,
            step_least=100,
            width=width,
            height=200,
        ),
        HALF,
    )


def whole_baht(amount: int) -> str:
    """Return satang in whole baht, halves away from zero."""
    baht = half_up_div(amount, 100)
    return f"{'-' if baht < 0 else ''}{show.number(abs(baht))}"


@dataclass(frozen=True, slots=True)
class Tried:
    """A what-if as it is read."""

    change: Change
    outcome: Outcome
    share: str
    plot: Markup


def tried_of(report: Report, change: Change) -> Tried:
    """Return what a change would bring, with the frontier of other prices."""
    facts = report.facts
    outcome, now = try_out(facts, change), try_out(facts, Change(elasticity_hundredths=0))
    along = frontier(facts, change)
    stands = today(facts)
    at: Any = (int(stands.surplus), int(stands.gain))
    spots = [Spot(at, (now.surplus[0], now.gain[0]), (now.surplus[1], now.gain[1]), _("today"))]
    still = Change(elasticity_hundredths=change.elasticity_hundredths)
    if change != still:
        (left, right), (low, high) = outcome.surplus, outcome.gain
        middle = ((left + right) // 2, (low + high) // 2)
        spots.append(Spot(middle, (left, low), (right, high), _("tried")))
    calm, moved = ([(int(one.surplus), int(one.gain)) for one in edge] for edge in along)
    plot = fitting(
        lambda width: band(
            (calm, moved),
            spots,
            title=_("Surplus against the villagers' gain at other prices"),
            axes=(_("Surplus of the centre (baht)"), _("Villagers' gain (baht)")),
            axis=whole_baht,
            width=width,
            height=250,
        ),
        HALF,
    )
    share = "–"
    if outcome.share is not None:
        share = f"{percent(outcome.share[0])} – {percent(outcome.share[1])}"
    return Tried(change, outcome, share, plot)
