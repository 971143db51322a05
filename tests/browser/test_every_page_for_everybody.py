"""Every page can be read and used by everybody: by keyboard, by a reader of screens, on a phone.

axe-core looks at one page of each template of a demo centre as whoever may open it, at 1280 px;
there and at 360 px nothing scrolls sideways, and on the phone whatever a finger must hit is at
least 44 px. The till is looked at with each of its dialogs opened. Pages keep their strict content
policy all the while.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import routes
from tests.browser import lists_of
from tests.browser.pages_of import Walk, serving
from tests.templates import run_folder

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
LOOK = """async () => {
  const found = await axe.run(
    {exclude: window.shellSeen ? [[".menu-side"], [".menu-fold"]] : []},
    {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"],
     preload: false});
  return found.violations.filter(one => ["serious", "critical"].includes(one.impact)).flatMap(
    one => one.nodes.map(node => one.id + ": " + node.html.slice(0, 160)));
}"""
WIDE = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  return wide > 0 ? ["scrolls sideways by " + wide + " px at " + window.innerWidth] : [];
}"""
TOO_SMALL = """() => {
  const faults = [];
  const hit = "a.button, button, summary, select, textarea, .menu a, "
    + "input:not([type=hidden], [type=checkbox], [type=radio])";
  for (const one of document.querySelectorAll(hit)) {
    const box = one.getBoundingClientRect();
    const shown = one.checkVisibility({visibilityProperty: true});
    if (box.width && !one.matches(".visually-hidden") && shown
        && (box.width < 44 || box.height < 44))
      faults.push("too small for a finger: " + one.outerHTML.slice(0, 160));
  }
  return faults;
}"""
SEEN_LEAST = 215
"""So many templates a demo of a week leads to; fewer mean that the walk lost its way."""
LISTS_LEAST = 60
OWN = ("/sign-in", "/profile", "/nowhere")
"""Pages outside of every centre, and the one that says that there is nothing."""


@dataclass
class Looked:
    """A demo centre being served, and the walk that found its pages."""

    walk: Walk
    address: str


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    run, folder = run_folder(tmp_path_factory), tmp_path_factory.mktemp("demo")
    with routes.world(run, folder) as world:
        world.app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
        walk = Walk(world)
        walk.go()
        with serving(walk) as address:
            yield Looked(walk, address)


def signed_in(browser: Browser, looked: Looked, who: str, **options: Any) -> Page:
    """Give a browser's page the session of somebody the demo signed in."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="th-TH", **options
    )
    context.set_default_timeout(30_000)
    jar = looked.walk.world.browsers[who].client._cookies
    assert jar is not None
    context.add_cookies(
        [{"name": one.key, "value": one.value, "url": looked.address} for one in jar.values()]
    )
    return context.new_page()


def faults_of(page: Page, *, shell_seen: bool = False) -> list[str]:
    """Return what axe finds serious or worse; `shell_seen` leaves out the menu."""
    page.evaluate(AXE)
    page.evaluate(f"window.shellSeen = {str(shell_seen).lower()}")
    found: list[str] = page.evaluate(LOOK)
    return found


def phone_faults_of(page: Page) -> list[str]:
    """Return what is too wide on either screen, and what is too small for a finger."""
    found: list[str] = page.evaluate(WIDE)
    page.set_viewport_size({"width": 360, "height": 780})
    found += page.evaluate(WIDE) + page.evaluate(TOO_SMALL)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_every_list_can_be_narrowed_and_taken_along(looked: Looked) -> None:
    assert sum(one.listed for one in looked.walk.pages.values()) >= LISTS_LEAST
    assert list(lists_of.faults(looked.walk)) == []


def test_no_page_has_a_serious_fault(browser: Browser, looked: Looked) -> None:
    page = signed_in(browser, looked, "manager")
    kept = sorted(looked.walk.pages.values(), key=lambda one: one.template)
    kept = [one for one in kept if not one.template.startswith("counter/index")]
    assert len(kept) >= SEEN_LEAST
    wrong: list[str] = []
    shells: set[str] = set()
    for one in kept:
        page.goto(looked.address + one.address, wait_until="load")
        found = [*faults_of(page, shell_seen=one.who in shells), *phone_faults_of(page)]
        shells.add(one.who)
        wrong += [f"{one.template} ({one.who}, {one.address}): {fault}" for fault in found]
    for path in OWN:
        page.goto(looked.address + path, wait_until="load")
        wrong += [f"{path}: {fault}" for fault in [*faults_of(page), *phone_faults_of(page)]]
    page.context.close()
    assert wrong == []


def test_neither_has_a_page_in_the_dark(browser: Browser, looked: Looked) -> None:
    page = signed_in(browser, looked, "manager", color_scheme="dark")
    wrong = []
    for template in ("day/day.html", "inventory/product.html", "closing/month.html"):
        one = looked.walk.pages[template]
        page.goto(looked.address + one.address, wait_until="load")
        wrong += [f"{template}: {fault}" for fault in faults_of(page)]
    page.context.close()
    assert wrong == []


def test_no_dialog_of_the_till_has_a_serious_fault(browser: Browser, looked: Looked) -> None:
    page = signed_in(browser, looked, "cashier")
    page.goto(f"{looked.address}/c/{looked.walk.world.centre_id}/counter")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('dialog[open]').forEach(one => one.close())")
    wrong = [f"the till: {fault}" for fault in faults_of(page)]
    names: list[str] = page.evaluate("[...document.querySelectorAll('dialog')].map(one => one.id)")
    assert len(names) > 10 and all(names)
    for name in names:
        page.evaluate("name => document.getElementById(name).showModal()", name)
        found: list[str] = page.evaluate(LOOK)
        wrong += [f"the till, {name}: {fault}" for fault in [*found, *phone_faults_of(page)]]
        page.evaluate("name => document.getElementById(name).close()", name)
    page.context.close()
    assert wrong == []
