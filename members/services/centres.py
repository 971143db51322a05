"""Networks and centres, and the settings a centre obeys.

What must stay true: a setting changes for what comes, never for what was; how a centre stands to
VAT is dated, and a past day's standing is never altered.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from core import audit, clock
from core.actor import Actor, Centre, TaxSetting
from core.db import db
from core.errors import N_, ChangedMeanwhile, DomainError
from core.identity import is_thai_id
from members.models import CentreNetwork, CentreRow, Network
from members.models import TaxSetting as TaxRow
from members.services.access import CENTRE_COLUMNS, TAX_COLUMNS, centre_from, require

BEGINNING = date(1900, 1, 1)
"""The day from which a centre belongs to its first network."""


class CentreCodeTaken(DomainError):
    """Another centre has this code."""

    code, status, title = "centre-code-taken", 409, N_("This code belongs to another centre")


class TaxDayPassed(DomainError):
    """A VAT setting can only begin today or later, after every earlier one."""

    code, status, title = "tax-day-passed", 409, N_("A tax setting can't begin on this day")
    detail = N_("Choose today or a later day, after %(after)s.")


class BadTaxId(DomainError):
    """The 13-digit id fails its check digit."""

    code, status, title = "bad-tax-id", 422, N_("This tax id is not right")
    detail = N_("It has 13 digits; check each of them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCentre:
    """A centre to found. Without `network_id` it begins a network of its own name."""

    code: str
    name_th: str
    name_en: str
    network_id: int | None = None
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
    tax_settings: tuple[TaxSetting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCentre:
    """New settings of a centre, made on a look at `version`."""

    version: int
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimits:
    """How far a cashier goes alone, made on a look at `version`; None: as far as it takes."""

    version: int
    discount_limit_basis_points: int | None = None
    discount_limit_satang: int | None = None
    refund_limit_satang: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkCard:
    """A network of centres."""

    id: int
    name_th: str
    name_en: str


def add_network(name_th: str, name_en: str) -> int:
    """Begin a network; returns its id."""
    row = Network(name_th=name_th, name_en=name_en)
    db.session.add(row)
    db.session.flush()
    return row.id


def networks() -> list[NetworkCard]:
    """Return all networks."""
    rows = db.session.execute(
        select(Network.id, Network.name_th, Network.name_en).order_by(Network.id)
    )
    return [NetworkCard(*row) for row in rows]


def create(new: NewCentre) -> Centre:
    """Found a centre. Only the command line and the demo do this; there is no actor yet."""
    taken = db.session.execute(select(CentreRow.id).where(CentreRow.code == new.code)).first()
    if taken:
        raise CentreCodeTaken(code_given=new.code)
    network_id = new.network_id or add_network(new.name_th, new.name_en)
    names = {field.name for field in fields(NewCentre)} - {"network_id", "tax_settings"}
    row = CentreRow(network_id=network_id, version=1, **{n: getattr(new, n) for n in names})
    db.session.add(row)
    db.session.flush()
    _begin_in(row.id, network_id)
    for setting in new.tax_settings:
        _add_tax(row.id, setting)
    centre = get(row.id)
    assert centre is not None
    return centre


def _begin_in(centre_id: int, network_id: int) -> None:
    """Whatever the centre's books will hold, old balances too, belongs to its first network."""
    db.session.execute(
        insert(CentreNetwork).values(
            centre_id=centre_id,
            joined_on=BEGINNING,
            network_id=network_id,
            recorded_at=clock.now(),
        )
    )


def get(centre_id: int) -> Centre | None:
    """Return a centre with its settings, or None."""
    found = _load(CentreRow.id == centre_id)
    return found[0] if found else None


def listing(network_id: int | None = None) -> list[Centre]:
    """Return all centres (of a network), by id."""
    return _load(*([] if network_id is None else [CentreRow.network_id == network_id]))


def _load(*where: Any) -> list[Centre]:
    rows = db.session.execute(
        select(*CENTRE_COLUMNS, *TAX_COLUMNS)
        .outerjoin(TaxRow, TaxRow.centre_id == CentreRow.id)
        .where(*where)
        .order_by(CentreRow.id, TaxRow.valid_from)
    ).mappings()
    grouped: dict[int, list[RowMapping]] = {}
    for row in rows:
        grouped.setdefault(row[CentreRow.id], []).append(row)
    return [centre_from(group) for group in grouped.values()]


def change(command: ChangeCentre, actor: Actor) -> Centre:
    """Change the settings of the actor's centre, unless someone else did meanwhile."""
    require(actor, "settings.change")
    if command.tax_id and not is_thai_id(command.tax_id):
        raise BadTaxId(field="tax_id")
    return _save(command, actor)


def set_limits(command: SetLimits, actor: Actor) -> Centre:
    """Say how far a cashier goes alone, unless someone else changed the settings meanwhile."""
    require(actor, "settings.change")
    return _save(command, actor)


def _save(command: ChangeCentre | SetLimits, actor: Actor) -> Centre:
    before = get(actor.centre_id)
    assert before is not None
    new = {f.name: getattr(command, f.name) for f in fields(command) if f.name != "version"}
    done = db.session.execute(
        update(CentreRow)
        .where(CentreRow.id == actor.centre_id, CentreRow.version == command.version)
        .values(**new, version=CentreRow.version + 1)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    changed = {name: value for name, value in new.items() if getattr(before, name) != value}
    audit.record(actor, "settings.changed", "centre", actor.centre_id, changed=changed)
    after = get(actor.centre_id)
    assert after is not None
    return after


def set_tax(setting: TaxSetting, actor: Actor) -> Centre:
    """Let the actor's centre stand to VAT in a new way from a day on."""
    require(actor, "settings.change")
    centre = get(actor.centre_id)
    assert centre is not None
    last = max((known.valid_from for known in centre.tax_settings), default=None)
    if setting.valid_from < clock.today() or (last is not None and setting.valid_from <= last):
        after = max(filter(None, (last, clock.today())))
        raise TaxDayPassed(field="valid_from", after=after)
    _add_tax(actor.centre_id, setting)
    audit.record(
        actor,
        "tax.set",
        "centre",
        actor.centre_id,
        valid_from=setting.valid_from.isoformat(),
        vat_mode=setting.vat_mode,
        consignment_basis=setting.consignment_basis,
    )
    after_change = get(actor.centre_id)
    assert after_change is not None
    return after_change


def _add_tax(centre_id: int, setting: TaxSetting) -> None:
    db.session.execute(
        insert(TaxRow).values(
            centre_id=centre_id,
            valid_from=setting.valid_from,
            vat_mode=setting.vat_mode,
            consignment_basis=setting.consignment_basis,
        )
    )
