"""Who may do what, as data: each permission names the roles that hold it.

What must stay true: this table is the only place rights are decided; an auditor's rights all end
in `.read`, but for the second signature under a month; a producer's one right opens own rows only;
a network officer sees totals only.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a centre. `SYSTEM` is no person: jobs, the demo, the command line."""

    CASHIER = "cashier"
    STOCK_KEEPER = "stock_keeper"
    ACCOUNTANT = "accountant"
    MANAGER = "manager"
    AUDITOR = "auditor"
    PRODUCER = "producer"
    NETWORK_OFFICER = "network_officer"
    SYSTEM = "system"


GRANTED = (
    Role.CASHIER,
    Role.STOCK_KEEPER,
    Role.ACCOUNTANT,
    Role.MANAGER,
    Role.AUDITOR,
    Role.PRODUCER,
)
"""The roles a manager gives in a centre; an officer is made for a network."""

_COUNTER = frozenset({Role.CASHIER, Role.MANAGER})
_STORE = frozenset({Role.STOCK_KEEPER, Role.MANAGER})
_BOOKS = frozenset({Role.ACCOUNTANT, Role.MANAGER, Role.AUDITOR})
_KEEPERS = _BOOKS - {Role.AUDITOR}
_MANAGER = frozenset({Role.MANAGER})
_OVERSEEN = frozenset({Role.MANAGER, Role.AUDITOR})
_STAFF = _COUNTER | _STORE | _BOOKS

