"""The root of refusals: a code, a status, words to translate, facts."""

from __future__ import annotations

import pytest

from core.errors import DomainError, Forbidden, Invalid, NotFound


def test_a_refusal_carries_its_facts() -> None:
    refusal = Forbidden(permission="sale.record")
    assert (refusal.code, refusal.status) == ("forbidden", 403)
    assert refusal.facts == {"permission": "sale.record"}


def test_every_refusal_is_caught_as_one_kind() -> None:
    for kind in (NotFound, Forbidden, Invalid):
        with pytest.raises(DomainError):
            raise kind
