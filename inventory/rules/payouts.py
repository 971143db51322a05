"""What one voucher may pay a producer: never more than is owed, nor money that was taken back.

What must stay true: a document is never paid beyond what it owes; goods a customer brought back
before their settlement was paid are not paid for; whoever has died is paid through a named heir
only. Pure; money in satang.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from core.errors import N_, DomainError

PAID, TAKEN = ("settlement", "outright", "opening"), ("advance", "recovery", "credit")
KINDS = (*PAID, *TAKEN)

DocumentKey = tuple[str, UUID]
"""What kind of document, and its id."""


class MoreThanOwed(DomainError):
    """A line pays, or takes off, more than is left of its document."""

    code, status, title = "more-than-owed", 409, N_("More than is owed")
    detail = N_("At most %(left_satang)s baht are left of %(number)s.")


class NothingOwed(DomainError):
    """A line names a document of which nothing is left, or none of this producer's."""

    code, status, title = "nothing-owed", 409, N_("Nothing is owed on this any more")
    detail = N_("It was paid, or waits at the bank. Load the page again to see what is due.")


class NothingChosen(DomainError):
    """A voucher without lines."""

    code, status, title = "payout-of-nothing", 422, N_("Nothing was chosen")
    detail = N_("Tick at least one line.")


class NettedTooMuch(DomainError):
    """More is taken off than is paid; a payout never takes money from a producer."""

    code, status, title = "netted-too-much", 409, N_("More is taken off than is paid")
    detail = N_("Take off at most %(paid_satang)s baht.")


class ReturnsFirst(DomainError):
    """Goods of a settlement came back before it was paid: that part is not paid out."""

    code, status, title = "returns-first", 409, N_("A customer brought some of these goods back")
    detail = N_("Of %(number)s at most %(payable_satang)s baht can be paid; take the return off.")


class ProducerHeirNeeded(DomainError):
    """The producer has died, or the group was dissolved."""

    code, status, title = "producer-heir-needed", 422, N_("This producer has died or was dissolved")
    detail = N_("Pay a named heir, or for a group who settles its affairs, and say who they are.")


class ProducerRecipientNeeded(DomainError):
    """Somebody else than the producer takes the money, and isn't named."""

    code, status, title = "producer-recipient-needed", 422, N_("Say who takes the money")
    detail = N_("Write the name and who they are to the producer; for a proxy, what they showed.")


class WithheldTooMuch(DomainError):
    """Tax is held back of purchases only, and never all of the money."""

    code, status, title = "withheld-too-much", 422, N_("So much tax can't be held back")
    detail = N_("At most %(most_satang)s baht: 15 %% of the purchases paid here.")


PROXY, HEIR = "proxy", "heir"
WITHHELD_MAX_PERCENT = 15
"""The highest rate the Revenue Department has payers hold back (Order Taw.Paw. 4/2528)."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who takes the money in a producer's place: a proxy, or an heir."""

    kind: str
    name: str
    relation: str


def check_recipient(died: bool, is_group: bool, recipient: Recipient | None) -> None:
    """Refuse who may not take a producer's money.

    Raises ProducerHeirNeeded, ProducerRecipientNeeded.
    """
    kind = recipient.kind if recipient else ""
    if died and kind not in ((PROXY, HEIR) if is_group else (HEIR,)):
        raise ProducerHeirNeeded(field="recipient_kind")
    if recipient and not (recipient.name.strip() and recipient.relation.strip()):
        raise ProducerRecipientNeeded(field="recipient_name")


