"""Where a reader may be sent after signing in."""

from __future__ import annotations

import pytest

from core.web.auth import safe_next


@pytest.mark.parametrize("address", ["/", "/c/1/", "/c/1/sales?after=x&limit=5", "/profile#top"])
def test_our_own_addresses_pass(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "c/1/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/c/1/\r\nSet-Cookie: a=b",
        "/\x7f",
    ],
)
def test_anything_that_could_leave_this_host_is_dropped(address: str | None) -> None:
    assert safe_next(address, "/home") == "/home"
