"""Every word a person sees has its Thai; the catalogue holds those words and no others."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "pos" / "translations" / "th" / "LC_MESSAGES" / "messages.po"
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
SAME_IN_THAI = re.compile(
    r"[\W\d_]*(PDF|CSV|XLSX|VAT|API|A4|A5|QR|English|Esc|Enter|Del|F\d+)?[\W\d_]*"
)
"""Abbreviations and key names that Thai people use as they are."""
TAX_INVOICE = "ใบกำกับภาษี"
FROM_SUPPLIERS = {
    "Enter number and date of the tax invoice",
    "It is a full tax invoice: its VAT is claimed",
    "Its VAT can be used until %(until)s. Untick the tax invoice: the VAT is a cost.",
    "This tax invoice is too old to claim",
    "Who is registered for VAT has one; it stands on each tax invoice.",
}
"""Tax invoices others gave us, which we may claim."""


@pytest.fixture(scope="module")
def thai() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="th")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Collect the words of code and templates anew, as `make translations` does."""
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    command = [
        *(sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"),
        *("--mapping", "babel.cfg", "--keywords", "N_", "--no-location"),
        # By default Babel passes over folders that begin with an underscore.
        *("--ignore-dirs", ".*", "--ignore-dirs", "__pycache__"),
        *("--output", str(target), "."),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return read_po(io.BytesIO(target.read_bytes()))


def _ids(catalogue: Catalog) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


def test_no_word_is_missing_and_none_is_left_over(thai: Catalog, words: Catalog) -> None:
    assert sorted(_ids(words) - _ids(thai)) == []
    assert sorted(_ids(thai) - _ids(words)) == []


def test_every_word_has_its_thai(thai: Catalog) -> None:
    for message in thai:
        if message.id:
            forms = [message.string] if isinstance(message.string, str) else message.string
            assert all(forms), message.id
            assert not message.fuzzy, message.id


def test_thai_is_thai(thai: Catalog) -> None:
    for message in thai:
        if message.id and not SAME_IN_THAI.fullmatch(str(message.string)):
            assert re.search("[ก-๛]", str(message.string)), message.id


def test_facts_stay_in_their_sentences(thai: Catalog) -> None:
    for message in thai:
        if message.id and isinstance(message.id, str):
            assert sorted(PLACE.findall(message.id)) == sorted(PLACE.findall(str(message.string)))


def test_a_tax_invoice_is_named_only_where_one_may_be_issued(thai: Catalog) -> None:
    named = {str(message.id) for message in thai if TAX_INVOICE in str(message.string)}
    assert named == {"Receipt / abbreviated tax invoice"} | FROM_SUPPLIERS
