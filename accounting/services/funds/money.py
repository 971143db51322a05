"""Where money of funds lies, and the entries their papers post.

What must stay true: money of funeral aid goes in and out of its own account only, every other
fund's through the shop's safe or bank; no more leaves the safe than the books have in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.vouchers import FutureDate
from accounting.services import ledger
from accounting.services.funds.register import FundCard
from core import clock
from core.actor import Actor
from core.db import serialise_on
from core.errors import N_, DomainError

SAFE, BANK, APART = "safe", "bank", "apart"
ACCOUNTS = {SAFE: Purpose.CASH_SAFE, BANK: Purpose.BANK, APART: Purpose.FUNERAL_MONEY}


class NotKeptThere(DomainError):
    """Money of funeral aid is apart from the shop's, and the shop's apart from it."""

    code, status, title = "fund-money-apart", 409, N_("This fund's money isn't kept there")
    detail = N_("Funeral aid has its own box or account; other funds use the safe or the bank.")


class SafeShort(DomainError):
    """The safe, or the box of the funeral aid, doesn't hold so much."""

    code, status, title = "fund-money-short", 409, N_("There is not enough money there")
    detail = N_("The books have %(held_satang)s baht there. Take it from elsewhere.")


def account_of(fund: FundCard, place: str) -> Purpose:
    """Return the account of a place; raise NotKeptThere where a fund's money may not be."""
    if (place == APART) != (fund.purpose is Purpose.FUNERAL_AID):
        raise NotKeptThere(field="place")
    return ACCOUNTS[place]


def require_there(centre_id: int, account: Purpose, satang: int, key: UUID) -> None:
    """Raise SafeShort when a box of cash doesn't hold so much; a bank is asked by its statement."""
    if account is Purpose.BANK:
        return
    serialise_on(key)
    held = ledger.balance(centre_id, account)
    if held < satang:
        raise SafeShort(field="place", held_satang=held)


def day(given: date | None) -> date:
    """Return the day of a paper, today unless told; raise FutureDate."""
    today = clock.today()
    if given is not None and given > today:
        raise FutureDate(field="business_date")
    return given or today


def post(
    kind: str,
    source: tuple[str, UUID],
    on: date,
    lines: Sequence[NewLine],
    memo: str,
    actor: Actor,
    also_number: tuple[str, int] | None = None,
) -> int | None:
    """Post an entry of a fund's paper; return the paper's number when one was asked for."""
    entry = NewEntry(kind, source[0], source[1], on, clock.now(), tuple(lines), memo[:200])
    return ledger.post(entry, actor, also_number).also_no