@dataclass(frozen=True, slots=True)
class DueLine:
    """What is left of one document to pay, or to take off.

    `settlement_id` names the settlement a recovery takes from; its `left` is then no more than
    what that settlement still owes.
    """

    kind: str
    document_id: UUID
    number: str
    business_date: date
    total_satang: int
    left_satang: int
    settlement_id: UUID | None = None
    due_on: date | None = None
    """When it is to be paid; None: since its own day."""

    @property
    def due(self) -> date:
        return self.due_on or self.business_date

    @property
    def key(self) -> DocumentKey:
        return self.kind, self.document_id

    @property
    def sign(self) -> int:
        return 1 if self.kind in PAID else -1


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line of a voucher as entered; the amount is above zero whatever the kind."""

    kind: str
    document_id: UUID
    amount_satang: int

    @property
    def key(self) -> DocumentKey:
        return self.kind, self.document_id

    @property
    def signed_satang(self) -> int:
        return self.amount_satang if self.kind in PAID else -self.amount_satang


def check(lines: Sequence[PaidLine], due: Iterable[DueLine], *, already_out: bool = False) -> int:
    """Return the money a voucher hands over; `already_out`: a bank has paid it before it is known.

    Raises NothingChosen, MoreThanOwed, NettedTooMuch, ReturnsFirst, NothingOwed.
    """
    owed = {line.key: line for line in due}
    if not lines or len({line.key for line in lines}) != len(lines):
        raise NothingChosen
    for line in lines:
        known = owed.get(line.key)
        if known is None:
            raise NothingOwed(kind=line.kind, document_id=str(line.document_id))
        if not 0 < line.amount_satang <= known.left_satang:
            raise MoreThanOwed(
                left_satang=known.left_satang,
                number=known.number,
                kind=line.kind,
                document_id=str(line.document_id),
            )
    if not already_out:
        _require_returns(lines, owed)
    total = sum(line.signed_satang for line in lines)
    if total < 0:
        paid = sum(line.amount_satang for line in lines if line.kind in PAID)
        raise NettedTooMuch(paid_satang=paid)
    return total


def less_withheld(lines: Iterable[PaidLine], amount_satang: int, withheld_satang: int) -> int:
    """Return the money handed over once tax was held back. Raises WithheldTooMuch."""
    if not withheld_satang:
        return amount_satang
    bought = sum(line.amount_satang for line in lines if line.kind in ("outright", "opening"))
    most = min(bought * WITHHELD_MAX_PERCENT // 100, max(amount_satang - 1, 0))
    if not 0 < withheld_satang <= most:
        raise WithheldTooMuch(most_satang=most, field="withheld")
    return amount_satang - withheld_satang


def net_by_settlement(due: Iterable[DueLine]) -> dict[UUID, int]:
    """Return what each settlement may pay in money: what it owes less what came back of it."""
    net: dict[UUID, int] = {}
    for line in due:
        settlement = line.document_id if line.kind == "settlement" else line.settlement_id
        if settlement is not None:
            net[settlement] = net.get(settlement, 0) + line.sign * line.left_satang
    return net


def swept(lines: Sequence[PaidLine], due: Sequence[DueLine]) -> tuple[PaidLine, ...]:
    """Return a reserved voucher with what was kept back of its settlements for returns.

    As much as is still unpaid of a settlement is paid and taken off again by its returns; the
    money handed over stays the same.
    """
    paid = {line.document_id: line.amount_satang for line in lines if line.kind == "settlement"}
    kept = {
        line.document_id: line.left_satang - paid[line.document_id]
        for line in due
        if line.kind == "settlement" and line.document_id in paid
    }
    taken = []
    for line in due:
        part = min(line.left_satang, kept.get(line.settlement_id, 0)) if line.settlement_id else 0
        if line.settlement_id is not None and part > 0:
            kept[line.settlement_id] -= part
            paid[line.settlement_id] += part
            taken.append(PaidLine(line.kind, line.document_id, part))
    raised = [
        replace(line, amount_satang=paid[line.document_id]) if line.kind == "settlement" else line
        for line in lines
    ]
    return (*raised, *taken)


def payable(due: Sequence[DueLine]) -> int:
    """Return what would be paid if nothing were netted against advances."""
    return sum(line.sign * line.left_satang for line in due if line.kind != "advance")


def _require_returns(lines: Sequence[PaidLine], owed: Mapping[DocumentKey, DueLine]) -> None:
    most = net_by_settlement(owed.values())
    asked: dict[UUID, int] = {}
    for line in lines:
        known = owed[line.key]
        settlement = known.document_id if known.kind == "settlement" else known.settlement_id
        if settlement is not None:
            asked[settlement] = asked.get(settlement, 0) + line.signed_satang
    for settlement, satang in asked.items():
        if satang > most[settlement]:
            number = owed["settlement", settlement].number
            raise ReturnsFirst(number=number, payable_satang=most[settlement])
