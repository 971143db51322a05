"""The menu is made once for a set of roles: each role, language and centre has its own."""

from __future__ import annotations

from collections.abc import Callable

from core.actor import Centre
from tests.api.conftest import Browser


def test_each_role_language_and_centre_has_its_own_menu(
    browser_of: Callable[..., Browser], centre: Centre, other_centre: Centre
) -> None:
    manager, cashier = browser_of("manager"), browser_of("cashier")
    neighbour = browser_of("oth_manager", other_centre.id)

    def menu(browser: Browser, language: str = "th") -> str:
        home = f"/c/{browser.centre_id}/?lang={language}"
        return browser.client.get(home, follow_redirects=True).get_data(as_text=True)

    assert f'href="/c/{centre.id}/close"' in menu(manager)
    assert "/close" not in menu(cashier)
    assert f'href="/c/{other_centre.id}/close"' in menu(neighbour)
    assert f"/c/{centre.id}/" not in menu(neighbour)
    assert "ขายสินค้า" in menu(cashier)
    assert "ขายสินค้า" not in menu(cashier, "en")
    assert "Sell" in menu(cashier, "en")
    assert f'href="/c/{centre.id}/close"' in menu(manager)
