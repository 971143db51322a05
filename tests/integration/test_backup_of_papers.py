"""Papers people attached are in the backup; one that is not is told, for the books name it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from accounting.services import attachments
from accounting.services.attachments import AddPaper
from core.actor import system_actor
from core.config import from_environment
from core.db import in_transaction
from core.ids import uuid7
from members.services import centres
from pos.cli import main
from pos.cli.frame import in_app_of
from tests.writing import draft, payment


def test_a_paper_that_is_not_in_the_backup_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNRUAM_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SUNRUAM_BROKER_URL", "memory://")
    run = CliRunner().invoke
    assert run(main, ["init", "--centre", "ศูนย์", "--manager", "somjai"]).exit_code == 0
    in_app_of(from_environment(), _attach, tmp_path / "var")

    whole = run(main, ["backup", str(tmp_path / "whole")])
    assert whole.exit_code == 0, whole.output
    assert "2 files" in whole.output
    assert "papers are not in it" not in whole.output

    [paper] = [path for path in (tmp_path / "var" / "attachments").rglob("*") if path.is_file()]
    paper.unlink()
    lacking = run(main, ["backup", str(tmp_path / "lacking")])
    assert lacking.exit_code == 0, lacking.output
    assert "1 papers are not in it" in lacking.output


def _attach(var: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    [centre] = centres.listing()
    actor = system_actor(centre)
    voucher = draft(payment(centre.id, 100_00), actor)
    in_transaction(
        attachments.add, AddPaper(uuid7(), picture.getvalue(), voucher_id=voucher.id), var, actor
    )
