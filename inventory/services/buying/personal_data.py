"""What buying keeps about who sells to us, for whoever asks to see it or to be forgotten.

What must stay true: the sealed number of a purchase voucher is not given out; when a person is
erased their tax id, address and contact go, while vouchers stay as signed papers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select, update

from core.actor import Actor
from core.db import db
from core.errors import N_
from core.sheets import baht_figure
from inventory.models import PurchaseVoucher, Supplier
from members.services import producers as producer_register
from members.services.erasure import Section


def tell(centre_id: int, _members: Sequence[UUID], producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield what is known of someone as a supplier, and the vouchers they signed."""
    known = db.session.execute(
        select(Supplier.tax_id, Supplier.address, Supplier.contact)
        .where(Supplier.centre_id == centre_id, Supplier.producer_id.in_(producers))
        .order_by(Supplier.producer_id)
    )
    yield Section(
        N_("Supplier"),
        (N_("Tax ID"), N_("Address"), N_("Whom to speak to")),
        tuple(tuple(row) for row in known),
    )
    paper = PurchaseVoucher
    signed = db.session.execute(
        select(
            *(paper.business_date, paper.voucher_no, paper.payee_name),
            *(paper.payee_address, paper.amount_satang),
        )
        .where(paper.centre_id == centre_id, paper.producer_id.in_(producers))
        .order_by(paper.business_date, paper.voucher_no)
    )
    yield Section(
        N_("Purchase vouchers"),
        (N_("Date"), N_("Number"), N_("Name"), N_("Address"), N_("Amount (baht)")),
        tuple((*words, baht_figure(satang)) for *words, satang in signed),
    )


def forget(_members: Sequence[UUID], producers: Sequence[UUID], actor: Actor) -> None:
    """Blank what is known of people as suppliers; the caller has the right."""
    known = producer_register.names(actor.centre_id, producers)
    people = [producer_id for producer_id, card in known.items() if card.kind == "person"]
    db.session.execute(
        update(Supplier)
        .where(Supplier.centre_id == actor.centre_id, Supplier.producer_id.in_(people))
        .values(
            tax_id="",
            branch_no="",
            vat_registered=False,
            address="",
            contact="",
            version=Supplier.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
