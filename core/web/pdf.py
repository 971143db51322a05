"""HTML to PDF: the only place that knows WeasyPrint.

What must stay true: a document can fetch nothing but our own font files and pictures it carries
inside itself, so no address in a name or a note ever makes this server call out or read a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

_ROOT = Path(__file__).resolve().parents[2]
_STYLESHEETS = ("print.css", "papers.css", "labels.css")
_DOCUMENTS = _ROOT / "templates" / "documents"
_FONTS = _ROOT / "pos" / "static" / "fonts"

_MM_PER_PX = 25.4 / 96
_ROLL_LENGTH_MAX_MM = 5000
_ROLL_TAIL_MM = 4
_PICTURES_INSIDE = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/svg+xml")

# Pango's font map is shared by the process and is not made for two threads at once.
_one_at_a_time = Lock()


def render_pdf(html: str) -> bytes:
    """Return the PDF of a document on A4 or A5, as its body's class says."""
    with _one_at_a_time:
        return _written(_laid_out(html))


def render_bundle_pdf(documents: Iterable[str]) -> bytes:
    """Return several documents one behind the other in one PDF, each with its own page numbers."""
    with _one_at_a_time:
        laid_out = [_laid_out(html) for html in documents]
        pages = [page for document in laid_out for page in document.pages]
        return _written(laid_out[0].copy(pages))


def render_roll_pdf(html: str, width_mm: int = 80) -> bytes:
    """Return the PDF of a slip whose page is as long as what stands on it."""
    assert 40 <= width_mm <= 120
    with _one_at_a_time:
        document = _laid_out(html, f"@page {{ size: {width_mm}mm {_ROLL_LENGTH_MAX_MM}mm }}")
        _cut_after_content(document)
        return _written(document)


class _InsideOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Serves our font files and pictures written into the document; refuses everything else."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        font = _font_files().get(url)
        if font is not None:
            return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": "font/ttf"})
        if url.startswith(_PICTURES_INSIDE):
            return super().fetch(url)
        raise ValueError("documents fetch nothing from outside")


def _laid_out(html: str, page_rule: str = "") -> Document:
    house, fonts = _house_style()
    sheets = [*house, CSS(string=page_rule)] if page_rule else house
    source = HTML(string=html, base_url="document:", url_fetcher=_fetcher())
    return source.render(font_config=fonts, stylesheets=sheets)


def _written(document: Document) -> bytes:
    pdf: bytes = document.write_pdf()
    return pdf


def _cut_after_content(document: Document) -> None:
    """Shorten the last page to what stands on it; WeasyPrint knows no `height: auto` for pages."""
    page = document.pages[-1]
    # The laid-out height is nowhere in the public API.
    page_box = page._page_box  # noqa: SLF001
    root = page_box.children[0]
    bottom = root.position_y + root.margin_height() + page_box.margin_bottom
    page.height = min(page.height, bottom + _ROLL_TAIL_MM / _MM_PER_PX)


@cache
def _fetcher() -> _InsideOnly:
    return _InsideOnly(timeout=1, allowed_protocols=("data",))


@cache
def _font_files() -> dict[str, Path]:
    """Our font files by the only address under which they can be asked for."""
    return {path.as_uri(): path for path in sorted(_FONTS.glob("*.ttf"))}


@cache
def _house_style() -> tuple[list[CSS], FontConfiguration]:
    """Read the stylesheets and their fonts once a process: loading is a third of a receipt."""
    assert _font_files(), f"no fonts in {_FONTS}"
    fonts = FontConfiguration()
    sheets = [
        CSS(filename=_DOCUMENTS / name, font_config=fonts, url_fetcher=_fetcher())
        for name in _STYLESHEETS
    ]
    return sheets, fonts
