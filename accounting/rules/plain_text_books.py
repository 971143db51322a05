"""The books as plain text that other programs judge: beancount and hledger. Pure.

What must stay true: account names are ASCII and unique, one for every account and, below a control
account, one for every producer or member; whatever people typed stays on its line and inside its
quotes, so no memo can become a posting; both formats carry the same amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

CURRENCY = "THB"
ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}
_NOT_ASCII_NAME = re.compile(r"[^A-Za-z0-9]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account, or a producer's or member's part of one, under its name in the file."""

    name: str
    type: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on an account: debits above zero, credits below."""

    account: str
    satang: int
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transaction:
    """An entry of the journal."""

    on: date
    number: str
    words: str
    facts: Mapping[str, str]
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What accounts hold at the end of a month, with everything below them."""

    on: date
    balances: Mapping[str, int]


Item = Transaction | MonthEnd


def account_name(type_: str, code: str, name_en: str) -> str:
    """Return an account's name: its type, then code and English name in ASCII.

    2120 "Consignment payable" → Liabilities:2120-Consignment-payable
    """
    words = "-".join(part for part in (_ascii(code), _ascii(name_en)) if part)
    return f"{ROOTS[type_]}:{_begun(words or 'Account')}"


def party_name(account: str, number: str) -> str:
    """Return the name of a producer's or member's part: P-0001 → …:P-0001."""
    return f"{account}:{_begun(_ascii(number) or 'Party')}"


class Names:
    """Gives each key one name for ever; a name already taken gets a number behind it."""

    def __init__(self) -> None:
        self._given: dict[object, str] = {}
        self._taken: set[str] = set()

    def of(self, key: object, wanted: str) -> str:
        """Return the name of `key`, which is as close to `wanted` as is free."""
        if key not in self._given:
            name, more = wanted, 1
            while name.lower() in self._taken:
                more += 1
                name = f"{wanted}-x{more}"
            self._taken.add(name.lower())
            self._given[key] = name
        return self._given[key]


def amount(satang: int) -> str:
    """Return satang as a decimal: -5 → -0.05."""
    whole, part = divmod(abs(satang), 100)
    return f"{'-' if satang < 0 else ''}{whole}.{part:02d}"


# --- beancount -------------------------------------------------------------------------------


def beancount(
    title: str, opened_on: date, accounts: Iterable[NamedAccount], items: Iterable[Item]
) -> Iterator[str]:
    """Yield a beancount file, a piece at a time; a balance is asked for exactly, with no slack."""
    yield f'option "title" {_quoted(title)}\noption "operating_currency" "{CURRENCY}"\n\n'
    for account in accounts:
        yield f"{opened_on} open {account.name} {CURRENCY}\n"
        yield from _metadata(account.facts, "  ")
    for item in items:
        yield "\n"
        if isinstance(item, MonthEnd):
            # beancount balances are those of a morning.
            morning = item.on + timedelta(days=1)
            for name, satang in item.balances.items():
                yield f"{morning} balance {name}  {amount(satang)} ~ 0 {CURRENCY}\n"
            continue
        yield f"{item.on} * {_quoted(item.number)} {_quoted(item.words)}\n"
        yield from _metadata(item.facts, "  ")
        for posting in item.postings:
            yield f"  {posting.account}  {amount(posting.satang)} {CURRENCY}\n"
            yield from _metadata(posting.facts, "    ")


def _metadata(facts: Mapping[str, str], indent: str) -> Iterator[str]:
    for name, value in facts.items():
        if value:
            yield f"{indent}{name}: {_quoted(value)}\n"


def _quoted(words: str) -> str:
    plain = _one_line(words).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


# --- hledger ---------------------------------------------------------------------------------


def hledger(
    title: str, opened_on: date, accounts: Iterable[NamedAccount], items: Iterable[Item]
) -> Iterator[str]:
    """Yield an hledger journal, a piece at a time; `opened_on` is the day the books begin."""
    yield f"; {_one_line(title)}\n; {opened_on}\ncommodity 1000.00 {CURRENCY}\n\n"
    for account in accounts:
        yield f"account {account.name}\n"
        yield from _tags(account.facts, "    ")
    for item in items:
        yield "\n"
        if isinstance(item, MonthEnd):
            yield f"{item.on} * Balances at the end of the month\n"
            for name, satang in item.balances.items():
                yield f"    {name}  0.00 {CURRENCY} =* {amount(satang)} {CURRENCY}\n"
            continue
        # A semicolon would begin a comment, a bar part the payee from the note.
        words = f"{item.number} {item.words}".translate(_IN_DESCRIPTION)
        yield f"{item.on} * {_one_line(words)}\n"
        yield from _tags(item.facts, "    ")
        for posting in item.postings:
            yield f"    {posting.account}  {amount(posting.satang)} {CURRENCY}\n"
            yield from _tags(posting.facts, "    ")


_IN_DESCRIPTION = str.maketrans({";": ",", "|": "/"})
_IN_TAG = str.maketrans({",": " ", "[": "(", "]": ")"})
"""A comma ends a tag, and square brackets may hold a date of a posting."""


def _tags(facts: Mapping[str, str], indent: str) -> Iterator[str]:
    for name, value in facts.items():
        if value:
            # A colon would begin another tag, even `date:`, which moves a posting.
            plain = _one_line(value).translate(_IN_TAG).replace(":", "\N{RATIO}")
            yield f"{indent}; {name}: {plain}\n"


# --- words -----------------------------------------------------------------------------------


def _one_line(words: str) -> str:
    return _UNPRINTABLE.sub(" ", words).strip()


def _ascii(words: str) -> str:
    return _NOT_ASCII_NAME.sub("-", words).strip("-")


def _begun(words: str) -> str:
    """A part of a name begins with a capital or a digit."""
    return words[0].upper() + words[1:]
