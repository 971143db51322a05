"""Suppliers: producers of whom we know how they sell to us: tax id, terms, VAT.

What must stay true: there is one register of who delivers; a supplier's row stands beside the
producer's, and whoever sells without one is paid at once and charges no VAT.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import insert, select, update

from core import audit
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from core.identity import is_thai_id, plain_digits
from core.paging import Page, Window, all_items, page_of
from core.text import ascii_digits
from inventory.models import Supplier
from inventory.rules.buying import is_branch
from members.services import access, producers
from members.services.producers import NewProducer, ProducerCard

CHOICES_MAX = 1_000
HEAD_OFFICE = "00000"


class NotATaxId(DomainError):
    """Thirteen digits with the right last one, or nothing."""

    code, status, title = "not-a-tax-id", 422, N_("This is not a tax ID")
    detail = N_("It has 13 digits; compare each with the supplier's paper.")


class NotABranch(DomainError):
    """Five digits as on tax invoices."""

    code, status, title = "not-a-branch", 422, N_("This is not a branch number")
    detail = N_("It has 5 digits; 00000 is the head office.")


class TaxIdNeeded(DomainError):
    """Who is registered for VAT has a tax id, and it stands on each tax invoice."""

    code, status, title = "tax-id-needed", 422, N_("Enter the tax ID")
    detail = N_("Who is registered for VAT has one; it stands on each tax invoice.")


class TaxIdTaken(DomainError):
    """Another supplier of the centre has this tax id and branch."""

    code, status, title = "tax-id-taken", 409, N_("Another supplier has this tax ID and branch")
    detail = N_("It is %(name)s. Look whether it is the same one.")


@dataclass(frozen=True, slots=True)
class SaveSupplier:
    """What is known of a supplier now, made on a look at `version` (0: nothing was known).

    With a `name` the producer is entered first, under `producer_id`.
    """

    producer_id: UUID
    version: int
    tax_id: str = ""
    branch_no: str = ""
    vat_registered: bool = False
    address: str = ""
    contact: str = ""
    terms_days: int = 0
    withholding_basis_points: int = 0
    name: str = ""
    kind: str = "company"
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SupplierDoc:
    """A supplier; one of whom only the producer's row is known has version 0."""

    producer: ProducerCard
    tax_id: str = ""
    branch_no: str = ""
    vat_registered: bool = False
    address: str = ""
    contact: str = ""
    terms_days: int = 0
    withholding_basis_points: int = 0
    version: int = 0


_FACTS = (
    "tax_id",
    "branch_no",
    "vat_registered",
    "address",
    "contact",
    "terms_days",
    "withholding_basis_points",
)


def of(centre_id: int, producer_id: UUID) -> SupplierDoc:
    """Return a supplier, or a producer of whom nothing more is known; raises NotFound."""
    producer = producers.get(centre_id, producer_id)
    row = db.session.execute(
        select(Supplier.__table__).where(
            Supplier.centre_id == centre_id, Supplier.producer_id == producer_id
        )
    ).one_or_none()
    return _doc(producer, row) if row else SupplierDoc(producer)


def get(producer_id: UUID, actor: Actor) -> SupplierDoc:
    """Return a supplier; raises NotFound, Forbidden."""
    access.require(actor, "purchase.read")
    return of(actor.centre_id, producer_id)


def listing(actor: Actor, window: Window, text: str = "") -> Page[SupplierDoc]:
    """Return suppliers by name; those whose name, number, phone or tax id holds `text`."""
    access.require(actor, "purchase.read")
    found = {row.producer_id: row for row in db.session.execute(_rows(actor.centre_id))}
    cards = producers.names(actor.centre_id, set(found))
    docs = [_doc(card, found[card.id]) for card in cards.values()]
    wanted = plain_digits(text) or text
    docs = [one for one in docs if not text or _holds(one, text, wanted)]
    docs.sort(key=lambda one: (one.producer.name, str(one.producer.id)))
    if window.after:
        ids = [str(one.producer.id) for one in docs]
        docs = docs[ids.index(window.after) + 1 :] if window.after in ids else docs
    return page_of(docs[: window.limit + 1], window, lambda one: str(one.producer.id))


