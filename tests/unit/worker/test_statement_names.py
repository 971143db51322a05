"""The files in a ZIP of everybody's statements: none takes another's place when unpacked."""

from __future__ import annotations

from worker.reports.member_statements import file_name


def test_numbers_that_look_alike_make_files_of_their_own() -> None:
    alike = ["ก1", "ข1", "1/2", "1-2", "1.2", "a1", "A1"]
    names = [file_name(place, number) for place, number in enumerate(alike, start=1)]
    assert len({name.casefold() for name in names}) == len(alike)
    assert all(name.isascii() and "/" not in name for name in names)


def test_a_plain_number_can_be_read_in_its_files_name() -> None:
    assert file_name(12, "00012") == "00012_00012.pdf"
