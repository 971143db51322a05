"""What comes back of a receipt's lines, in the unit sold by and in the product's own.

What must stay true: never more than was sold; the steps in which a line comes back sum to the line
in both units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import N_, DomainError
from core.money import telescope
from core.quantity import MILLI
from inventory.rules.intake import WholePieces
from inventory.services import catalogue
from pos.services.receipts import Receipt, ReceiptLine
from pos.services.sale_goods import TooLittle


class MoreThanSold(DomainError):
    """More would come back than was sold on this line and not yet returned."""

    code, status, title = "more-than-sold", 409, N_("More than was sold on this receipt")
    detail = N_("At most %(left_milli)s are left on line %(line_no)s.")


class NotOnReceipt(DomainError):
    """The receipt has no such line."""

    code, status, title = "not-on-receipt", 409, N_("This line is not on the receipt")
    detail = N_("Choose a line that is on the receipt.")


@dataclass(frozen=True, slots=True)
class RecordRefundLine:
    """How much of a line of the sale comes back, in the unit it was sold by."""

    line_no: int
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken back of a line, in the unit it was sold by and in the product's own."""

    line: ReceiptLine
    unit_quantity_milli: int
    quantity_milli: int


def of_sale(asked_lines: Sequence[RecordRefundLine], sale: Receipt, centre_id: int) -> list[Taken]:
    """Return what is taken back of each line.

    Raises NotOnReceipt, MoreThanSold, WholePieces, TooLittle.
    """
    sold = {line.line_no: line for line in sale.lines}
    for asked in asked_lines:
        if asked.line_no not in sold:
            raise NotOnReceipt(line_no=asked.line_no)
    products = catalogue.for_sale(
        centre_id, {sold[asked.line_no].product_id for asked in asked_lines}
    )
    taken = []
    for asked in asked_lines:
        line = sold[asked.line_no]
        left = line.unit_quantity_milli - line.refunded_unit_milli
        if asked.quantity_milli > left:
            raise MoreThanSold(line_no=line.line_no, left_milli=left)
        base = telescope(
            line.quantity_milli,
            line.unit_quantity_milli,
            line.refunded_unit_milli,
            asked.quantity_milli,
        )
        # What was sold by the tray comes back in whole pieces: fifteen eggs, not 9.99.
        by_piece = line.unit_id is not None and line.quantity_milli % MILLI == 0
        if by_piece and base % MILLI and products[line.product_id].sold_by == "piece":
            raise WholePieces(line_no=line.line_no, name_th=line.name_th, unit=line.unit)
        if base == 0:
            raise TooLittle(line_no=line.line_no, name_th=line.name_th)
        taken.append(Taken(line, asked.quantity_milli, base))
    return taken
