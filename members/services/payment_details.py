"""How a producer is paid without cash: PromptPay or a bank account.

What must stay true: whoever changes where money goes is on the audit trail, with what it was
before; the numbers there are masked, and a number that can't be anyone's is never kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy import select, update

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from core.payment_ids import BANKS, bank_account, promptpay
from members.models import Producer
from members.services.access import require


class BadPromptPay(DomainError):
    """PromptPay is a mobile number, a 13-digit id with its check digit, or an e-wallet."""

    code, status, title = "bad-promptpay", 422, N_("This PromptPay number can't be right")
    detail = N_("Enter a mobile number, a 13-digit ID or a 15-digit e-wallet.")


class BadBankAccount(DomainError):
    """A bank account has its bank, 10 to 15 digits, and a name."""

    code, status, title = "bad-bank-account", 422, N_("This bank account is not complete")
    detail = N_("Choose the bank, and enter 10 to 15 digits and the name on the account.")


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """Where a producer's money goes; empty where it isn't known."""

    promptpay_id: str = ""
    bank_code: str = ""
    bank_account: str = ""
    bank_account_name: str = ""

    def pays_by(self, method: str) -> bool:
        """Tell whether `promptpay` or `transfer` can reach the producer."""
        return bool(self.promptpay_id if method == "promptpay" else self.bank_account)


_COLUMNS = tuple(getattr(Producer, name) for name in PaymentDetails.__dataclass_fields__)


def of(centre_id: int, producer_ids: Collection[UUID]) -> dict[UUID, PaymentDetails]:
    """Return the details of producers; unknown ids are left out."""
    rows = db.session.execute(
        select(Producer.id, *_COLUMNS).where(
            Producer.centre_id == centre_id, Producer.id.in_(sorted(producer_ids))
        )
    )
    return {row[0]: PaymentDetails(*row[1:]) for row in rows}


def get(producer_id: UUID, actor: Actor) -> tuple[PaymentDetails, int]:
    """Return a producer's details and the version they were read at; raise NotFound, Forbidden."""
    require(actor, "producer.read")
    row = db.session.execute(
        select(Producer.version, *_COLUMNS).where(
            Producer.centre_id == actor.centre_id, Producer.id == producer_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="producer")
    return PaymentDetails(*row[1:]), row[0]


def save(producer_id: UUID, new: PaymentDetails, version: int, actor: Actor) -> PaymentDetails:
    """Keep where a producer's money goes, unless someone else changed the producer meanwhile.

    Raises BadPromptPay, BadBankAccount, ChangedMeanwhile, NotFound, Forbidden.
    """
    require(actor, "producer.change")
    before, _ = get(producer_id, actor)
    sound = checked(new)
    done = db.session.execute(
        update(Producer)
        .where(
            Producer.centre_id == actor.centre_id,
            Producer.id == producer_id,
            Producer.version == version,
        )
        .values(**asdict(sound), version=Producer.version + 1)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    was, now = asdict(before), asdict(sound)
    changed = {
        name: [_masked(was[name]), _masked(now[name])] for name in now if was[name] != now[name]
    }
    if changed:
        audit.record(actor, "producer.payment_changed", "producer", producer_id, **changed)
    return sound


def checked(new: PaymentDetails) -> PaymentDetails:
    """Return details as they are kept; raise BadPromptPay, BadBankAccount."""
    number = promptpay(new.promptpay_id) if new.promptpay_id else ""
    if number is None:
        raise BadPromptPay(field="promptpay_id")
    account = bank_account(new.bank_account) if new.bank_account else ""
    if account is None:
        raise BadBankAccount(field="bank_account")
    said = (new.bank_code, account, new.bank_account_name)
    if any(said) and not (all(said) and new.bank_code in BANKS):
        raise BadBankAccount(field="bank_account")
    return replace(new, promptpay_id=number, bank_account=account)


def _masked(text: str) -> str:
    """Return a number by its last four digits; names stay readable."""
    return f"…{text[-4:]}" if len(text) > 4 and text.isdigit() else text
