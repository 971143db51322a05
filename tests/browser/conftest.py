"""A real server and a real browser over a shop of the test's own."""

from __future__ import annotations

import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from core.actor import Centre
from core.config import Settings
from tests.conftest import PASSWORD
from tests.shop import Shop, shop_in
from tests.starting import Started

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    assert CHROMIUM, "the browser tests need Chromium; `make test` installs it"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))


@pytest.fixture
def shop(app: Flask, centre: Centre) -> Shop:
    """The shop behind the pages; its goods are made before the browser looks."""
    return shop_in(centre)


@pytest.fixture
def address(settings: Settings, app: Flask) -> Iterator[str]:
    """A server over the test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    own = {
        "SUNRUAM_VAR": str(settings.var),
        "SUNRUAM_DATABASE_URL": settings.database_url,
        "SUNRUAM_BROKER_URL": settings.broker_url,
        "SUNRUAM_SECRET_KEY": settings.secret_key,
        "SUNRUAM_PORT": str(port),
    }
    server = Started("pos.cli", own, None, "serve")
    pause = threading.Event()
    try:
        for _ in range(600):
            assert server.running(), "the server stopped while starting"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            pause.wait(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


@pytest.fixture
def expected_refusals() -> list[str]:
    """Statuses a test means to be answered with; the browser complains of each."""
    return []


@pytest.fixture
def sign_in(
    browser: Browser, address: str, tmp_path: Path, expected_refusals: list[str]
) -> Iterator[Callable[..., Page]]:
    """Sign somebody in on a screen of a size; whatever the page complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def go(username: str, *, width: int = 1440, height: int = 900, language: str = "en") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.goto(f"{address}/sign-in?lang={language}")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/c/*/**")
        return page

    yield go
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=tmp_path / f"last-{number}.png")
    for context in contexts:
        context.close()
    meant = tuple(f"with a status of {status}" for status in expected_refusals)
    assert [one for one in complaints if not any(words in one for words in meant)] == []


def narrow(page: Page) -> bool:
    """Tell whether the page fits its width: nothing is cut off or scrolls sideways."""
    # After a click the page may be there before its style sheets are.
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide <= 0
