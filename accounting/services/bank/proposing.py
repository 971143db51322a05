"""Proposing what a bank line may be, and matching at one press what is certain.

What must stay true: nothing is matched by itself but what has one partner only on either side (a
transfer awaited: at any bank) and posts into no locked month; the rest is shown to a person,
likeliest first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from accounting.rules import bank_matching as rules
from accounting.rules.chart import Purpose
from accounting.rules.periods import period_of
from accounting.services import chart, periods
from accounting.services.bank import accounts, files, matching, open_items
from accounting.services.bank.matching import LineMatched, MatchMoney
from accounting.services.bank.open_items import OpenItem, OpenLine
from accounting.services.chart import AccountCard
from core.actor import Actor
from core.errors import NotFound
from core.ids import uuid7
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought
from members.services import access

AT_ONCE = 300
"""How many lines one press looks at; a press more goes on."""
ITEMS_MAX = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line of the books that could be a bank line; `why` is set when it is certain."""

    item: OpenItem
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An open bank line with what it may be, likeliest first."""

    line: OpenLine
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class OneLine:
    """An open bank line, all that could be chosen for it, and other open lines beside it."""

    account: AccountCard
    line: OpenLine
    proposals: tuple[Proposal, ...]
    items: tuple[OpenItem, ...]
    lines: tuple[OpenLine, ...]


def page(
    account_id: UUID, window: Window, actor: Actor, sought: Sought = NOTHING
) -> Page[Proposed]:
    """Return open lines of an account, oldest first, with proposals. Raises Forbidden, NotFound."""
    access.require(actor, "bank.read")
    account = accounts.card(actor.centre_id, account_id)
    where = open_items.narrowed(sought)
    if window.after and window.after.isascii() and window.after.isdigit():
        where += [open_items.after_position(int(window.after[:9]))]
    lines = open_items.lines(actor.centre_id, account.id, None, *where, limit=window.limit + 1)
    shown = page_of(lines, window, lambda line: str(line.position))
    return Page(tuple(_proposed(account, shown.items, actor)), shown.next)


def certain_count(account_id: UUID, actor: Actor) -> int:
    """Return how many lines one press would match. Raises Forbidden."""
    access.require(actor, "bank.read")
    return len(_certain(accounts.card(actor.centre_id, account_id), actor))


def match_certain(account_id: UUID, actor: Actor) -> int:
    """Match what is certain, up to 300 lines, and return how many.

    Raises what `matching.match` raises; then nothing of it was done.
    """
    access.require(actor, "bank.change")
    files.one_at_a_time(actor.centre_id)
    groups = _certain(accounts.card(actor.centre_id, account_id), actor)
    for line, items in groups:
        keys = tuple(item.key for item in items)
        command = MatchMoney(uuid7(), account_id, (line.id,), keys, how="certain")
        matching.match(command, actor)
    return len(groups)


def account_of(line_id: UUID, actor: Actor) -> UUID:
    """Return the account of a line, open or matched. Raises Forbidden, NotFound."""
    access.require(actor, "bank.read")
    return _line(line_id, actor).account_id


def one(line_id: UUID, actor: Actor) -> OneLine:
    """Return an open line with all that could be chosen for it.

    Raises LineMatched, NotFound, Forbidden.
    """
    access.require(actor, "bank.read")
    line = _line(line_id, actor)
    if open_items.matched_lines(actor.centre_id, [line_id]):
        raise LineMatched
    account = accounts.card(actor.centre_id, line.account_id)
    near = _near([line], far=line.kind == "opening")
    items = open_items.items(
        actor.centre_id, _account_ids(account, actor), None, *near, limit=ITEMS_MAX
    )
    [proposed] = _proposed(account, [line], actor)
    beside = open_items.lines(
        actor.centre_id,
        account.id,
        None,
        open_items.line_days(line.day - timedelta(days=7), line.day + timedelta(days=7)),
        limit=ITEMS_MAX,
    )
    return OneLine(
        account,
        line,
        proposed.proposals,
        tuple(items),
        tuple(other for other in beside if other.id != line.id),
    )


def _line(line_id: UUID, actor: Actor) -> OpenLine:
    for line in open_items.lines_by_id(actor.centre_id, [line_id]):
        return line
    raise NotFound(what="bank_line")


def _proposed(account: AccountCard, lines: Sequence[OpenLine], actor: Actor) -> list[Proposed]:
    if not lines:
        return []
    items = _candidates(account, lines, actor)
    by_key = {item.key: item for item in items}
    sure = {
        line.id: (items_of, why)
        for line, items_of, why in _certain_among(account, lines, items, actor)
    }
    settled = {item.key for of_line, _ in sure.values() for item in of_line}
    left = [item.rule for item in items if item.key not in settled]
    found = []
    for line in lines:
        if line.id in sure:
            of_line, why = sure[line.id]
            found.append(Proposed(line, tuple(Proposal(item, why) for item in of_line)))
            continue
        likely = rules.proposed(line.rule, left)
        found.append(Proposed(line, tuple(Proposal(by_key[item.key]) for item in likely)))
    return found


def _certain(account: AccountCard, actor: Actor) -> list[tuple[OpenLine, tuple[OpenItem, ...]]]:
    """Return what one press matches: what would post into a locked month is left to a person."""
    lines = open_items.lines(actor.centre_id, account.id, limit=AT_ONCE)
    if not lines:
        return []
    items = _candidates(account, lines, actor)
    return [(line, of_line) for line, of_line, _ in _certain_among(account, lines, items, actor)]


def _certain_among(
    account: AccountCard, lines: Sequence[OpenLine], items: Sequence[OpenItem], actor: Actor
) -> list[tuple[OpenLine, tuple[OpenItem, ...], str]]:
    """Return what is certain of these lines and would post into no locked month."""
    months = {period_of(line.day): line.day for line in lines}
    shut = {month for month, day in months.items() if not periods.is_open(actor.centre_id, day)}
    return [
        (line, of_line, why)
        for line, of_line, why in _unrivalled(account, lines, items, actor)
        if period_of(line.day) not in shut or all(item.account_id == account.id for item in of_line)
    ]


def _unrivalled(
    account: AccountCard, lines: Sequence[OpenLine], items: Sequence[OpenItem], actor: Actor
) -> list[tuple[OpenLine, tuple[OpenItem, ...], str]]:
    """Return what has one partner only, measured against every open line as a rival."""
    shown = {line.id: line for line in lines}
    by_key = {item.key: item for item in items}
    found = []
    for line in lines:
        if line.kind == "opening" and (before := _before(account, line, actor)):
            found.append((line, before, "opening"))
    gone = {item.key for _, of_line, _ in found for item in of_line}
    left = [_rule(item, account) for item in items if item.key not in gone]
    for pair in rules.certain(_rivals(lines, actor), left):
        if pair.line.id in shown:
            found.append((shown[pair.line.id], (by_key[pair.item.key],), pair.why))
    return found


def _rivals(lines: Sequence[OpenLine], actor: Actor) -> list[rules.Line]:
    """Return every open line like these, at any bank: what is awaited may have come there too."""
    amounts = {line.amount_satang for line in lines}
    first = min(line.day for line in lines) - timedelta(days=2 * rules.DAYS_FAR)
    last = max(line.day for line in lines) + timedelta(days=2 * rules.DAYS_FAR)
    days = open_items.line_days(first, last)
    return [
        rival.rule
        for bank in accounts.cards(actor.centre_id)
        for rival in open_items.lines(actor.centre_id, bank.id, None, days)
        if rival.amount_satang in amounts and rival.kind == "line"
    ]


def _rule(item: OpenItem, account: AccountCard) -> rules.Item:
    """Return the item as the rule knows it; what isn't the account's own is awaited at any bank."""
    own = item.account_id == account.id
    return replace(item.rule, account_id=account.id if own else None)


def _before(account: AccountCard, line: OpenLine, actor: Actor) -> tuple[OpenItem, ...]:
    """Return what the books had before the first statement, when that is its opening balance."""
    items = open_items.items(
        actor.centre_id,
        [account.id],
        None,
        open_items.days_between(line.day.replace(year=1900, month=1, day=1), line.day),
        limit=ITEMS_MAX + 1,
    )
    earlier = tuple(item for item in items if item.day < line.day)
    opened = tuple(item for item in items if item.kind.startswith("opening"))
    for group in (earlier, opened):
        if 0 < len(group) <= ITEMS_MAX and sum(map(_amount, group)) == line.amount_satang:
            return group
    return ()


def _amount(item: OpenItem) -> int:
    return item.amount_satang


def _candidates(account: AccountCard, lines: Sequence[OpenLine], actor: Actor) -> list[OpenItem]:
    amounts = {line.amount_satang for line in lines}
    return open_items.items(
        actor.centre_id,
        _account_ids(account, actor),
        None,
        open_items.amount_among(amounts),
        *_near(lines),
    )


def _near(lines: Sequence[OpenLine], *, far: bool = False) -> list[open_items.Condition]:
    days = timedelta(days=rules.DAYS_FAR)
    first, last = min(line.day for line in lines) - days, max(line.day for line in lines) + days
    if far:
        first = first.replace(year=1900, month=1, day=1)
    return [open_items.days_between(first, last)]


def _account_ids(account: AccountCard, actor: Actor) -> Collection[UUID]:
    return [account.id, chart.account_for(actor.centre_id, Purpose.TRANSFERS_AWAITING).id]
