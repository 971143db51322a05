"""Products as a table: judged against the catalogue, entered by its own doors, written out.

What must stay true: a code says which product is meant, code and unit which of its units; a barcode
means one thing; prices change by those only who may change them, and each change is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from core.actor import Actor
from core.errors import N_
from core.ids import uuid7
from core.quantity import price_of
from core.table_forms import Fault, LineIn
from inventory.rules import products_table
from inventory.rules.products_table import CODE, OF_PRODUCT, OF_UNIT, Tier
from inventory.rules.units import FACTOR_MAX
from inventory.services.catalogue import ProductFacts, SaveProduct, products, tiers, units
from inventory.services.catalogue.tiers import COUNT_MAX, SaveTier, TierFacts
from inventory.services.catalogue.units import SaveUnit, UnitFacts
from inventory.services.moving_in.catalogue import Catalogue, KnownProduct, KnownUnit, catalogue_of
from members.rules.roles import allowed
from members.services.moving_in.tables import (
    CHANGED,
    NEW,
    THERE,
    Bringing,
    TableKind,
    Taken,
    ToTake,
    Verdict,
    bad,
    through_door,
)

SOURCE = "file"
TURN_LINES = 200
_NEEDED = {
    "name_th": N_("Write the name."),
    "unit": N_("Write the unit."),
    "price": N_("Write the price."),
}


def judge(bringing: Bringing, _lines: Sequence[LineIn], actor: Actor) -> JudgeProducts:
    """Return what judges lines of products against the catalogue as it is now."""
    return JudgeProducts(catalogue_of(bringing.centre_id), allowed(actor.roles, "price.change"))


@dataclass(slots=True)
class JudgeProducts:
    """Judges the lines of one file, in their order."""

    known: Catalogue
    may_price: bool
    brought: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Products new in this file, by code."""
    refused: set[str] = field(default_factory=set)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    scanned: dict[str, int] = field(default_factory=dict)

    def __call__(self, line: LineIn) -> Verdict:
        code = line.text("code")
        product = self.known.products.get(code)
        of_unit = line.values.get("factor") is not None
        faults = [*self._wrong(line, code, of_unit)]
        if not faults:
            judged = self._unit(line, code, product) if of_unit else self._product(line, product)
            if judged.verdict != "bad":
                self.seen[code, line.text("unit") if of_unit else ""] = line.number
                for one in line.values.get("barcodes") or ():
                    self.scanned[one] = line.number
                return judged
            faults = list(judged.faults)
        if not of_unit and product is None:
            self.refused.add(code)
        return bad(*faults)

    def _wrong(self, line: LineIn, code: str, of_unit: bool) -> Iterator[Fault]:
        """What is wrong with the line whatever it is of."""
        if not CODE.fullmatch(code):
            yield Fault("code", N_("Use letters A to Z, digits and . _ / - only"))
        other = self.seen.get((code, line.text("unit") if of_unit else ""))
        if other is not None:
            words = N_("The number %(number)s stands on line %(other)s already.")
            yield Fault("code", words, {"number": code, "other": other})
        for one in line.values.get("barcodes") or ():
            if one in self.scanned:
                words = N_("The number %(number)s stands on line %(other)s already.")
                yield Fault("barcodes", words, {"number": one, "other": self.scanned[one]})
        for _, count, _ in line.values.get("tiers") or ():
            if count > COUNT_MAX:
                yield Fault("tiers", N_("That many together is beyond all measure."))

    def _product(self, line: LineIn, product: KnownProduct | None) -> Verdict:
        if product is None:
            return self._new_product(line)
        changes = _changes(line, product.values, OF_PRODUCT)
        now = {**product.values, **{name: after for name, (_, after) in changes.items()}}
        faults = [
            *self._codes(line, product.id, None),
            *self._prices(line, now, changes.keys() & {"price", "tiers"}),
        ]
        if faults:
            return bad(*faults)
        return Verdict(CHANGED if changes else THERE, changes=changes, plan=(product, None, now))

    def _new_product(self, line: LineIn) -> Verdict:
        said = {
            **{name: line.values.get(name) for name in OF_PRODUCT},
            "sold_by": line.values.get("sold_by") or "piece",
            "tax_code": line.values.get("tax_code") or "exempt",
            "active": line.values.get("active") or "yes",
            "tiers": line.values.get("tiers") or (),
            "barcodes": line.values.get("barcodes") or (),
        }
        faults = [Fault(name, words) for name, words in _NEEDED.items() if not line.said(name)]
        faults += [*self._codes(line, None, None)]
        if not faults:
            faults += [*self._prices(line, said, {"tiers"} if said["tiers"] else set())]
        if faults:
            return bad(*faults)
        self.brought[line.text("code")] = said
        return Verdict(NEW, plan=(None, None, said))

    def _unit(self, line: LineIn, code: str, product: KnownProduct | None) -> Verdict:
        own = product.values if product else self.brought.get(code)
        if own is None:
            words = N_("There is no product %(code)s. Its own line, without this figure, is first.")
            if code in self.refused:
                words = N_("The line of product %(code)s itself has to be corrected.")
            return bad(Fault("code", words, {"code": code}))
        label, factor = line.text("unit"), line.values["factor"]
        if not label or label == own["unit"]:
            return bad(Fault("unit", N_("Write a unit other than the product's own.")))
        if not 0 < factor <= FACTOR_MAX:
            words = N_("Write how much of the product's own unit it is, above zero.")
            return bad(Fault("factor", words))
        unit = product.units.get(label) if product else None
        before = unit.values if unit else {}
        changes = _changes(line, before, OF_UNIT) if unit else {}
        price = line.values.get("price")
        part = price_of(factor, own["price"])
        now = {
            "unit": label,
            "factor": factor,
            "price": part if price is None else price,
            "tiers": line.values.get("tiers") or (),
            "barcodes": line.values.get("barcodes") or (),
            "active": line.values.get("active") or "yes",
            **{name: value for name, value in before.items() if name not in changes},
        }
        now |= {name: after for name, (_, after) in changes.items()}
        touched = changes.keys() & {"price", "factor", "tiers"}
        if unit is None and (now["price"] != part or now["tiers"]):
            touched = {"price"}
        faults = [
            *self._codes(line, product.id if product else None, unit.id if unit else None),
            *self._prices(line, now, touched),
        ]
        if faults:
            return bad(*faults)
        verdict = NEW if unit is None else CHANGED if changes else THERE
        return Verdict(verdict, changes=changes, plan=(product, unit, now))

    def _codes(
        self, line: LineIn, product_id: UUID | None, unit_id: UUID | None
    ) -> Iterator[Fault]:
        """A code or barcode means one thing of the centre."""
        words = N_("%(code)s means %(taken_by)s here already.")
        code = line.text("code")
        meant = self.known.scanned.get(code)
        if meant is not None and meant[0] != product_id:
            yield Fault("code", words, {"code": code, "taken_by": meant[2]})
        for one in line.values.get("barcodes") or ():
            meant = self.known.scanned.get(one)
            if meant is not None and meant[:2] != (product_id, unit_id):
                yield Fault("barcodes", words, {"code": one, "taken_by": meant[2]})
            other = self.known.products.get(one)
            if other is not None and other.id != product_id:
                facts = {"code": one, "taken_by": other.values["name_th"]}
                yield Fault("barcodes", words, facts)

    def _prices(
        self, line: LineIn, now: Mapping[str, Any], touched: set[str] | Any
    ) -> Iterator[Fault]:
        if touched and not self.may_price:
            yield Fault("price", N_("Only a manager changes prices."))
        if "tiers" not in touched and not line.values.get("tiers"):
            return
        for _, count, price in now["tiers"]:
            if price >= count * now["price"]:
                words = N_("%(count)s together must cost less than one by one.")
                yield Fault("tiers", words, {"count": count})


