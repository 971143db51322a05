"""What the demo's members buy on account, keep in purses, pay by the state's card and by coupons.

A quiet hour after the drawer was counted on the last three days: a few sales without cash, so the
play of the day stays as it was.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from accounting.services.coupons import issuing
from accounting.services.coupons.issuing import IssueCoupons
from accounting.services.credit import accounts, repaying
from accounting.services.credit.accounts import SetCredit
from accounting.services.credit.repaying import Repay
from accounting.services.funds import register
from accounting.services.purse import moving
from accounting.services.purse.moving import MovePurse
from core import clock
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import catalogue, locations
from pos.services import sale, scheme_claims, scheme_settling, schemes, shift
from pos.services.demo.shop import Shop, Watch
from pos.services.demo.trade import FLOAT
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from pos.services.scheme_settling import SettleItem, SettleScheme
from pos.services.schemes import SaveScheme
from pos.services.shift import CloseShift, OpenShift

EVENING = time(18, 40)
BUYERS = 4
LIMIT, TERMS = 1_500_00, 15
TOP_UP = 300_00
COUPON = 50_00
FUND = "HARDSHIP"
REASON = "มติกรรมการ: สมาชิกดี ชำระตรงเวลา"


def play_day(shop: Shop, left: int, watch: Watch) -> None:
    """Play the evening of one of the last days; `left` days are still to come."""
    if left > 2:
        return
    watch.until(EVENING)
    # The first of these evenings, however few days there are.
    first = not schemes.listing(shop.centre.id)
    if first:
        _set_up(shop)
    manager = shop.staff["manager"]
    command = OpenShift(uuid7(), shop.till_id, FLOAT)
    opened = in_transaction(shift.open_shift, command, manager)
    for place, member_id in enumerate(shop.members[:BUYERS]):
        watch.pass_by(120)
        _sell(shop, opened.id, ("credit", "purse")[place % 2], member_id)
    _sell(shop, opened.id, "scheme", None, left)
    if first:
        _sell(shop, opened.id, "voucher", None)
    in_transaction(shift.close_shift, CloseShift(opened.id, ((100, FLOAT // 100),)), manager)
    if left == 0:
        _settle(shop)


def _set_up(shop: Shop) -> None:
    """Open accounts and purses, take the state's card, make coupons out of a fund."""
    manager, accountant = shop.staff["manager"], shop.staff["accountant"]
    for member_id in shop.members[:BUYERS:2]:
        command = SetCredit(member_id, "active", LIMIT, TERMS, REASON)
        in_transaction(accounts.save, command, manager)
    for member_id in shop.members[1:BUYERS:2]:
        top_up = MovePurse(uuid7(), member_id, "top_up", "safe", TOP_UP)
        in_transaction(moving.move, top_up, accountant)
    card = SaveScheme(uuid7(), "STATE-CARD", "บัตรสวัสดิการแห่งรัฐ", "State welfare card")
    in_transaction(schemes.save, card, manager)
    funds = {one.code: one.id for one in register.listing(shop.centre.id)}
    if FUND in funds and register.free(shop.centre.id, funds[FUND]) >= 4 * COUPON:
        until = clock.today() + timedelta(days=60)
        issue = IssueCoupons(uuid7(), funds[FUND], "คูปองช่วยเหลือครัวเรือน", 4, COUPON, until)
        in_transaction(issuing.issue, issue, accountant)


def _sell(shop: Shop, shift_id: UUID, way: str, member_id: UUID | None, left: int = 0) -> None:
    """Sell one or more of a thing that is there, for as much as that way pays."""
    centre_id = shop.centre.id
    shelf = catalogue.shelf(centre_id, locations.shop(centre_id).id)
    there = [one for one in shelf if one.on_hand_milli >= 1000 and 0 < one.price_satang <= COUPON]
    if not there:
        return
    product = max(there, key=lambda one: (one.on_hand_milli, one.code))
    line = RecordSaleLine(product.id, 1000, product.price_satang)
    payment = RecordPayment(way, product.price_satang)
    if way == "scheme":
        card = schemes.listing(centre_id)[0]
        slip = f"{clock.today():%y%m%d}{left}01"
        payment = RecordPayment(way, product.price_satang, slip, scheme_id=card.id)
    if way == "voucher":
        coupon = _coupon(shop)
        if coupon is None:
            return
        payment = RecordPayment(way, product.price_satang, voucher_id=coupon)
    command = RecordSale(
        uuid7(), shop.till_id, shift_id, clock.now(), (line,), (payment,), member_id
    )
    in_transaction(sale.record, command, shop.staff["manager"])


def _coupon(shop: Shop) -> UUID | None:
    manager = shop.staff["manager"]
    issues = issuing.newest(shop.centre.id)
    if not issues:
        return None
    _issue, coupons = issuing.get(issues[0], manager)
    return coupons[0].id


def _settle(shop: Shop) -> None:
    """One member pays a part back; the scheme pays its first claim less a fee."""
    accountant = shop.staff["accountant"]
    debtor = shop.members[0]
    owed = accounts.card(shop.centre.id, debtor).owed_satang
    if owed:
        part = owed - owed % 100 - 100 if owed > 200 else owed
        in_transaction(repaying.repay, Repay(uuid7(), debtor, "awaited", part), accountant)
    card = schemes.listing(shop.centre.id)[0]
    claims = scheme_claims.listing(card.id, accountant)
    if claims:
        first = claims[0]
        fee = 1_00
        command = SettleScheme(
            uuid7(),
            card.id,
            first.open_satang - fee,
            (SettleItem(first.sale_id, first.open_satang),),
            fee_satang=fee,
            reference=f"CGD{date.toordinal(clock.today())}",
        )
        in_transaction(scheme_settling.settle, command, accountant)
