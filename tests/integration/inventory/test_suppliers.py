"""Suppliers: whose tax id is whose, and no two clerks enter one twice."""

from __future__ import annotations

from typing import Any

import pytest

from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services.buying import suppliers
from inventory.services.buying.suppliers import SaveSupplier
from tests.shop import Shop, shop_in

TAX_ID = "0105536000011"


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def known(shop: Shop, **said: Any) -> None:
    version = suppliers.of(shop.centre_id, shop.producer_id).version
    in_transaction(suppliers.save, SaveSupplier(shop.producer_id, version, **said), shop.actor)


def test_who_sells_to_us_has_a_tax_id_that_checks_itself(shop: Shop) -> None:
    with pytest.raises(suppliers.NotATaxId):
        known(shop, tax_id="0105536000012")
    with pytest.raises(suppliers.TaxIdNeeded):
        known(shop, vat_registered=True)
    with pytest.raises(suppliers.NotABranch):
        known(shop, branch_no="12")
    known(shop, tax_id="๐๑๐๕๕ ๓๖๐๐๐ ๐๑๑", vat_registered=True)
    found = suppliers.of(shop.centre_id, shop.producer_id)
    assert (found.tax_id, found.branch_no) == (TAX_ID, "00000")
    for branch in ("00000", ""):
        # A paper that names no branch is the head office's.
        other = SaveSupplier(uuid7(), 0, name="อีกร้าน", tax_id=TAX_ID, branch_no=branch)
        with pytest.raises(suppliers.TaxIdTaken):
            in_transaction(suppliers.save, other, shop.actor)
    branch = SaveSupplier(uuid7(), 0, name="สาขาหนึ่ง", tax_id=TAX_ID, branch_no="00001")
    assert in_transaction(suppliers.save, branch, shop.actor).branch_no == "00001"


def test_who_was_entered_without_a_branch_is_the_head_office(shop: Shop) -> None:
    known(shop, tax_id=TAX_ID)
    other = SaveSupplier(uuid7(), 0, name="อีกร้าน", tax_id=TAX_ID, vat_registered=True)
    with pytest.raises(suppliers.TaxIdTaken):
        in_transaction(suppliers.save, other, shop.actor)
