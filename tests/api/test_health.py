"""Whether the installation is well: for machines that watch, with nobody's data in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry, Counter, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from core import backups, clock
from core.logs import AsJson
from core.web import health
from tests.api.conftest import Browser

TOKEN = "a token of a monitor, forty characters.."


@pytest.fixture
def settled(app: Flask) -> Iterator[Callable[..., None]]:
    """Change settings of the app for one test."""
    before = app.config["SUNRUAM"]

    def change(**values: object) -> None:
        app.config["SUNRUAM"] = replace(app.config["SUNRUAM"], **values)

    yield change
    app.config["SUNRUAM"] = before


def test_a_healthy_installation_says_so(client: FlaskClient) -> None:
    assert client.get("/health/live").json == {"status": "ok"}
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["checks"]["database"] == "ok"


def test_without_its_schema_it_is_down(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "sunruam_schema_is_current", lambda _engine: False)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json["status"] == "down"
    assert client.get("/health/live").status_code == 200


def test_a_full_disk_is_told_but_it_still_sells(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(disk_usage=lambda _path: SimpleNamespace(free=10))
    monkeypatch.setattr(health, "shutil", full)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["checks"]["disk"] == "failing"


def test_a_backup_that_is_not_made_is_told(
    client: FlaskClient, settled: Callable[..., None], tmp_path: Path
) -> None:
    settled(backup_to=tmp_path)
    assert client.get("/health/ready").json["checks"]["backup"] == "failing"
    (tmp_path / backups.name_of(clock.now())).touch()
    assert client.get("/health/ready").json["checks"]["backup"] == "ok"


def test_a_disk_that_fails_as_it_is_read_is_told_and_no_fault(
    client: FlaskClient,
    settled: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_folder: Path) -> Path:
        raise OSError(5, "Input/output error")

    settled(backup_to=tmp_path)
    monkeypatch.setattr(backups, "newest", fails)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")


def test_figures_are_for_who_shows_the_token(
    client: FlaskClient, settled: Callable[..., None]
) -> None:
    assert client.get("/metrics").status_code == 404
    settled(metrics_token=TOKEN)
    assert client.get("/metrics").status_code == 404
    wrong = {"Authorization": "Bearer " + TOKEN[::-1]}
    assert client.get("/metrics", headers=wrong).status_code == 404

    client.get("/sign-in")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    told = answer.get_data(as_text=True)
    assert "sunruam_up 1.0" in told
    assert 'sunruam_jobs{state="queued"} 0.0' in told
    assert 'sunruam_request_seconds_count{method="GET",route="/sign-in",status="200"}' in told


def test_a_method_nobody_knows_is_no_figure_of_its_own(
    client: FlaskClient, settled: Callable[..., None]
) -> None:
    settled(metrics_token=TOKEN)
    for number in range(3):
        assert client.open("/sign-in", method=f"WORD{number}").status_code == 405
    told = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "WORD" not in told.get_data(as_text=True)
    assert 'method="other"' in told.get_data(as_text=True)


def test_several_processes_add_their_figures_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    health.count_together(tmp_path / "metrics")
    seen = Counter("seen", "Counted by a process of the server.", ("route",), registry=None)
    seen.labels("/").inc()
    together = CollectorRegistry()
    MultiProcessCollector(together)
    assert b'seen_total{route="/"} 1.0' in generate_latest(together)


def test_a_request_leaves_one_line_that_names_nobody(
    browser_of: Callable[[str], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    browser = browser_of("manager")
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="sunruam.request"):
        answer = browser.get("/c/{c}/members?q=สมชาย")
    lines = [AsJson().format(each) for each in caplog.records if each.name == "sunruam.request"]
    [told] = [json.loads(line) for line in lines]
    assert told["route"] == "/c/<int:centre_id>/members"
    assert (told["method"], told["status"]) == ("GET", 200)
    assert told["centre_id"] == browser.centre_id
    assert len(answer.headers["X-Request-Id"]) == 32
    assert "สมชาย" not in "".join(lines)
    assert "q=" not in "".join(lines)


def test_a_fault_is_written_with_its_place_and_without_its_words(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_engine: object) -> bool:
        raise RuntimeError("สมชาย ใจดี owes 500")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.extensions, "sunruam_schema_is_current", broken)
    answer = client.get("/health/ready")
    assert answer.status_code == 500
    lines = [AsJson().format(each) for each in caplog.records]
    [told] = [json.loads(line) for line in lines if "RuntimeError" in line]
    assert told["message"].startswith("Incident ")
    assert told["message"].endswith("/health/ready")
    assert not [line for line in lines if "สมชาย" in line]
