"""The bases every printed document stands on, drawn and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

from core.actor import Centre
from core.dates import format_thai_date, format_thai_datetime
from core.web.pdf import render_pdf, render_roll_pdf
from tests.rendering import assert_numbers_visible, numbers_seen, page_sizes_mm, pictures

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
CENTRE = Centre(
    id=1,
    network_id=1,
    code="SPT",
    name_th="ศูนย์ผลิตภัณฑ์ชุมชนสินแพรทอง",
    name_en="Sin Phrae Thong Produce Centre",
    address="99 หมู่ที่ 9 บ้านสินแพรทอง ตำบลลำสินธุ์ อำเภอศรีนครินทร์ จังหวัดพัทลุง 93000",
    phone="080-123-4567",
    tax_id="1234567890121",
    receipt_footer="ขอบคุณ",
)
SHEET = """{% extends "documents/_base.html" %}{% block title %}ใบรับสินค้า{% endblock %}
{% block paper %}{{ paper }}{% endblock %}
{% block body %}<table><thead><tr><th>รายการ</th><th class="number">บาท</th></tr></thead>
{% for _row in range(rows) %}<tr><td>น้ำผึ้งป่า</td><td class="number">45.50</td></tr>{% endfor %}
</table>{% endblock %}
{% block signatures %}{{ parts.signatures(["ผู้ส่ง", "ผู้รับ"]) }}{% endblock %}"""
SLIP = """{% extends "documents/_roll.html" %}{% block title %}ใบเสร็จรับเงิน{% endblock %}
{% block body %}<p class="number">1,060.00</p>{% endblock %}"""


def translated(message: str, **values: object) -> str:
    return message % values if values else message


@pytest.fixture(scope="module")
def environment() -> Environment:
    own = DictLoader({"sheet.html": SHEET, "slip.html": SLIP})
    made = Environment(
        loader=ChoiceLoader([own, FileSystemLoader(TEMPLATES)]),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.globals["_"] = translated
    made.filters.update(thai_date=format_thai_date, thai_datetime=format_thai_datetime)
    return made


def sheet(environment: Environment, **values: object) -> str:
    facts = {"number": "2569-00123", "document_date": date(2026, 11, 21), "rows": 2, "paper": "a4"}
    return environment.get_template("sheet.html").render(centre=CENTRE, **(facts | values))


def slip(environment: Environment, **values: object) -> str:
    moment = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
    facts = {"number": "2569-00123", "occurred_at": moment}
    return environment.get_template("slip.html").render(centre=CENTRE, **(facts | values))


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_the_sheet_shows_issuer_number_date_and_rows(environment: Environment, paper: str) -> None:
    document = render_pdf(sheet(environment, paper=paper))
    assert_numbers_visible(
        document, "1-2345-67890-12-1", "080-123-4567", "93000", "2569-00123", "2569", "45.50"
    )


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_nothing_of_the_sheet_leaves_its_margins(environment: Environment, paper: str) -> None:
    page = pictures(render_pdf(sheet(environment, paper=paper)), dpi=100)[0]
    ink = page.point(lambda value: 255 if value < 200 else 0).getbbox()
    assert ink is not None
    left_mm, right_mm = ink[0] / 100 * 25.4, (page.width - ink[2]) / 100 * 25.4
    assert min(left_mm, right_mm) > 11 and abs(left_mm - right_mm) < 1


def test_each_page_of_a_long_sheet_repeats_head_and_number(environment: Environment) -> None:
    document = render_pdf(sheet(environment, rows=60))
    pages = len(page_sizes_mm(document))
    assert pages > 1
    assert numbers_seen(document).count("2569-00123") == pages + 1


def test_the_slip_shows_issuer_number_moment_and_amount(environment: Environment) -> None:
    document = render_roll_pdf(slip(environment))
    assert_numbers_visible(
        document, "1-2345-67890-12-1", "2569-00123", "21", "2569", "10.15", "1,060.00"
    )


def test_a_reprint_and_a_cancelled_slip_say_so(environment: Environment) -> None:
    first, again = slip(environment), slip(environment, reprint=2, cancelled=True)
    assert "printed again" not in first and "CANCELLED" not in first
    assert "Copy, printed again (no. 2)" in again and "CANCELLED" in again


def test_a_cancelled_slip_says_so_in_black(environment: Environment) -> None:
    """A thermal printer drops grey, so the mark must be as black as the text."""
    plain = pictures(render_roll_pdf(slip(environment)), dpi=100)[0]
    void = pictures(render_roll_pdf(slip(environment, cancelled=True)), dpi=100)[0]
    assert sum(void.histogram()[:64]) > sum(plain.histogram()[:64]) + 500


def test_the_reader_of_english_sees_the_english_name(environment: Environment) -> None:
    assert CENTRE.name_en in sheet(environment, locale="en")
    assert CENTRE.name_th in sheet(environment, locale="th")


def test_names_are_escaped(environment: Environment) -> None:
    assert "<script>" not in sheet(environment, number="<script>")


def test_empty_facts_take_no_room(environment: Environment) -> None:
    source = '{% import "documents/_parts.html" as parts with context %}{{ parts.facts(pairs) }}'
    page = environment.from_string(source).render(pairs=[("a", 0), ("b", ""), ("c", None)])
    assert "<dt>a</dt>" in page and "<dt>b</dt>" not in page and "<dt>c</dt>" not in page
