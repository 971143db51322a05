"""Read printed numbers back from the picture of a page.

What must stay true: the proof looks at pixels only. Text extraction once returned the right digits
from a receipt on which none could be seen, so it proves nothing about what a person reads.

A component of ink is a digit when it looks like a digit drawn straight from our own font files;
`. , - /` are told apart by where they stand beside the digits.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

FONTS = Path(__file__).resolve().parents[1] / "pos" / "static" / "fonts"
PAPER_FONTS = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")

DPI = 300
INK_BELOW = 150
"""The threshold of the thermal printer's own picture, so what is read here also prints there."""
GRID = (16, 24)
SHAPE_DIFFERENCE_MAX = 0.16
PLACE_DIFFERENCE_MAX = 0.2
HEIGHT_PX_MIN, HEIGHT_PX_MAX = 12, 200
_INK = re.compile(rb"\x00+")


@dataclass(slots=True)
class Blot:
    """One connected piece of ink: its box, and its runs as (row, first, after last)."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)

    def box(self) -> tuple[int, int, int, int]:
        rows = [row for row, _, _ in self.runs]
        left, right = min(run[1] for run in self.runs), max(run[2] for run in self.runs)
        return left, min(rows), right, max(rows) + 1


@dataclass(frozen=True, slots=True)
class Sign:
    """A piece of ink in its place; `char` is a digit, or empty while unknown."""

    left: int
    top: int
    right: int
    bottom: int
    char: str = ""

    @property
    def height(self) -> int:
        return self.bottom - self.top


def pictures(pdf: bytes, dpi: int = DPI) -> list[Image.Image]:
    """Draw every page as a grey picture with poppler, a renderer that is not WeasyPrint."""
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-"]
    drawn = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    stream, found = BytesIO(drawn), []
    while stream.tell() < len(drawn):
        header = [next(_words(stream)) for _ in range(4)]
        size = int(header[1]), int(header[2])
        found.append(Image.frombytes("L", size, stream.read(size[0] * size[1])))
    return found


def page_sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of every page."""
    told = _poppler("pdfinfo", "-f", "1", "-l", "99", "-", pdf=pdf)
    sizes = re.findall(r"size: +([0-9.]+) x ([0-9.]+) pts", told)
    return [(float(width) / 72 * 25.4, float(height) / 72 * 25.4) for width, height in sizes]


def fonts_inside(pdf: bytes) -> list[str]:
    """Return the names of the fonts a PDF carries, without the random mark of a subset."""
    return sorted(re.findall(r"^[A-Z]{6}\+(\S+)", _poppler("pdffonts", "-", pdf=pdf), re.MULTILINE))


def numbers_seen(pdf: bytes, fonts: Sequence[str] = PAPER_FONTS) -> list[str]:
    """Return every number a person can see on the pages, top to bottom, left to right."""
    return [number for page in pictures(pdf) for number in read_numbers(page, fonts)]


def assert_numbers_visible(pdf: bytes, *numbers: str) -> None:
    """Fail unless each number stands readable on a page, written exactly so."""
    seen = numbers_seen(pdf)
    missing = [number for number in numbers if number not in seen]
    assert not missing, f"not to be seen on paper: {missing}; seen: {seen}"


def read_numbers(page: Image.Image, fonts: Sequence[str] = PAPER_FONTS) -> list[str]:
    """Return the runs of digits with the points, commas, hyphens and slashes inside them."""
    signs = [_recognised(blot, tuple(fonts)) for blot in _blots(page)]
    found: list[tuple[int, int, str]] = []
    for chain in _chains([sign for sign in signs if sign.char]):
        found += _read_chain(chain, signs, fonts)
    return [text for _, _, text in sorted(found)]


def _poppler(*command: str, pdf: bytes) -> str:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def _words(stream: BytesIO) -> Iterator[bytes]:
    """Yield the next words of a picture's header."""
    word = b""
    while True:
        char = stream.read(1)
        if not char.isspace():
            word += char
        elif word:
            yield word
            word = b""


def _blots(page: Image.Image) -> list[Blot]:
    """Collect connected ink, row by row: runs that touch, also at corners, belong together."""
    width, height = page.size
    pixels = page.point(lambda value: 0 if value < INK_BELOW else 255).tobytes()
    owners: list[Blot] = []
    above: list[tuple[int, int, Blot]] = []
    for row in range(height):
        line: list[tuple[int, int, Blot]] = []
        for ink in _INK.finditer(pixels, row * width, (row + 1) * width):
            first, last = ink.start() - row * width, ink.end() - row * width
            touching = _distinct(blot for a, b, blot in above if a <= last and b >= first)
            blot = touching[0] if touching else Blot()
            if not touching:
                owners.append(blot)
            for other in touching[1:]:
                blot.runs += other.runs
                other.runs = []
                above = [(a, b, blot if each is other else each) for a, b, each in above]
                line = [(a, b, blot if each is other else each) for a, b, each in line]
            blot.runs.append((row, first, last))
            line.append((first, last, blot))
        above = line
    return [blot for blot in owners if blot.runs]


