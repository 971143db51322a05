"""The books of many centres read as one: which accounts are the same, and what is eliminated.

What must stay true: an account that rules post to is the same in every centre, whatever it is
called there; what a centre called an account of its own may name people, so it never shows in a
roll-up, only its group does. What goes from one centre of the roll-up to another is no turnover.
Pure; money in satang.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from accounting.rules.chart import Purpose, SeedAccount
from accounting.rules.statements import AccountFacts

OWN = "own"
Sums = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class SharedAccount:
    """An account of the roll-up; `key` is its purpose, or the group of centres' own accounts."""

    code: str
    key: str
    type: str
    purpose: str | None
    money: str

    @property
    def facts(self) -> AccountFacts:
        """What a statement must know of it."""
        return AccountFacts(identity(self.key), self.code, self.type, self.purpose, self.money)


@dataclass(frozen=True, slots=True)
class TrialLine:
    """Turnover of an account over all centres, and what of it was between them."""

    account: SharedAccount
    debit: int
    credit: int
    between: int
    """Taken off both sides."""

    @property
    def balance(self) -> int:
        return self.debit - self.credit


def identity(key: str) -> UUID:
    """Return the id under which a statement names the account."""
    return uuid5(NAMESPACE_OID, f"rollup:{key}")


def shared(
    purpose: str | None, type_: str, code_start: str, money: str, seed: Mapping[str, str]
) -> SharedAccount:
    """Return the account of the roll-up that a centre's account belongs to.

    `seed` gives the code of each purpose; of own accounts only the first digits are kept.
    """
    if purpose is not None:
        return SharedAccount(seed.get(purpose, code_start), purpose, type_, purpose, money)
    key = ":".join(part for part in (OWN, type_, code_start, money) if part)
    return SharedAccount(code_start, key, type_, None, money)


def seed_codes(accounts: Iterable[SeedAccount]) -> dict[str, str]:
    """Return the code of each purpose in the seed chart."""
    return {one.purpose.value: one.code for one in accounts}


def trial(sums: Mapping[SharedAccount, Sums], arrived_between: int) -> tuple[TrialLine, ...]:
    """Return the trial balance by code; what arrived from a centre of the roll-up is eliminated.

    The sender's goods in transit and its inventory went down by it, the receiver's went up: of both
    accounts so much is taken off each side.
    """
    off = {Purpose.GOODS_IN_TRANSIT.value, Purpose.INVENTORY.value}
    return tuple(
        TrialLine(
            account,
            debit - (arrived_between if account.key in off else 0),
            credit - (arrived_between if account.key in off else 0),
            arrived_between if account.key in off else 0,
        )
        for account, (debit, credit) in sorted(sums.items())
        if debit or credit
    )


def summed(parts: Iterable[Mapping[SharedAccount, Sums]]) -> dict[SharedAccount, Sums]:
    """Return the sum of the centres."""
    whole: dict[SharedAccount, Sums] = {}
    for part in parts:
        for account, (debit, credit) in part.items():
            before = whole.get(account, (0, 0))
            whole[account] = before[0] + debit, before[1] + credit
    return whole


def nets(sums: Mapping[SharedAccount, Sums]) -> dict[UUID, int]:
    """Return debits less credits, as statements read them."""
    return {identity(one.key): debit - credit for one, (debit, credit) in sums.items()}
