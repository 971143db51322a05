"""A centre with at least one row in every guarded table, for the attacks of test_guards.py.

The rows are written past the services on purpose: a guard must hold whatever the program does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.services import periods
from core import audit
from core.actor import Actor
from core.db import Base, db
from core.ids import uuid7
from core.models import NumberSeries
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Location,
    Lot,
    PriceChange,
    Product,
    StockLevel,
    StockMove,
    Waste,
)
from members.models import Producer
from pos.models import (
    CashCount,
    CashMovement,
    Payment,
    ReceiptPrint,
    Refund,
    RefundLine,
    Sale,
    SaleLine,
    Shift,
    Till,
)
from tests.integration import (
    guarded_bank,
    guarded_budgets,
    guarded_buying,
    guarded_close,
    guarded_counts,
    guarded_credit,
    guarded_federation,
    guarded_funds,
    guarded_ledger,
    guarded_meetings,
    guarded_member_payments,
    guarded_moving_in,
    guarded_openings,
    guarded_payouts,
    guarded_people,
    guarded_people_at_work,
    guarded_privacy,
    guarded_production,
    guarded_rounds,
    guarded_settlement,
    guarded_shares,
    guarded_surplus,
    guarded_terms,
    guarded_unsold,
    guarded_vouchers,
    guarded_welfare,
)
from tests.integration.guarded_ledger import DAY, NOON

_TOPICS = (
    *(guarded_unsold, guarded_buying, guarded_rounds, guarded_terms),
    *(guarded_settlement, guarded_payouts, guarded_production, guarded_vouchers),
    guarded_welfare,
    guarded_people_at_work,
)


@dataclass(frozen=True, slots=True)
class World:
    """The ids an attack names."""

    centre_id: int
    open_shift_id: UUID
    closing_shift_id: UUID
    entry_id: UUID
    cash_account_id: UUID


def build(actor: Actor) -> World:
    """Write the rows; runs inside `in_transaction`."""
    centre_id = actor.centre_id
    periods.ensure(centre_id, DAY)
    ids = {name: uuid7() for name in _NAMES}
    ids["till"] = db.session.scalars(select(Till.id).where(Till.centre_id == centre_id)).one()
    ids["till2"] = uuid7()
    ids["shop"], ids["customer"] = _locations(centre_id)
    for model, values in (
        *_goods(ids),
        *_counter(ids),
        *(row for topic in _TOPICS for row in topic.rows(ids)),
    ):
        db.session.execute(insert(model).values(centre_id=centre_id, **values))
    guarded_counts.write(centre_id, ids)
    db.session.execute(
        insert(NumberSeries).values(centre_id=centre_id, series="journal", year=2569, last_number=3)
    )
    cash = guarded_ledger.write(centre_id, ids)
    guarded_close.write(centre_id, cash)
    guarded_bank.write(centre_id, cash, ids["entry"])
    guarded_budgets.write(centre_id, cash)
    guarded_openings.write(centre_id, ids["producer"])
    guarded_moving_in.write(centre_id)
    guarded_federation.write(centre_id)
    guarded_funds.write(centre_id)
    member_id = guarded_people.write(centre_id, ids["producer"])
    guarded_shares.write(centre_id, member_id)
    guarded_surplus.write(centre_id)
    guarded_member_payments.write(centre_id)
    guarded_credit.write(centre_id)
    guarded_meetings.write(centre_id)
    guarded_privacy.write(centre_id)
    audit.record(actor, "price.changed", "product", ids["product"])
    return World(centre_id, ids["shift"], ids["shift2"], ids["entry"], cash)


_NAMES = (
    *("product", "producer", "receipt", "cancellation", "lot", "lot2", "waste", "shift", "shift2"),
    *("sale", "refund", "movement", "entry", "reversal"),
)


def _locations(centre_id: int) -> tuple[UUID, UUID]:
    kinds = dict(
        db.session.execute(
            select(Location.kind, Location.id).where(Location.centre_id == centre_id)
        ).all()
    )
    return kinds["shop"], kinds["customer"]


def _goods(ids: dict[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    yield (
        Product,
        {
            "id": ids["product"],
            "code": "G001",
            "name_th": "น้ำผึ้ง",
            "name_en": "Honey",
            "sold_by": "piece",
            "unit": "ขวด",
            "price_satang": 100_00,
            "sort_key": "x",
            "search_key": "x",
        },
    )
    yield (
        PriceChange,
        {
            "id": uuid7(),
            "product_id": ids["product"],
            "label": "ขวด",
            "after_satang": 100_00,
            "at": NOON,
            "by_name": "ผู้จัดการ",
            "source": "page",
        },
    )
    yield (
        Producer,
        {
            "id": ids["producer"],
            "producer_no": "G001",
            "kind": "person",
            "name": "ป้าแดง",
            "sort_key": "x",
            "search_key": "x",
        },
    )
    done = {"business_date": DAY, "recorded_at": NOON}
    same = {"digest": "0" * 64, "content": {}}
    yield (
        GoodsReceipt,
        {
            "id": ids["receipt"],
            "receipt_no": "IN-2569-00001",
            "producer_id": ids["producer"],
            "kind": "consignment",
            "paid": "none",
            "location_id": ids["shop"],
            "cost_satang": 0,
            **done,
            **same,
        },
    )
    for line_no, lot in ((1, "lot"), (2, "lot2")):
        yield (
            Lot,
            {
                "id": ids[lot],
                "lot_no": f"L{line_no}",
                "goods_receipt_id": ids["receipt"],
                "line_no": line_no,
                "product_id": ids["product"],
                "producer_id": ids["producer"],
                "ownership": "consigned",
                "gross_milli": 20_000,
                "tare_milli": 0,
                "deduction_milli": 0,
                "quantity_milli": 20_000,
                "unit_cost_satang": 0,
                "cost_satang": 0,
                "split_basis_points": 8000,
                "received_at": NOON,
            },
        )
    yield (
        GoodsReceiptCancellation,
        {
            "id": ids["cancellation"],
            "goods_receipt_id": ids["receipt"],
            "reason": "wrong producer",
            **done,
        },
    )
    yield (
        StockMove,
        {
            "source_type": "sale",
            "source_id": ids["sale"],
            "move_no": 1,
            "line_no": 1,
            "lot_id": ids["lot"],
            "from_location_id": ids["shop"],
            "to_location_id": ids["customer"],
            "quantity_milli": 1000,
            "cost_satang": 0,
            "base_satang": 100_00,
            "share_satang": 80_00,
            "business_date": DAY,
            "moved_at": NOON,
        },
    )
    for lot in ("lot", "lot2"):
        yield (
            StockLevel,
            {
                "lot_id": ids[lot],
                "location_id": ids["shop"],
                "product_id": ids["product"],
                "quantity_milli": 19_000,
                "value_satang": 0,
            },
        )
    yield (
        Waste,
        {
            "id": ids["waste"],
            "waste_no": "W-2569-00001",
            "lot_id": ids["lot"],
            "location_id": ids["shop"],
            "quantity_milli": 1000,
            "reason": "broken",
            "bearer": "centre",
            "charge_satang": 80_00,
            **done,
            **same,
        },
    )


def _counter(ids: dict[str, UUID]) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    same = {"digest": "0" * 64, "content": {}}
    who = {"cashier_name": "คุณ", "recorded_at": NOON, "business_date": DAY}
    yield Till, {"id": ids["till2"], "code": "T2", "name": "2", "location_id": ids["shop"]}
    for shift, till, number in (("shift", "till", 1), ("shift2", "till2", 2)):
        yield (
            Shift,
            {
                "id": ids[shift],
                "shift_no": f"S-2569-{number:05d}",
                "till_id": ids[till],
                "business_date": DAY,
                "opened_at": NOON,
                "float_satang": 1_000_00,
            },
        )
    yield CashCount, {"shift_id": ids["shift2"], "denomination_satang": 100_00, "pieces": 10}
    yield (
        CashMovement,
        {
            "id": ids["movement"],
            "movement_no": "CT1-2569-00001",
            "shift_id": ids["shift"],
            "kind": "pay_in",
            "category": "safe",
            "amount_satang": 5_00,
            "reason": "change",
            "recorded_at": NOON,
            "digest": "0" * 64,
        },
    )
    yield (
        Sale,
        {
            "id": ids["sale"],
            "receipt_no": "T1-2569-00001",
            "till_id": ids["till"],
            "shift_id": ids["shift"],
            "occurred_at": NOON,
            "vat_mode": "not_registered",
            "consignment_basis": "commission",
            "gross_satang": 100_00,
            "discount_satang": 0,
            "total_satang": 100_00,
            "tax_satang": 0,
            "rounding_satang": 0,
            "due_satang": 100_00,
            "paid_satang": 100_00,
            "change_satang": 0,
            "producer_satang": 80_00,
            "flags": [],
            **who,
            **same,
        },
    )
    yield (
        SaleLine,
        {
            "sale_id": ids["sale"],
            "line_no": 1,
            "product_id": ids["product"],
            "name_th": "น้ำผึ้ง",
            "name_en": "Honey",
            "unit": "ขวด",
            "quantity_milli": 1000,
            "unit_quantity_milli": 1000,
            "unit_factor_milli": 1000,
            "tiers": [],
            "unit_price_satang": 100_00,
            "gross_satang": 100_00,
            "discount_satang": 0,
            "basket_discount_satang": 0,
            "net_satang": 100_00,
            "paid_satang": 100_00,
            "tax_code": "exempt",
            "tax_rate_basis_points": 0,
            "tax_satang": 0,
        },
    )
    yield (
        Payment,
        {
            "sale_id": ids["sale"],
            "payment_no": 1,
            "method": "cash",
            "amount_satang": 100_00,
            "reference": "",
        },
    )
    yield ReceiptPrint, {"sale_id": ids["sale"], "copy_no": 1, "printed_at": NOON}
    yield (
        Refund,
        {
            "id": ids["refund"],
            "refund_no": "RT1-2569-00001",
            "sale_id": ids["sale"],
            "till_id": ids["till"],
            "shift_id": ids["shift"],
            "occurred_at": NOON,
            "reason": "cracked",
            "method": "cash",
            "total_satang": 50_00,
            "rounding_satang": 0,
            "tax_satang": 0,
            "paid_satang": 50_00,
            "producer_satang": 40_00,
            **who,
            **same,
        },
    )
    yield (
        RefundLine,
        {
            "refund_id": ids["refund"],
            "line_no": 1,
            "sale_id": ids["sale"],
            "unit_quantity_milli": 500,
            "quantity_milli": 500,
            "net_satang": 50_00,
            "tax_satang": 0,
            "paid_satang": 50_00,
        },
    )
