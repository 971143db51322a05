"""Purchase vouchers (ใบสำคัญรับเงิน): a seller without receipts signs for the money received.

What must stay true: one voucher for one payment, with a number of its own and what was said that
day; the seller's id stands locked, shown whole on the paper only; every print after the first says
that it is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from core import audit, clock, vault
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound
from core.identity import is_thai_id, mask_thai_id, plain_digits
from core.ids import uuid_or_none
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import PurchaseVoucher, PurchaseVoucherPrint
from inventory.services import payout_documents, receipts
from inventory.services.buying import suppliers
from inventory.services.buying.suppliers import SupplierDoc
from members.services import access, national_ids, producers
from members.services.national_ids import NotANationalId
from members.services.producers import ProducerCard

SERIES = "purchase_voucher"


class NoMoneyHandedOver(DomainError):
    """A purchase that is still owed, or a payment that bought nothing."""

    code, status, title = "no-money-handed-over", 409, N_("No money was handed over for goods here")
    detail = N_("Pay the purchase first; the voucher belongs to the payment.")


class PayeeUnknown(DomainError):
    """The law asks for who took the money: name, address, id."""

    code, status, title = "payee-unknown", 422, N_("Say who took the money")
    detail = N_("The voucher needs the seller's address and 13-digit ID number.")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing paid for; a part of a purchase has no quantity, a credit is below zero."""

    name: str
    quantity_milli: int | None
    unit: str
    unit_price_satang: int | None
    amount_satang: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a voucher would say, before it has a number."""

    source_type: str
    source_id: UUID
    source_no: str
    producer: ProducerCard
    payee_name: str
    payee_address: str
    has_number: bool
    """The seller's id is in the register already."""
    day: date
    items: tuple[Item, ...]

    @property
    def amount_satang(self) -> int:
        return sum(item.amount_satang for item in self.items)


@dataclass(frozen=True, slots=True)
class MakeVoucher:
    """A voucher for an intake paid in cash (goods_receipt) or a payment (payout).

    Without a `national_id` the register's is taken.
    """

    id: UUID
    source_type: str
    source_id: UUID
    payee_address: str
    national_id: str = ""


@dataclass(frozen=True, slots=True)
class VoucherDoc:
    """A voucher; `masked_id` shows enough of the seller's number to know it again."""

    id: UUID
    voucher_no: str
    source_type: str
    source_id: UUID
    producer_id: UUID
    payee_name: str
    payee_address: str
    masked_id: str
    amount_satang: int
    items: tuple[Item, ...]
    business_date: date
    recorded_at: datetime
    recorded_name: str
    prints: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A voucher as it goes on paper, the seller's number whole; the first print is no copy."""

    voucher: VoucherDoc
    national_id: str
    print_no: int


# --- making ----------------------------------------------------------------------------------


def draft(source_type: str, source_id: UUID, actor: Actor) -> Draft:
    """Return what a voucher would say. Raises NoMoneyHandedOver, NotFound, Forbidden."""
    access.require(actor, "purchase_voucher.record")
    if source_type == "goods_receipt":
        return _of_intake(source_id, actor)
    return _of_payout(source_id, actor)


def made_for(source_type: str, source_id: UUID, centre_id: int) -> UUID | None:
    """Return the voucher of a payment, if it was made."""
    return db.session.scalar(
        select(PurchaseVoucher.id).where(
            PurchaseVoucher.centre_id == centre_id,
            PurchaseVoucher.source_type == source_type,
            PurchaseVoucher.source_id == source_id,
        )
    )


def make(command: MakeVoucher, actor: Actor) -> VoucherDoc:
    """Make the voucher of a payment; there is one, whoever asks again gets it.

    Raises NoMoneyHandedOver, PayeeUnknown, NotANationalId, NotFound, Forbidden.
    """
    access.require(actor, "purchase_voucher.record")
    serialise_on(command.source_id)
    known = made_for(command.source_type, command.source_id, actor.centre_id)
    if known is not None:
        return get(known, actor)
    said = draft(command.source_type, command.source_id, actor)
    number = plain_digits(command.national_id)
    if number and not is_thai_id(number):
        raise NotANationalId(field="national_id")
    number = number or _number_of(suppliers.of(actor.centre_id, said.producer.id), actor)
    if not number:
        raise PayeeUnknown(field="national_id")
    if not command.payee_address.strip():
        raise PayeeUnknown(field="payee_address")
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [drawn] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(PurchaseVoucher).values(
            centre_id=actor.centre_id,
            id=command.id,
            voucher_no=f"BV-{year}-{drawn:05d}",
            source_type=command.source_type,
            source_id=command.source_id,
            producer_id=said.producer.id,
            payee_name=said.payee_name,
            payee_address=command.payee_address.strip(),
            national_id_cipher=vault.seal(number, _place(command.id, actor.centre_id)),
            amount_satang=said.amount_satang,
            items=[_plain(item) for item in said.items],
            business_date=said.day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )
    return get(command.id, actor)


def print_once(voucher_id: UUID, actor: Actor) -> Printed:
    """Count a print and return what goes on it. Raises CanNotOpen, NotFound, Forbidden."""
    access.require(actor, "purchase_voucher.record")
    serialise_on(voucher_id)
    voucher = get(voucher_id, actor)
    number = _opened(voucher_id, actor.centre_id)
    db.session.execute(
        insert(PurchaseVoucherPrint).values(
            centre_id=actor.centre_id,
            voucher_id=voucher_id,
            print_no=voucher.prints + 1,
            printed_at=clock.now(),
            printed_by=actor.user_id,
        )
    )
    audit.record(actor, "purchase_voucher.printed", "purchase_voucher", voucher_id)
    return Printed(voucher, number, voucher.prints + 1)


