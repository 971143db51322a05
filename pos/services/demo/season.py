"""What the demo centre agrees with its producers, and how it pays them through the season."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

from accounting.rules.bank_results import LineResult
from accounting.services import bank_batches, funds
from accounting.services.bank_batches import MakeBatch
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from core.paging import LIMIT_MAX, Window
from inventory.rules.payouts import PaidLine
from inventory.rules.terms import Terms, Tier
from inventory.services import (
    advances,
    consignment_terms,
    donations,
    holds,
    locations,
    lots,
    payout_batches,
    payouts,
    producer_returns,
)
from inventory.services.advance_goods import GoodsAsked
from inventory.services.advances import GiveAdvance
from inventory.services.consignment_terms import DecideTerms, ProposeTerms
from inventory.services.counts import approval, documents, sheets
from inventory.services.counts.approval import ApproveCount
from inventory.services.counts.sheets import CountedLot, PrintSheet, RecordCount
from inventory.services.donations import Donate
from inventory.services.holds import RecordLotEvent
from inventory.services.lots import LotCard
from inventory.services.payouts import Due, PayProducer
from inventory.services.producer_returns import GiveBack
from inventory.services.settlement import policies, posting, preparing
from inventory.services.settlement.preparing import NothingToSettle, PrepareSettlement
from members.services import payment_details
from members.services.payment_details import PaymentDetails
from pos.services import promotions, tills
from pos.services.demo.shop import Goods, Shop, Watch
from pos.services.promotions import NewPromotion

LEVY, FLOOR_PART = 100, 65
"""One percent into the welfare fund; a floor of 65 % of the price where there is one."""
COIN = 25
CASH_UP_TO = 700_000
"""What is paid in cash where PromptPay would reach the producer."""


def agree(
    goods: tuple[Goods, ...], splits: dict[UUID, int], centre_id: int, staff: dict[str, Actor]
) -> None:
    """Set up what is fixed before the first delivery: policy, fund, terms, promotions."""
    manager, stock_keeper = staff["manager"], staff["stock"]
    policy = replace(policies.get(centre_id), hold_back_days=2, minimum_payout_satang=5_000)
    in_transaction(policies.save, policy, manager)
    fund = in_transaction(
        funds.create,
        NewFund(uuid7(), "WELFARE", "กองทุนสวัสดิการชุมชน", "Community welfare fund"),
        manager,
    )
    for one in goods:
        if one.consigned:
            terms = _terms(one, splits[one.id], fund.id)
            command = ProposeTerms(uuid7(), terms, clock.today(), product_id=one.id)
            in_transaction(consignment_terms.propose, command, stock_keeper)
            in_transaction(consignment_terms.decide, DecideTerms(command.id, "approved"), manager)
    _promote(goods, manager)


def _terms(one: Goods, split: int, fund_id: UUID) -> Terms:
    """Return the split with its levy; a dear piece earns its maker more, honey has a floor."""
    terms = Terms(split, levy_basis_points=LEVY, levy_fund_id=fund_id)
    if one.price_satang >= 60_000:
        return replace(terms, tiers=(Tier("price", 50_000, split + 250),))
    if one.price_satang == 18_000:
        return replace(terms, floor_satang=one.price_satang * FLOOR_PART // 100)
    return terms


def _promote(goods: tuple[Goods, ...], manager: Actor) -> None:
    """Give members their own price for the best seller, everybody a tenth off something sweet."""
    reasons = {one.bearer: one.id for one in tills.discount_reasons(manager.centre_id)}
    bought = max((one for one in goods if not one.consigned), key=lambda one: one.price_satang)
    sweet = max((one for one in goods if one.consigned), key=lambda one: one.popularity)
    today = clock.today()
    for command in (
        NewPromotion(
            id=uuid7(),
            name_th="ราคาสมาชิก",
            name_en="Member price",
            reason_id=reasons["centre"],
            kind="price",
            value=bought.price_satang - 500,
            valid_from=today,
            product_id=bought.id,
            members_only=True,
        ),
        NewPromotion(
            id=uuid7(),
            name_th="ของดีประจำเดือน",
            name_en="Good of the month",
            reason_id=reasons["shared"],
            kind="percent",
            value=1000,
            valid_from=today,
            valid_until=today + timedelta(days=90),
            product_id=sweet.id,
        ),
    ):
        in_transaction(promotions.create, command, manager)


def play_day(shop: Shop, number: int, watch: Watch, dice: random.Random) -> None:
    """Do what the office does on the `number`th day, after the till was counted."""
    watch.until(time(18, 0))
    if number == 1:
        lend(shop)
        note_accounts(shop)
    if number % 20 == 2:
        count(shop)
        decide_over_unsold(shop)
    if number % 20 == 4:
        judge(shop)
    if number % 12 == 3:
        settle(shop, dice)


def lend(shop: Shop) -> None:
    """Lend before the harvest: money for seed to one, our own fertiliser to another."""
    makers = list(dict.fromkeys(one.producer_id for one in shop.goods if one.consigned))
    seed = GiveAdvance(uuid7(), makers[1], "money", "safe", 50_000, note="ค่าเมล็ดพันธุ์")
    in_transaction(advances.give, seed, shop.staff["manager"])
    sack = next(one for one in shop.goods if not one.consigned)
    fertiliser = GiveAdvance(
        uuid7(), makers[2], "goods", "shelf", lines=(GoodsAsked(sack.id, 2000),), note="ปุ๋ย 2 กระสอบ"
    )
    in_transaction(advances.give, fertiliser, shop.staff["manager"])


def note_accounts(shop: Shop) -> None:
    """Write down where half of the producers want their money."""
    makers = sorted({one.producer_id for one in shop.goods})
    for number, producer_id in enumerate(makers[::2]):
        details = PaymentDetails(promptpay_id=f"08155500{number:02d}")
        manager = shop.staff["manager"]
        _, version = payment_details.get(producer_id, manager)
        in_transaction(payment_details.save, producer_id, details, version, manager)


def settle(shop: Shop, dice: random.Random) -> None:
    """Settle with everybody up to yesterday: prepared by who prices, approved by another, paid."""
    accountant, manager = shop.staff["accountant"], shop.staff["manager"]
    command = PrepareSettlement(uuid7(), clock.today() - timedelta(days=1))
    try:
        in_transaction(preparing.prepare, command, manager)
    except NothingToSettle:
        return
    in_transaction(posting.approve, command.id, accountant)
    in_transaction(posting.post, command.id, accountant)
    _by_promptpay(shop)
    for due in payouts.dues(accountant):
        if dice.random() < 0.85:
            _in_cash(due, accountant)


def _by_promptpay(shop: Shop) -> None:
    accountant = shop.staff["accountant"]
    dues = [due for due in payouts.dues(accountant) if due.payable_satang > CASH_UP_TO]
    reached = payment_details.of(shop.centre.id, [due.producer.id for due in dues])
    large = [due.producer.id for due in dues if reached[due.producer.id].pays_by("promptpay")]
    if not large:
        return
    batch = in_transaction(
        bank_batches.make,
        payout_batches.DEBT,
        MakeBatch(uuid7(), "promptpay", tuple(large)),
        accountant,
    )
    results = [
        LineResult(line.line_no, paid=True, reference=f"{batch.batch_no}/{line.line_no}")
        for line in batch.lines
    ]
    in_transaction(bank_batches.match, payout_batches.DEBT, batch.id, results, accountant)


def _in_cash(due: Due, accountant: Actor) -> None:
    """Pay a voucher out of the safe as far as coins go, advances left to the settlements."""
    rest = due.payable_satang % COIN
    lines = []
    for one in reversed(due.lines):
        if one.kind != "advance":
            kept = rest if one.sign > 0 and one.left_satang > rest else 0
            rest -= kept
            lines.append(PaidLine(one.kind, one.document_id, one.left_satang - kept))
    if sum(line.signed_satang for line in lines) > 0:
        command = PayProducer(uuid7(), due.producer.id, "cash", "safe", tuple(reversed(lines)))
        in_transaction(payouts.pay, command, accountant)


def decide_over_unsold(shop: Shop) -> None:
    """Give some of a slow lot back, donate some of another, hold a third for its grade."""
    keeper = shop.staff["stock"]
    slow = _pieces(lots.listing(keeper, Window(), ownership="consigned").items)
    if len(slow) < 3:
        return
    in_transaction(
        producer_returns.record, GiveBack(uuid7(), slow[-1].id, 1000, "ขายไม่หมด ขอคืน"), keeper
    )
    in_transaction(
        donations.record,
        Donate(uuid7(), slow[-2].id, 1000, "ศูนย์เด็กเล็กบ้านลำสินธุ์", "บริจาค", "producer"),
        keeper,
    )
    in_transaction(
        holds.record,
        RecordLotEvent(uuid7(), slow[0].id, "held", "สีไม่ตรงเกรด รอผู้ผลิตมาดูด้วยกัน"),
        keeper,
    )


def judge(shop: Shop) -> None:
    """Look at what was held together with its maker, and put it back as a lower grade."""
    keeper = shop.staff["stock"]
    for held in holds.listing(keeper):
        for kind, grade in (("regraded", "B"), ("released", "")):
            seen = RecordLotEvent(
                uuid7(), held.lot_id, kind, "ดูด้วยกันแล้ว", grade, held.producer_name
            )
            in_transaction(holds.record, seen, keeper)


def _pieces(some: tuple[LotCard, ...]) -> list[LotCard]:
    """Return lots with some pieces left that will keep for long."""
    later = clock.today() + timedelta(days=30)
    return [
        lot
        for lot in some
        if lot.on_hand_milli >= 3000
        and lot.quantity_milli % 1000 == 0
        and (lot.expires_on is None or lot.expires_on > later)
    ]


def count(shop: Shop) -> None:
    """Count one producer's goods; one piece is missing, counted again, and signed for."""
    keeper, manager = shop.staff["stock"], shop.staff["manager"]
    some = _pieces(lots.listing(keeper, Window(), ownership="consigned").items)
    if not some:
        return
    short = some[0]
    command = PrintSheet(uuid7(), locations.shop(shop.centre.id).id, short.producer_id)
    in_transaction(sheets.make, command, keeper)
    lines = documents.get(command.id, keeper).lines
    mine = lots.listing(keeper, Window(limit=LIMIT_MAX), producer_id=short.producer_id).items
    lying = {lot.id: lot.on_hand_milli for lot in mine} | {short.id: short.on_hand_milli - 1000}
    for round_no, wanted in ((1, lines), (2, [one for one in lines if one.lot_id == short.id])):
        figures = tuple(CountedLot(line.lot_id, lying[line.lot_id]) for line in wanted)
        in_transaction(
            sheets.record, RecordCount(command.id, round_no, clock.now(), figures), keeper
        )
    signed = ApproveCount(command.id, producer_signed=lines[0].producer_name)
    in_transaction(approval.approve, signed, manager)
