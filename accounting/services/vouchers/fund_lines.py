"""What entries by hand may do to funds.

What must stay true: no voucher overdraws a fund; funeral aid moves only against its own money,
unless the two have come apart and this very entry brings them together again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from accounting.rules.vouchers import BadVoucher
from accounting.services import chart, funds
from accounting.services.funds import custody
from core import clock
from core.db import serialise_on
from core.errors import N_

APART = (Purpose.FUNERAL_AID, Purpose.FUNERAL_MONEY)


class FuneralAidApart(BadVoucher):
    """Money held for funerals is no income, no cost, and not the shop's."""

    code, title = "funeral-aid-apart", N_("Funeral aid is kept apart from the shop")
    detail = N_("Use the fund's own pages. Its money moves only between its own two accounts.")


def require_sound(lines: Iterable[NewLine], on: date, centre_id: int) -> None:
    """Raise FuneralAidApart, FundOverdrawn for an entry of a day.

    The funds stay held until the transaction ends.
    """
    accounts = chart.by_purpose(centre_id)
    by_id = {card.id: card for card in chart.listing(centre_id)}
    out: defaultdict[UUID, int] = defaultdict(int)
    apart, result, touched = 0, False, False
    for line in lines:
        account = accounts[line.purpose] if line.purpose else by_id[line.account_id]  # type: ignore[index]
        net = line.debit - line.credit
        if line.fund_id is not None and account.purpose in funds.KEPT_IN:
            out[line.fund_id] += net
        if account.purpose in APART:
            touched, apart = True, apart + net
        result = result or account.type in ("income", "expense")
    if touched:
        _require_apart(apart, result, centre_id)
    for fund_id in sorted(out):
        if out[fund_id] > 0:
            funds.require_covered(centre_id, fund_id, out[fund_id], on)


def _require_apart(net: int, result: bool, centre_id: int) -> None:
    if result:
        raise FuneralAidApart
    if net == 0:
        return
    serialise_on(chart.account_for(centre_id, Purpose.FUNERAL_MONEY).id)
    found = custody.custody(centre_id, clock.today())
    if net != found.held_satang - found.money_satang:
        raise FuneralAidApart
