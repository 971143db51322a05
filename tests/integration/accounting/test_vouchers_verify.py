"""The auditor names a voucher another tool has spoilt, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from accounting.services import ledger, verify, verify_vouchers
from accounting.services.vouchers import posting
from accounting.services.vouchers.reading import VoucherCard
from core.actor import Actor
from core.config import Settings
from core.db import db, in_transaction
from migrations import guards
from tests.integration.attacks import Attacker
from tests.writing import draft, payment


@pytest.fixture
def posted(app: Flask, accountant: Actor) -> list[VoucherCard]:
    """Two posted vouchers and a draft."""
    cards = [draft(payment(accountant.centre_id, satang), accountant) for satang in (100, 200)]
    draft(payment(accountant.centre_id, 300), accountant)
    done = [in_transaction(posting.post, one.id, accountant) for one in cards]
    assert all(finding.ok for finding in verify.checks(accountant.centre_id))
    return done


@pytest.fixture
def spoil(posted: list[VoucherCard], settings: Settings) -> Iterator[Callable[[str], None]]:
    hand = Attacker(settings.database_url)

    def spoil(statement: str) -> None:
        db.session.rollback()
        with hand.session() as connection:
            guards.drop(connection)
            if not hand.sqlite:
                connection.exec_driver_sql("SET session_replication_role = replica")
            connection.execute(text(statement))
            guards.install(connection)

    yield spoil
    hand.close()


def failed(actor: Actor) -> dict[str, object]:
    db.session.rollback()
    found = verify_vouchers.checks(actor.centre_id)
    return {one.check: one.document_id for one in found if not one.ok}


def test_a_changed_sum_is_named(
    spoil: Callable[[str], None], posted: list[VoucherCard], accountant: Actor
) -> None:
    spoil("UPDATE voucher SET total_satang = 201 WHERE total_satang = 200")
    assert failed(accountant) == {"posted vouchers have their entries": posted[1].id}


def test_a_voucher_made_a_draft_again_and_the_gap_are_named(
    spoil: Callable[[str], None], posted: list[VoucherCard], accountant: Actor
) -> None:
    entry = ledger.entry_of(accountant.centre_id, "voucher", posted[0].id)[0]
    spoil(
        "UPDATE voucher SET state = 'draft', voucher_no = NULL"
        " WHERE total_satang = 100 AND state = 'posted'"
    )
    assert failed(accountant) == {
        "voucher entries have their vouchers": entry.id,
        "voucher numbers are gapless": posted[1].id,
    }
