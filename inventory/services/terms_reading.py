"""Consignment terms as people read them, and the ones in force for goods on a day.

What must stay true: what an intake freezes is what the page shows as in force that day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from accounting.services import funds
from accounting.services.funds import FundCard
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from inventory.models import ConsignmentTerms, ConsignmentTermsDecision
from inventory.rules.terms import Terms, terms_of
from inventory.rules.versions import Scope, Version, chosen, last_day
from inventory.services import catalogue
from inventory.services.catalogue import ProductCard, ProductDoc, categories
from members.services import access, producers
from members.services.producers import ProducerCard


@dataclass(frozen=True, slots=True)
class TermsDoc:
    """A version as it was proposed and decided; `ends_on` is its last day among its versions."""

    id: UUID
    terms_no: str
    terms: Terms
    levy_purpose: str
    scope: Scope
    producer: ProducerCard | None
    product: ProductDoc | None
    fund_name: str
    valid_from: date
    valid_until: date | None
    ends_on: date | None
    note: str
    state: str
    proposed_by: UUID | None
    proposed_name: str
    proposed_at: datetime
    decided_name: str
    decided_at: datetime | None
    waiver: str
    category_th: str = ""
    category_en: str = ""

    def holds_on(self, day: date) -> bool:
        """Tell whether the version is in force on a day."""
        open_ = self.ends_on is None or self.ends_on >= day
        return self.state == "approved" and self.valid_from <= day and open_

    @property
    def frozen(self) -> dict[str, Any]:
        """The terms as a lot carries them: whole, with where they are from and who approved."""
        return {
            **self.terms.content(),
            "levy_purpose": self.levy_purpose,
            "levy_fund_name": self.fund_name,
            "terms_id": str(self.id),
            "terms_no": self.terms_no,
            "approved_name": self.decided_name,
            "approved_at": self.decided_at.isoformat() if self.decided_at else None,
        }


def get(terms_id: UUID, actor: Actor) -> TermsDoc:
    """Return one version; raises NotFound, Forbidden."""
    access.require(actor, "terms.read")
    for doc in _docs(actor.centre_id, _select(actor.centre_id)):
        if doc.id == terms_id:
            return doc
    raise NotFound(what="consignment_terms")


def made_here(centre_id: int, terms_id: UUID | None) -> bool:
    """Tell whether a version is one of the centre's; goods of another came under its own terms."""
    found = select(ConsignmentTerms.id).where(
        ConsignmentTerms.centre_id == centre_id, ConsignmentTerms.id == terms_id
    )
    return db.session.scalar(found) is not None


def listing(actor: Actor) -> list[TermsDoc]:
    """Return every version by scope, newest first; they are few, for people agree on them."""
    access.require(actor, "terms.read")
    docs = _docs(actor.centre_id, _select(actor.centre_id))
    return sorted(docs, key=lambda doc: (doc.valid_from, doc.terms_no), reverse=True)


def history(scope: Scope, actor: Actor) -> list[TermsDoc]:
    """Return the versions of one scope, newest first."""
    return [doc for doc in listing(actor) if doc.scope == scope]


def for_intake(actor: Actor) -> list[TermsDoc]:
    """Return every version in force today, the narrowest scopes first."""
    today = clock.business_date(clock.now())
    found = [doc for doc in listing(actor) if doc.holds_on(today)]
    return sorted(found, key=lambda doc: doc.scope.rank)


def in_force(
    centre_id: int, producer_id: UUID, products: Collection[ProductCard | ProductDoc], day: date
) -> dict[UUID, TermsDoc]:
    """Return the terms in force for a producer's goods by product; one read of terms.

    A product that is missing has the producer's usual split and no more.
    """
    query = _select(centre_id).where(
        ConsignmentTermsDecision.kind == "approved",
        ConsignmentTerms.valid_from <= day,
        or_(ConsignmentTerms.producer_id.is_(None), ConsignmentTerms.producer_id == producer_id),
    )
    rows = db.session.execute(query).all()
    versions = [_version(row) for row in rows]
    ids = {
        product.id: found.id
        for product in products
        if (found := chosen(versions, producer_id, product.id, product.category, day))
    }
    wanted = [row for row in rows if row.ConsignmentTerms.id in ids.values()]
    docs = {doc.id: doc for doc in _made(centre_id, wanted, versions)}
    return {product_id: docs[terms_id] for product_id, terms_id in ids.items()}


