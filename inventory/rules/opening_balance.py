"""What an import of the old books would post, beside what was given: equal to the satang, or not
taken.

What must stay true: no line is made to make sums meet. Every amount out comes from one line given;
a control account holds what its people's or lots' lines add up to, and the old books must say the
same; debits are credits. Where anything differs, it is named. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounting.rules.chart import Purpose
from core.errors import N_
from inventory.rules.opening_matching import (
    AccountMatch,
    Goods,
    KnownAccount,
    Person,
    PersonMatch,
)
from inventory.rules.opening_tables import FORMS, Problem, Read

PRODUCERS_OWED: Mapping[str, Purpose] = {
    "consignment": Purpose.CONSIGNMENT_PAYABLE,
    "outright": Purpose.PAYABLE_OUTRIGHT,
    "advances": Purpose.PRODUCER_ADVANCES,
}
MEMBERS_OWED: Mapping[str, Purpose] = {
    "shares": Purpose.SHARE_CAPITAL,
    "deposits": Purpose.MEMBER_PURSE,
    "owes": Purpose.MEMBER_RECEIVABLE,
    "dividends": Purpose.DIVIDENDS_PAYABLE,
    "patronage": Purpose.PATRONAGE_PAYABLE,
}
DEBITS = frozenset({Purpose.PRODUCER_ADVANCES, Purpose.MEMBER_RECEIVABLE, Purpose.INVENTORY})
OF_FUNDS = frozenset({Purpose.WELFARE_FUND, Purpose.PUBLIC_BENEFIT_FUND, Purpose.OTHER_FUNDS})
BY_TABLE: Mapping[Purpose, str] = {
    **dict.fromkeys(PRODUCERS_OWED.values(), "producers"),
    **dict.fromkeys(MEMBERS_OWED.values(), "members"),
    Purpose.INVENTORY: "stock",
}
"""Control accounts, and the table whose lines they are."""


@dataclass(frozen=True, slots=True)
class OutLine:
    """A line to post, and the line of the old books it is; `lot_line` names a lot to be made."""

    account: KnownAccount
    debit: int
    credit: int
    table: str
    line: int
    memo: str = ""
    person: Person | None = None
    """The producer or member, by the table."""
    lot_line: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An account: what the old books say of it, and what would be posted."""

    account: KnownAccount
    in_debit: int
    in_credit: int
    out_debit: int
    out_credit: int

    @property
    def difference(self) -> int:
        """What the old books have more than would be posted, debits less credits."""
        return (self.in_debit - self.in_credit) - (self.out_debit - self.out_credit)

    @property
    def table(self) -> str:
        """The table a control account's lines come from; empty for any other account."""
        return BY_TABLE.get(Purpose(self.account.purpose), "") if self.account.purpose else ""


@dataclass(frozen=True, slots=True)
class ColumnTotal:
    """A column of a table: its sum as given, and what comes out of it."""

    table: str
    column: str
    title: str
    kind: str
    given: int
    out: int


