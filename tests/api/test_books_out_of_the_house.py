"""Out of the house: the page, its files, and the command line that packs and adopts a centre."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from beancount import loader
from click.testing import CliRunner, Result
from flask import Flask

from core.actor import Actor, Centre
from core.config import Settings
from core.db import db, in_transaction
from core.jobs import JobCard, listing
from core.paging import Window
from migrations.run import initialise
from pos.cli import main
from pos.rules.archive_tasks import ARCHIVE
from pos.services.archive import manifest
from tests.api.conftest import Browser
from tests.shop import shop_in
from tests.templates import settings_for
from worker import running

AWAY = "/c/{c}/out-of-the-house"


@pytest.fixture
def trade(app: Flask, centre: Centre) -> None:
    """A shift with a float, so that there is something in the books."""
    shop_in(centre).open()


def test_the_files_open_in_their_programs(
    trade: None, browser_of: Callable[[str], Browser]
) -> None:
    accountant = browser_of("accountant")
    page = accountant.get(AWAY).get_data(as_text=True)
    for form in ("beancount", "hledger", "csv", "xlsx"):
        assert f"/out-of-the-house/{form}" in page
    beans = accountant.get(f"{AWAY}/beancount")
    assert "attachment" in beans.headers["Content-Disposition"]
    entries, errors, _ = loader.load_string(beans.get_data(as_text=True))
    assert errors == [] and entries
    assert "account Assets:1110" in accountant.get(f"{AWAY}/hledger").get_data(as_text=True)
    for form, names in {
        "csv": {"accounts.csv", "journal.csv", "trial_balance.csv"},
        "xlsx": {"xl/workbook.xml", "xl/worksheets/sheet3.xml"},
    }.items():
        with zipfile.ZipFile(io.BytesIO(accountant.get(f"{AWAY}/{form}").data)) as file:
            assert names <= set(file.namelist())
    assert accountant.get(f"{AWAY}/floppy").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("cashier", 403)])
def test_who_may_take_the_books(
    role: str, status: int, browser_of: Callable[[str], Browser]
) -> None:
    for path in (AWAY, f"{AWAY}/beancount", f"{AWAY}/xlsx"):
        assert browser_of(role).get(path).status_code == status


def test_the_manager_asks_for_everything(
    app: Flask, trade: None, manager: Actor, browser_of: Callable[[str], Browser]
) -> None:
    assert browser_of("accountant").form(f"{AWAY}/archive").status_code == 403
    assert "/archive" not in browser_of("accountant").get(AWAY).get_data(as_text=True)
    asked = browser_of("manager").form(f"{AWAY}/archive")
    assert asked.status_code == 303
    job = _last_job(manager)
    assert job.name == ARCHIVE
    assert running.run(app, manager.centre_id, job.id)
    made = browser_of("manager").get(f"/api/v1/centres/{{c}}/jobs/{job.id}/file")
    with zipfile.ZipFile(io.BytesIO(made.data)) as file:
        assert manifest.read(file).centre["code"] == "SPT"
    refused = browser_of("accountant").get(f"/api/v1/centres/{{c}}/jobs/{job.id}/file")
    assert refused.status_code == 403


def _last_job(actor: Actor) -> JobCard:
    db.session.rollback()
    return listing(actor.centre_id, Window()).items[0]


# --- the command line ------------------------------------------------------------------------


def sunruam(settings: Settings, *arguments: str) -> Result:
    """Run the console script over a database."""
    environment = {
        "SUNRUAM_DATABASE_URL": settings.database_url,
        "SUNRUAM_VAR": str(settings.var),
        "SUNRUAM_SECRET_KEY": settings.secret_key,
    }
    return CliRunner().invoke(main, arguments, env=environment)


def test_a_centre_is_packed_and_taken_in(
    app: Flask, trade: None, settings: Settings, tmp_path: Path
) -> None:
    db.session.remove()
    file = tmp_path / "centre.zip"
    packed = sunruam(settings, "archive", "--centre", "SPT", str(file))
    assert packed.exit_code == 0, packed.output
    assert "last seal" in packed.output
    assert sunruam(settings, "archive", "--centre", "SPT", str(file)).exit_code == 1
    assert sunruam(settings, "archive", "--centre", "NOBODY", str(file)).exit_code == 1

    here = sunruam(settings, "adopt", str(file))
    assert (here.exit_code, "archive-code-taken" in here.output) == (1, True)

    other = settings_for(f"sqlite:///{tmp_path / 'other.db'}", tmp_path)
    initialise(other)
    taken = sunruam(other, "adopt", str(file), "--code", "NEW")
    assert taken.exit_code == 0, taken.output
    assert "(NEW) is here" in taken.output and "password" in taken.output
    again = sunruam(other, "adopt", str(file), "--code", "NEWER")
    assert (again.exit_code, "already-adopted" in again.output) == (1, True)
    assert sunruam(other, "verify").exit_code == 0


def test_seals_are_held_against_paper(app: Flask, trade: None, settings: Settings) -> None:
    from accounting.services import sealing
    from members.services import centres

    centre = next(one for one in centres.listing() if one.code == "SPT")
    in_transaction(sealing.seal_run, centre.id)
    head = sealing.head(centre.id)
    assert head is not None
    seal = head.hash
    db.session.remove()
    words = ("verify", "--seals", "--centre", str(centre.id))
    right = sunruam(settings, *words, "--expect", seal)
    assert right.exit_code == 0 and seal in right.output
    wrong = sunruam(settings, *words, "--expect", "f" * 64)
    assert wrong.exit_code == 1 and "no seal of these books" in wrong.output
    assert '"ok": true' in sunruam(settings, *words, "--json").output
    assert sunruam(settings, "verify", "--expect", seal).exit_code == 2
