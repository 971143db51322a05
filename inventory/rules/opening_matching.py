"""Who and what the lines of the old books are: our accounts, our people, our products.

What must stay true: nobody is taken for somebody else by a likeness; a number, or a whole name with
nobody else of that name, or it is a problem for a person to solve. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar
from uuid import UUID

from core.errors import N_
from core.money import half_up_div
from core.quantity import MILLI, price_of
from core.text import normalise
from inventory.rules.opening_lots import OWN_LOT, Refuse, split_of
from inventory.rules.opening_tables import Line, Problem
from members.rules.membership import parted

OURS = frozenset({"", "own", "ours", "ของเรา", "ศูนย์", "สินค้าศูนย์", "ของศูนย์", "-"})


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account of our chart; with `fund_id` one of the funds kept in it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    purpose: str | None
    control_key: str
    active: bool
    fund_id: UUID | None = None

    @property
    def key(self) -> str:
        """Return the name under which it is chosen."""
        return f"{self.id}/{self.fund_id}" if self.fund_id else str(self.id)


@dataclass(frozen=True, slots=True)
class Person:
    """A producer or member: of our register, or (without an id) new with the line it stands on."""

    id: UUID | None
    code: str
    name: str
    phone: str = ""
    member_id: UUID | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product of ours."""

    id: UUID
    code: str
    name: str
    unit: str
    sold_by: str
    active: bool = True
    """Whether it is on sale: what is not may still lie there, and is found by its code."""


@dataclass(frozen=True, slots=True)
class AccountMatch:
    """A line of the old books and our account, found by `code`, `name` or `choice` (or not)."""

    line: Line
    account: KnownAccount | None
    how: str


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A line and the person it is."""

    line: Line
    person: Person


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of stock: which product, whose, at what cost (0 when on consignment)."""

    line: Line
    product: KnownProduct
    owner: Person | None
    cost_satang: int
    deliverer: Person | None = None
    """Who delivered goods that are ours, where that is known."""
    split_basis_points: int | None = None
    location_id: UUID | None = None
    """Where it lies; None: on the shelf."""

    @property
    def unit_cost_satang(self) -> int:
        """What a unit cost: as written, or the whole cost shared out."""
        written = self.line.amount("unit_cost")
        return written or half_up_div(self.cost_satang * MILLI, self.line.quantity_milli)


