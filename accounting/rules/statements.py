"""Income statement, balance sheet and cash flow, from what accounts moved. Pure; money in satang.

What must stay true, for any balanced history: the balance sheet balances; the result of a span is
the change in equity that nobody posted there directly; the cash flow explains the change of money
to the satang. A producer who owes us is shown as owing, on both sides, and nothing is posted for
it (the ledger keeps its own figure in sight).
Signs: an account stands the way its group does, so a contra account (depreciation so far, discounts
given) is below zero in its group.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from accounting.rules.chart import DEBIT_TYPES, Purpose
from core.errors import N_

Nets = Mapping[UUID, int]
"""Debits less credits by account."""
Amounts = tuple[int, ...]
"""One for each column."""

KINDS = ("income", "balance", "cash_flow")
NAMES = {
    "income": N_("Income statement"),
    "balance": N_("Balance sheet"),
    "cash_flow": N_("Cash flow"),
}
GOODS = frozenset(
    {Purpose.COST_OF_GOODS, Purpose.WASTE, Purpose.COUNT_DIFFERENCE, Purpose.ABSORBED_RETURNS}
)
"""What the goods themselves cost."""
OWNERS = frozenset({Purpose.DIVIDENDS_PAYABLE, Purpose.PATRONAGE_PAYABLE})
"""Owed to members as owners: paying it is financing, like their shares."""
LONG_LIVED = "15"
"""Codes of things kept for years begin like this, the seed's and people's own."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a statement must know of an account."""

    id: UUID
    code: str
    type: str
    purpose: str | None = None
    money: str = ""

    @property
    def sign(self) -> int:
        """1 when it rises by debits, −1 when by credits."""
        return 1 if self.type in DEBIT_TYPES else -1

    @property
    def counts_in_result(self) -> bool:
        return self.type in {"income", "expense"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a statement: an account, or words (a msgid).

    `role` is heading, account, moved (shown elsewhere than posted), reckoned (worked out from other
    accounts), subtotal or total.
    """

    role: str
    amounts: Amounts
    words: str = ""
    account_id: UUID | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement's rows from top to bottom; sums by their key."""

    kind: str
    rows: tuple[Row, ...]
    totals: Mapping[str, Amounts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BalanceColumn:
    """What a balance sheet at the end of a day is made from.

    `nets` are of all days until then; `year` what moved since the fiscal year began, closing
    entries too; `producers_owe` the sum of producers' debit balances within what we owe producers.
    """

    nets: Nets
    year: Nets
    producers_owe: int = 0


@dataclass(frozen=True, slots=True)
class FlowColumn:
    """What a cash flow is made from: what moved in a span, and the money there was before it."""

    moved: Nets
    money_before: int


class _Sheet:
    """Rows being written down; keeps the sums of the section it is in."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[Row] = []
        self.totals: dict[str, Amounts] = {}
        self._open = [0] * width

    def heading(self, words: str) -> None:
        self.rows.append(Row("heading", (), words))
        self._open = [0] * self.width

    def account(self, one: AccountFacts, amounts: Iterable[int]) -> None:
        self._put(Row("account", tuple(amounts), account_id=one.id))

    def words(self, role: str, key: str, words: str, amounts: Iterable[int]) -> None:
        self._put(Row(role, tuple(amounts), words, key=key))

    def _put(self, row: Row) -> None:
        if any(row.amounts):
            self.rows.append(row)
            self._open = [
                so_far + amount for so_far, amount in zip(self._open, row.amounts, strict=True)
            ]

    def close(self, key: str, words: str) -> Amounts:
        """End a section with its sum."""
        return self.sum("subtotal", key, words, tuple(self._open))

    def sum(self, role: str, key: str, words: str, amounts: Iterable[int]) -> Amounts:
        self.totals[key] = tuple(amounts)
        self.rows.append(Row(role, self.totals[key], words, key=key))
        return self.totals[key]

    def statement(self, kind: str) -> Statement:
        return Statement(kind, tuple(self.rows), self.totals)


def result_of(accounts: Iterable[AccountFacts], nets: Nets) -> int:
    """Return income less costs."""
    return -sum(nets.get(one.id, 0) for one in accounts if one.counts_in_result)


def money_of(accounts: Iterable[AccountFacts], nets: Nets) -> int:
    """Return what stands on the accounts that are money."""
    return sum(nets.get(one.id, 0) for one in accounts if one.money)


def income_statement(accounts: Collection[AccountFacts], columns: Sequence[Nets]) -> Statement:
    """Return income, what the goods cost, other costs and the result.

    `columns` are what moved in each span, entries that close a year left out.
    """
    sheet = _Sheet(len(columns))
    _section(sheet, accounts, columns, N_("Income"), lambda one: one.type == "income")
    income = sheet.close("income", N_("Total income"))
    _section(sheet, accounts, columns, N_("Cost of goods"), _is_goods)
    goods = sheet.close("goods", N_("Total cost of goods"))
    sheet.sum("subtotal", "margin", N_("Income less cost of goods"), _less(income, goods))
    _section(
        sheet,
        accounts,
        columns,
        N_("Other costs"),
        lambda one: one.type == "expense" and not _is_goods(one),
    )
    other = sheet.close("other_costs", N_("Total other costs"))
    sheet.sum("total", "result", N_("Surplus or loss"), _less(_less(income, goods), other))
    return sheet.statement("income")


def balance_sheet(
    accounts: Collection[AccountFacts], columns: Sequence[BalanceColumn]
) -> Statement:
    """Return what the centre has, what it owes, and what is its own, at the ends of days."""
    sheet = _Sheet(len(columns))
    nets = [column.nets for column in columns]
    owed = [column.producers_owe for column in columns]
    _section(sheet, accounts, nets, N_("Money"), lambda one: bool(one.money))
    money = sheet.close("money", N_("Total money"))
    _section(
        sheet,
        accounts,
        nets,
        N_("Goods and claims"),
        lambda one: one.type == "asset" and not one.money and not _is_long_lived(one),
    )
    sheet.words("moved", "producers_owe", N_("Owed by producers, from what we owe them"), owed)
    current = sheet.close("claims", N_("Total goods and claims"))
    _section(sheet, accounts, nets, N_("Equipment"), _is_long_lived)
    lasting = sheet.close("lasting", N_("Total equipment"))
    assets = sheet.sum("total", "assets", N_("Total assets"), _plus(money, current, lasting))
    _section(sheet, accounts, nets, N_("Debts"), lambda one: one.type == "liability")
    sheet.words("moved", "owed_by_producers", N_("Shown above as owed by producers"), owed)
    debts = sheet.close("debts", N_("Total debts"))
    _section(sheet, accounts, nets, N_("Own capital"), lambda one: one.type == "equity")
    year = [result_of(accounts, column.year) for column in columns]
    whole = [result_of(accounts, column.nets) for column in columns]
    earlier = _less(whole, year)
    sheet.words("reckoned", "year_so_far", N_("Result of the year so far"), year)
    sheet.words("reckoned", "years_before", N_("Results of earlier years, not closed"), earlier)
    own = sheet.close("equity", N_("Total own capital"))
    both = sheet.sum("total", "debts_and_equity", N_("Debts and own capital"), _plus(debts, own))
    assert both == assets, "a balance sheet that does not balance: lines are missing"
    return sheet.statement("balance")


def cash_flow(accounts: Collection[AccountFacts], columns: Sequence[FlowColumn]) -> Statement:
    """Return how the result and everything else turned into money (the indirect way)."""
    sheet = _Sheet(len(columns))
    moved = [column.moved for column in columns]
    rest = [one for one in accounts if not one.money and not one.counts_in_result]
    sheet.heading(N_("From the centre's work"))
    results = [result_of(accounts, nets) for nets in moved]
    sheet.words("reckoned", "result", N_("Surplus or loss"), results)
    groups: tuple[tuple[str, str, str, Callable[[AccountFacts], bool]], ...] = (
        ("", "work", N_("Money from the centre's work"), _is_work),
        (N_("Equipment"), "lasting", N_("Money from equipment"), _is_investment),
        (N_("Members and funds"), "owners", N_("Money from members and funds"), _is_owners),
    )
    sums = []
    for heading, key, words, belongs in groups:
        if heading:
            sheet.heading(heading)
        for one in rest:
            if belongs(one):
                sheet.account(one, [-nets.get(one.id, 0) for nets in moved])
        sums.append(sheet.close(key, words))
    change = sheet.sum("total", "change", N_("Change of money"), _plus(*sums))
    opening = [column.money_before for column in columns]
    sheet.sum("subtotal", "before", N_("Money at the beginning"), opening)
    sheet.sum("total", "after", N_("Money at the end"), _plus(opening, change))
    assert change == tuple(money_of(accounts, nets) for nets in moved), "money left unexplained"
    return sheet.statement("cash_flow")


def _section(
    sheet: _Sheet,
    accounts: Iterable[AccountFacts],
    columns: Sequence[Nets],
    heading: str,
    belongs: Callable[[AccountFacts], bool],
) -> None:
    sheet.heading(heading)
    for one in accounts:
        if belongs(one):
            sheet.account(one, [one.sign * nets.get(one.id, 0) for nets in columns])


def _is_goods(one: AccountFacts) -> bool:
    return one.type == "expense" and one.purpose in GOODS


def _is_long_lived(one: AccountFacts) -> bool:
    return one.type == "asset" and not one.money and one.code.startswith(LONG_LIVED)


def _is_investment(one: AccountFacts) -> bool:
    return _is_long_lived(one) and one.purpose != Purpose.ACCUMULATED_DEPRECIATION


def _is_owners(one: AccountFacts) -> bool:
    return one.type == "equity" or one.purpose in OWNERS


def _is_work(one: AccountFacts) -> bool:
    return not _is_investment(one) and not _is_owners(one)


def _less(these: Sequence[int], those: Sequence[int]) -> Amounts:
    return tuple(one - other for one, other in zip(these, those, strict=True))


def _plus(*columns: Sequence[int]) -> Amounts:
    return tuple(sum(amounts) for amounts in zip(*columns, strict=True))
