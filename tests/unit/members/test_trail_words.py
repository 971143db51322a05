"""Whatever any room writes into the audit trail has its words, and its facts are said plainly."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask_babel import force_locale

from members.pages import trail_facts, trail_words
from members.pages.trail_details import TrailReader

ROOT = Path(__file__).parents[3]
ROOMS = ("core", "members", "accounting", "inventory", "pos", "worker")
PLACES = {
    "audit.record": (1, 2),
    "audit": (1, 2),
    "personal_trail.record": (1, None),
    "audit.Event": (0, 1),
}
"""Where action and subject stand in the calls that write into the trail."""
SPREAD = {"changed", "fields", "facts", "before_satang", "after", "after_satang"}
"""Facts that are shown by what is in them."""
HIDDEN = {"device", "digest", "session", "sha256"}


class Call(NamedTuple):
    """One call that writes into the trail, with what it says in the open."""

    where: str
    actions: list[str]
    subjects: list[str]
    facts: list[str]


def _texts(node: ast.expr | None, known: dict[str, str]) -> list[str]:
    """Return what an argument may be; of a text with places, its fixed beginning and a star."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            return [*_texts(node.body, known), *_texts(node.orelse, known)]
        case ast.Name(id=name) if name in known:
            return [known[name]]
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_rest]):
            return [text + "*"]
    return []


def _constants(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=True))
        for name, one in pairs:
            if isinstance(name, ast.Name) and isinstance(one, ast.Constant):
                found[name.id] = str(one.value)
    return found


def _calls(path: Path) -> Iterator[Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in PLACES:
            continue
        action, subject = PLACES[ast.unparse(node.func)]
        said = {one.arg: one.value for one in node.keywords if one.arg}
        of = [*node.args, *[None] * 3]
        yield Call(
            f"{path.relative_to(ROOT)}:{node.lineno}",
            _texts(said.pop("action", of[action]), known),
            _texts(said.pop("subject_type", of[subject]), known) if subject else ["user"],
            list(said),
        )


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [call for path in files for call in _calls(path)]


def _lacking(words: dict[str, str], code: str) -> bool:
    if code.endswith("*"):
        return not any(one.startswith(code[:-1]) for one in words)
    return code not in words


def test_every_action_and_subject_of_the_trail_has_words(app: Flask, calls: list[Call]) -> None:
    assert len(calls) > 100
    with app.test_request_context():
        actions, subjects, names = (
            trail_words.actions(),
            trail_words.subjects(),
            trail_facts.facts(),
        )
    assert [
        *((call.where, one) for call in calls for one in call.actions if _lacking(actions, one)),
        *((call.where, one) for call in calls for one in call.subjects if _lacking(subjects, one)),
        *(
            (call.where, one)
            for call in calls
            for one in call.facts
            if one not in SPREAD | HIDDEN and _lacking(names, one)
        ),
    ] == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"before_satang": 3800, "after_satang": 4000}, "Price: 38.00 baht → 40.00 baht"),
        ({"before_satang": None, "after_satang": 4000}, "Price: – → 40.00 baht"),
        ({"before": "ผัก", "after": "ผักสด"}, "Name: ผัก → ผักสด"),
        ({"changed": {"active": [True, False]}}, "In use: Yes → No"),
        ({"changed": {"factor_milli": [1000, 12500]}}, "Makes how many of the unit: 1 → 12.5"),
        ({"changed": {"cash_rounding_satang": 25}}, "Cash is rounded to: 0.25 baht"),
        ({"fields": ["phone", "note"]}, "Changed: Phone, Note"),
        ({"added": ["885", "886"], "removed": []}, "Added: 885, 886"),
        ({"before": {"name": "ก", "lines": [{}]}, "after": {"name": "ข", "lines": [{}]}},
         "Name: ก → ข"),
        ({"before": None, "after": {"consignment_days": 30}}, "Days on consignment: 30"),
        ({"kind": "percent", "value": 1000, "members_only": False},
         "Kind: Percent off; Discount: 10 %; For members only: No"),
        ({"counts": {"new": 3, "bad": 0}}, "New: 3; To correct: 0"),
        ({"changed": {"markdown_steps": [[{"a": 1}], [{"a": 2}]]}},
         "Steps of marking down: Changed"),
        ({"title": "สมทบหมู่บ้าน"}, "Name: สมทบหมู่บ้าน"),
        ({"address": "127.0.0.1"}, "Internet address: 127.0.0.1"),
        ({"role": "cashier", "digest": "ab" * 32}, "Right of: Cashier"),
        ({"fund_id": "", "on_date": "2025-10-09"}, "Day: 9 Oct 2025"),
        ({"merged": "0193b1a2-0000-7000-8000-00000012abcd"}, "United person: …12abcd"),
    ],
)  # fmt: skip
def test_facts_are_said_plainly(app: Flask, facts: dict[str, Any], said: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert "; ".join(f"{name}: {one}" for name, one in TrailReader().details(facts)) == said