@dataclass(frozen=True, slots=True)
class Places:
    """Our locations by code and names, and the numbers lots have here already."""

    locations: Mapping[str, UUID] = field(default_factory=dict)
    lots: frozenset[str] = frozenset()


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What was matched, and what could not be."""

    matches: tuple[T, ...]
    problems: tuple[Problem, ...]


def name_key(text: str) -> str:
    """Return a name without its title, spaces and dots, for telling whether two are the same."""
    _title, first, last = parted(text)
    return (first + last).lower().replace(" ", "").replace(".", "")


def account_key(line: Line) -> str:
    """Return the name under which a choice for an account of the old books is remembered."""
    return f"{line.code}|{name_key(line.name)}"


def match_accounts(
    lines: Iterable[Line], known: Sequence[KnownAccount], choices: Mapping[str, str]
) -> tuple[AccountMatch, ...]:
    """Find our account for each line: the chosen one, else the one of its code, else its name."""
    by_id = {one.key: one for one in known}
    active = [one for one in known if one.active]
    by_code = {one.code: one for one in active}
    by_name: dict[str, KnownAccount | None] = {}
    for one in active:
        for name in {name_key(one.name_th), name_key(one.name_en)}:
            by_name[name] = None if name in by_name else one
    found: list[AccountMatch] = []
    for line in lines:
        chosen = by_id.get(choices.get(account_key(line), ""))
        coded = by_code.get(line.code)
        named = by_name.get(name_key(line.name)) if line.name else None
        if chosen is not None:
            found.append(AccountMatch(line, chosen, "choice"))
        elif coded is not None and named is not None and coded.id != named.id:
            # The code says one account and the name another: a person decides.
            found.append(AccountMatch(line, None, ""))
        elif coded is not None:
            # Of a fund's account the name may say which fund.
            found.append(AccountMatch(line, named or coded, "code"))
        else:
            found.append(AccountMatch(line, named, "name" if named else ""))
    return tuple(_with_fund(match, active) for match in found)


def _with_fund(match: AccountMatch, known: Sequence[KnownAccount]) -> AccountMatch:
    """An account of funds means its fund, when there is only one."""
    account = match.account
    if account is None or account.fund_id is not None:
        return match
    funds = [one for one in known if one.id == account.id and one.fund_id is not None]
    return replace(match, account=funds[0]) if len(funds) == 1 else match


@dataclass(slots=True)
class People:
    """A register to look people up in, by number, whole name and phone."""

    by_code: dict[str, Person] = field(default_factory=dict)
    by_name: dict[str, list[Person]] = field(default_factory=dict)
    by_phone: dict[str, list[Person]] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """Put a person into the register."""
        if person.code:
            self.by_code.setdefault(person.code, person)
        self.by_name.setdefault(name_key(person.name), []).append(person)
        if person.phone:
            self.by_phone.setdefault(_phone(person.phone), []).append(person)

    def of(self, code: str, name: str, phone: str = "") -> list[Person]:
        """Return who it can be: one, several, or nobody."""
        if code and (known := self.by_code.get(code)):
            return [known]
        same = self.by_name.get(name_key(name), []) if name else []
        reached = self.by_phone.get(_phone(phone), []) if phone else []
        both = [one for one in same if one in reached]
        if both:
            return both
        return same if name else reached


def register_of(people: Iterable[Person]) -> People:
    """Return a register of people."""
    register = People()
    for person in people:
        register.add(person)
    return register


def match_people(table: str, lines: Iterable[Line], register: People) -> Found[PersonMatch]:
    """Find the person of each line, or make a new one; the register learns the new ones."""
    found: list[PersonMatch] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line in lines:
        person = _person(table, line, register, problems)
        if person is None:
            continue
        key = str(person.id or f"new {person.code or name_key(person.name)}")
        if key in seen:
            words = N_("%(name)s stands on line %(other)s already. Put both lines together.")
            facts = {"name": line.name or line.code, "other": seen[key]}
            problems.append(Problem(table, line.number, words, facts))
            continue
        seen[key] = line.number
        found.append(PersonMatch(line, person))
    for match in found:
        if match.person.id is None:
            register.add(match.person)
    return Found(tuple(found), tuple(problems))


def _person(table: str, line: Line, register: People, problems: list[Problem]) -> Person | None:
    def refuse(words: str, **facts: object) -> None:
        problems.append(Problem(table, line.number, words, facts))

    candidates = register.of(line.code, line.name, line.text.get("phone", ""))
    if len(candidates) > 1:
        numbers = ", ".join(one.code for one in candidates[:5])
        refuse(
            N_("Several people are called %(name)s (%(numbers)s). Write the number in the file."),
            name=line.name,
            numbers=numbers,
        )
        return None
    if candidates:
        [known] = candidates
        if line.name and name_key(known.name) != name_key(line.name):
            refuse(
                N_("Number %(code)s is %(known)s here, but the file says %(name)s."),
                code=line.code,
                known=known.name,
                name=line.name,
            )
            return None
        return known
    if not line.name:
        refuse(N_("Nobody has the number %(code)s. Write the name too."), code=line.code)
        return None
    phone = line.text.get("phone", "")
    return Person(None, line.code, line.name, phone, None, line.number)


def match_goods(
    lines: Iterable[Line],
    products: Sequence[KnownProduct],
    producers: People,
    places: Places | None = None,
) -> Found[Goods]:
    """Find product and owner of each line of stock, and work out what it cost."""
    places = places or Places()
    seen: set[str] = set()
    by_code = {product.code: product for product in products}
    by_name: dict[str, list[KnownProduct]] = {}
    for product in products:
        if product.active:
            by_name.setdefault(name_key(product.name), []).append(product)
    found: list[Goods] = []
    problems: list[Problem] = []
    for line in lines:
        named = by_name.get(name_key(line.name), [])
        one = by_code.get(line.code) or (named[0] if len(named) == 1 else None)
        goods = None if one is None else _goods(line, one, producers, places, problems)
        if one is None:
            words = N_(
                "There is no product %(name)s. Enter it under Products first, with this code or"
                " name."
            )
            name = line.name or line.code
            problems.append(Problem("stock", line.number, words, {"name": name}, "code"))
        elif goods is not None and line.text.get("lot") and line.text["lot"] in seen:
            words = N_("The lot %(lot)s stands in the file twice.")
            problems.append(Problem("stock", line.number, words, {"lot": line.text["lot"]}, "lot"))
        elif goods is not None:
            found.append(goods)
            seen.add(line.text.get("lot", ""))
    return Found(tuple(found), tuple(problems))


def _goods(
    line: Line,
    product: KnownProduct,
    producers: People,
    places: Places,
    problems: list[Problem],
) -> Goods | None:
    before = len(problems)

    def refuse(column: str, words: str, /, **facts: object) -> None:
        problems.append(Problem("stock", line.number, words, facts, column))

    quantity = line.quantity_milli
    if quantity <= 0:
        refuse("quantity", N_("Write a quantity above zero."))
    elif product.sold_by == "piece" and quantity % MILLI:
        words = N_("%(name)s is sold by the piece. Write a whole number.")
        refuse("quantity", words, name=product.name)
    unit = line.text.get("unit", "")
    if unit and name_key(unit) != name_key(product.unit):
        refuse(
            "unit",
            N_("%(name)s is kept in %(unit)s. Write the quantity in that unit."),
            name=product.name,
            unit=product.unit,
        )
    owner = _producer(line, "owner", producers, refuse)
    deliverer = _producer(line, "deliverer", producers, refuse) if owner is None else None
    split = split_of(line, owner is not None, refuse)
    location = _place(line, places, refuse)
    written, whole = line.amount("unit_cost"), line.amount("total")
    if owner is not None and (written or whole):
        refuse("total", N_("Goods on consignment cost us nothing. Leave the cost empty."))
    elif written and whole and _apart(price_of(quantity, written), whole, quantity):
        words = N_("Quantity times cost per unit is not the cost in all. Correct one of them.")
        refuse("total", words)
    if len(problems) > before:
        return None
    cost = 0 if owner is not None else whole or price_of(quantity, written)
    return Goods(line, product, owner, cost, deliverer, split, location)


def _apart(reckoned: int, whole: int, quantity: int) -> bool:
    """A unit's cost is rounded to the satang, so the whole may be off by half of one a unit."""
    return quantity > 0 and abs(reckoned - whole) > quantity // (2 * MILLI) + 1


