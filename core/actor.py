"""Who acts, in which centre, under which of its policies.

An `Actor` is made once per request (or per job) and handed to every service; services never look a
user up again. `members.rules.roles` says what its roles may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TaxSetting:
    """How a centre stands to VAT from `valid_from` on.

    `vat_mode` is `not_registered` or `registered`; `consignment_basis` says what bears VAT when
    goods of an unregistered producer are sold: our `commission` or the `gross` price.
    """

    valid_from: date
    vat_mode: str = "not_registered"
    consignment_basis: str = "commission"


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre with the settings its services obey; money in satang."""

    id: int
    network_id: int
    code: str
    name_th: str
    name_en: str
    address: str = ""
    phone: str = ""
    tax_id: str = ""
    oversell_policy: str = "block"
    cash_rounding_satang: int = 0
    promptpay_kind: str = ""
    promptpay_id: str = ""
    promptpay_name: str = ""
    fiscal_year_start_month: int = 1
    receipt_footer: str = ""
    organisation_type: str = "community_enterprise"
    discount_limit_basis_points: int | None = None
    discount_limit_satang: int | None = None
    refund_limit_satang: int | None = None
    """How far a cashier goes alone at the till; None: as far as it takes."""
    version: int = 1
    tax_settings: tuple[TaxSetting, ...] = ()
    """Sorted by day; before the first one the centre is not registered."""

    def tax_on(self, day: date) -> TaxSetting:
        """Return the setting in force on a business date."""
        in_force = TaxSetting(date.min)
        for setting in self.tax_settings:
            if setting.valid_from <= day:
                in_force = setting
        return in_force


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person (or the system, `user_id` None) in one centre."""

    centre: Centre
    user_id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    locale: str = "th"
    producer_id: UUID | None = None

    @property
    def centre_id(self) -> int:
        return self.centre.id


def system_actor(centre: Centre) -> Actor:
    """Return the actor of jobs, the demo and the command line: every right, no person."""
    return Actor(centre=centre, name="system", roles=frozenset({"system"}))
