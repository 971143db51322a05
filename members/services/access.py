"""The one check of every use-case, and the one query that says who is asking.

What must stay true: `require` is the first line of every service that changes or shows anything;
loading an actor is a single statement; a centre that is not the reader's is refused exactly like
one that does not exist; a disabled user, a revoked or expired session or token is nobody at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, or_, select

from core import clock
from core.actor import Actor, Centre, TaxSetting
from core.db import db
from core.errors import Forbidden, NotFound
from members.models import ApiToken, AppUser, CentreRow, RoleGrant, UserSession
from members.models import TaxSetting as TaxRow
from members.rules.roles import Role, allowed

AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"
IDLE = timedelta(minutes=240)
TOUCH_EVERY = timedelta(minutes=5)
SESSION, BEARER = "session", "bearer"

CENTRE_COLUMNS = (
    CentreRow.id,
    CentreRow.network_id,
    CentreRow.code,
    CentreRow.name_th,
    CentreRow.name_en,
    CentreRow.address,
    CentreRow.phone,
    CentreRow.tax_id,
    CentreRow.oversell_policy,
    CentreRow.cash_rounding_satang,
    CentreRow.promptpay_kind,
    CentreRow.promptpay_id,
    CentreRow.promptpay_name,
    CentreRow.fiscal_year_start_month,
    CentreRow.receipt_footer,
    CentreRow.organisation_type,
    CentreRow.discount_limit_basis_points,
    CentreRow.discount_limit_satang,
    CentreRow.refund_limit_satang,
    CentreRow.version,
)
TAX_COLUMNS = (TaxRow.valid_from, TaxRow.vat_mode, TaxRow.consignment_basis)
_USER_COLUMNS = (AppUser.id, AppUser.display_name, AppUser.locale, AppUser.officer_network_id)
_GRANT_COLUMNS = (RoleGrant.role, RoleGrant.producer_id)


@dataclass(frozen=True, slots=True)
class LoadedActor:
    """An actor, and whether the session's last use should be noted again."""

    actor: Actor
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A centre someone may enter, and as what."""

    centre_id: int
    name_th: str
    name_en: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person outside of any centre."""

    user_id: UUID
    username: str
    name: str
    locale: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class LoadedPerson:
    """A person, and whether the session's last use should be noted again."""

    person: Person
    stale: bool = False


def require(actor: Actor, permission: str) -> None:
    """Raise `Forbidden` unless the actor holds a permission in the actor's centre."""
    if not allowed(actor.roles, permission):
        raise Forbidden(permission=permission)