def _distinct(blots: Iterator[Blot]) -> list[Blot]:
    return list({id(blot): blot for blot in blots}.values())


def _recognised(blot: Blot, fonts: tuple[str, ...]) -> Sign:
    """Name the digit a piece of ink looks like, if it looks like one."""
    left, top, right, bottom = blot.box()
    width, height = right - left, bottom - top
    if not HEIGHT_PX_MIN <= height <= HEIGHT_PX_MAX or width > 1.2 * height:
        return Sign(left, top, right, bottom)
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    for row, first, last in blot.runs:
        draw.line((first - left, row - top, last - 1 - left, row - top), fill=255)
    shape = mask.resize(GRID, Image.Resampling.BOX)
    char, difference = "", SHAPE_DIFFERENCE_MAX
    for digit, proportion, model in _models(fonts):
        if not 0.8 < (width / height) / proportion < 1.25:
            continue
        distance = ImageStat.Stat(ImageChops.difference(shape, model)).mean[0] / 255
        if distance < difference:
            char, difference = digit, distance
    return Sign(left, top, right, bottom, char)


@cache
def _models(fonts: tuple[str, ...]) -> list[tuple[str, float, Image.Image]]:
    """Draw the ten digits of each font: digit, width by height, shape on the common grid."""
    models = []
    for name in fonts:
        for digit in "0123456789":
            drawn, _ = _drawn(name, digit)
            models.append((digit, drawn.width / drawn.height, drawn.resize(GRID)))
    return models


@cache
def _drawn(font_name: str, char: str) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """Draw one character large; return its ink and where it lies around the baseline's origin."""
    font = ImageFont.truetype(FONTS / font_name, 400, layout_engine=ImageFont.Layout.BASIC)
    canvas = Image.new("L", (800, 1000), 0)
    ImageDraw.Draw(canvas).text((200, 600), char, font=font, fill=255, anchor="ls")
    box = canvas.getbbox()
    assert box is not None, f"{font_name} draws nothing for {char!r}"
    return canvas.crop(box), (box[0], box[1] - 600, box[2], box[3] - 600)


def _chains(digits: Sequence[Sign]) -> list[list[Sign]]:
    """Gather neighbouring digits of one height on one baseline, left to right."""
    chains: list[list[Sign]] = []
    for sign in sorted(digits, key=lambda sign: sign.left):
        tolerance = 0.12 * sign.height
        for chain in chains:
            last = chain[-1]
            if (
                abs(last.bottom - sign.bottom) <= tolerance
                and abs(last.height - sign.height) <= tolerance
                and sign.left - last.right <= sign.height
            ):
                chain.append(sign)
                break
        else:
            chains.append([sign])
    return chains


def _read_chain(
    chain: Sequence[Sign], signs: Sequence[Sign], fonts: Sequence[str]
) -> list[tuple[int, int, str]]:
    """Read digits with what stands between them; a gap or other ink ends a number."""
    size, baseline = max(sign.height for sign in chain), chain[0].bottom
    members = {id(sign) for sign in chain}
    between = [
        sign
        for sign in signs
        if chain[0].left <= sign.left <= chain[-1].left
        and sign.top < baseline + 0.3 * size
        and sign.bottom > baseline - size
    ]
    numbers: list[tuple[int, int, str]] = []
    text, start, end = "", 0, 0
    for sign in sorted(between, key=lambda sign: sign.left):
        char = sign.char if id(sign) in members else _punctuation(sign, baseline, size, fonts)
        if text and (not char or sign.left - end > 0.35 * size):
            numbers.append((baseline, start, text))
            text = ""
        if char:
            text, start, end = text + char, start if text else sign.left, sign.right
    numbers.append((baseline, start, text))
    return [(y, x, text.strip(".,-/")) for y, x, text in numbers if re.search(r"[0-9]", text)]


def _punctuation(sign: Sign, baseline: int, size: int, fonts: Sequence[str]) -> str:
    """Tell . , - / by top, bottom and width, all as parts of a digit's height."""
    seen = (
        (sign.top - baseline) / size,
        (sign.bottom - baseline) / size,
        (sign.right - sign.left) / size,
    )
    best, distance = "", PLACE_DIFFERENCE_MAX
    for font in fonts:
        unit = _drawn(font, "0")[0].height
        for char in ".,-/":
            left, top, right, bottom = _drawn(font, char)[1]
            model = (top / unit, bottom / unit, (right - left) / unit)
            apart = sum(abs(a - b) for a, b in zip(seen, model, strict=True))
            if apart < distance:
                best, distance = char, apart
    return best
