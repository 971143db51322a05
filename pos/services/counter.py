"""What the counter page needs to sell: goods on its shelf, reasons, the open shift, the QR."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from io import BytesIO
from uuid import UUID

import segno

from core import clock
from core.actor import Actor
from core.errors import N_, DomainError
from inventory.rules.scale_codes import Layout
from inventory.services import catalogue, locations
from inventory.services.catalogue import ShelfCard, scales
from inventory.services.joint_rounds import handed
from members.services import access
from pos.rules import promptpay
from pos.services import offers, shift, tills
from pos.services.offers import ShelfOffer
from pos.services.shift import ShiftDoc
from pos.services.tills import ReasonCard, TillCard


class NoPromptPay(DomainError):
    """The centre has not entered the account that PromptPay should pay."""

    code, status, title = "no-promptpay", 409, N_("PromptPay is not set up")
    detail = N_("The manager enters the PromptPay number in the settings.")


@dataclass(frozen=True, slots=True)
class Policies:
    """The centre's rules the counter must know."""

    cash_rounding_satang: int
    vat_mode: str
    oversell_policy: str


@dataclass(frozen=True, slots=True)
class OnOffer(ShelfCard):
    """A product of the shelf with the offers in force for it, best first."""

    offers: tuple[ShelfOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterGoods:
    """Everything the counter needs to sell."""

    products: list[ShelfCard | OnOffer]
    discount_reasons: list[ReasonCard]
    till: TillCard
    shift: ShiftDoc | None
    policies: Policies
    scale_prefixes: list[Layout]
    """How the labels of the centre's scales are read."""


@dataclass(frozen=True, slots=True)
class PromptPayQr:
    """A PromptPay QR with who is paid."""

    payload: str
    svg: str
    payee_name: str
    payee_masked: str


def goods(actor: Actor, till_id: UUID | None) -> CounterGoods:
    """Return the catalogue for a till (the first when None)."""
    access.require(actor, "sale.record")
    known = tills.listing(actor.centre_id)
    till = known[0] if till_id is None else tills.get(actor.centre_id, till_id)
    centre = actor.centre
    open_shift = shift.current_on(actor.centre_id, till.id)
    day = open_shift.business_date if open_shift else clock.today()
    shelf = _free(actor.centre_id, till.location_id)
    running = offers.on_shelf(actor.centre_id, shelf, day)
    return CounterGoods(
        products=[_with_offers(one, running.get(one.id)) for one in shelf],
        discount_reasons=tills.discount_reasons(actor.centre_id),
        till=till,
        shift=open_shift,
        policies=Policies(
            centre.cash_rounding_satang,
            centre.tax_on(clock.today()).vat_mode,
            centre.oversell_policy,
        ),
        scale_prefixes=[one.layout for one in scales.of(actor.centre_id) if one.active],
    )


def _free(centre_id: int, location_id: UUID) -> list[ShelfCard]:
    """Return what is on sale; of what lies in the shop without what waits for who ordered it."""
    shelf = catalogue.shelf(centre_id, location_id)
    waits = handed.promised(centre_id) if location_id == locations.shop(centre_id).id else {}
    return [
        replace(one, on_hand_milli=one.on_hand_milli - waits[one.id]) if one.id in waits else one
        for one in shelf
    ]


def _with_offers(product: ShelfCard, running: list[ShelfOffer] | None) -> ShelfCard | OnOffer:
    if not running:  # nearly all of them, of which there may be thousands
        return product
    known = {field.name: getattr(product, field.name) for field in fields(ShelfCard)}
    return OnOffer(**known, offers=tuple(running))


def promptpay_qr(actor: Actor, amount_satang: int) -> PromptPayQr:
    """Return the QR a customer scans to pay an amount; raise NoPromptPay."""
    access.require(actor, "sale.record")
    centre = actor.centre
    if not centre.promptpay_id:
        raise NoPromptPay
    payload = promptpay.payload(centre.promptpay_kind, centre.promptpay_id, amount_satang)
    picture = BytesIO()
    segno.make(payload, error="m").save(
        picture, kind="svg", xmldecl=False, nl=False, omitsize=True, border=4, light="#fff"
    )
    return PromptPayQr(
        payload=payload,
        svg=picture.getvalue().decode(),
        payee_name=centre.promptpay_name,
        payee_masked="•" * (len(centre.promptpay_id) - 4) + centre.promptpay_id[-4:],
    )