def _producer(line: Line, column: str, producers: People, refuse: Refuse) -> Person | None:
    """Return whose goods these are on consignment, or who delivered them; None when nobody is said.

    Of the owner, our own name says that they are ours.
    """
    said = line.text.get(column, "")
    if normalise(said).lower() in OURS:
        return None
    candidates = producers.of(said, said)
    if len(candidates) == 1:
        return candidates[0]
    words = N_("Nobody, or more than one, is called %(owner)s. Write the producer's number.")
    refuse(column, words, owner=said)
    return None


def _place(line: Line, places: Places, refuse: Refuse) -> UUID | None:
    """Return where it lies (None: on the shelf); a lot's number must be nobody's."""
    said, lot = line.text.get("location", ""), line.text.get("lot", "")
    location = places.locations.get(name_key(said))
    if said and location is None:
        refuse("location", N_("There is no place %(place)s here."), place=said)
    if OWN_LOT.fullmatch(lot):
        words = N_("Numbers like %(lot)s are given here. Write another, or leave the lot empty.")
        refuse("lot", words, lot=lot)
    elif lot in places.lots:
        refuse("lot", N_("The lot %(lot)s is here already."), lot=lot)
    return location


def _phone(text: str) -> str:
    return "".join(char for char in text if "0" <= char <= "9")
