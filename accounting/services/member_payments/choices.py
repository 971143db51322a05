"""How members want to be paid, and where the bank reaches them.

What must stay true: whoever changes where money goes is on the audit trail, numbers masked; a
number that can't be anyone's is never kept; a member of whom nothing is known is paid in cash.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import MemberPayChoice
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from core.payment_ids import BANKS, bank_account, promptpay
from members.services import access, members


class BadMemberPromptPay(DomainError):
    """PromptPay is a mobile number, a 13-digit id with its check digit, or an e-wallet."""

    code, status, title = "bad-member-promptpay", 422, N_("This PromptPay number can't be right")
    detail = N_("Enter a mobile number, a 13-digit ID or a 15-digit e-wallet.")


class BadMemberAccount(DomainError):
    """A bank account has its bank, 10 to 15 digits, and a name."""

    code, status, title = "bad-member-account", 422, N_("This bank account is not complete")
    detail = N_("Choose the bank, and enter 10 to 15 digits and the name on the account.")


class ChoiceUnreachable(DomainError):
    """Who wants to be paid by the bank says where."""

    code, status, title = "member-choice-unreachable", 422, N_("Say where the bank finds them")
    detail = N_("PromptPay needs its number, a transfer its bank account.")


@dataclass(frozen=True, slots=True)
class Choice:
    """How a member is paid; empty where it isn't known."""

    way: str = "cash"
    promptpay_id: str = ""
    bank_code: str = ""
    bank_account: str = ""
    bank_account_name: str = ""
    version: int = 0

    def pays_by(self, way: str) -> bool:
        """Tell whether `promptpay` or `transfer` can reach the member."""
        return bool(self.promptpay_id if way == "promptpay" else self.bank_account)

    @property
    def masked(self) -> str:
        """Where the money goes, as lists show it."""
        if self.way == "promptpay":
            return _masked(self.promptpay_id)
        return f"{self.bank_code} {_masked(self.bank_account)}" if self.way == "transfer" else ""


_COLUMNS = tuple(getattr(MemberPayChoice, name) for name in Choice.__dataclass_fields__)


def of(centre_id: int, member_ids: Collection[UUID] | None = None) -> dict[UUID, Choice]:
    """Return the choices that were recorded, of some members or of all."""
    query = select(MemberPayChoice.member_id, *_COLUMNS).where(
        MemberPayChoice.centre_id == centre_id
    )
    if member_ids is not None:
        query = query.where(MemberPayChoice.member_id.in_(member_ids))
    return {row[0]: Choice(*row[1:]) for row in db.session.execute(query)}


def get(member_id: UUID, actor: Actor) -> Choice:
    """Return one member's choice, cash when none is recorded; raise NotFound, Forbidden."""
    access.require(actor, "member_payment.read")
    if not members.names(actor.centre_id, [member_id]):
        raise NotFound(what="member")
    return of(actor.centre_id, [member_id]).get(member_id, Choice())


def save(member_id: UUID, new: Choice, actor: Actor) -> Choice:
    """Keep how a member wants to be paid, unless someone else changed it meanwhile.

    Raises BadMemberPromptPay, BadMemberAccount, ChoiceUnreachable, ChangedMeanwhile, NotFound,
    Forbidden.
    """
    access.require(actor, "member_payment.record")
    serialise_on(member_id)
    before = get(member_id, actor)
    checked = _checked(new)
    if replace(checked, version=before.version) == before and before.version:
        return before
    if new.version != before.version:
        raise ChangedMeanwhile
    values: dict[str, Any] = asdict(checked) | {
        "version": before.version + 1,
        "changed_by": actor.user_id,
        "changed_at": clock.now(),
    }
    mine = {"centre_id": actor.centre_id, "member_id": member_id}
    if before.version:
        db.session.execute(
            update(MemberPayChoice)
            .where(*(getattr(MemberPayChoice, name) == key for name, key in mine.items()))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    else:
        db.session.execute(insert(MemberPayChoice).values(**mine, **values))
    was, now = asdict(before), asdict(checked)
    changed = {
        name: [_masked(str(was[name])), _masked(str(now[name]))]
        for name in now
        if name != "version" and was[name] != now[name]
    }
    audit.record(actor, "member.payment_changed", "member", member_id, **changed)
    return get(member_id, actor)


def _checked(new: Choice) -> Choice:
    number = promptpay(new.promptpay_id) if new.promptpay_id else ""
    if number is None:
        raise BadMemberPromptPay(field="promptpay_id")
    account = bank_account(new.bank_account) if new.bank_account else ""
    if account is None:
        raise BadMemberAccount(field="bank_account")
    said = (new.bank_code, account, new.bank_account_name)
    if any(said) and not (all(said) and new.bank_code in BANKS):
        raise BadMemberAccount(field="bank_account")
    checked = replace(new, promptpay_id=number, bank_account=account)
    if new.way in ("promptpay", "transfer") and not checked.pays_by(new.way):
        raise ChoiceUnreachable(field="way")
    return checked


def _masked(text: str) -> str:
    """Return a number by its last four digits; names stay readable."""
    return f"…{text[-4:]}" if len(text) > 4 and text.isdigit() else text
