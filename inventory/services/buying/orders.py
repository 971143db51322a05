"""Purchase orders: a draft is written and changed, sent, received on, and ends once.

What must stay true: what was sent stays as it was sent; goods come only on an order that expects
them; an order that ended stays so. Orders are locked before what comes on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from accounting.services import book_settings
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, ChangedMeanwhile, DifferentContent, DomainError, NotFound
from core.money import SATANG_MAX
from core.numbering import buddhist_year, next_numbers
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.rules import buying as rules
from inventory.rules.intake import CostTooLarge, require_whole
from inventory.services.buying import order_documents, suppliers, units
from inventory.services.buying.order_documents import OrderDoc, get, listing
from inventory.services.buying.units import Measured
from members.services import access

__all__ = [
    "LINES_MAX",
    "EndOrder",
    "OrderDoc",
    "OrderLine",
    "SaveOrder",
    "cancel",
    "close",
    "get",
    "listing",
    "save",
    "send",
]

LINES_MAX = 100
SERIES = "purchase_order"


class OrderDiffers(DifferentContent):
    """The order's id came again with other content; the first one stands."""

    code, title = "order-differs", N_("This order was already written with other content")


class NotADraft(DomainError):
    """Only a draft is changed or sent."""

    code, status, title = "order-not-draft", 409, N_("This order was already sent")
    detail = N_("What the supplier has in hand can't be changed. Cancel it and write a new one.")


class OrderEnded(DomainError):
    """The order was closed or cancelled, or everything came."""

    code, status, title = "order-ended", 409, N_("This order has ended")
    detail = N_("%(number)s expects nothing more. Take the goods in without it, or order anew.")


class OrderNotSent(DomainError):
    """A draft expects nothing yet."""

    code, status, title = "order-not-sent", 409, N_("This order was not sent yet")
    detail = N_("Mark it as sent first; then goods can come on it.")


class OrderHasGoods(DomainError):
    """Of a cancelled order nothing may have come."""

    code, status, title = "order-has-goods", 409, N_("Goods have come on this order")
    detail = N_("Close it instead: the rest is then no longer expected.")


class PricesWithoutTax(DomainError):
    """Who isn't registered for VAT may not ask for any."""

    code, status, title = "supplier-without-vat", 422, N_("This supplier charges no VAT")
    detail = N_("Say that there is none in the prices, or note that the supplier is registered.")


