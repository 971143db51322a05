"""The roll-ups of a network as tables in the reader's language, for a page and for a file.

What must stay true: a page and its file show the same rows; a count that can't be told is a dash,
and says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from accounting.rules.funds import KINDS
from accounting.services.rollups import seed_accounts
from core.actor import Centre
from core.web import show
from core.web.plots import Bar, fitting, rows
from core.web.sheets import Cell, Figure, Table, baht_figure
from core.web.words import translated
from pos.pages.welfare_view import Measure, view_of
from pos.rules.rollups import FEWEST_HOUSEHOLDS, Folded, People
from pos.services.rollups import books, people, trade, welfare
from pos.services.rollups.books import Shown
from pos.services.rollups.scope import Scope

BAHT, COUNT = "baht", "count"
VIEWS = ("income", "balance", "trial", "members", "funds", "sales", "between", "welfare")
BARS_MAX = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A row: words, its figures, and what it opens (an account's key, a centre's id)."""

    role: str
    words: str
    amounts: tuple[int | None, ...] = ()
    account: str = ""
    centre_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A roll-up as it is read: `kinds` says of each column whether it is baht or a count."""

    view: str
    title: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    plot: Markup | None = None


def titles() -> dict[str, str]:
    """Return the name of each roll-up."""
    return {
        "income": _("Income statement"),
        "balance": _("Balance sheet"),
        "trial": _("Trial balance"),
        "members": _("Members"),
        "funds": _("Funds"),
        "sales": _("Sales by month"),
        "between": _("Between the centres"),
        "welfare": _("Welfare and profit"),
    }


def sheet(view: str, scope: Scope) -> Sheet:
    """Return one roll-up."""
    made = {
        "income": _income,
        "balance": _balance,
        "trial": _trial,
        "members": _members,
        "funds": _funds,
        "sales": _sales,
        "between": _between,
        "welfare": _welfare,
    }
    return made[view](scope)


def account(scope: Scope, key: str) -> Sheet:
    """Return one account centre by centre."""
    found = books.by_centre(scope, key)
    lines = [
        Line("account", name_of(scope.centres[one]), (moved, stands), centre_id=one)
        for one, (moved, stands) in found.items()
    ]
    whole = tuple(sum(column) for column in zip(*found.values(), strict=True)) or (0, 0)
    return Sheet(
        "account",
        account_words(key),
        (_("Centre"), _("In the period"), _("At its end")),
        (BAHT, BAHT),
        (*lines, Line("total", _("All centres"), whole)),
        (_("Debits less credits."),),
    )


def table_of(made: Sheet) -> Table:
    """Return a roll-up as a table of a file."""

    def cells(line: Line) -> list[Cell]:
        figures: list[Cell] = []
        for kind, amount in zip(made.kinds, line.amounts, strict=False):
            if amount is None:
                figures.append("–")
            else:
                figures.append(baht_figure(amount) if kind == BAHT else Figure(str(amount)))
        return [line.words, *figures]

    return Table(made.view, made.headings, [cells(line) for line in made.lines])


def name_of(centre: Centre) -> str:
    """Return a centre's name in the reader's language."""
    return centre.name_en if show.language() == "en" else centre.name_th


def account_words(key: str) -> str:
    """Return an account's name of the seed chart, or what stands for centres' own accounts."""
    known = seed_accounts().get(key)
    if known is None:
        return _("Accounts the centres opened themselves")
    return known.name_en if show.language() == "en" else known.name_th


def _lying(bars: Sequence[Bar], title: str) -> Markup:
    plot = fitting(lambda width: rows(bars, title=title, label_width=260, width=width))
    return Markup("<h2>{}</h2>{}").format(title, plot)


# --- the books -------------------------------------------------------------------------------


def _income(scope: Scope) -> Sheet:
    made = _statement("income", books.income(scope))
    by_centre = books.results(scope)
    bars = sorted(
        ((income, one) for one, (income, _result) in by_centre.items() if income > 0), reverse=True
    )[:BARS_MAX]
    plot = _lying(
        [Bar(_short(scope.centres[one]), income, show.baht(income)) for income, one in bars],
        _("Income by centre"),
    )
    return Sheet(*_fields(made), notes=_book_notes(scope), plot=plot if bars else None)


def _balance(scope: Scope) -> Sheet:
    made = _statement("balance", books.balance(scope))
    return Sheet(*_fields(made), notes=_book_notes(scope))


def _statement(view: str, shown: Shown) -> Sheet:
    lines = []
    for row in shown.statement.rows:
        if row.account_id is not None:
            one = shown.accounts[row.account_id]
            words = f"{one.code} {account_words(one.key)}"
            lines.append(Line("account", words, row.amounts, account=one.key))
        else:
            lines.append(Line(row.role, translated(row.words), row.amounts))
    return Sheet(view, titles()[view], (_("Item"), _("Baht")), (BAHT,), tuple(lines))


def _trial(scope: Scope) -> Sheet:
    found = books.trial_balance(scope)
    lines = [
        Line(
            "account",
            f"{one.account.code} {account_words(one.account.key)}",
            (one.debit + one.between, one.credit + one.between, one.between, one.balance),
            account=one.account.key,
        )
        for one in found
    ]
    sums = tuple(sum(line.amounts[place] or 0 for line in lines) for place in range(4))
    return Sheet(
        "trial",
        titles()["trial"],
        (
            _("Account"),
            _("Debits of all centres"),
            _("Credits of all centres"),
            _("Between centres, off both sides"),
            _("Balance"),
        ),
        (BAHT,) * 4,
        (*lines, Line("total", _("Sum"), sums)),
        _book_notes(scope),
    )


def _funds(scope: Scope) -> Sheet:
    found = books.funds(scope)
    lines = [
        Line("account", translated(KINDS[one.kind][0]), (one.came, one.went, one.held))
        for one in found
    ]
    whole = tuple(sum(line.amounts[place] or 0 for line in lines) for place in range(3))
    return Sheet(
        "funds",
        titles()["funds"],
        (_("Kind of fund"), _("Came in"), _("Paid out"), _("In the funds at the end")),
        (BAHT,) * 3,
        (*lines, Line("total", _("All funds"), whole)),
    )


def _between(scope: Scope) -> Sheet:
    found = books.between_centres(scope)
    names = {one: name_of(centre) for one, centre in scope.centres.items()}
    lines = [
        Line(
            "account",
            f"{names[one.from_centre_id]} → {names[one.to_centre_id]}",
            (one.sent_satang, one.arrived_satang, one.settled_satang, one.on_the_way_satang),
        )
        for one in found.roads
    ]
    rest = (
        (_("Matched at both ends, eliminated"), (None, found.arrived_satang, None, None)),
        (_("On the way between centres"), (None, None, None, found.on_the_way_satang)),
        (_("Sent to centres outside"), (None, None, None, found.outward_satang)),
        (_("Came from centres outside"), (None, None, None, -found.inward_satang)),
        (_("No transfer explains it"), (None, None, None, found.other_satang)),
        (_("Goods in transit, all centres"), (None, None, None, found.balance_satang)),
    )
    return Sheet(
        "between",
        titles()["between"],
        (_("From → to"), _("Sent"), _("Arrived"), _("Settled by the sender"), _("On the way")),
        (BAHT,) * 4,
        (*lines, *(Line("subtotal", words, amounts) for words, amounts in rest)),
        (
            _("Own goods travel at cost, so no centre earns from another; consigned goods stay the"
              " producer's and are owed where they are sold."),
        ),
    )  # fmt: skip


# --- people and sales ------------------------------------------------------------------------


def _members(scope: Scope) -> Sheet:
    found = people.members(scope)
    names = {str(one): name_of(centre) for one, centre in scope.centres.items()}
    lines = [Line("heading", _("By standing, at the end"))]
    lines += _folded(found.standings, _standing_words())
    lines += [
        Line("heading", _("In the period")),
        Line("account", _("Became members"), (found.joined, None)),
        Line("account", _("Are no longer members"), (found.left, None)),
        Line("heading", _("By centre")),
        *_folded(found.centres, names, centres=True),
    ]
    for one, villages in sorted(found.villages.items()):
        lines.append(Line("heading", names[str(one)]))
        lines += _folded(villages, {"": _("Village not known")})
    return Sheet(
        "members",
        titles()["members"],
        (_("Item"), _("Members"), _("Households")),
        (COUNT, COUNT),
        tuple(lines),
        (
            _("No group of fewer than %(count)s households is shown: small ones are told together,"
              " with the next smallest where one alone would stand out.", count=FEWEST_HOUSEHOLDS),
        ),
    )  # fmt: skip


def _folded(folded: Folded, names: Mapping[str, str], *, centres: bool = False) -> list[Line]:
    lines = [
        Line(
            "account",
            names.get(name, name),
            _counts(one),
            centre_id=int(name) if centres else None,
        )
        for name, one in sorted(folded.shown.items())
    ]
    if folded.hidden:
        return [Line("account", _("Too few households to be told"), (None, None))]
    if folded.rest is not None:
        words = _("%(count)s smaller ones together", count=folded.rest_groups)
        lines.append(Line("account", words, _counts(folded.rest)))
    if folded.total is not None:
        lines.append(Line("subtotal", _("Together"), _counts(folded.total)))
    return lines


def _counts(one: People) -> tuple[int, int]:
    return one.members, one.households


def _standing_words() -> dict[str, str]:
    return {
        "member": _("Member"),
        "suspended": _("Suspended"),
        "resigned": _("Resigned"),
        "expelled": _("Expelled"),
        "died": _("Died"),
    }


def _sales(scope: Scope) -> Sheet:
    found = trade.trade(scope)
    by_centre = sorted(found.centres.items(), key=lambda one: -one[1].taken_satang)
    lines = [Line("heading", _("By month"))]
    lines += [
        Line("account", show.month(month), (one.sales, one.taken_satang))
        for month, one in found.months.items()
    ]
    lines.append(Line("total", _("All months"), (found.total.sales, found.total.taken_satang)))
    lines.append(Line("heading", _("By centre")))
    lines += [
        Line("account", name_of(scope.centres[one]), (of.sales, of.taken_satang), centre_id=one)
        for one, of in by_centre
    ]
    bars = [
        Bar(_short(scope.centres[one]), of.taken_satang, show.baht(of.taken_satang))
        for one, of in by_centre[:BARS_MAX]
        if of.taken_satang > 0
    ]
    return Sheet(
        "sales",
        titles()["sales"],
        (_("Item"), _("Sales"), _("Taken, refunds off")),
        (COUNT, BAHT),
        tuple(lines),
        plot=_lying(bars, _("Takings by centre")) if bars else None,
    )


def _welfare(scope: Scope) -> Sheet:
    found = view_of(welfare.report(scope))
    lines = [_measured(one) for one in found.measures]
    lines += [Line("heading", _("What became of it"))]
    lines += [_measured(one) for one in found.uses]
    covered = _(
        "Goods with both reference prices: %(covered)s of what was sold, by value.",
        covered=found.coverage,
    )
    missing = [
        f"{one.words}: {_('Without references')} {one.missing}"
        for one in found.measures
        if one.missing
    ]
    return Sheet(
        "welfare",
        titles()["welfare"],
        (_("Measure"), _("Baht"), _("At lowest"), _("At highest")),
        (BAHT, BAHT, BAHT),
        tuple(lines),
        (found.headline, found.because, *found.warnings, covered, *missing),
        plot=found.gauge,
    )


def _measured(one: Measure) -> Line:
    ends = one.interval or (None, None)
    return Line("total" if one.total else "account", one.words, (one.satang, *ends))


def _book_notes(scope: Scope) -> tuple[str, ...]:
    if not scope.moved:
        return ()
    return (
        _("A centre that came or went counts for its own days; how things stand at the end counts"
          " where it is there on the last day."),
    )  # fmt: skip


def _short(centre: Centre) -> str:
    name = name_of(centre)
    return name if len(name) <= 34 else f"{name[:33]}…"


def _fields(made: Sheet) -> tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[Line, ...]]:
    return made.view, made.title, made.headings, made.kinds, made.lines
