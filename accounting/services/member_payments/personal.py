"""How a member is paid, for whoever asks to see it or to be forgotten.

What must stay true: the member is told the whole number, for it is the member's own; when the
person is erased no number and no name stays among the choices, while payments made and files handed
to the bank stay as they are, as documents of the books.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select, update

from accounting.models import MemberPayChoice
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import N_
from members.services.erasure import Section


def tell(centre_id: int, members: Sequence[UUID], _producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield where a member's money is sent."""
    rows = db.session.execute(
        select(
            MemberPayChoice.promptpay_id,
            MemberPayChoice.bank_code,
            MemberPayChoice.bank_account,
            MemberPayChoice.bank_account_name,
        )
        .where(MemberPayChoice.centre_id == centre_id, MemberPayChoice.member_id.in_(members))
        .order_by(MemberPayChoice.member_id)
    )
    yield Section(
        N_("How dividends are paid"),
        (N_("PromptPay"), N_("Bank"), N_("Account number"), N_("Name on the account")),
        tuple(tuple(row) for row in rows),
    )


def forget(members: Sequence[UUID], _producers: Sequence[UUID], actor: Actor) -> None:
    """Blank where these memberships' money went; the caller has the right."""
    db.session.execute(
        update(MemberPayChoice)
        .where(MemberPayChoice.centre_id == actor.centre_id, MemberPayChoice.member_id.in_(members))
        .values(
            way="cash",
            promptpay_id="",
            bank_code="",
            bank_account="",
            bank_account_name="",
            changed_by=actor.user_id,
            changed_at=clock.now(),
            version=MemberPayChoice.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
