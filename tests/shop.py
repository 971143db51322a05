"""A small shop for tests: people, goods, a till, made through the services people use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import catalogue, intake
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.intake import RecordIntake, RecordIntakeLine
from members.services import producers
from members.services.producers import NewProducer
from pos.services import refund, sale, shift, tills
from pos.services.receipts import Receipt
from pos.services.refund import RecordRefund, RecordRefundLine, RefundDoc
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from pos.services.shift import CloseShift, OpenShift, ShiftDoc


@dataclass
class Shop:
    """Goods on the shelf, one producer, one till; `shift` once it is opened."""

    actor: Actor
    producer_id: UUID
    till_id: UUID
    shift: ShiftDoc | None = None

    @property
    def centre_id(self) -> int:
        return self.actor.centre_id

    def product(
        self,
        name: str,
        price: int,
        *,
        by_weight: bool = False,
        tax: str = "exempt",
        barcode: str = "",
    ) -> UUID:
        facts = ProductFacts(
            code=f"P{uuid7().hex[-8:]}",
            name_th=name,
            name_en=name,
            sold_by="weight" if by_weight else "piece",
            unit="กก." if by_weight else "ขวด",
            price_satang=price,
            tax_code=tax,
            barcodes=(barcode,) if barcode else (),
        )
        return in_transaction(catalogue.save, SaveProduct(uuid7(), facts), self.actor)[0].id

    def consign(self, product_id: UUID, milli: int, split: int = 8000) -> UUID:
        return self._take_in("consignment", product_id, milli, split_basis_points=split)

    def bring(self, product_id: UUID, milli: int) -> UUID:
        """Consign under whatever terms are in force."""
        return self._take_in("consignment", product_id, milli)

    def buy(self, product_id: UUID, milli: int, unit_cost: int) -> UUID:
        return self._take_in("outright", product_id, milli, unit_cost_satang=unit_cost)

    def _take_in(self, kind: str, product_id: UUID, milli: int, **terms: Any) -> UUID:
        command = RecordIntake(
            id=uuid7(),
            producer_id=self.producer_id,
            kind=kind,
            lines=(RecordIntakeLine(product_id=product_id, gross_milli=milli, **terms),),
        )
        return in_transaction(intake.record, command, self.actor).id

    def open(self, float_satang: int = 100_000) -> ShiftDoc:
        self.shift = in_transaction(
            shift.open_shift, OpenShift(uuid7(), self.till_id, float_satang), self.actor
        )
        return self.shift

    def reason(self, bearer: str) -> UUID:
        found = tills.discount_reasons(self.centre_id)
        return next(one.id for one in found if one.bearer == bearer)

    def command(
        self, *lines: RecordSaleLine, pay: tuple[RecordPayment, ...] | None = None, **rest: object
    ) -> RecordSale:
        """Return a sale of `lines`; without `pay` a thousand baht in cash is handed over."""
        assert self.shift is not None
        return RecordSale(
            id=uuid7(),
            till_id=self.till_id,
            shift_id=self.shift.id,
            occurred_at=clock.now(),
            lines=lines,
            payments=pay if pay is not None else (RecordPayment("cash", 100_000),),
            **rest,  # type: ignore[arg-type]
        )

    def sell(self, *lines: RecordSaleLine, **rest: object) -> Receipt:
        return self.record(self.command(*lines, **rest))[0]  # type: ignore[arg-type]

    def record(self, command: RecordSale) -> tuple[Receipt, bool]:
        return in_transaction(sale.record, command, self.actor)

    def refund(self, receipt: Receipt, *lines: tuple[int, int], method: str = "cash") -> RefundDoc:
        """Give back (line_no, thousandths) of a receipt."""
        assert self.shift is not None
        command = RecordRefund(
            id=uuid7(),
            sale_id=receipt.id,
            till_id=self.till_id,
            shift_id=self.shift.id,
            reason="ของมีตำหนิ",
            method=method,
            lines=tuple(RecordRefundLine(*line) for line in lines),
        )
        return in_transaction(refund.record, command, self.actor)[0]

    def close(self, *counts: tuple[int, int]) -> ShiftDoc:
        assert self.shift is not None
        return in_transaction(shift.close_shift, CloseShift(self.shift.id, counts), self.actor)

    def under(self, **policies: object) -> Shop:
        """Return the same shop under other policies of its centre."""
        centre = replace(self.actor.centre, **policies)  # type: ignore[arg-type]
        return replace(self, actor=replace(self.actor, centre=centre))


def shop_in(centre: Centre) -> Shop:
    """Return a shop in a founded centre, with one producer."""
    actor = system_actor(centre)
    producer = in_transaction(producers.create, NewProducer(name="ป้าแดง"), actor)
    return Shop(actor, producer.id, tills.listing(centre.id)[0].id)
