"""What hangs on a product: units, prices for several, licences, pictures, categories, labels."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, DifferentContent, Forbidden, NotFound, VersionRequired
from core.ids import uuid7
from core.paging import Window
from inventory.models import ProductBarcode
from inventory.rules.scale_codes import Layout, write
from inventory.services import catalogue, goods_rules, price_parts
from inventory.services.catalogue import (
    CodeTaken,
    ProductFacts,
    SaveProduct,
    Wanted,
    categories,
    licences,
    pictures,
    prices,
    scales,
    tiers,
    units,
)
from inventory.services.catalogue.categories import (
    CategoryRulesDiffer,
    CategoryTaken,
    MergeCategory,
    NameCategory,
)
from inventory.services.catalogue.licences import LicenceDaysTurned, LicenceFacts, SaveLicence
from inventory.services.catalogue.pictures import NotAPicture, PictureTooLarge
from inventory.services.catalogue.scales import (
    LayoutUnsound,
    PrefixFacts,
    PrefixNotOurs,
    SavePrefix,
    ScaleLabelMisread,
)
from inventory.services.catalogue.tiers import SaveTier, TierFacts, TierNotCheaper, TierTaken
from inventory.services.catalogue.units import (
    FactorNotUsable,
    SaveUnit,
    UnitFacts,
    UnitLabelTaken,
    UnitsInCircle,
)
from inventory.services.goods_rules import SaveRule
from tests.integration.inventory.test_payout_races import race, refused
from tests.shop import shop_in

EGGS = ProductFacts("E1", "ไข่ไก่", "Eggs", "piece", "ฟอง", 500, category="ไข่")
TRAY = UnitFacts("แผง", 30_000, 14_000)


def made(actor: Actor, facts: ProductFacts = EGGS) -> UUID:
    return in_transaction(catalogue.save, SaveProduct(uuid7(), facts), actor)[0].id


def unit(actor: Actor, product_id: UUID, facts: UnitFacts, **seen: Any) -> units.UnitDoc:
    command = SaveUnit(seen.pop("id", uuid7()), product_id, facts, **seen)
    return in_transaction(units.save, command, actor)[0]


def tier(actor: Actor, product_id: UUID, facts: TierFacts, **seen: Any) -> tiers.TierDoc:
    command = SaveTier(seen.pop("id", uuid7()), product_id, facts, **seen)
    return in_transaction(tiers.save, command, actor)[0]


def told(product_id: UUID, actor: Actor) -> list[tuple[str, int | None, int | None]]:
    page = prices.history(product_id, actor, Window())
    return [(row.label, row.before_satang, row.after_satang) for row in reversed(page.items)]


def test_a_unit_through_another_follows_it(manager: Actor) -> None:
    eggs = made(manager)
    tray = unit(manager, eggs, TRAY)
    box = unit(manager, eggs, UnitFacts("ลัง", 10_000, 135_000, of_unit_id=tray.id))
    assert box.factor_milli == 300_000
    unit(manager, eggs, replace(TRAY, count_milli=24_000), id=tray.id, version=1)
    after = {one.label: one.factor_milli for one in units.of(eggs, manager)}
    assert after == {"แผง": 24_000, "ลัง": 240_000}
    card = catalogue.for_sale(manager.centre_id, {eggs})[eggs]
    assert {one.label: one.factor_milli for one in card.units} == after


def test_units_in_a_circle_and_nonsense_are_refused_and_nothing_is_lost(manager: Actor) -> None:
    eggs = made(manager)
    tray = unit(manager, eggs, TRAY)
    box = unit(manager, eggs, UnitFacts("ลัง", 10_000, 135_000, of_unit_id=tray.id))
    circle = replace(TRAY, count_milli=100, of_unit_id=box.id)
    with pytest.raises(UnitsInCircle) as refusal:
        unit(manager, eggs, circle, id=tray.id, version=1)
    assert set(refusal.value.facts["path"].split(" → ")) == {"แผง", "ลัง"}
    with pytest.raises(FactorNotUsable):
        unit(manager, eggs, UnitFacts("เศษ", 10**12, 1))
    with pytest.raises(UnitLabelTaken):
        unit(manager, eggs, UnitFacts("ฟอง", 1_000, 1))
    with pytest.raises(NotFound):
        unit(manager, eggs, UnitFacts("ถาด", 1_000, 1, of_unit_id=uuid7()))
    assert [one.factor_milli for one in units.of(eggs, manager)] == [30_000, 300_000]


def test_who_may_not_change_prices_enters_a_unit_only_at_its_part_of_the_price(
    manager: Actor, stock_keeper: Actor
) -> None:
    eggs = made(manager)
    with pytest.raises(Forbidden):
        unit(stock_keeper, eggs, TRAY)
    tray = unit(stock_keeper, eggs, replace(TRAY, price_satang=15_000))
    with pytest.raises(Forbidden):
        unit(stock_keeper, eggs, TRAY, id=tray.id, version=1)
    with pytest.raises(Forbidden):
        unit(
            stock_keeper,
            eggs,
            replace(TRAY, price_satang=15_000, count_milli=60_000),
            id=tray.id,
            version=1,
        )
    with pytest.raises(Forbidden):
        tier(stock_keeper, eggs, TierFacts(10, 4_500))


def test_two_people_on_one_unit(manager: Actor) -> None:
    eggs = made(manager)
    tray = unit(manager, eggs, TRAY)
    unit(manager, eggs, replace(TRAY, price_satang=13_500), id=tray.id, version=1)
    with pytest.raises(ChangedMeanwhile):
        unit(manager, eggs, replace(TRAY, price_satang=13_000), id=tray.id, version=1)
    with pytest.raises(VersionRequired):
        unit(manager, eggs, TRAY, id=tray.id)
    again = unit(manager, eggs, replace(TRAY, price_satang=13_500), id=tray.id, version=2)
    assert again.version == 2


def test_every_change_of_a_price_is_kept(manager: Actor) -> None:
    eggs = made(manager)
    in_transaction(
        catalogue.save, SaveProduct(eggs, replace(EGGS, price_satang=550), 1, "page"), manager
    )
    tray = unit(manager, eggs, TRAY)
    unit(manager, eggs, replace(TRAY, active=False), id=tray.id, version=1)
    ten = tier(manager, eggs, TierFacts(10, 5_000))
    tier(manager, eggs, TierFacts(10, 4_900), id=ten.id, version=1)
    assert told(eggs, manager) == [
        ("ฟอง", None, 500),
        ("ฟอง", 500, 550),
        ("แผง", None, 14_000),
        ("แผง", 14_000, None),
        ("10 ฟอง", None, 5_000),
        ("10 ฟอง", 5_000, 4_900),
    ]
    newest = prices.history(eggs, manager, Window(limit=1))
    assert newest.items[0].by_name == manager.name and newest.next is not None
    assert [row.source for row in prices.history(eggs, manager, Window()).items][-2] == "page"


def test_a_barcode_means_one_thing_in_a_centre(manager: Actor, centre: Centre) -> None:
    eggs = made(manager, replace(EGGS, barcodes=("885 1", "8852")))
    tray = unit(manager, eggs, replace(TRAY, barcodes=("๘๘๕๓",)))
    other = made(manager, replace(EGGS, code="E2", name_th="ไข่เป็ด"))
    for code in ("8851", "8853", "E1"):
        with pytest.raises(CodeTaken):
            in_transaction(
                catalogue.save,
                SaveProduct(other, replace(EGGS, code="E2", name_th="ไข่เป็ด", barcodes=(code,)), 1),
                manager,
            )
    found = scales.scanned("8853", manager)
    assert (found.product_id, found.unit_id, found.quantity_milli) == (eggs, tray.id, 1000)
    assert scales.scanned("8852", manager).unit_id is None
    assert [one.id for one in catalogue.listing(manager, Window(), Wanted("8853")).items] == [eggs]

    def twice() -> None:
        row = {"centre_id": centre.id, "barcode": "8851", "product_id": other}
        db.session.execute(insert(ProductBarcode).values(**row))

    with pytest.raises(IntegrityError):
        in_transaction(twice)


def test_a_price_for_several_must_be_cheaper_and_stands_once(manager: Actor) -> None:
    eggs = made(manager)
    with pytest.raises(TierNotCheaper):
        tier(manager, eggs, TierFacts(10, 5_000))
    ten = tier(manager, eggs, TierFacts(10, 4_500))
    with pytest.raises(TierTaken):
        tier(manager, eggs, TierFacts(10, 4_400))
    tier(manager, eggs, TierFacts(10, 4_400, members_only=True))
    with pytest.raises(DifferentContent):
        tier(manager, eggs, TierFacts(12, 4_500), id=ten.id, version=1)
    tier(manager, eggs, replace(TierFacts(10, 4_500), active=False), id=ten.id, version=1)
    assert [one.members_only for one in tiers.of(eggs, manager)] == [True]
    card = catalogue.for_sale(manager.centre_id, {eggs})[eggs]
    assert [(one.count, one.price_satang) for one in card.tiers] == [(10, 4_400)]


def test_licences_are_warned_of_until_renewed(manager: Actor) -> None:
    eggs = made(manager)
    soon = clock.today() + timedelta(days=30)
    facts = LicenceFacts("fda", "๑๒๓", expires_on=soon)
    doc, _ = in_transaction(licences.save, SaveLicence(uuid7(), eggs, facts), manager)
    assert (doc.number, doc.state, doc.days_left) == ("123", "expiring", 30)
    wanted = Wanted(licence_expiring=True)
    assert [one.id for one in catalogue.listing(manager, Window(), wanted).items] == [eggs]
    later = replace(facts, expires_on=soon + timedelta(days=365))
    in_transaction(licences.save, SaveLicence(doc.id, eggs, later, 1), manager)
    assert licences.listing(manager, Window(), warned=True).items == ()
    assert catalogue.listing(manager, Window(), wanted).items == ()
    turned = replace(facts, issued_on=soon, expires_on=clock.today())
    with pytest.raises(LicenceDaysTurned):
        in_transaction(licences.save, SaveLicence(uuid7(), eggs, turned), manager)


@pytest.mark.parametrize(
    ("days", "active", "told"), [(-1, True, True), (0, True, False), (-1, False, False)]
)
def test_the_till_is_told_of_a_licence_that_has_run_out(
    days: int, active: bool, told: bool, manager: Actor
) -> None:
    eggs = made(manager)
    facts = LicenceFacts("fda", "1", expires_on=clock.today() + timedelta(days), active=active)
    in_transaction(licences.save, SaveLicence(uuid7(), eggs, facts), manager)
    assert [one.licence_run_out for one in catalogue.shelf(manager.centre_id)] == [told]


def png(width: int, height: int) -> bytes:
    made_of = io.BytesIO()
    Image.new("1", (width, height)).save(made_of, "PNG")
    return made_of.getvalue()


def test_a_picture_is_drawn_anew_and_small() -> None:
    sent = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N"}
    Image.new("RGB", (3000, 1500), "red").save(sent, "JPEG", exif=exif)
    drawn = pictures.draw(sent.getvalue())
    kept = Image.open(io.BytesIO(drawn.content))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (1024, 512), {})
    assert Image.open(io.BytesIO(drawn.thumbnail)).size == (192, 96)


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg onload=alert(1)>", b"GIF89a", png(10, 10)[:40], b"\xff\xd8\xff" + b"\0" * 400],
    ids=["nothing", "svg", "gif", "half a png", "a broken jpeg"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        pictures.draw(data)


def test_a_bomb_is_refused_by_its_header() -> None:
    bomb = png(7_000, 7_000)
    assert len(bomb) < 200_000
    with pytest.raises(PictureTooLarge):
        pictures.draw(bomb)
    with pytest.raises(PictureTooLarge):
        pictures.draw(b"\xff" * (pictures.BYTES_MAX + 1))


def test_a_category_is_renamed_and_what_names_it_holds_on(manager: Actor) -> None:
    eggs = made(manager)
    [card] = categories.listing(manager)
    named = NameCategory(card.id, "ไข่สด", "Fresh eggs", card.version)
    in_transaction(categories.save, named, manager)
    doc = catalogue.get(eggs, manager)
    assert (doc.category, doc.category_th, doc.category_en) == ("ไข่", "ไข่สด", "Fresh eggs")
    for called in ("ไข่สด", "ไข่"):
        other = made(manager, replace(EGGS, code=called, category=called))
        assert catalogue.get(other, manager).category == "ไข่"
    with pytest.raises(CategoryTaken):
        in_transaction(categories.save, NameCategory(uuid7(), "ไข่"), manager)
    [shelf] = {one.category_th for one in catalogue.shelf(manager.centre_id)}
    assert shelf == "ไข่สด"


def test_two_categories_become_one_when_their_rules_are_alike(manager: Actor) -> None:
    eggs = made(manager)
    made(manager, replace(EGGS, code="R1", category="ข้าว"))
    first, second = categories.listing(manager)
    rule = replace(goods_rules.rule_for(manager.centre_id, second.key), near_expiry_days=9)
    in_transaction(goods_rules.save, SaveRule(second.key, rule, None), manager)
    merge = MergeCategory(first.id, second.id, first.version)
    with pytest.raises(CategoryRulesDiffer):
        in_transaction(categories.merge, merge, manager)
    in_transaction(goods_rules.save, SaveRule(first.key, rule, None), manager)
    assert in_transaction(categories.merge, merge, manager) == 1
    assert catalogue.get(eggs, manager).category == second.key
    # A file that still calls it by its old name finds the other.
    late = made(manager, replace(EGGS, code="E9", category=first.name_th))
    assert catalogue.get(late, manager).category == second.key
    assert [one.id for one in categories.listing(manager)] == [second.id]


def test_two_categories_merged_into_each_other_at_once_make_no_circle(
    app: Flask, manager: Actor
) -> None:
    one, other = (
        in_transaction(categories.save, NameCategory(uuid7(), name), manager)
        for name in ("ของสด", "ผักผลไม้")
    )
    merges = (
        MergeCategory(one.id, other.id, one.version),
        MergeCategory(other.id, one.id, other.version),
    )
    results = race(app, *(partial(in_transaction, categories.merge, m, manager) for m in merges))
    assert refused(results) == 1
    assert len(categories.in_order(manager.centre_id)) == 1


def test_labels_of_the_scale_are_read_by_the_table(manager: Actor) -> None:
    eggs = made(manager, replace(EGGS, code="123", price_satang=5_000))
    weight = PrefixFacts("weight", 5, 5, 3)
    for prefix, facts in (("21", weight), ("22", replace(weight, kind="price", decimals=2))):
        in_transaction(scales.save, SavePrefix(prefix, facts), manager)
    found = scales.scanned("2100123012503", manager)
    assert (found.product_id, found.quantity_milli) == (eggs, 1_250)
    priced = scales.scanned("2200123062505", manager)
    assert (priced.quantity_milli, priced.label_satang) == (1_250, 6_250)
    with pytest.raises(ScaleLabelMisread):
        scales.scanned("2100123012504", manager)
    with pytest.raises(NotFound):
        scales.scanned(write(Layout("21", "weight", 5, 5, 3), "999", 1_250), manager)
    with pytest.raises(LayoutUnsound):
        in_transaction(scales.save, SavePrefix("23", replace(weight, item_digits=8)), manager)
    with pytest.raises(PrefixNotOurs):
        in_transaction(scales.save, SavePrefix("88", weight), manager)
    with pytest.raises(VersionRequired):
        in_transaction(scales.save, SavePrefix("21", replace(weight, active=False)), manager)


def test_a_price_is_shown_in_its_parts(manager: Actor, centre: Centre) -> None:
    shop = shop_in(centre)
    honey, rice, nothing = (
        shop.product("น้ำผึ้ง", 18_000),
        shop.product("ข้าว", 5_500),
        shop.product("อื่น", 100),
    )
    shop.consign(honey, 2_000)
    shop.buy(rice, 1_000, 4_200)
    docs = list(catalogue.names(centre.id, [honey, rice, nothing]).values())
    found = price_parts.of_products(docs, manager)
    assert nothing not in found
    assert (found[honey].by, found[honey].parts.producer_satang) == ("lot", 14_400)
    own = found[rice].parts
    assert (found[rice].by, own.producer_satang, own.centre_satang) == ("own", 4_200, 1_300)
    assert all(
        one.parts.price_satang
        == one.parts.producer_satang + one.parts.centre_satang + one.parts.levy_satang
        for one in found.values()
    )


def test_another_centre_sees_nothing_of_it(manager: Actor, other_centre: Centre) -> None:
    eggs = made(manager)
    tray = unit(manager, eggs, TRAY)
    stranger = shop_in(other_centre).actor
    for ask in (
        lambda: units.get(eggs, tray.id, stranger),
        lambda: tiers.of(eggs, stranger),
        lambda: pictures.fetch(eggs, stranger, small=True),
        lambda: unit(stranger, eggs, TRAY),
    ):
        with pytest.raises(NotFound):
            ask()
    assert prices.history(eggs, stranger, Window()).items == ()
