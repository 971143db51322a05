"""What the counter says of purses, schemes and coupons: for the close, and for the auditor.

What must stay true: each sum is worked out from documents of the counter alone and held against
the books.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.rules.attention import Attention, Document, TieOut
from accounting.rules.chart import Purpose
from accounting.rules.periods import last_day
from accounting.services import chart, funds, ledger, movements
from accounting.services.coupons import using
from accounting.services.credit import bills, write_offs
from core.db import db, sum_int
from core.errors import N_
from core.findings import Finding
from pos.models import Payment, Refund, RefundPayment, Sale
from pos.services import scheme_claims, scheme_settling

NAMED_MAX = 20


def purses(centre_id: int) -> dict[UUID, int]:
    """Return what sales and refunds did to each member's purse.

    A refund goes to whoever stood for a merged membership that day, which only the books know; all
    else is read from the documents.
    """
    spent = db.session.execute(
        select(Sale.member_id, sum_int(Payment.amount_satang))
        .join(Payment, and_(Payment.centre_id == Sale.centre_id, Payment.sale_id == Sale.id))
        .where(Sale.centre_id == centre_id, Payment.method == "purse")
        .group_by(Sale.member_id)
    )
    found: dict[UUID, int] = {one: -satang for one, satang in spent if one is not None}
    for one, _satang, short in bills.of_sales(centre_id).values():
        found[one] = found.get(one, 0) + short
    by_member = movements.by_member(centre_id, Purpose.MEMBER_PURSE, "refund")
    for one, satang in by_member.items():
        found[one] = found.get(one, 0) - satang
    return found


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield what schemes owe at the end of a day, beside the claims."""
    open_claims = scheme_claims.open_by_scheme(centre_id, on)
    later = movements.counted_after(centre_id, Purpose.SCHEME_RECEIVABLE, on)
    account = chart.account_for(centre_id, Purpose.SCHEME_RECEIVABLE)
    books = ledger.balance(centre_id, Purpose.SCHEME_RECEIVABLE, until=on)
    said = movements.as_they_say(centre_id, Purpose.SCHEME_RECEIVABLE, on)
    yield TieOut(
        key="schemes",
        title=N_("Owed by schemes of the state, claim by claim"),
        code=account.code,
        ledger_satang=books,
        sub_ledger_satang=said - later + sum(satang for _, satang in open_claims.values()),
    )


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield debts past their day, debts that wait for a second person, and claims of schemes."""
    until = last_day(period_id)
    late = [bill for bill in bills.listing(centre_id, numbered=False) if bill.due_on < until]
    if late:
        yield Attention(
            "money",
            N_("Bills of members that are past their day"),
            len(late),
            sum(bill.open_satang for bill in late),
            "/c/{c}/credit",
            stops=False,
        )
    waiting = write_offs.waiting(centre_id)
    if waiting:
        yield Attention(
            "money",
            N_("Debts to be given up that wait for a second person"),
            len(waiting),
            sum(satang for _, _, satang in waiting),
            "/c/{c}/credit/write-offs",
            stops=False,
            documents=tuple(
                Document("credit_write_off", one, number, satang)
                for one, number, satang in waiting[:NAMED_MAX]
            ),
        )
    open_claims = scheme_claims.open_by_scheme(centre_id, until)
    if open_claims:
        yield Attention(
            "money",
            N_("Claims that schemes of the state have not settled"),
            sum(count for count, _ in open_claims.values()),
            sum(satang for _, satang in open_claims.values()),
            "/c/{c}/schemes",
            stops=False,
        )


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the auditor's findings."""
    yield _schemes(centre_id)
    yield _bills(centre_id)
    yield _coupons_used(centre_id)
    yield _coupons_covered(centre_id)
    yield _refunds_whole(centre_id)


def _schemes(centre_id: int) -> Finding:
    claims = scheme_claims.open_by_scheme(centre_id)
    wanted = sum(satang for _, satang in claims.values())
    sources = ("sale", "refund", scheme_settling.SOURCE)
    actual = movements.of_sources(centre_id, Purpose.SCHEME_RECEIVABLE, sources)
    return Finding(
        "owed by schemes = open claims", centre_id, wanted == actual, wanted, actual, "account"
    )


def _bills(centre_id: int) -> Finding:
    """Every sale on account has a bill of what was put on account, and no other sale has one."""
    name = "sales on account have their bill"
    told: dict[UUID, int] = dict(
        db.session.execute(
            select(Payment.sale_id, sum_int(Payment.amount_satang))
            .where(Payment.centre_id == centre_id, Payment.method == "credit")
            .group_by(Payment.sale_id)
        ).all()
    )
    written = {
        sale_id: satang - short
        for sale_id, (_who, satang, short) in bills.of_sales(centre_id).items()
        if satang != short
    }
    return _same(name, centre_id, told, written, "sale")


def _coupons_used(centre_id: int) -> Finding:
    """What sales used of coupons and refunds gave back is what their rows say, fund by fund."""
    name = "coupons used = sales they paid"
    told: dict[UUID, int] = {}
    for table, sign in ((Payment, 1), (RefundPayment, -1)):
        any_table: Any = table
        rows = db.session.execute(
            select(any_table.voucher_id, sum_int(any_table.amount_satang))
            .where(any_table.centre_id == centre_id, any_table.voucher_id.is_not(None))
            .group_by(any_table.voucher_id)
        )
        for coupon_id, satang in rows:
            told[coupon_id] = told.get(coupon_id, 0) + sign * satang
    used = using.every_used(centre_id)
    # A late sale may have brought a coupon that was no longer good: then less was used than told.
    bad = sorted(one for one in {*told, *used} if used.get(one, 0) > told.get(one, 0))
    if bad:
        one = bad[0]
        return Finding(
            name, centre_id, False, told.get(one, 0), used.get(one, 0), "coupon", str(one)
        )
    return Finding(name, centre_id, True, sum(told.values()), sum(used.values()))


def _coupons_covered(centre_id: int) -> Finding:
    """Every fund holds what its coupons in force are still worth."""
    name = "funds hold what their coupons are worth"
    fund_ids = using.funds_of(centre_id)
    for fund_id in fund_ids:
        held, kept = funds.balance(centre_id, fund_id), funds.kept_back(centre_id, fund_id)
        if held < kept:
            return Finding(name, centre_id, False, kept, held, "fund", str(fund_id))
    return Finding(name, centre_id, True, len(fund_ids), len(fund_ids))


def _refunds_whole(centre_id: int) -> Finding:
    """The parts of a refund are the refund."""
    name = "refunds are given back whole"
    told = {
        refund_id: satang
        for refund_id, satang in db.session.execute(
            select(Refund.id, Refund.paid_satang).where(Refund.centre_id == centre_id)
        )
        if satang
    }
    given: dict[UUID, int] = dict(
        db.session.execute(
            select(RefundPayment.refund_id, sum_int(RefundPayment.amount_satang))
            .where(RefundPayment.centre_id == centre_id)
            .group_by(RefundPayment.refund_id)
        ).all()
    )
    return _same(name, centre_id, told, given, "refund")


def _same(
    name: str, centre_id: int, wanted: dict[UUID, int], actual: dict[UUID, int], what: str
) -> Finding:
    for one in sorted({*wanted, *actual}):
        if wanted.get(one, 0) != actual.get(one, 0):
            return Finding(
                name, centre_id, False, wanted.get(one, 0), actual.get(one, 0), what, str(one)
            )
    return Finding(name, centre_id, True, len(wanted), len(actual))