def token_hash(token: str) -> str:
    """Return what is stored of a session's or machine's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_actor(kind: str, token: str, centre_id: int, idle: timedelta = IDLE) -> LoadedActor | None:
    """Return who holds a token, acting in a centre; None for nobody, NotFound for not theirs."""
    moment = clock.now()
    statement = _session_query() if kind == SESSION else _bearer_query()
    given = {"hash": token_hash(token), "centre_id": centre_id}
    rows = db.session.execute(statement, given).mappings().all()
    if not rows or _is_over(rows[0], moment, idle):
        return None
    if rows[0][CentreRow.id] != centre_id:
        raise NotFound
    by_pin_in = rows[0].get("pin_centre_id")
    if by_pin_in not in (None, centre_id):
        raise NotFound
    actor = _actor(rows)
    if by_pin_in is not None:
        actor = _at_the_till(actor)
    if not actor.roles:
        raise NotFound
    return LoadedActor(actor, _is_stale(rows[0], moment, idle))


def load_person(token: str, idle: timedelta = IDLE) -> LoadedPerson | None:
    """Return who holds a session, with every centre they may enter; None for nobody."""
    moment = clock.now()
    found = db.session.execute(_person_query(), {"hash": token_hash(token)}).mappings().all()
    if not found or _is_over(found[0], moment, idle):
        return None
    first = found[0]
    person = Person(
        user_id=first[AppUser.id],
        username=first[AppUser.username],
        name=first[AppUser.display_name],
        locale=first[AppUser.locale],
        places=_places(found),
    )
    return LoadedPerson(person, _is_stale(first, moment, idle))


def centre_from(rows: Sequence[RowMapping]) -> Centre:
    """Make a `Centre` from rows of its columns, one for each tax setting (or one with none)."""
    settings = {
        row[TaxRow.valid_from]: TaxSetting(*(row[column] for column in TAX_COLUMNS))
        for row in rows
        if row[TaxRow.valid_from] is not None
    }
    values = {column.key: rows[0][column] for column in CENTRE_COLUMNS}
    return Centre(**values, tax_settings=tuple(settings[day] for day in sorted(settings)))


# --- the queries (built once: they run on every request) ---------------------------------------


@lru_cache(maxsize=1)
def _session_query() -> AnySelect:
    statement = select(
        UserSession.last_seen_at,
        UserSession.expires_at,
        UserSession.pin_centre_id,
        *_USER_COLUMNS,
        *CENTRE_COLUMNS,
        *TAX_COLUMNS,
        *_GRANT_COLUMNS,
    )
    return _with_centre(_of_session(statement), CentreRow.id == bindparam("centre_id"))


@lru_cache(maxsize=1)
def _bearer_query() -> AnySelect:
    statement = (
        select(
            ApiToken.expires_at,
            *_USER_COLUMNS,
            *CENTRE_COLUMNS,
            *TAX_COLUMNS,
            *_GRANT_COLUMNS,
        )
        .select_from(ApiToken)
        .join(AppUser, AppUser.id == ApiToken.user_id)
        .where(
            ApiToken.token_hash == bindparam("hash"),
            ApiToken.revoked_at.is_(None),
            AppUser.active,
        )
    )
    return _with_centre(statement, CentreRow.id == ApiToken.centre_id)


@lru_cache(maxsize=1)
def _person_query() -> AnySelect:
    theirs = or_(
        CentreRow.id == RoleGrant.centre_id, CentreRow.network_id == AppUser.officer_network_id
    )
    statement = select(
        UserSession.last_seen_at,
        UserSession.expires_at,
        UserSession.pin_centre_id,
        AppUser.id,
        AppUser.username,
        AppUser.display_name,
        AppUser.locale,
        CentreRow.id,
        CentreRow.name_th,
        CentreRow.name_en,
        RoleGrant.role,
        RoleGrant.centre_id,
    )
    return (
        _of_session(statement)
        .outerjoin(RoleGrant, RoleGrant.user_id == AppUser.id)
        .outerjoin(CentreRow, theirs)
        .order_by(CentreRow.id)
    )


def _of_session(statement: AnySelect) -> AnySelect:
    return (
        statement.select_from(UserSession)
        .join(AppUser, AppUser.id == UserSession.user_id)
        .where(
            UserSession.token_hash == bindparam("hash"),
            UserSession.revoked_at.is_(None),
            AppUser.active,
        )
    )


def _with_centre(statement: AnySelect, which: ColumnElement[bool]) -> AnySelect:
    own = and_(RoleGrant.user_id == AppUser.id, RoleGrant.centre_id == CentreRow.id)
    return (
        statement.outerjoin(CentreRow, which)
        .outerjoin(RoleGrant, own)
        .outerjoin(TaxRow, TaxRow.centre_id == CentreRow.id)
    )


def _actor(rows: Sequence[RowMapping]) -> Actor:
    first, centre = rows[0], centre_from(rows)
    roles = {row[RoleGrant.role] for row in rows if row[RoleGrant.role] is not None}
    if first[AppUser.officer_network_id] == centre.network_id:
        roles.add(Role.NETWORK_OFFICER.value)
    return Actor(
        centre=centre,
        user_id=first[AppUser.id],
        name=first[AppUser.display_name],
        roles=frozenset(roles),
        locale=first[AppUser.locale],
        producer_id=next(filter(None, (row[RoleGrant.producer_id] for row in rows)), None),
    )


def _at_the_till(actor: Actor) -> Actor:
    """Return who came by a PIN: a cashier and nothing more, whatever else they are."""
    sells = allowed(actor.roles, "sale.record")
    return replace(actor, roles=frozenset({Role.CASHIER.value} if sells else ()), producer_id=None)


def _places(rows: Sequence[RowMapping]) -> tuple[Place, ...]:
    names: dict[int, tuple[str, str]] = {}
    roles: dict[int, set[str]] = {}
    for row in rows:
        centre_id = row[CentreRow.id]
        if centre_id is None or row["pin_centre_id"] not in (None, centre_id):
            continue
        names[centre_id] = row[CentreRow.name_th], row[CentreRow.name_en]
        held = roles.setdefault(centre_id, set())
        if row[RoleGrant.centre_id] == centre_id:
            held.add(row[RoleGrant.role])
    if rows[0]["pin_centre_id"] is not None:
        roles = {centre_id: {Role.CASHIER.value} for centre_id in roles}
    return tuple(
        Place(centre_id, *names[centre_id], frozenset(roles[centre_id] or {Role.NETWORK_OFFICER}))
        for centre_id in names
    )


def _is_over(row: RowMapping, moment: datetime, idle: timedelta) -> bool:
    """A session ends at its hour or when left alone, a token at its day."""
    if row["expires_at"] <= moment:
        return True
    return "last_seen_at" in row and row["last_seen_at"] + idle <= moment


def _is_stale(row: RowMapping, moment: datetime, idle: timedelta) -> bool:
    touched = row.get("last_seen_at", moment)
    return bool(touched + min(TOUCH_EVERY, idle / 4) <= moment)