class SecondPersonSends(DomainError):
    """An order above the limit of the books is sent by somebody else than its writer."""

    code, status, title = "order-second-person", 409, N_("Somebody else has to send this order")
    detail = N_("Above %(limit_satang)s baht whoever wrote an order doesn't send it too.")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many units (None: the product's own) at an agreed price a unit."""

    product_id: UUID
    quantity_milli: int
    unit_price_satang: int
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SaveOrder:
    """An order to write; `version` 0 writes a new one, any other changes that draft."""

    id: UUID
    producer_id: UUID
    lines: tuple[OrderLine, ...]
    expected_on: date | None = None
    prices: str = "none"
    terms_days: int | None = None
    """None: as the supplier usually gives."""
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class EndOrder:
    """An order to close or cancel, and why."""

    order_id: UUID
    reason: str


def save(command: SaveOrder, actor: Actor) -> OrderDoc:
    """Write a draft or change it; the same new one again changes nothing.

    Raises OrderDiffers, NotADraft, PricesWithoutTax, WholePieces, CostTooLarge, ChangedMeanwhile,
    NotFound, Forbidden.
    """
    access.require(actor, "purchase.order")
    serialise_on(command.id)
    content = content_of(command)
    known = _find(command.id, actor.centre_id)
    if known is not None and command.version == 0:
        if differs := differences(known.content, content):
            raise OrderDiffers(differs=differs)
        return get(command.id, actor)
    supplier = suppliers.require_known(actor.centre_id, command.producer_id)
    require_taxed(command.prices, supplier)
    lines = _measured(command, actor)
    terms = supplier.terms_days if command.terms_days is None else command.terms_days
    facts = {
        "producer_id": command.producer_id,
        "expected_on": command.expected_on,
        "prices": command.prices,
        "terms_days": terms,
        "note": command.note,
        "amount_satang": sum(line.amount_satang for line in lines),
    }
    if known is None:
        if command.version:
            raise NotFound(what="order")
        _insert(command, facts, content, actor)
    else:
        _change(known, command, facts, actor)
    insert_rows(PurchaseOrderLine, list(_line_rows(command, lines, actor.centre_id)))
    return get(command.id, actor)


def send(order_id: UUID, actor: Actor) -> OrderDoc:
    """Note that an order went to its supplier; again changes nothing.

    Raises SecondPersonSends, OrderEnded, NotFound, Forbidden.
    """
    access.require(actor, "purchase.order")
    order = locked(order_id, actor.centre_id)
    if order.state in ("sent", "partly", "received"):
        return get(order_id, actor)
    if order.state != "draft":
        raise OrderEnded(number=order.order_no)
    limit = book_settings.of(actor.centre_id).approval_limit_satang
    if order.amount_satang > limit and order.recorded_by == actor.user_id:
        raise SecondPersonSends(limit_satang=limit)
    stamp = {"sent_at": clock.now(), "sent_by": actor.user_id, "sent_name": actor.name}
    _set(order, state="sent", **stamp)
    audit.record(actor, "purchase_order.sent", "purchase_order", order_id)
    return get(order_id, actor)


def cancel(command: EndOrder, actor: Actor) -> OrderDoc:
    """Cancel an order of which nothing came. Raises OrderEnded, OrderHasGoods, NotFound."""
    access.require(actor, "purchase.order")
    order = locked(command.order_id, actor.centre_id)
    if order.state in ("closed", "cancelled", "received"):
        raise OrderEnded(number=order.order_no)
    if order.state == "partly":
        raise OrderHasGoods
    _end(order, "cancelled", command.reason, actor)
    return get(command.order_id, actor)


def close(command: EndOrder, actor: Actor) -> OrderDoc:
    """Expect nothing more of an order. Raises OrderEnded, OrderNotSent, NotFound, Forbidden."""
    access.require(actor, "purchase.order")
    order = locked(command.order_id, actor.centre_id)
    if order.state == "draft":
        raise OrderNotSent
    if order.state in ("closed", "cancelled"):
        raise OrderEnded(number=order.order_no)
    _end(order, "closed", command.reason, actor)
    return get(command.order_id, actor)


# --- what comes on an order ------------------------------------------------------------------


def locked(order_id: UUID, centre_id: int) -> PurchaseOrder:
    """Return an order, held until the transaction ends; raise NotFound."""
    serialise_on(order_id)
    found = _find(order_id, centre_id)
    if found is None:
        raise NotFound(what="order")
    return found


def require_expecting(order: PurchaseOrder) -> None:
    """Refuse goods on a draft and on an order that ended. Raises OrderNotSent, OrderEnded."""
    if order.state == "draft":
        raise OrderNotSent
    if order.state in ("closed", "cancelled"):
        raise OrderEnded(number=order.order_no)


def follow(order: PurchaseOrder, *, rest_dropped: bool, reason: str, actor: Actor) -> None:
    """Let an order's state follow what came on it; the order is locked."""
    if order.state in ("closed", "cancelled"):
        return
    doc = order_documents.of(order.centre_id, order.id)
    state = rules.state_of(
        [line.base_milli for line in doc.lines], [line.received_milli for line in doc.lines]
    )
    if state != order.state:
        _set(order, state=state)
    if rest_dropped and state != "received":
        _end(order, "closed", reason, actor)


def intake_cancelled(order_id: UUID, actor: Actor) -> None:
    """Expect again what an intake brought that was taken back; an ended order stays ended."""
    follow(locked(order_id, actor.centre_id), rest_dropped=False, reason="", actor=actor)


def require_taxed(prices: str, supplier: suppliers.SupplierDoc) -> None:
    """Raise PricesWithoutTax when prices have VAT of who may not charge it."""
    if prices != "none" and not supplier.vat_registered:
        raise PricesWithoutTax(field="prices")


# --- writing ---------------------------------------------------------------------------------


def _measured(command: SaveOrder, actor: Actor) -> list[Measured]:
    lines = units.measure(actor.centre_id, command.lines)
    for number, line in enumerate(lines, start=1):
        product = line.product
        require_whole(number, line.base_milli, product.sold_by, product.name_th, product.unit)
    if sum(line.amount_satang for line in lines) > SATANG_MAX:
        raise CostTooLarge(maximum_satang=SATANG_MAX)
    return lines


def _insert(
    command: SaveOrder, facts: Mapping[str, Any], content: dict[str, Any], actor: Actor
) -> None:
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(PurchaseOrder).values(
            centre_id=actor.centre_id,
            id=command.id,
            order_no=f"PO-{year}-{number:05d}",
            state="draft",
            ordered_on=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            version=1,
            digest=digest_of(content),
            content=content,
            **facts,
        )
    )


def _change(
    known: PurchaseOrder, command: SaveOrder, facts: Mapping[str, Any], actor: Actor
) -> None:
    if known.state != "draft":
        raise NotADraft
    if known.version != command.version:
        raise ChangedMeanwhile
    # Whoever says what it asks for now is its writer: above the limit another one sends it.
    before = str(known.recorded_by or "")
    _set(known, **facts, recorded_by=actor.user_id, recorded_name=actor.name)
    audit.record(actor, "purchase_order.changed", "purchase_order", command.id, written_by=before)
    db.session.execute(
        delete(PurchaseOrderLine).where(
            PurchaseOrderLine.centre_id == actor.centre_id,
            PurchaseOrderLine.order_id == command.id,
        )
    )


def _line_rows(command: SaveOrder, lines: Sequence[Measured], centre_id: int) -> Any:
    for number, (line, found) in enumerate(zip(command.lines, lines, strict=True), start=1):
        yield {
            "centre_id": centre_id,
            "order_id": command.id,
            "line_no": number,
            "product_id": line.product_id,
            "unit_id": line.unit_id,
            "unit": found.unit,
            "factor_milli": found.factor_milli,
            "quantity_milli": line.quantity_milli,
            "unit_price_satang": line.unit_price_satang,
            "amount_satang": found.amount_satang,
        }


def _end(order: PurchaseOrder, state: str, reason: str, actor: Actor) -> None:
    stamp = {"ended_at": clock.now(), "ended_by": actor.user_id, "ended_name": actor.name}
    _set(order, state=state, reason=reason, **stamp)
    audit.record(actor, f"purchase_order.{state}", "purchase_order", order.id)


def _set(order: PurchaseOrder, **values: Any) -> None:
    db.session.execute(
        update(PurchaseOrder)
        .where(PurchaseOrder.centre_id == order.centre_id, PurchaseOrder.id == order.id)
        .values(**values, version=PurchaseOrder.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(order)


def _find(order_id: UUID, centre_id: int) -> PurchaseOrder | None:
    return db.session.scalars(
        select(PurchaseOrder)
        .where(PurchaseOrder.centre_id == centre_id, PurchaseOrder.id == order_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
