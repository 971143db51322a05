"""What labels are asked for."""

from __future__ import annotations

from core.web.schemas import IntegerField, ListField, OneOf, Schema
from inventory.rules.label_sheet import PER_SHEET
from inventory.services.labels import COPIES_MAX

PAPERS = ("sheet", "roll")
LOTS_MAX = 200


class LabelArgs(Schema):
    """Which paper, from which place of the first sheet, how many of each lot in order."""

    paper = OneOf(PAPERS, load_default="sheet")
    start = IntegerField(1, PER_SHEET, load_default=1)
    copies = ListField(IntegerField(0, COPIES_MAX), load_default=list, most=LOTS_MAX)
