"""Reading a voucher's form into its content, and writing a content back as it is typed.

What must stay true: what is wrong goes to the very cell it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from accounting.pages.asking import typed
from accounting.rules.vouchers import (
    BY_HAND,
    JOURNAL,
    LINES_MAX,
    PAY,
    KeyNotKept,
    Simple,
    VoucherContent,
    VoucherLine,
    as_simple,
    simple_lines,
)
from accounting.schemas.vouchers import LineForm
from accounting.services import chart, parties
from accounting.services.chart import AccountCard
from core.errors import DomainError
from core.web import show
from core.web.forms import Form
from core.web.problems import flattened
from core.web.words import translated
from members.services import members, producers

ROWS = 4
"""How many rows a new form has, and how many more a press on the button gives."""
CELLS = ("account", "debit", "credit", "person", "fund", "activity", "memo")
_FIRST = {"account": "account_id", "person": "person", "fund": "fund_id", "debit": "amount"}
_FIRST |= {"activity": "activity_id"}
Row = dict[str, str]


def rows(given: Mapping[str, Any]) -> list[Row]:
    """Return the typed rows, and empty ones behind them when more were asked for."""
    shown = min(count(given) + (ROWS if "more" in given else 0), LINES_MAX)
    return [
        {cell: str(given.get(f"{cell}_{number}") or "") for cell in CELLS}
        for number in range(1, shown + 1)
    ]


def count(given: Mapping[str, Any]) -> int:
    """Return how many rows the form had."""
    told = str(given.get("rows", ""))
    return min(int(told), LINES_MAX) if told.isascii() and told.isdigit() and told else ROWS


def names(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields of the rows."""
    cells = (f"{cell}_{number}" for number in range(1, count(given) + 1) for cell in CELLS)
    return ("rows", *cells)


def content_of(kind: str, form: Form, centre_id: int) -> VoucherContent | None:
    """Return what a form says, or None when something of it can't be read or found."""
    accounts = {card.id: card for card in chart.listing(centre_id)}
    lines = _journal(form, accounts, centre_id) if kind == JOURNAL else None
    if form.ok and kind != JOURNAL:
        lines = _simple(kind, form, accounts, centre_id)
    if not form.ok or lines is None:
        form.status = 422
        return None
    data = form.data
    return VoucherContent(
        kind,
        data["business_date"],
        tuple(lines),
        data["party"],
        data["tax_id"],
        data["note"],
        data["reverse_on"] if kind == JOURNAL else None,
    )


def _simple(
    kind: str, form: Form, accounts: Mapping[UUID, AccountCard], centre_id: int
) -> Sequence[VoucherLine] | None:
    data = form.data
    try:
        keys = _person(data["person"], accounts.get(data["account_id"]), centre_id)
    except DomainError as refusal:
        refusal.facts["field"] = "person"
        form.refuse(refusal)
        return None
    simple = Simple(
        data["account_id"],
        data["money_account_id"],
        data["amount"],
        fund_id=data["fund_id"],
        activity_id=data["activity_id"],
        **keys,
    )
    return simple_lines(kind, simple)


def _journal(
    form: Form, accounts: Mapping[UUID, AccountCard], centre_id: int
) -> Sequence[VoucherLine]:
    lines = []
    # Empty rows between are left out, so a refusal's line is put back to its row here.
    places: list[int] = []
    for number, row in enumerate(rows(form.given), start=1):
        filled = {cell: text.strip() for cell, text in row.items() if text.strip()}
        if not filled:
            continue
        try:
            read = LineForm().load(filled)
            keys = _person(read["person"], accounts.get(read["account"]), centre_id)
        except ValidationError as error:
            _mark(form, number, error)
            continue
        except DomainError as refusal:
            _at(form, refusal, f"person_{number}")
            continue
        places.append(number)
        lines.append(
            VoucherLine(
                read["account"],
                read["debit"],
                read["credit"],
                fund_id=read["fund"],
                activity_id=read["activity"],
                memo=read["memo"],
                **keys,
            )
        )
    form.data["places"] = places
    return lines


def _person(number: str, account: AccountCard | None, centre_id: int) -> dict[str, UUID]:
    """Return the key a number stands for on an account."""
    if not number or account is None or account.control_key not in BY_HAND:
        return {}
    if account.control_key == "member":
        return {"member_id": members.by_number(centre_id, number).id}
    if account.control_key == "producer":
        return {"producer_id": producers.by_number(centre_id, number).id}
    raise KeyNotKept(account=account.code)


def _mark(form: Form, number: int, error: ValidationError) -> None:
    form.status = 422
    for path, message in flattened(error.messages):
        name = path[0] if path and path[0] in CELLS else "account"
        form.errors.setdefault(f"{name}_{number}", translated(message))


def _at(form: Form, refusal: DomainError, name: str) -> None:
    form.names = form.names | {name}
    refusal.facts["field"] = name
    form.refuse(refusal)


def refuse(form: Form, refusal: DomainError, kind: str) -> None:
    """Show a refusal beside the cell it is about."""
    cell, _dash, place = str(refusal.facts.get("field", "")).partition("-")
    if not place:
        form.names = form.names | {"lines"}
        form.refuse(refusal)
    elif kind == JOURNAL:
        numbers = form.data.get("places", [])
        at = int(place)
        if "line" in refusal.facts and at <= len(numbers):
            refusal.facts["line"] = numbers[at - 1]
        _at(form, refusal, f"{cell}_{numbers[at - 1] if at <= len(numbers) else at}")
    else:
        name = _FIRST.get(cell, "account_id") if place == "1" else "money_account_id"
        _at(form, refusal, name)


# --- as it is typed --------------------------------------------------------------------------


def typed_of(content: VoucherContent, centre_id: int) -> dict[str, Any]:
    """Return a content as the fields of its form."""
    given: dict[str, Any] = {
        "business_date": typed(content.business_date),
        "party": content.party,
        "tax_id": content.tax_id,
        "note": content.note,
        "reverse_on": typed(content.reverse_on),
    }
    numbers = _numbers(content.lines, centre_id)
    if content.kind != JOURNAL:
        simple = as_simple(content)
        return given | {
            "account_id": simple.account_id,
            "money_account_id": simple.money_account_id,
            "amount": show.baht(simple.amount_satang),
            "fund_id": simple.fund_id or "",
            "activity_id": simple.activity_id or "",
            "person": numbers.get(simple.member_id or simple.producer_id, ""),
        }
    for number, line in enumerate(content.lines, start=1):
        values = {
            "account": line.account_id,
            "debit": show.baht(line.debit) if line.debit else "",
            "credit": show.baht(line.credit) if line.credit else "",
            "person": numbers.get(line.member_id or line.producer_id, ""),
            "fund": line.fund_id or "",
            "activity": line.activity_id or "",
            "memo": line.memo,
        }
        given |= {f"{cell}_{number}": value for cell, value in values.items()}
    return given | {"rows": str(max(len(content.lines), ROWS))}


def _numbers(lines: Sequence[VoucherLine], centre_id: int) -> dict[UUID | None, str]:
    return {key: party.number for key, party in parties.of_lines(centre_id, lines).items()}


def likely_first(accounts: Sequence[AccountCard], kind: str) -> list[AccountCard]:
    """Return accounts with those a voucher of the kind is mostly about first."""
    if kind == JOURNAL:
        return list(accounts)
    likely = "expense" if kind == PAY else "income"
    return sorted(accounts, key=lambda one: (one.type != likely, one.code))
