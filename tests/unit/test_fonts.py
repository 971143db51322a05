"""The fonts we ship are whole, are the ones we wrote down, and are named once each.

Two files of one family and weight make WeasyPrint draw every digit with the wrong one, silently.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "pos" / "static"
TOOLS = ROOT / "tests/browser/vendor"
VENDORED = tomllib.loads((STATIC / "VENDORED.toml").read_text("utf-8"))["package"]
FILES = {file["path"]: file["sha256"] for package in VENDORED for file in package["file"]}
PAPER = ROOT / "templates/documents/print.css"
STYLESHEETS = [PAPER, *sorted((STATIC / "css").glob("*.css"))]

# ก to ฺ, ฿ to ๛; U+0E3B-0E3E are not characters.
THAI = [*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C)]
WANTED = [*THAI, *map(ord, "0123456789.,-/:()%+ \u00a0–…·"), *range(ord("A"), ord("z") + 1)]


def faces() -> list[tuple[Path, str, str, str, list[Path]]]:
    """Every @font-face: stylesheet, family, weight, style, files."""
    found = []
    for sheet in STYLESHEETS:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        for block in re.findall(r"@font-face\s*\{([^}]*)\}", text):
            family = re.search(r'font-family:\s*"?([^";]+)', block)
            weight = re.search(r"font-weight:\s*([^;]+)", block)
            style = re.search(r"font-style:\s*([^;]+)", block)
            files = [
                (sheet.parent / address).resolve()
                for address in re.findall(r'url\("?([^")]+)"?\)', block)
            ]
            assert family and weight, f"{sheet.name}: a face needs family and weight: {block}"
            found.append(
                (sheet, family[1].strip(), weight[1].strip(), style[1] if style else "", files)
            )
    return found


def test_paper_and_screen_have_their_faces() -> None:
    by_sheet = defaultdict(set)
    for sheet, family, weight, _, _ in faces():
        by_sheet["paper" if sheet == PAPER else "screen"].add((family, weight))
    assert by_sheet["paper"] == {("Sarabun", "400"), ("Sarabun", "700")}
    assert ("Noto Sans Thai Looped", "400") in by_sheet["screen"]


def test_one_family_and_weight_is_one_file() -> None:
    files = defaultdict(set)
    for _, family, weight, style, sources in faces():
        assert len(sources) == 1, f"{family} {weight} has {len(sources)} sources"
        files[family, weight, style].update(sources)
    assert {key: len(names) for key, names in files.items() if len(names) != 1} == {}
    for sheet in STYLESHEETS:
        keys = [face[1:4] for face in faces() if face[0] == sheet]
        assert len(keys) == len(set(keys)), f"{sheet.name} names a face twice"
        assert "unicode-range" not in sheet.read_text("utf-8")


@pytest.mark.parametrize("path", sorted({str(face[4][0]) for face in faces()}))
def test_each_file_holds_digits_and_thai(path: str) -> None:
    font = TTFont(path)
    cmap = font.getBestCmap()
    assert [chr(code) for code in WANTED if code not in cmap] == []
    widths = {font["hmtx"][cmap[ord(digit)]][0] for digit in "0123456789"}
    assert len(widths) == 1, "columns of figures need digits of one width"


def test_weight_and_family_are_the_files_own() -> None:
    for _, family, weight, _, sources in faces():
        font = TTFont(sources[0])
        assert (font["name"].getDebugName(1), font["OS/2"].usWeightClass) == (family, int(weight))


@pytest.mark.parametrize("path", sorted(FILES))
def test_shipped_files_are_the_ones_we_wrote_down(path: str) -> None:
    assert hashlib.sha256((STATIC / path).read_bytes()).hexdigest() == FILES[path]


def test_tools_of_the_tests_are_the_ones_we_wrote_down() -> None:
    tools = tomllib.loads((TOOLS / "VENDORED.toml").read_text("utf-8"))["package"]
    said = {file["path"]: file["sha256"] for package in tools for file in package["file"]}
    there = {
        file.relative_to(TOOLS).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in TOOLS.glob("*/*")
    }
    assert there == said
    assert all({"name", "version", "licence"} <= set(package) for package in tools)


def test_everything_others_made_is_written_down() -> None:
    shipped = {
        file.relative_to(STATIC).as_posix()
        for folder in ("fonts", "vendor")
        for file in (STATIC / folder).rglob("*")
        if file.is_file()
    }
    assert shipped == set(FILES)
    for package in VENDORED:
        assert set(package) >= {"name", "version", "licence", "source_package", "file"}
        assert any("LICENSE" in file["path"] for file in package["file"]), package["name"]
