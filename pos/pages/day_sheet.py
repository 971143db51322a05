"""A table of the manager's day: what it is made of, and the columns several have.

What must stay true: a page and its file show the same rows; who may not compare cashiers does not
see what the centre keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.actor import Actor
from core.web import show
from core.web.sheets import Cell, Figure, Table, baht_figure
from inventory.services.supply import ProductName
from members.rules.roles import allowed
from pos.rules.day_figures import Figures, part
from pos.services.day_figures.exceptions import PERMISSION
from pos.services.day_figures.reading import Read

WORDS, BAHT, COUNT, PART, MILLI = "words", "baht", "count", "part", "milli"
"""What stands in a column: text, satang, a number, hundredths of a per cent, thousandths."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `drill` is what the list of sales is narrowed to, `link` another page."""

    cells: tuple[Any, ...]
    drill: Mapping[str, str] | None = None
    link: tuple[str, Mapping[str, Any]] | None = None
    total: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings with what kind of value stands below each."""

    view: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, the one before it, and who reads."""

    actor: Actor
    read: Read
    before: Read

    @property
    def inside(self) -> bool:
        """Whether the reader may compare cashiers and see what the centre keeps."""
        return allowed(self.actor.roles, PERMISSION)


def titles() -> dict[str, str]:
    """Return each view's name."""
    return {
        "hours": _("Takings by hour"),
        "tenders": _("Takings by way of paying"),
        "products": _("Takings by product"),
        "categories": _("Takings by category"),
        "producers": _("Takings by producer"),
        "villages": _("Takings by the producers' village"),
        "cashiers": _("Takings by cashier"),
        "tills": _("Takings by till"),
        "days": _("Takings by day"),
        "best": _("Best sellers"),
        "slow": _("Slow sellers"),
        "order": _("What to order"),
        "bring": _("What to ask producers for"),
        "expiring": _("Goods near their day"),
    }


def table_of(made: Sheet) -> Table:
    """Return a table as a file's: figures as plain numbers."""
    return Table(
        made.view,
        [words for words, _kind in made.columns],
        [
            [_cell(one, kind) for one, (_words, kind) in zip(row.cells, made.columns, strict=True)]
            for row in made.rows
        ],
    )


def _cell(value: Any, kind: str) -> Cell:
    if value is None:
        return ""
    if kind == BAHT:
        return baht_figure(value)
    if kind == PART:
        return Figure(percent(value))
    if kind == MILLI:
        return Figure(show.quantity(value).replace(",", ""))
    return value if isinstance(value, int) else str(value)


# --- columns several tables have -------------------------------------------------------------


def compared(net: int, before: int) -> tuple[int, int | None]:
    """Return what the period before came to and the change in hundredths of a per cent."""
    change = part(abs(net - before), abs(before)) if before else None
    return before, change if change is None or net >= before else -change


def change_columns() -> tuple[tuple[str, str], ...]:
    return (_("Period before"), BAHT), (_("Change in per cent"), PART)


def kept_columns(asked: Asked) -> tuple[tuple[str, str], ...]:
    if not asked.inside:
        return ()
    return (
        (_("To producers"), BAHT),
        (_("Cost of own goods"), BAHT),
        (_("Stays with the centre"), BAHT),
    )


def kept(asked: Asked, one: Figures) -> tuple[int, ...]:
    return (one.producer_satang, one.cost_satang, one.kept_satang) if asked.inside else ()


def of_goods(
    view: str,
    columns: tuple[tuple[str, str], ...],
    rows: list[Row],
    asked: Asked,
    goods_satang: int,
) -> Sheet:
    """Return a table of goods, with what its sum lacks: cash is rounded for the whole receipt."""
    rounded = asked.read.whole().net_satang - goods_satang
    words = _("Cash rounding of %(amount)s baht is of no goods.", amount=show.baht(rounded))
    return Sheet(view, titles()[view], columns, tuple(rows), words if rounded else "")


def percent(basis_points: int) -> str:
    """Return hundredths of a per cent as a per cent, one below zero too."""
    sign = "-" if basis_points < 0 else ""
    return f"{sign}{show.percent(abs(basis_points))}"


def name_of(product: ProductName) -> str:
    """Return a product's name in the reader's language."""
    return (show.language() == "en" and product.name_en) or product.name_th
