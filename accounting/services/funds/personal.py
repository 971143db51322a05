"""What funds keep about a member, for whoever asks to see it or to be forgotten.

What must stay true: all of it is told; when the person is erased no name stays in the register of
recipients, and every paper and entry stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from accounting.models import Fund, FundContribution, FundRecipient, FundRequest
from accounting.services.funds import recipients
from core.actor import Actor
from core.db import db
from core.errors import N_
from core.sheets import baht_figure
from members.services.erasure import Section


def tell(centre_id: int, members: Sequence[UUID], _producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield what a member gave to funds and asked of them."""
    given = db.session.execute(
        select(
            FundContribution.business_date,
            FundContribution.contribution_no,
            Fund.name_th,
            FundContribution.amount_satang,
        )
        .join(Fund, (Fund.centre_id == centre_id) & (Fund.id == FundContribution.fund_id))
        .where(FundContribution.centre_id == centre_id, FundContribution.member_id.in_(members))
        .order_by(FundContribution.business_date, FundContribution.id)
    )
    headings = (N_("Date"), N_("Number"), N_("Fund"), N_("Amount (baht)"))
    yield Section(N_("Gifts to funds"), headings, tuple(_row(one) for one in given))
    asked = db.session.execute(
        select(
            FundRequest.requested_on,
            FundRequest.request_no,
            Fund.name_th,
            FundRequest.amount_satang,
        )
        .join(Fund, (Fund.centre_id == centre_id) & (Fund.id == FundRequest.fund_id))
        .join(
            FundRecipient,
            (FundRecipient.centre_id == centre_id) & (FundRecipient.id == FundRequest.recipient_id),
        )
        .where(FundRequest.centre_id == centre_id, FundRecipient.member_id.in_(members))
        .order_by(FundRequest.requested_on, FundRequest.id)
    )
    yield Section(N_("Asked of funds"), headings, tuple(_row(one) for one in asked))


def forget(members: Sequence[UUID], _producers: Sequence[UUID], actor: Actor) -> None:
    """Blank the register of recipients under these memberships; the caller has the right."""
    for member_id in members:
        recipients.erase_member(member_id, actor)


def _row(row: Sequence[object]) -> tuple[object, ...]:
    *words, satang = row
    assert isinstance(satang, int)
    return (*words, baht_figure(satang))
