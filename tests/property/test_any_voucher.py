"""Vouchers: whatever passes balances and comes back as it was; schedules only go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.vouchers import (
    JOURNAL,
    MONTHS,
    PAY,
    RECEIVE,
    BadVoucher,
    Simple,
    VoucherContent,
    VoucherLine,
    check,
    content_from,
    due_after,
    first_due,
    simple_lines,
)
from core.documents import content_of
from core.papers import media_type_of


@dataclass(frozen=True)
class Account:
    """As little of an account as the rules ask for."""

    code: str
    control_key: str
    active: bool
    money: str
    purpose: str | None


IDS = [UUID(int=n) for n in range(1, 7)]
TODAY = date(2026, 11, 21)
amounts = st.integers(-5, 10**9)
lines = st.builds(
    VoucherLine,
    st.sampled_from(IDS),
    amounts,
    amounts,
    member_id=st.none() | st.just(IDS[0]),
    producer_id=st.none() | st.just(IDS[0]),
    fund_id=st.none() | st.just(IDS[0]),
    memo=st.text(max_size=5),
)
one_sided = st.builds(
    lambda account, amount, side: VoucherLine(
        account, debit=amount * side, credit=amount * (1 - side)
    ),
    st.sampled_from(IDS),
    st.integers(1, 3),
    st.integers(0, 1),
)
accounts = st.fixed_dictionaries(
    {
        one: st.builds(
            Account,
            st.just("1"),
            st.sampled_from(["", "", "", "member", "producer", "lot", "till"]),
            st.sampled_from([True, True, True, False]),
            st.sampled_from(["", "cash"]),
            st.sampled_from([None, None, "welfare_fund"]),
        )
        for one in IDS
    }
)


@given(
    st.sampled_from([JOURNAL, PAY, RECEIVE]),
    st.lists(lines, max_size=4) | st.lists(one_sided, min_size=2, max_size=4),
    accounts,
)
def test_what_passes_balances_and_nobody_reaches_goods_or_tills(
    kind: str, written: list[VoucherLine], known: dict[UUID, Account]
) -> None:
    content = VoucherContent(kind, TODAY, tuple(written))
    refused = None
    try:
        total = check(content, known, TODAY)
    except BadVoucher as refusal:
        refused = refusal
    if refused is not None:
        assert refused.facts["field"]
        return
    assert total == sum(one.debit for one in written) == sum(one.credit for one in written) > 0
    assert len(written) >= 2
    for line in written:
        account = known[line.account_id]
        assert account.active and account.control_key not in ("lot", "till")
        keys = {"member": line.member_id, "producer": line.producer_id, "": True}
        assert keys[account.control_key]
    assert content_from(content_of(content)) == content


@given(st.sampled_from([PAY, RECEIVE]), st.integers(1, 10**11), st.none() | st.sampled_from(IDS))
def test_a_payment_or_receipt_always_balances(kind: str, satang: int, key: UUID | None) -> None:
    written = simple_lines(kind, Simple(IDS[0], IDS[1], satang, activity_id=key))
    assert sum(one.debit for one in written) == sum(one.credit for one in written) == satang


@given(
    st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    st.sampled_from(sorted(MONTHS)),
    st.integers(1, 31),
)
def test_due_days_only_go_on_and_keep_their_day(start: date, every: str, on: int) -> None:
    due = first_due(start, on)
    assert due >= start
    for _time in range(5):
        after = due_after(due, every, on)
        months = (after.year - due.year) * 12 + after.month - due.month
        assert months == MONTHS[every]
        assert after.day <= on and (after.day == on or after.day >= 28)
        due = after


@given(
    st.binary(max_size=200)
    | st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1", b"RIFF"]).flatmap(
        lambda sign: st.binary(max_size=100).map(lambda rest: sign + rest)
    )
)
def test_whatever_bytes_come_are_told_or_refused(data: bytes) -> None:
    assert media_type_of(data) in (None, "image/jpeg", "image/png", "image/webp", "application/pdf")