def _changes(
    line: LineIn, before: Mapping[str, Any], names: Sequence[str]
) -> dict[str, tuple[Any, Any]]:
    """What a line says otherwise; an empty cell says nothing."""
    return {
        name: (before[name], line.values[name])
        for name in names
        if line.said(name) and line.values[name] != before[name]
    }


# --- taking ----------------------------------------------------------------------------------


def take(some: Sequence[ToTake], _bringing: Bringing, actor: Actor) -> Taken:
    """Enter and change products and units, each line whole or not at all."""
    rows: dict[int, UUID] = {}
    refused: dict[int, Fault] = {}
    made: dict[str, UUID] = {}
    for one in some:
        product, unit, now = one.found.plan
        code = one.line.text("code")
        if one.line.values.get("factor") is None:
            work = partial(_save_product, code, product, now, actor)
        else:
            product_id = product.id if product else made.get(code)
            if product_id is None:
                words = N_("The line of product %(code)s itself has to be corrected.")
                refused[one.line.number] = Fault("code", words, {"code": code})
                continue
            work = partial(_save_unit, product_id, unit, now, actor)
        fault = through_door(one.line, work, rows)
        if fault is not None:
            refused[one.line.number] = fault
        elif product is None and one.line.values.get("factor") is None:
            made[code] = rows[one.line.number]
    return Taken(rows, refused)