# --- reading ---------------------------------------------------------------------------------


def get(voucher_id: UUID, actor: Actor) -> VoucherDoc:
    """Return a voucher, the seller's number masked; raises NotFound, Forbidden."""
    access.require(actor, "payout.read")
    row = db.session.execute(
        _select(actor.centre_id).where(PurchaseVoucher.id == voucher_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="purchase_voucher")
    return _doc(row, mask_thai_id(_opened(voucher_id, actor.centre_id)))


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[VoucherDoc]:
    """Return vouchers, newest first, without the sellers' numbers; raises Forbidden."""
    access.require(actor, "payout.read")
    texts = (PurchaseVoucher.voucher_no, PurchaseVoucher.payee_name)
    narrowed = matching(sought, day=PurchaseVoucher.business_date, text=texts)
    query = _select(actor.centre_id).where(*narrowed)
    if (last := uuid_or_none(window.after)) is not None:
        query = query.where(PurchaseVoucher.id < last)
    ordered = query.order_by(PurchaseVoucher.id.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.id))
    return Page(tuple(_doc(row, "") for row in page.items), page.next)


def _select(centre_id: int) -> Any:
    prints = (
        select(func.count())
        .select_from(PurchaseVoucherPrint)
        .where(
            PurchaseVoucherPrint.centre_id == centre_id,
            PurchaseVoucherPrint.voucher_id == PurchaseVoucher.id,
        )
        .scalar_subquery()
    )
    return select(*PurchaseVoucher.__table__.c, prints.label("prints")).where(
        PurchaseVoucher.centre_id == centre_id
    )


def _doc(row: Any, masked_id: str) -> VoucherDoc:
    whole = ("masked_id", "items")
    head = {name: getattr(row, name) for name in VoucherDoc.__slots__ if name not in whole}
    items = tuple(Item(**item) for item in row.items)
    return VoucherDoc(masked_id=masked_id, items=items, **head)


def _opened(voucher_id: UUID, centre_id: int) -> str:
    """Return the seller's number; nothing where the centre came here from another machine."""
    cipher = db.session.scalar(
        select(PurchaseVoucher.national_id_cipher).where(
            PurchaseVoucher.centre_id == centre_id, PurchaseVoucher.id == voucher_id
        )
    )
    return vault.unseal(cipher, _place(voucher_id, centre_id)) if cipher else ""


# --- what was paid for -----------------------------------------------------------------------


def _of_intake(receipt_id: UUID, actor: Actor) -> Draft:
    receipt = receipts.of(actor.centre_id, receipt_id)
    if receipt.paid != "cash" or receipt.cancellation is not None:
        raise NoMoneyHandedOver
    items = tuple(_items(receipt))
    return _draft(
        "goods_receipt",
        receipt_id,
        receipt.receipt_no,
        receipt.producer,
        receipt.producer.name,
        receipt.business_date,
        items,
        actor,
    )


def _of_payout(payout_id: UUID, actor: Actor) -> Draft:
    paid = payout_documents.get(payout_id, actor)
    items: list[Item] = []
    for line in paid.lines:
        if line.kind == "outright":
            receipt = receipts.of(actor.centre_id, line.document_id)
            if line.amount_satang == receipt.owed_satang:
                items.extend(_items(receipt))
                continue
            names = ", ".join(dict.fromkeys(one.name_th for one in receipt.lines))
            words = f"{receipt.receipt_no}: {names}"
            items.append(Item(words, None, "", None, line.amount_satang))
        elif line.kind in ("opening", "credit"):
            items.append(Item(line.number, None, "", None, line.amount_satang))
    if sum(item.amount_satang for item in items) <= 0:
        raise NoMoneyHandedOver
    who = paid.recipient_name or paid.producer.name
    return _draft(
        "payout",
        payout_id,
        paid.payout_no,
        paid.producer,
        who,
        paid.business_date,
        tuple(items),
        actor,
    )


def _draft(
    source_type: str,
    source_id: UUID,
    source_no: str,
    producer: ProducerCard,
    payee: str,
    day: date,
    items: tuple[Item, ...],
    actor: Actor,
) -> Draft:
    supplier = suppliers.of(actor.centre_id, producer.id)
    return Draft(
        source_type,
        source_id,
        source_no,
        producer,
        payee,
        supplier.address or producer.village,
        bool(_number_of(supplier, actor, look=False)),
        day,
        items,
    )


def _number_of(supplier: SupplierDoc, actor: Actor, *, look: bool = True) -> str:
    """Return the seller's tax id or national id; a `look` at the latter stands in the trail."""
    if supplier.tax_id:
        return supplier.tax_id
    person_id = producers.get(actor.centre_id, supplier.producer.id).person_id
    if person_id is None or not (shown := national_ids.masked(person_id, actor.centre_id)):
        return ""
    return national_ids.reveal(person_id, actor) if look else shown


def _items(receipt: receipts.GoodsReceiptDoc) -> Iterable[Item]:
    for line in receipt.lines:
        yield Item(
            line.name_th, line.quantity_milli, line.unit, line.unit_cost_satang, line.cost_satang
        )
    if receipt.tax_satang:
        yield Item("VAT", None, "", None, receipt.tax_satang)


def _plain(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Item.__slots__}


def _place(voucher_id: UUID, centre_id: int) -> str:
    return f"purchase voucher {centre_id}/{voucher_id}"
