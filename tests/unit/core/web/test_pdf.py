"""PDFs as a person sees them, and what they must never fetch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.web import pdf
from tests.rendering import (
    FONTS,
    assert_numbers_visible,
    fonts_inside,
    numbers_seen,
    page_sizes_mm,
    pictures,
)

SLIP = """<!doctype html><html lang="th"><body class="roll">
<p class="centred">ศูนย์ผลิตภัณฑ์ชุมชนสินแพรทอง</p><h1>ใบเสร็จรับเงิน</h1>
<p>เลขที่ 2569-00123</p>
<table>{rows}<tr class="total"><td>รวมทั้งสิ้น</td><td class="number">1,060.00</td></tr></table>
</body></html>"""
ROW = '<tr><td>น้ำผึ้งป่า</td><td class="number">45.50</td></tr>'


def slip(rows: int = 3) -> str:
    return SLIP.replace("{rows}", ROW * rows)


def test_numbers_of_a_slip_can_be_seen() -> None:
    document = pdf.render_roll_pdf(slip())
    assert_numbers_visible(document, "2569-00123", "45.50", "1,060.00")


def test_every_digit_is_read_in_both_weights_and_small() -> None:
    html = (
        '<body class="roll"><p>9,876,543.21</p><p>10-2345/67890</p>'
        '<p class="strong">9,876,543.21</p><p class="strong">10-2345/67890</p>'
        '<p style="font-size: 7pt">1,234,567,890.05</p><h1>6,089.00</h1></body>'
    )
    seen = numbers_seen(pdf.render_roll_pdf(html))
    assert seen == ["9,876,543.21", "10-2345/67890"] * 2 + ["1,234,567,890.05", "6,089.00"]


def test_a_missing_number_is_noticed() -> None:
    with pytest.raises(AssertionError, match=r"1,061\.00"):
        assert_numbers_visible(pdf.render_roll_pdf(slip()), "1,061.00")


def test_two_files_of_one_family_hide_the_digits(tmp_path: Path) -> None:
    """The defect that made this proof necessary: a web font cut in two, as stock packages do.

    When this fails, WeasyPrint has learnt to tell the two files apart and the rule may be relaxed.
    """
    rules = ""
    for name, codes in (("latin", range(0x20, 0x7F)), ("thai", range(0x0E01, 0x0E5C))):
        font = TTFont(FONTS / "Sarabun-Regular.ttf")
        cutter = subset.Subsetter()
        cutter.populate(unicodes=list(codes))
        cutter.subset(font)
        font.save(tmp_path / f"{name}.ttf")
        rules += (
            f'@font-face {{ font-family: "Cut"; src: url("{(tmp_path / name).as_uri()}.ttf"); '
            f"unicode-range: U+{codes[0]:04X}-{codes[-1]:04X} }}"
        )
    html = (
        f'<style>{rules} @page {{ size: 80mm 60mm; margin: 4mm }} body {{ font-family: "Cut" }}'
        "</style><p>เลขที่ 2569-00123</p><p>รวมทั้งสิ้น 1,060.00</p>"
    )
    seen = numbers_seen(HTML(string=html).write_pdf())
    assert "2569-00123" not in seen and "1,060.00" not in seen


def test_a_slip_is_as_long_as_what_stands_on_it() -> None:
    short, long = pdf.render_roll_pdf(slip(1)), pdf.render_roll_pdf(slip(200))
    ((short_width, short_length),) = page_sizes_mm(short)
    ((long_width, long_length),) = page_sizes_mm(long)
    assert short_width == pytest.approx(80, abs=0.1) and long_width == pytest.approx(80, abs=0.1)
    assert 40 < short_length < 60 and 900 < long_length < 1500
    page = pictures(short, dpi=100)[0]
    ink = page.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None
    margin_mm = (page.height - ink[3]) / 100 * 25.4
    assert 3 < margin_mm < 12, "the end of the slip is neither cut off nor far away"


def test_a_roll_of_another_width() -> None:
    ((width, _),) = page_sizes_mm(pdf.render_roll_pdf(slip(), width_mm=58))
    assert width == pytest.approx(58, abs=0.1)


def test_a_slip_longer_than_a_page_may_be_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_ROLL_LENGTH_MAX_MM", 300)
    (_, first), (_, second) = page_sizes_mm(pdf.render_roll_pdf(slip(80)))
    assert first == pytest.approx(300, abs=0.1) and second < 300


def test_paper_sizes_by_the_bodys_class() -> None:
    ((width, height),) = page_sizes_mm(pdf.render_pdf("<body>1</body>"))
    assert (round(width), round(height)) == (210, 297)
    ((width, height),) = page_sizes_mm(pdf.render_pdf('<body class="a5">1</body>'))
    assert (round(width), round(height)) == (148, 210)


def test_only_our_whole_fonts_are_inside() -> None:
    assert fonts_inside(pdf.render_roll_pdf(slip())) == ["Sarabun", "Sarabun-Bold"]


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="attachment" href="{url}">',
        '<a rel="attachment" href="{url}">x</a>',
        '<img src="{url}" alt="">',
        '<link rel="stylesheet" href="{url}">',
        '<style>@import url("{url}");</style>',
        '<style>@font-face {{ font-family: F; src: url("{url}") }} p {{ font-family: F }}</style>',
        '<object data="{url}"></object>',
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{url}"/></svg>',
        (
            "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
            "<image href='{url}'/></svg>\">"
        ),
    ],
)
def test_nothing_is_fetched_from_outside(
    element: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def record(self: URLFetcher, url: str, headers: object = None) -> URLFetcherResponse:
        opened.append(url)
        return URLFetcherResponse(url, b"", {})

    # WeasyPrint's own fetcher opens files and connections; only ours may stand before it.
    monkeypatch.setattr(URLFetcher, "fetch", record)
    outside = tmp_path / "outside.txt"
    for url in (outside.as_uri(), "http://127.0.0.1:9/x", "font:../../x", "//127.0.0.1/x"):
        pdf.render_pdf(f"<p>{element.format(url=url)}</p>")
    assert [url for url in opened if not url.startswith("data:image/")] == []
    HTML(string=f"<p>{element.format(url=outside.as_uri())}</p>").write_pdf()
    assert outside.as_uri() in opened or "data:" in element, "the element does ask for the file"


def test_only_the_exact_addresses_of_our_fonts_are_served() -> None:
    fetcher, font = pdf._fetcher(), FONTS / "Sarabun-Regular.ttf"
    assert fetcher.fetch(font.as_uri()).read()[:4] == b"\x00\x01\x00\x00"
    folder = FONTS.as_uri()
    for url in (
        f"{folder}/../VENDORED.toml",
        f"{folder}/Sarabun-LICENSE.txt",
        f"{folder}/",
        "file:///etc/hostname",
        "http://127.0.0.1:9/Sarabun-Regular.ttf",
        "data:text/html,x",
    ):
        with pytest.raises(ValueError, match="outside"):
            fetcher.fetch(url)


def test_pictures_written_into_the_document_are_drawn() -> None:
    square = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='96' height='96'%3E"
        "%3Crect width='96' height='96'/%3E%3C/svg%3E"
    )
    html = f'<body class="roll"><img src="{square}" alt="" width="96" height="96"></body>'
    page = pictures(pdf.render_roll_pdf(html), dpi=100)[0]
    assert page.histogram()[0] > 90 * 90


def test_threads_take_turns() -> None:
    with ThreadPoolExecutor(4) as pool:
        documents = list(pool.map(lambda _: pdf.render_roll_pdf(slip()), range(8)))
    assert {len(document) for document in documents} == {len(documents[0])}
