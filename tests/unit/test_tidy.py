"""The house is tidy: the rules no linter knows, each shown to fail on a bad sample."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "members", "accounting", "inventory", "pos", "worker")
LINES_MAX, FUNCTION_MAX, SCRIPT_MAX = 400, 60, 200
REGISTRIES = tuple(".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
    ("deb", "debian", "org"),
))  # fmt: skip
Check = Callable[[str], list[str]]


def files(*patterns: str, below: tuple[str, ...] = (".",)) -> Iterator[Path]:
    """Yield the project's own files."""
    for folder in below:
        for pattern in patterns:
            for path in sorted((ROOT / folder).rglob(pattern)):
                parts = path.relative_to(ROOT).parts
                if not {"var", "versions", "__pycache__", "node_modules", "fonts"} & set(
                    parts
                ) and (
                    not any(part.startswith(".") or part.endswith(".egg-info") for part in parts)
                ):
                    yield path


# --- Python ------------------------------------------------------------------------------------


def long_file(text: str) -> list[str]:
    lines = text.count("\n")
    return [f"{lines} lines"] if lines > LINES_MAX else []


def long_function(text: str) -> list[str]:
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_MAX
    ]


def no_docstring(text: str) -> list[str]:
    return [] if ast.get_docstring(ast.parse(text)) else ["no module docstring"]


def own_commit(text: str) -> list[str]:
    return re.findall(r"session\.(?:commit|rollback)\(", text)


def fraction(text: str) -> list[str]:
    """Find floats: money and goods are whole numbers."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(str(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float":
            found.append("float()")
    return found


def own_clock(text: str) -> list[str]:
    return re.findall(r"datetime\.(?:now|utcnow|today)\(|date\.today\(", text)


OPEN_WORDS = tuple("".join(parts) for parts in (("TO", "DO"), ("FIX", "ME"), ("XX", "X")))


def left_open(text: str) -> list[str]:
    return re.findall(rf"\b(?:{'|'.join(OPEN_WORDS)})\b", text)


def library(name: str) -> Check:
    def imported(text: str) -> list[str]:
        return re.findall(rf"^\s*(?:from|import) {name}\b", text, flags=re.MULTILINE)

    return imported


# --- pages and papers --------------------------------------------------------------------------


def inline(text: str) -> list[str]:
    """Find what a strict content policy would refuse, or what comes from elsewhere."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return [
        *re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text),
        *re.findall(r"<style\b", text),
        *re.findall(r"\s(?:style|on[a-z]+)=\"", text),
        *re.findall(r"(?:src|href)=\"https?://", text),
    ]


_IMPORT = re.compile(r'\{%-?\s*from\s+"[^"]+"\s+import\s+(.+?)(?:\s+with context)?\s*-?%\}')


def imported_for_nothing(text: str) -> list[str]:
    """Find macros that neither a page nor what it extends or includes makes use of."""
    used = set(re.findall(r"\w+", _IMPORT.sub("", _with_parts(text))))
    names = [name for found in _IMPORT.findall(text) for name in found.split(",")]
    return [name for name in names if name.split(" as ")[-1].strip() not in used]


def _with_parts(text: str) -> str:
    parts = re.findall(r'\{%-?\s*(?:extends|include)\s+"([^"]+)"', text)
    texts = ((ROOT / "templates" / part).read_text(encoding="utf-8") for part in parts)
    return text + "".join(_with_parts(part) for part in texts)


def registry(text: str) -> list[str]:
    return [host for host in REGISTRIES if host in text]


def careless_service(text: str) -> list[str]:
    """Find secrets with a default, and services that nobody looks after."""
    found = re.findall(r"\$\{\w*(?:PASSWORD|SECRET)\w*:-[^}]*\}", text)
    listed = text.split("\nservices:\n")[1].split("\nvolumes:", maxsplit=1)[0]
    services = re.split(r"^  (\w+):\n", listed, flags=re.MULTILINE)
    for name, body in zip(services[1::2], services[2::2], strict=True):
        if "healthcheck:" not in body and 'restart: "no"' not in body:
            found.append(f"{name} has no health check")
    return found