def _save_product(
    code: str, known: KnownProduct | None, now: Mapping[str, Any], actor: Actor
) -> UUID:
    product_id = known.id if known else uuid7()
    doc = products.get_doc(actor.centre_id, product_id) if known else None
    facts = ProductFacts(
        code=code,
        name_th=now["name_th"],
        name_en=now["name_en"] or now["name_th"],
        sold_by=now["sold_by"],
        unit=now["unit"],
        price_satang=now["price"],
        barcodes=now["barcodes"],
        category=now["category"] or "",
        picture=now["picture"] or "",
        tax_code=now["tax_code"],
        active=now["active"] == "yes",
        activity_id=doc.activity_id if doc else None,
    )
    version = doc.version if doc else None
    products.save(SaveProduct(product_id, facts, version, SOURCE), actor)
    _save_tiers(product_id, None, now["tiers"], actor)
    return product_id


def _save_unit(
    product_id: UUID, known: KnownUnit | None, now: Mapping[str, Any], actor: Actor
) -> UUID:
    unit_id = known.id if known else uuid7()
    doc = units.get(product_id, unit_id, actor) if known else None
    same = doc is not None and doc.factor_milli == now["factor"]
    facts = UnitFacts(
        label=now["unit"],
        count_milli=doc.count_milli if doc is not None and same else now["factor"],
        price_satang=now["price"],
        of_unit_id=doc.of_unit_id if doc is not None and same else None,
        position=doc.position if doc else len(units.of(product_id, actor)) + 1,
        active=now["active"] == "yes",
        barcodes=now["barcodes"],
    )
    version = doc.version if doc else None
    units.save(SaveUnit(unit_id, product_id, facts, version, SOURCE), actor)
    _save_tiers(product_id, unit_id, now["tiers"], actor)
    return unit_id


def _save_tiers(
    product_id: UUID, unit_id: UUID | None, wanted: Sequence[Tier], actor: Actor
) -> None:
    """Let exactly these prices for many hold: what is not among them is ended."""
    there = {
        (one.members_only, one.count): one
        for one in tiers.of(product_id, actor)
        if one.unit_id == unit_id
    }
    prices = {(members, count): price for members, count, price in wanted}
    for key, one in there.items():
        if prices.get(key) == one.price_satang:
            continue
        facts = TierFacts(
            one.count, prices.get(key, one.price_satang), unit_id, one.members_only, key in prices
        )
        tiers.save(SaveTier(one.id, product_id, facts, one.version, SOURCE), actor)
    for (members, count), price in prices.items():
        if (members, count) not in there:
            facts = TierFacts(count, price, unit_id, members)
            tiers.save(SaveTier(uuid7(), product_id, facts, None, SOURCE), actor)


def rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Return every product by code, each followed by its other units in their order."""
    known = catalogue_of(actor.centre_id).products
    for code in sorted(known):
        yield {"code": code, **known[code].values}
        for unit in known[code].units.values():
            yield {"code": code, **unit.values}


TABLE = TableKind(
    form=products_table.FORM,
    permission="product.change",
    judge=judge,
    take=take,
    rows=rows,
    turn_lines=TURN_LINES,
)