def standing(centre_id: int) -> list[Version]:
    """Return every version that is approved or waits for a decision."""
    rows = db.session.execute(_select(centre_id)).all()
    return [_version(row) for row in rows if _state(row) != "withdrawn"]


# --- from rows ---------------------------------------------------------------------------------


def _select(centre_id: int) -> Any:
    return (
        select(ConsignmentTerms, ConsignmentTermsDecision)
        .outerjoin(
            ConsignmentTermsDecision,
            and_(
                ConsignmentTermsDecision.centre_id == ConsignmentTerms.centre_id,
                ConsignmentTermsDecision.terms_id == ConsignmentTerms.id,
            ),
        )
        .where(ConsignmentTerms.centre_id == centre_id)
    )


def _state(row: Any) -> str:
    decision = row.ConsignmentTermsDecision
    return decision.kind if decision else "proposed"


def _version(row: Any) -> Version:
    terms = row.ConsignmentTerms
    scope = Scope(terms.producer_id, terms.product_id, terms.category)
    return Version(terms.id, terms.terms_no, scope, terms.valid_from, terms.valid_until)


def _docs(centre_id: int, query: Any) -> list[TermsDoc]:
    rows = db.session.execute(query).all()
    approved = [_version(row) for row in rows if _state(row) == "approved"]
    return _made(centre_id, rows, approved)


def _made(centre_id: int, rows: Sequence[Any], approved: Sequence[Version]) -> list[TermsDoc]:
    people = producers.names(centre_id, {row.ConsignmentTerms.producer_id for row in rows})
    goods = catalogue.names(
        centre_id, [row[0].product_id for row in rows if row[0].product_id is not None]
    )
    levied = any(row[0].levy_fund_id for row in rows)
    known = {fund.id: fund for fund in funds.listing(centre_id)} if levied else {}
    named = categories.names(centre_id) if any(row[0].category for row in rows) else {}
    return [
        replace(_doc(row, approved, people, goods, known), category_th=name_th, category_en=name_en)
        for row in rows
        for name_th, name_en in [named.get(row[0].category, (row[0].category,) * 2)]
    ]


def _doc(
    row: Any,
    approved: Sequence[Version],
    people: dict[UUID, ProducerCard],
    goods: dict[UUID, ProductDoc],
    known: dict[UUID, FundCard],
) -> TermsDoc:
    terms, decision = row
    fund = known.get(terms.levy_fund_id)
    version = _version(row)
    content = {name: getattr(terms, name) for name in _CONTENT}
    content["levy_fund_id"] = str(terms.levy_fund_id) if terms.levy_fund_id else None
    return TermsDoc(
        id=terms.id,
        terms_no=terms.terms_no,
        terms=terms_of(content, terms.split_basis_points),
        levy_purpose=fund.purpose if fund else "",
        scope=version.scope,
        producer=people.get(terms.producer_id),
        product=goods.get(terms.product_id),
        fund_name=fund.name_th if fund else "",
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        ends_on=last_day(version, approved),
        note=terms.note,
        state=_state(row),
        proposed_by=terms.proposed_by,
        proposed_name=terms.proposed_name,
        proposed_at=terms.proposed_at,
        decided_name=decision.decided_name if decision else "",
        decided_at=decision.decided_at if decision else None,
        waiver=decision.waiver if decision else "",
    )


_CONTENT = (*("split_basis_points", "tiers", "floor_satang", "fee_satang", "levy_basis_points"),)