PYTHON: tuple[tuple[Check, tuple[str, ...], frozenset[str]], ...] = (
    (long_file, (*ROOMS, "migrations", "bench", "tests"), frozenset()),
    (long_function, (*ROOMS, "migrations", "bench"), frozenset()),
    (no_docstring, (*ROOMS, "migrations", "bench", "tests"), frozenset()),
    (own_commit, ROOMS, frozenset({"core/db.py"})),
    (own_clock, ROOMS, frozenset({"core/clock.py"})),
    (left_open, (*ROOMS, "migrations", "bench", "tests"), frozenset()),
    (library("weasyprint"), ROOMS, frozenset({"core/web/pdf.py"})),
    (library("flask_sqlalchemy"), ROOMS, frozenset({"core/db.py"})),
)
NO_FRACTIONS = ("members", "accounting", "inventory", "pos")


@pytest.mark.parametrize(
    ("check", "below", "free"), PYTHON, ids=lambda one: getattr(one, "__qualname__", None)
)
def test_python_is_tidy(check: Check, below: tuple[str, ...], free: frozenset[str]) -> None:
    problems = {
        name: found
        for path in files("*.py", below=below)
        if (name := path.relative_to(ROOT).as_posix()) not in free
        and (found := check(path.read_text(encoding="utf-8")))
    }
    assert problems == {}


def test_rules_and_services_know_no_fractions() -> None:
    folders = tuple(f"{room}/{door}" for room in NO_FRACTIONS for door in ("rules", "services"))
    problems = {
        path.name: found
        for path in files("*.py", below=folders)
        if "demo" not in path.parts and (found := fraction(path.read_text(encoding="utf-8")))
    }
    assert problems == {}


def test_scripts_are_short() -> None:
    for path in files("*.js", "*.mjs", below=("pos/static",)):
        assert path.read_text(encoding="utf-8").count("\n") <= SCRIPT_MAX, path


def test_style_sheets_are_short() -> None:
    for path in files("*.css", below=("pos/static", "templates")):
        assert path.read_text(encoding="utf-8").count("\n") <= LINES_MAX, path


def test_pages_carry_no_script_no_style_and_nothing_from_elsewhere() -> None:
    for path in files("*.html", below=("templates",)):
        assert inline(path.read_text(encoding="utf-8")) == [], path


def test_pages_import_what_they_use() -> None:
    for path in files("*.html", below=("templates",)):
        assert imported_for_nothing(path.read_text(encoding="utf-8")) == [], path


def test_nothing_names_a_registry() -> None:
    texts = (
        "*.py",
        "*.toml",
        "*.lock",
        "*.yml",
        "*.md",
        "*.html",
        "*.js",
        "Makefile",
        "Dockerfile",
    )
    for path in files(*texts):
        assert registry(path.read_text(encoding="utf-8")) == [], path


def test_compose_has_no_default_secret_and_looks_after_every_service() -> None:
    assert careless_service((ROOT / "docker-compose.yml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("check", "sample"),
    [
        (long_file, "\n" * 401),
        (long_function, "def endless():\n" + "    pass\n" * 60),
        (no_docstring, "import os\n"),
        (own_commit, "db.session.commit()"),
        (fraction, "price = 0.1"),
        (fraction, "price = float(text)"),
        (own_clock, "datetime.now()"),
        (left_open, f"# {OPEN_WORDS[0]}: later"),
        (library("weasyprint"), "from weasyprint import HTML"),
        (inline, "<script>alert(1)</script>"),
        (inline, '<p style="color:red">'),
        (inline, '<button onclick="x()">'),
        (inline, '<link href="https://example.org/a.css">'),
        (imported_for_nothing, '{%- from "_macros/values.html" import money -%}'),
        (registry, f"index-url = https://{REGISTRIES[0]}/simple"),
        (careless_service, "\nservices:\n  web:\n    image: x\nvolumes:"),
        (careless_service, "\nservices:\n  a:\n    healthcheck: ${DB_PASSWORD:-secret}\nvolumes:"),
    ],
)  # fmt: skip
def test_every_check_can_fail(check: Check, sample: str) -> None:
    assert check(sample) != []
