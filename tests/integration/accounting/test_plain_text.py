"""The demo's books, judged by beancount and hledger and compared account by account."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import realization

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import balances, ledger, plain_text, sealing, statements
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from tests.closing import lock_month
from tests.conftest import actor_of
from tests.installations import ENGINES, demo_installation, demo_system
from tests.templates import run_folder

SUFFIX = {"beancount": "beancount", "hledger": "journal"}


@pytest.fixture(scope="module", params=ENGINES)
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Actor]:
    """The system of a demo centre with six days of trade."""
    run, folder = run_folder(tmp_path_factory), tmp_path_factory.mktemp("demo")
    with demo_installation(request.param, run, folder) as app, app.app_context():
        yield demo_system()
        db.session.remove()


def written(form: str, actor: Actor, folder: Path) -> Path:
    file = folder / f"books.{SUFFIX[form]}"
    file.write_text("".join(plain_text.write(form, actor)), encoding="utf-8")
    return file


def trial_balance(actor: Actor) -> dict[str, Decimal]:
    """Return debits less credits by account code, of accounts that are not at zero."""
    rows = statements.trial_balance(clock.today(), actor).rows
    nets = {row.account.code: row.debit_balance_satang - row.credit_balance_satang for row in rows}
    return {code: Decimal(net) / 100 for code, net in nets.items() if net}


def code_of(account: str) -> str:
    return account.split(":")[1].split("-", maxsplit=1)[0]


def by_code(sums: dict[str, Decimal]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for account, value in sums.items():
        found[code_of(account)] = found.get(code_of(account), Decimal(0)) + value
    return {code: value for code, value in found.items() if value}


def hledger(file: Path, *words: str) -> str:
    answer = subprocess.run(
        ["hledger", "-f", str(file), *words],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_beancount_finds_the_same_balances(demo: Actor, tmp_path: Path) -> None:
    file = written("beancount", demo, tmp_path)
    check = [str(Path(sys.executable).with_name("bean-check")), str(file)]
    answer = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout + answer.stderr) == (0, "")

    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    root = realization.realize(entries)
    sums = {
        one.account: one.balance.get_currency_units("THB").number
        for one in realization.iter_children(root)
        if not one.balance.is_empty()
    }
    assert by_code(sums) == trial_balance(demo)
    assert any(name.count(":") == 2 for name in sums)


def test_hledger_finds_the_same_balances(demo: Actor, tmp_path: Path) -> None:
    file = written("hledger", demo, tmp_path)
    hledger(file, "check", "accounts", "balanced", "ordereddates")
    listing = csv.DictReader(io.StringIO(hledger(file, "bal", "-N", "--flat", "-O", "csv")))
    sums = {row["account"]: Decimal(row["balance"].removesuffix(" THB")) for row in listing}
    assert by_code(sums) == trial_balance(demo)


def test_each_entry_is_there_once(demo: Actor, tmp_path: Path) -> None:
    entries = plain_text.write("beancount", demo)
    ids = [line for line in "".join(entries).splitlines() if line.startswith("  id: ")]
    listed = "".join(plain_text.write("hledger", demo)).count("; id: ")
    assert len(ids) == len(set(ids)) == listed > 20


@pytest.mark.parametrize("form", SUFFIX)
def test_empty_books_are_a_file_too(form: str, manager: Actor) -> None:
    text = "".join(plain_text.write(form, manager))
    assert "2120-Consignment-payable" in text
    assert " * " not in text


def opened(actor: Actor, day: datetime, satang: int) -> None:
    """Post an opening of the safe on a day."""
    lines = (
        NewLine(Purpose.CASH_SAFE, debit=satang),
        NewLine(Purpose.BROUGHT_FORWARD, credit=satang),
    )
    with clock.travel(lambda: day):
        entry = NewEntry("opening", "opening", uuid7(), day.date(), day, lines)
        in_transaction(ledger.post, entry, actor)


def test_a_locked_month_is_asserted_as_the_books_maintain_it(
    manager: Actor, accountant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judge compares two sums made in different ways, and says so when they part."""
    opened(manager, datetime(2026, 9, 30, 5, tzinfo=UTC), 500_00)
    opened(manager, datetime(2026, 10, 2, 5, tzinfo=UTC), 25)
    in_transaction(sealing.seal_run, manager.centre_id)
    in_transaction(lock_month, 202609, accountant, manager)
    text = "".join(plain_text.write("beancount", manager))
    assert "2026-10-01 balance Assets:1120-Cash-in-safe  500.00 ~ 0 THB" in text
    assert loader.load_string(text)[1] == []

    kept = balances.until
    monkeypatch.setattr(
        balances,
        "until",
        lambda centre_id, day: {
            account: (debit + 1, credit)
            for account, (debit, credit) in kept(centre_id, day).items()
        },
    )
    errors = loader.load_string("".join(plain_text.write("beancount", manager)))[1]
    assert len(errors) == 2
    assert "500.01" in str(errors[0].message)


@pytest.mark.parametrize("role", ["cashier", "stock_keeper"])
def test_the_counter_takes_no_books_away(role: str, manager: Actor) -> None:
    with pytest.raises(Forbidden):
        plain_text.write("beancount", actor_of(manager.centre, role))