PERMISSIONS: dict[str, frozenset[str]] = {
    "sale.record": _COUNTER,
    "sale.read": _COUNTER | _BOOKS,
    "refund.record": _COUNTER,
    "override.give": _MANAGER,
    "override.read": _OVERSEEN | {Role.ACCOUNTANT},
    "discount.give": _COUNTER,
    "hold.keep": _COUNTER,
    "receipt.print": _COUNTER | {Role.ACCOUNTANT},
    "shift.open": _COUNTER,
    "shift.close": _COUNTER,
    "shift.read": _COUNTER | _BOOKS,
    "cash.move": _COUNTER,
    "intake.record": _STORE,
    "intake.cancel": _STORE,
    "intake.read": _STORE | _BOOKS,
    "purchase.read": _STORE | _BOOKS,
    "purchase.order": _STORE,
    "purchase.return": _STORE,
    "purchase_voucher.record": _KEEPERS,
    "supplier.change": _STORE | {Role.ACCOUNTANT},
    "stock.read": _STAFF,
    "waste.record": _STORE,
    "product.read": _STAFF,
    "product.change": _STORE,
    "price.change": _MANAGER,
    "producer.read": _STORE | _BOOKS,
    "producer.change": _STORE,
    "member.read": _STAFF,
    "member.change": _STORE,
    "journal.read": _BOOKS,
    "ledger.read": _BOOKS,
    "trial_balance.read": _BOOKS,
    "opening.post": _KEEPERS,
    "close.read": _BOOKS,
    "close.prepare": _KEEPERS,
    "close.sign": _BOOKS,
    "close.reopen": _KEEPERS,
    "statement.read": _BOOKS,
    "book_settings.change": _MANAGER,
    "chart.change": _KEEPERS,
    "voucher.read": _BOOKS,
    "voucher.record": _KEEPERS,
    "voucher.approve": _KEEPERS,
    "bank.read": _BOOKS,
    "bank.change": _KEEPERS,
    "budget.read": _BOOKS,
    "budget.change": _KEEPERS,
    "export.read": _BOOKS,
    "archive.make": _MANAGER,
    "report.request": _COUNTER | {Role.ACCOUNTANT},
    "report.read": _COUNTER | _BOOKS,
    "till_device.manage": _MANAGER,
    "duty_waiver.read": _BOOKS,
    "duty_waiver.record": _MANAGER,
    "roster.read": _STAFF,
    "roster.plan": _MANAGER,
    "cashier_figures.read": _BOOKS,
    "table.bring": _STORE | _KEEPERS,
    "user.read": _OVERSEEN,
    "user.manage": _MANAGER,
    "token.manage": _MANAGER,
    "settings.read": _BOOKS,
    "settings.change": _MANAGER,
    "audit.read": _OVERSEEN,
    "producer_account.read": _BOOKS | {Role.PRODUCER},
    "terms.read": _STORE | _BOOKS,
    "terms.propose": _STORE | {Role.ACCOUNTANT},
    "terms.approve": _MANAGER,
    "promotion.read": _COUNTER | _STORE | _BOOKS,
    "promotion.change": _MANAGER,
    "fund.read": _BOOKS,
    "fund.change": _MANAGER,
    "settlement.read": _BOOKS,
    "settlement.prepare": _KEEPERS,
    "settlement.approve": _KEEPERS,
    "settlement.absorb": _MANAGER,
    "payout.read": _BOOKS,
    "payout.record": _KEEPERS,
    "advance.give": _KEEPERS,
    "unsold.read": _STORE | _BOOKS,
    "unsold.decide": _STORE,
    "count.read": _STORE | _BOOKS,
    "count.record": _STORE,
    "count.approve": _KEEPERS,
    "transfer.read": _STORE | _BOOKS,
    "transfer.record": _STORE,
    "production.read": _STORE | _BOOKS,
    "production.record": _STORE,
    "production.override": _MANAGER,
    "recipe.change": _STORE,
    "label.print": _STORE,
    "pin.give": _STORE,
    "person.identify": _KEEPERS,
    "person.merge": _MANAGER,
    "privacy.read": _STORE | _OVERSEEN,
    "privacy.record": _STORE,
    "privacy.erase": _MANAGER,
    "share.read": _BOOKS,
    "share.record": _KEEPERS,
    "share_rule.change": _MANAGER,
    "surplus.read": _BOOKS,
    "surplus.prepare": _KEEPERS,
    "surplus.approve": _KEEPERS,
    "surplus_rule.change": _MANAGER,
    "member_payment.read": _BOOKS,
    "member_payment.record": _KEEPERS,
    "credit.read": _COUNTER | _BOOKS,
    "credit.change": _MANAGER,
    "credit.repay": _COUNTER | {Role.ACCOUNTANT},
    "credit.write_off": _KEEPERS,
    "purse.read": _COUNTER | _BOOKS,
    "purse.top_up": _COUNTER | {Role.ACCOUNTANT},
    "purse.withdraw": _KEEPERS,
    "scheme.read": _COUNTER | _BOOKS,
    "scheme.change": _MANAGER,
    "scheme.settle": _KEEPERS,
    "coupon.read": _COUNTER | _BOOKS,
    "coupon.issue": _KEEPERS,
    "fund.contribute": _KEEPERS,
    "fund_request.record": _STORE | {Role.ACCOUNTANT},
    "fund_request.approve": _KEEPERS,
    "fund_grant.pay": _KEEPERS,
    "reference_price.read": _STORE | _BOOKS,
    "reference_price.change": _STORE | {Role.ACCOUNTANT},
    "welfare.read": _BOOKS,
    "welfare_settings.change": _MANAGER,
    "meeting.read": _STAFF,
    "meeting.record": _KEEPERS,
    "joint_round.read": _STAFF,
    "joint_round.order": _STORE | {Role.CASHIER, Role.ACCOUNTANT},
    "joint_round.manage": _STORE,
    "network.read": frozenset({Role.NETWORK_OFFICER}),
    "network.manage": frozenset({Role.NETWORK_OFFICER}),
    "network.join": _MANAGER,
}


def allowed(roles: Iterable[str], permission: str) -> bool:
    """Tell whether someone with these roles holds a permission; an unknown one is our mistake."""
    holders = PERMISSIONS[permission]
    return any(role == Role.SYSTEM or role in holders for role in roles)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return every permission someone with these roles holds."""
    held = tuple(roles)
    return frozenset(name for name in PERMISSIONS if allowed(held, name))