def choices(actor: Actor) -> list[tuple[str, str]]:
    """Return whom a form offers to buy from: suppliers first by name."""
    return [
        (str(one.producer.id), f"{one.producer.name} ({one.producer.producer_no})")
        for one in all_items(lambda window: listing(actor, window), CHOICES_MAX)
        if one.producer.active
    ]


def names(centre_id: int, producer_ids: Collection[UUID]) -> dict[UUID, ProducerCard]:
    """Return who they are, many at once."""
    return producers.names(centre_id, set(producer_ids))


def save(command: SaveSupplier, actor: Actor) -> SupplierDoc:
    """Enter a supplier or change what is known of one.

    Raises NotATaxId, NotABranch, TaxIdNeeded, TaxIdTaken, ChangedMeanwhile, NotFound, Forbidden.
    """
    access.require(actor, "supplier.change")
    tax_id = plain_digits(command.tax_id)
    branch = ascii_digits(command.branch_no).strip()
    if tax_id and not is_thai_id(tax_id):
        raise NotATaxId(field="tax_id")
    if branch and not is_branch(branch):
        raise NotABranch(field="branch_no")
    if command.vat_registered and not tax_id:
        raise TaxIdNeeded(field="tax_id")
    if command.vat_registered and not branch:
        branch = HEAD_OFFICE
    if command.name:
        new = NewProducer(
            name=command.name,
            kind=command.kind,
            phone=command.phone,
            producer_id=command.producer_id,
        )
        producers.create(new, actor)
    producers.get(actor.centre_id, command.producer_id)
    _require_free(tax_id, branch, command.producer_id, actor.centre_id)
    values = {name: getattr(command, name) for name in _FACTS}
    values |= {"tax_id": tax_id, "branch_no": branch}
    _write(command, values, actor)
    audit.record(actor, "supplier.saved", "producer", command.producer_id)
    return of(actor.centre_id, command.producer_id)


def _write(command: SaveSupplier, values: dict[str, Any], actor: Actor) -> None:
    known = of(actor.centre_id, command.producer_id)
    if known.version == 0:
        if command.version != 0:
            raise ChangedMeanwhile
        key = {"centre_id": actor.centre_id, "producer_id": command.producer_id}
        db.session.execute(insert(Supplier).values(**key, version=1, **values))
        return
    if known.version != command.version:
        # The same facts sent twice are no change of anybody else.
        if all(getattr(known, name) == value for name, value in values.items()):
            return
        raise ChangedMeanwhile
    db.session.execute(
        update(Supplier)
        .where(
            Supplier.centre_id == actor.centre_id,
            Supplier.producer_id == command.producer_id,
        )
        .values(**values, version=Supplier.version + 1)
        .execution_options(synchronize_session=False)
    )


def _require_free(tax_id: str, branch: str, producer_id: UUID, centre_id: int) -> None:
    """Hold a tax id and see that it is nobody else's; without a branch it is the head office's."""
    if not tax_id:
        return
    serialise_on(uuid5(NAMESPACE_OID, f"supplier-tax-id/{centre_id}/{tax_id}"))
    same = ("", HEAD_OFFICE) if branch in ("", HEAD_OFFICE) else (branch,)
    other = db.session.scalar(
        select(Supplier.producer_id)
        .where(
            Supplier.centre_id == centre_id,
            Supplier.tax_id == tax_id,
            Supplier.branch_no.in_(same),
            Supplier.producer_id != producer_id,
        )
        .limit(1)
    )
    if other is not None:
        raise TaxIdTaken(field="tax_id", name=producers.get(centre_id, other).name)


def _rows(centre_id: int) -> Any:
    return select(Supplier.__table__).where(Supplier.centre_id == centre_id)


def _doc(producer: ProducerCard, row: Any) -> SupplierDoc:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _FACTS}
    return SupplierDoc(producer=producer, version=row.version, **facts)


def _holds(one: SupplierDoc, text: str, digits: str) -> bool:
    words = (one.producer.name, one.producer.producer_no, one.producer.phone, one.tax_id)
    return any(text.lower() in word.lower() for word in words) or digits in words


def require_known(centre_id: int, producer_id: UUID) -> SupplierDoc:
    """Return who is bought from, who must deliver now; raises NotFound."""
    found = of(centre_id, producer_id)
    if not found.producer.active:
        raise NotFound(what="supplier", field="producer_id")
    return found
