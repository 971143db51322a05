"""Terms are agreed by two people, frozen at intake, and reckoned into sale, fund and refund."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from accounting.rules.chart import Purpose
from accounting.services import funds, ledger
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from inventory.models import Lot, StockMove
from inventory.rules.terms import Terms, TermsPastWhole, Tier
from inventory.rules.versions import TermsOverlap
from inventory.services import catalogue, consignment_terms, intake, stock, verify, waste
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.consignment_terms import (
    AlreadyDecided,
    DecideTerms,
    FloorAbovePrice,
    ProposeTerms,
    ScopeMissing,
    SecondPersonNeeded,
    TermsDiffer,
    TermsDoc,
    TermsInPast,
)
from inventory.services.intake import GoodsReceiptDoc, RecordIntake, RecordIntakeLine
from inventory.services.waste import RecordWaste
from pos.rules.posting import BelowFloor
from pos.rules.pricing import DiscountTooLarge
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in
from tests.waiving import waive


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def honey(shop: Shop) -> UUID:
    return shop.product("น้ำผึ้ง", 10_000)


@pytest.fixture
def fund_id(manager: Actor) -> UUID:
    new = NewFund(uuid7(), "W1", "กองทุนสวัสดิการ", "Welfare fund", Purpose.WELFARE_FUND)
    return in_transaction(funds.create, new, manager).id


def today() -> date:
    return clock.business_date(clock.now())


def proposal(shop: Shop, terms: Terms, **rest: object) -> ProposeTerms:
    scope = (
        rest
        if {"producer_id", "product_id", "category"} & set(rest)
        else {
            "producer_id": shop.producer_id,
            **rest,
        }
    )
    return ProposeTerms(uuid7(), terms, **{"valid_from": today(), **scope})  # type: ignore[arg-type]


def agree(shop: Shop, terms: Terms, by: tuple[Actor, Actor], **rest: object) -> TermsDoc:
    proposed = in_transaction(consignment_terms.propose, proposal(shop, terms, **rest), by[0])
    return in_transaction(consignment_terms.decide, DecideTerms(proposed.id, "approved"), by[1])


def bring(shop: Shop, product_id: UUID, split: int | None = None) -> GoodsReceiptDoc:
    command = RecordIntake(
        id=uuid7(),
        producer_id=shop.producer_id,
        kind="consignment",
        lines=(RecordIntakeLine(product_id, 10_000, split_basis_points=split),),
    )
    return in_transaction(intake.record, command, shop.actor)


def held_in(shop: Shop, fund_id: UUID) -> int:
    held = funds.balance(shop.centre_id, fund_id)
    db.session.rollback()
    return held


def owed(shop: Shop) -> int:
    balances = ledger.sub_ledger(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, "producer")
    db.session.rollback()
    return -balances.get(shop.producer_id, 0)


def require_sound_books(shop: Shop) -> None:
    wrong = [finding for finding in verify.checks(shop.centre_id) if not finding.ok]
    db.session.rollback()
    assert not wrong


def test_two_people_agree_and_the_decision_stands(
    shop: Shop, stock_keeper: Actor, manager: Actor
) -> None:
    command = proposal(shop, Terms(8500))
    proposed = in_transaction(consignment_terms.propose, command, stock_keeper)
    assert in_transaction(consignment_terms.propose, command, stock_keeper) == proposed
    with pytest.raises(TermsDiffer):
        in_transaction(consignment_terms.propose, replace(command, note="x"), stock_keeper)
    assert (proposed.state, proposed.proposed_name) == ("proposed", stock_keeper.name)
    approve = DecideTerms(proposed.id, "approved")
    with pytest.raises(Forbidden):
        in_transaction(consignment_terms.decide, approve, stock_keeper)
    approved = in_transaction(consignment_terms.decide, approve, manager)
    assert (approved.state, approved.decided_name, approved.waiver) == (
        "approved",
        manager.name,
        "",
    )
    assert in_transaction(consignment_terms.decide, approve, manager) == approved
    with pytest.raises(AlreadyDecided):
        in_transaction(consignment_terms.decide, replace(approve, kind="withdrawn"), manager)
    with pytest.raises(NotFound):
        in_transaction(consignment_terms.decide, DecideTerms(uuid7(), "approved"), manager)


def test_nobody_approves_alone_but_by_the_waiver_of_a_small_centre(
    shop: Shop, manager: Actor
) -> None:
    proposed = in_transaction(consignment_terms.propose, proposal(shop, Terms(8500)), manager)
    approve = DecideTerms(proposed.id, "approved")
    with pytest.raises(SecondPersonNeeded):
        in_transaction(consignment_terms.decide, approve, manager)

    waive(manager, "terms")
    assert in_transaction(consignment_terms.decide, approve, manager).waiver == "มีคนเดียว"


def test_who_proposed_may_withdraw_and_the_days_are_free_again(
    shop: Shop, stock_keeper: Actor
) -> None:
    first = in_transaction(consignment_terms.propose, proposal(shop, Terms(8500)), stock_keeper)
    with pytest.raises(TermsOverlap) as refused:  # a proposal counts before it is decided
        in_transaction(consignment_terms.propose, proposal(shop, Terms(9000)), stock_keeper)
    assert refused.value.facts["terms_no"] == first.terms_no
    withdraw = DecideTerms(first.id, "withdrawn")
    assert in_transaction(consignment_terms.decide, withdraw, stock_keeper).state == "withdrawn"
    in_transaction(consignment_terms.propose, proposal(shop, Terms(9000)), stock_keeper)


def test_nobody_else_who_may_propose_withdraws_them(
    shop: Shop, stock_keeper: Actor, accountant: Actor, manager: Actor
) -> None:
    theirs = in_transaction(consignment_terms.propose, proposal(shop, Terms(8500)), stock_keeper)
    withdraw = DecideTerms(theirs.id, "withdrawn")
    with pytest.raises(Forbidden):
        in_transaction(consignment_terms.decide, withdraw, accountant)
    assert consignment_terms.get(theirs.id, manager).state == "proposed"
    assert in_transaction(consignment_terms.decide, withdraw, manager).state == "withdrawn"


def test_what_cannot_be_agreed_is_refused(
    shop: Shop, honey: UUID, stock_keeper: Actor, fund_id: UUID
) -> None:
    past_whole = Terms(9900, levy_basis_points=200, levy_fund_id=fund_id)
    yesterday = today() - timedelta(days=1)
    for refusal, command in (
        (ScopeMissing, ProposeTerms(uuid7(), Terms(8000), today())),
        (ScopeMissing, proposal(shop, Terms(8000), product_id=honey, category="honey")),
        (TermsPastWhole, proposal(shop, past_whole)),
        (TermsInPast, proposal(shop, Terms(8000), valid_from=yesterday)),
        (TermsInPast, proposal(shop, Terms(8000), valid_until=yesterday)),
        (FloorAbovePrice, proposal(shop, Terms(8000, floor_satang=10_001), product_id=honey)),
        (NotFound, proposal(shop, Terms(8000, levy_basis_points=1, levy_fund_id=uuid7()))),
        (NotFound, proposal(shop, Terms(8000), product_id=uuid7())),
    ):
        with pytest.raises(refusal):
            in_transaction(consignment_terms.propose, command, stock_keeper)


def test_the_narrowest_terms_are_frozen_and_a_later_change_alters_no_lot(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor
) -> None:
    both = (stock_keeper, manager)
    usual = bring(shop, honey)
    agree(shop, Terms(7000), both, product_id=honey)
    by_product = bring(shop, honey)
    agree(shop, Terms(8500, (Tier("price", 20_000, 9000),), fee_satang=100), both)
    by_producer = bring(shop, honey)
    agree(
        shop,
        Terms(9500),
        both,
        producer_id=shop.producer_id,
        product_id=honey,
        valid_from=today() + timedelta(days=1),
    )
    still = bring(shop, honey)

    def frozen() -> list[tuple[int | None, dict[str, Any] | None]]:
        lots = [doc.lines[0].lot_id for doc in (usual, by_product, by_producer, still)]
        rows = {row.id: row for row in db.session.scalars(select(Lot).where(Lot.id.in_(lots)))}
        found = [(rows[lot].split_basis_points, rows[lot].terms) for lot in lots]
        db.session.rollback()
        return found

    now = frozen()
    assert [split for split, _ in now] == [8000, 7000, 8500, 8500]
    assert now[0][1] is None
    terms = now[2][1]
    assert isinstance(terms, dict)
    assert (terms["fee_satang"], terms["approved_name"]) == (100, manager.name)
    agree(shop, Terms(1000), both, valid_from=today() + timedelta(days=2))
    assert frozen() == now


def test_terms_in_force_are_found_with_one_read_for_a_whole_basket(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor
) -> None:
    wax = shop.product("ขี้ผึ้ง", 5_000)
    agree(shop, Terms(7000), (stock_keeper, manager), product_id=honey)
    products = [catalogue.get_doc(shop.centre_id, one) for one in (honey, wax)]
    found = consignment_terms.in_force(shop.centre_id, shop.producer_id, products, today())
    assert {one: doc.terms.split_basis_points for one, doc in found.items()} == {honey: 7000}
    db.session.rollback()


def test_another_split_at_the_scale_needs_who_may_approve(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor
) -> None:
    agree(shop, Terms(8500, fee_satang=100), (stock_keeper, manager))
    with pytest.raises(Forbidden):
        bring(replace(shop, actor=stock_keeper), honey, split=9000)
    assert bring(replace(shop, actor=stock_keeper), honey, split=8500).lines[0].terms
    line = bring(replace(shop, actor=manager), honey, split=9000).lines[0]
    assert line.split_basis_points == 9000
    assert line.terms is not None  # the fee stays, and who agreed is named
    assert (line.terms["fee_satang"], line.terms["split_agreed_by"]) == (100, manager.name)


def test_the_levy_reaches_its_fund_and_comes_back_with_the_goods(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor, fund_id: UUID
) -> None:
    terms = Terms(8000, levy_basis_points=333, levy_fund_id=fund_id)
    agree(shop, terms, (stock_keeper, manager))
    bring(shop, honey)
    receipt = shop.sell(RecordSaleLine(honey, 3_000, 10_000))
    assert (held_in(shop, fund_id), owed(shop)) == (999, 24_000)
    moved = stock.moves_of(shop.centre_id, "sale", receipt.id)[0]
    assert (moved.levy_satang, moved.borne_satang, moved.levy_fund_id) == (999, 0, fund_id)
    db.session.rollback()
    for left_in_fund, left_owed in ((666, 16_000), (333, 8_000), (0, 0)):
        shop.refund(receipt, (1, 1_000))
        assert (held_in(shop, fund_id), owed(shop)) == (left_in_fund, left_owed)
        require_sound_books(shop)


def test_a_refund_by_pieces_of_a_whole_price_shared_out_is_never_refused(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor, fund_id: UUID
) -> None:
    terms = Terms(8000, levy_basis_points=2000, levy_fund_id=fund_id)
    agree(shop, terms, (stock_keeper, manager))
    bring(shop, honey)
    grain = shop.product("ข้าว", 99, by_weight=True)
    bring(shop, grain)
    receipt = shop.sell(RecordSaleLine(grain, 1_000, 99))
    for milli in (100, 150, 50, 333, 367):
        shop.refund(receipt, (1, milli))
    assert (held_in(shop, fund_id), owed(shop)) == (0, 0)
    require_sound_books(shop)


def test_what_the_floor_keeps_from_the_producer_falls_on_the_centre(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor
) -> None:
    agree(shop, Terms(8000, floor_satang=7_500), (stock_keeper, manager))
    bring(shop, honey)
    line = RecordSaleLine(honey, 1_000, 10_000, 1_000, shop.reason("producer"))
    receipt = shop.sell(line)
    moved = stock.moves_of(shop.centre_id, "sale", receipt.id)[0]
    assert (moved.share_satang, moved.borne_satang) == (7_500, 500)
    db.session.rollback()
    with pytest.raises(DiscountTooLarge):
        shop.sell(replace(line, discount_satang=2_600))
    require_sound_books(shop)


def test_a_price_below_the_promise_is_refused_in_its_own_words(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor
) -> None:
    agree(shop, Terms(8000, floor_satang=9_800), (stock_keeper, manager))  # any of her goods
    bring(shop, honey)
    facts = ProductFacts("HONEY", "น้ำผึ้ง", "honey", "piece", "ขวด", price_satang=9_700)
    in_transaction(catalogue.save, SaveProduct(honey, facts, 1), manager)
    with pytest.raises(BelowFloor) as refused:
        shop.sell(RecordSaleLine(honey, 2_000, 9_700))
    assert refused.value.facts["promised_satang"] == 19_600


def test_goods_nobody_could_sell_at_todays_price_are_not_taken_in(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor
) -> None:
    agree(shop, Terms(8000, floor_satang=10_100), (stock_keeper, manager))  # any of her goods
    with pytest.raises(FloorAbovePrice) as refused:
        bring(shop, honey)
    assert refused.value.facts["line_no"] == 1
    jam = shop.product("แยม", 10_100)
    assert bring(shop, jam).lines[0].lot_no


def test_waste_at_our_cost_pays_what_a_sale_would(
    shop: Shop, honey: UUID, stock_keeper: Actor, manager: Actor, fund_id: UUID
) -> None:
    terms = Terms(8000, fee_satang=500, levy_basis_points=100, levy_fund_id=fund_id)
    agree(shop, terms, (stock_keeper, manager))
    lot_id = bring(shop, honey).lines[0].lot_id
    gone = RecordWaste(uuid7(), lot_id, 2_000, "แตก", "centre")
    assert in_transaction(waste.record, gone, stock_keeper).charge_satang == 15_000
    assert held_in(shop, fund_id) == 0  # nothing was sold
    require_sound_books(shop)


def test_a_share_written_behind_our_back_is_named(shop: Shop, honey: UUID) -> None:
    bring(shop, honey)
    receipt = shop.sell(RecordSaleLine(honey, 1_000, 10_000))
    with db.engine.begin() as connection:
        for guard in ("guard_stock_move_update", "guard_stock_move_delete"):
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard}")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE stock_move DISABLE TRIGGER USER")
        connection.execute(
            update(StockMove).where(StockMove.source_type == "sale").values(share_satang=7_999)
        )
    found = {one.check: one for one in verify.checks(shop.centre_id)}
    db.session.rollback()
    assert not found["shares equal frozen terms"].ok
    assert found["shares equal frozen terms"].document_id == receipt.id
