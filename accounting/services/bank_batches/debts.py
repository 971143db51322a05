"""What a batch is made of, and what a debt says of itself to be paid by batches.

What must stay true: the words here are the same for every debt; how a debt is settled is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from accounting.rules.bank_results import LineResult
from core.actor import Actor
from core.errors import DifferentContent, DomainError
from members.services.members import MemberCard
from members.services.producers import ProducerCard

WAYS = ("promptpay", "transfer")


class Details(Protocol):
    """Where a payee's money goes; empty where it isn't known."""

    @property
    def promptpay_id(self) -> str: ...
    @property
    def bank_code(self) -> str: ...
    @property
    def bank_account(self) -> str: ...
    @property
    def bank_account_name(self) -> str: ...
    def pays_by(self, way: str, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class MakeBatch:
    """A file for the bank: these payees, or (None) all whom the debt would pay this way."""

    id: UUID
    way: str
    payee_ids: tuple[UUID, ...] | None = None
    skip_missing: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """What a file is to pay one payee: `cells` end its row, `row` is what the debt keeps of it."""

    number: str
    name: str
    details: Details
    amount_satang: int
    cells: tuple[str, ...]
    row: Mapping[str, Any]

    def account(self, way: str) -> tuple[str, str, str]:
        """Return bank code, account and name as they go into the file."""
        if way == "promptpay":
            return "", self.details.promptpay_id, self.name
        return self.details.bank_code, self.details.bank_account, self.details.bank_account_name


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One payee in a bank file, and what the bank answered."""

    line_no: int
    own_reference: str
    payee: MemberCard | ProducerCard
    amount_satang: int
    account: str
    account_name: str
    pays: Any
    """What it pays, as the debt keeps it."""
    document_id: UUID | None
    """The payment it becomes once the bank has paid it; `document_no` stands only then."""
    document_no: str
    state: str
    reference: str

    @property
    def account_digits(self) -> str:
        """The account without its bank's code."""
        return self.account.rpartition(" ")[2]


@dataclass(frozen=True, slots=True)
class BatchDoc:
    """A bank file."""

    id: UUID
    batch_no: str
    way: str
    amount_satang: int
    file_content: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: tuple[BatchLine, ...]

    @property
    def waiting(self) -> int:
        return sum(line.state == "waiting" for line in self.lines)


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A bank file in a list: how many lines, how many of them wait or failed."""

    id: UUID
    batch_no: str
    way: str
    amount_satang: int
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: int
    waiting: int
    failed: int


Paid = Sequence[tuple[BatchLine, LineResult]]
"""Lines that the bank has just paid."""


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt that is paid by bank files: its tables and columns, its numbers, its own doing."""

    batch: Any
    line: Any
    way: Any
    payee: Any
    amount: Any
    pays: Any
    document: Any
    document_id: Any
    document_no: Any
    series: str
    number: str
    """How a batch's number is written: `PB-%(year)s-%(number)05d`."""
    line_digits: int
    headings: tuple[str, ...]
    reads: str
    records: str
    """The permissions to look, and to make files and enter answers."""
    differs: type[DifferentContent]
    unreached: type[DomainError]
    """Raised with the `names` of those the bank can't reach."""
    nobody: type[DomainError]
    names: Callable[[int, set[UUID]], Mapping[UUID, MemberCard | ProducerCard]]
    owed: Callable[[MakeBatch, Actor], Iterable[Owed]]
    """Locks what the file will pay, and returns it; refuses whoever waits in another file."""
    settle: Callable[[BatchDoc, Paid, Actor], Mapping[int, Mapping[str, Any]]]
    """Puts what the bank has paid into the books; returns columns to set, by line."""

    def reference(self, batch_no: str, line_no: int) -> str:
        """Return our reference of a line, which the bank gives back."""
        return f"{batch_no}-{line_no:0{self.line_digits}d}"