@dataclass(frozen=True, slots=True)
class Matches:
    """Everything given, matched."""

    accounts: tuple[AccountMatch, ...] = ()
    producers: tuple[PersonMatch, ...] = ()
    members: tuple[PersonMatch, ...] = ()
    stock: tuple[Goods, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Totals in beside totals out, and everything that keeps the import from being taken."""

    totals: tuple[ColumnTotal, ...]
    standings: tuple[Standing, ...]
    problems: tuple[Problem, ...]
    lines: tuple[OutLine, ...]

    @property
    def debit(self) -> int:
        return sum(line.debit for line in self.lines)

    @property
    def credit(self) -> int:
        return sum(line.credit for line in self.lines)

    @property
    def differing(self) -> tuple[Standing, ...]:
        return tuple(standing for standing in self.standings if standing.difference)

    @property
    def balances(self) -> bool:
        """Tell whether all that was given comes out, and debits are credits."""
        return (
            not self.differing
            and self.debit == self.credit
            and all(total.given == total.out for total in self.totals)
        )

    @property
    def can_be_taken(self) -> bool:
        return self.balances and not self.problems


def reconcile(
    reads: Mapping[str, Read],
    matches: Matches,
    more: Iterable[Problem],
    chart: Sequence[KnownAccount],
) -> Reconciliation:
    """Work out what would be posted, and set it beside what was given."""
    by_purpose: dict[str, KnownAccount] = {one.purpose: one for one in chart if one.purpose}
    problems = [*(problem for read in reads.values() for problem in read.problems), *more]
    lines = [
        *_account_lines(matches.accounts, problems),
        *_people_lines("producers", matches.producers, PRODUCERS_OWED, by_purpose),
        *_people_lines("members", matches.members, MEMBERS_OWED, by_purpose),
        *_stock_lines(matches.stock, by_purpose[Purpose.INVENTORY]),
    ]
    return Reconciliation(
        totals=tuple(_totals(reads, matches, lines)),
        standings=_standings(matches.accounts, lines),
        problems=tuple(sorted(problems, key=lambda one: (list(FORMS).index(one.table), one.line))),
        lines=tuple(lines),
    )


# --- lines -----------------------------------------------------------------------------------


def _account_lines(matches: Iterable[AccountMatch], problems: list[Problem]) -> list[OutLine]:
    """One line for each line of an ordinary account; control accounts come from their tables."""
    lines = []
    for match in matches:
        line, account = match.line, match.account
        debit, credit = line.amount("debit"), line.amount("credit")
        words = _refused(account, debit, credit)
        if words:
            facts = {"name": f"{line.code} {line.name}".strip()}
            problems.append(Problem("accounts", line.number, words, facts))
        elif account is not None and not account.control_key and (debit or credit):
            memo = f"{line.code} {line.name}".strip()
            lines.append(OutLine(account, debit, credit, "accounts", line.number, memo))
    return lines


def _refused(account: KnownAccount | None, debit: int, credit: int) -> str:
    """Return why a line of the accounts can't be taken; empty when it can."""
    if debit and credit:
        return N_("%(name)s has a debit and a credit. Write the balance, on one side.")
    if not (debit or credit):
        return ""
    if account is None:
        return N_("%(name)s is none of our accounts by code or name. Choose which one it is.")
    return _refused_account(account)


def _refused_account(account: KnownAccount) -> str:
    if account.purpose == Purpose.CASH_TILL:
        return N_(
            "Money in a drawer is counted in when the shift opens. Choose the cash in the safe for"
            " %(name)s."
        )
    if account.purpose in OF_FUNDS and account.fund_id is None:
        return N_("%(name)s is kept by fund. Choose the fund, or enter it under Funds first.")
    if account.control_key and account.purpose not in BY_TABLE:
        return N_(
            "%(name)s is kept by person here and none of the tables has it. Choose another account."
        )
    return ""


def _people_lines(
    table: str,
    matches: Iterable[PersonMatch],
    owed: Mapping[str, Purpose],
    chart: Mapping[str, KnownAccount],
) -> list[OutLine]:
    lines = []
    for match in matches:
        for column, purpose in owed.items():
            satang = match.line.amount(column)
            if not satang:
                continue
            debit, credit = (satang, 0) if purpose in DEBITS else (0, satang)
            lines.append(
                OutLine(
                    chart[purpose], debit, credit, table, match.line.number, person=match.person
                )
            )
    return lines


def _stock_lines(goods: Iterable[Goods], inventory: KnownAccount) -> list[OutLine]:
    return [
        OutLine(inventory, one.cost_satang, 0, "stock", one.line.number, lot_line=one.line.number)
        for one in goods
        if one.cost_satang
    ]


# --- sums ------------------------------------------------------------------------------------


def _standings(matches: Iterable[AccountMatch], lines: Iterable[OutLine]) -> tuple[Standing, ...]:
    accounts: dict[str, KnownAccount] = {}
    sums: dict[str, list[int]] = {}

    def add(account: KnownAccount, *amounts: int) -> None:
        accounts[account.code] = account
        known = sums.setdefault(account.code, [0, 0, 0, 0])
        for place, amount in enumerate(amounts):
            known[place] += amount

    for match in matches:
        if match.account is not None:
            add(match.account, match.line.amount("debit"), match.line.amount("credit"), 0, 0)
    for line in lines:
        add(line.account, 0, 0, line.debit, line.credit)
    return tuple(Standing(accounts[code], *sums[code]) for code in sorted(sums))


def _totals(
    reads: Mapping[str, Read], matches: Matches, lines: Sequence[OutLine]
) -> Iterable[ColumnTotal]:
    """Each column as given beside what comes of it: lines to post, goods to lay on the shelf.

    The accounts' own columns are set beside all that is posted, for that is what they are of.
    """
    for table, read in reads.items():
        for column in read.form.columns:
            if column.name not in read.sums or column.name == "unit_cost":
                continue
            given = read.sums[column.name]
            if table == "accounts":
                out = sum(getattr(line, column.name) for line in lines)
            elif column.name == "quantity":
                out = sum(one.line.quantity_milli for one in matches.stock)
            elif table == "stock":
                out = sum(one.line.amount("total") for one in matches.stock)
            else:
                purpose = {**PRODUCERS_OWED, **MEMBERS_OWED}[column.name]
                out = sum(
                    line.debit + line.credit
                    for line in lines
                    if line.table == table and line.account.purpose == purpose
                )
            yield ColumnTotal(table, column.name, column.title, column.kind, given, out)
