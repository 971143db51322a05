"""Forms with many rows, no script needed: what each row holds, and what is wrong beside its cell.

What must stay true: nothing typed is ever lost; an empty row is no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from core.errors import DomainError
from core.web.forms import Form
from core.web.problems import flattened
from core.web.words import translated

ROWS = 4
ROWS_MAX = 30


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind in a form: cells are named `<prefix>_<number>_<cell>`.

    `first` is the cell a refusal of the row is shown beside; `usual` are cells that always hold
    something (a choice), so they alone don't fill a row.
    """

    prefix: str
    schema: type[Schema]
    first: str
    usual: tuple[str, ...] = ()
    rows: int = ROWS

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(self.schema().fields)

    @property
    def count(self) -> int:
        """How many rows are shown: more with each press on the button."""
        text = request.form.get(f"{self.prefix}_rows", "")
        shown = int(text) if text.isascii() and text.isdigit() else self.rows
        return min(shown + (ROWS if "more" in request.form else 0), ROWS_MAX)

    def names(self) -> tuple[str, ...]:
        """Return the names of all cells, for `read_form(keep=…)`."""
        cells = (f"{self.prefix}_{n}_{c}" for n in range(1, self.count + 1) for c in self.cells)
        return (f"{self.prefix}_rows", "more", *cells)

    def typed(self) -> list[dict[str, str]]:
        """Return what was typed, row by row."""
        return [
            {
                cell: request.form.get(f"{self.prefix}_{number}_{cell}", "").strip()
                for cell in self.cells
            }
            for number in range(1, self.count + 1)
        ]

    def filled(self) -> list[int]:
        """Return the numbers of the rows that hold something."""
        return [
            number
            for number, row in enumerate(self.typed(), start=1)
            if any(text for cell, text in row.items() if cell not in self.usual)
        ]

    def read(self, form: Form) -> list[dict[str, Any]]:
        """Return the filled rows; what is wrong goes to its cell."""
        found = []
        typed = self.typed()
        for number in self.filled():
            row = {cell: text for cell, text in typed[number - 1].items() if text}
            try:
                found.append(dict(self.schema().load(row)))
            except ValidationError as error:
                form.status = 422
                for path, message in flattened(error.messages):
                    cell = path[0] if path and path[0] in self.cells else self.first
                    name = f"{self.prefix}_{number}_{cell}"
                    form.errors.setdefault(name, translated(message))
        return found

    def refuse(self, form: Form, refusal: DomainError, before: int = 0) -> bool:
        """Show a refusal beside its row, if it names one of these; `before` rows came first."""
        filled = self.filled()
        line_no = refusal.facts.get("line_no")
        if not isinstance(line_no, int) or not before < line_no <= before + len(filled):
            return False
        form.status = refusal.status
        sentence = translated(refusal.detail or refusal.title, refusal.facts)
        form.errors[f"{self.prefix}_{filled[line_no - before - 1]}_{self.first}"] = sentence
        return True
