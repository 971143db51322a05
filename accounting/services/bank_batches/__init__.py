"""A batch with answers: one file for the bank pays many, and the bank says what became of each.

Two debts are paid so: what members get of the surplus, and what producers are owed (in the room
above). A `Debt` says where its batches lie, what each payee is owed and what becomes of a line the
bank has paid; everything else about a batch is here: `making`, `answering`, `reading`.

What must stay true: what a file will pay is reserved until the bank has answered, so nothing else
pays it.
"""

from __future__ import annotations

from accounting.services.bank_batches.answering import (
    LineMatched,
    ReasonNeeded,
    match,
    match_file,
)
from accounting.services.bank_batches.debts import (
    WAYS,
    BatchCard,
    BatchDoc,
    BatchLine,
    Debt,
    MakeBatch,
    Owed,
    Paid,
)
from accounting.services.bank_batches.making import make, named
from accounting.services.bank_batches.reading import get, listing, stale

__all__ = [
    "WAYS",
    "BatchCard",
    "BatchDoc",
    "BatchLine",
    "Debt",
    "LineMatched",
    "MakeBatch",
    "Owed",
    "Paid",
    "ReasonNeeded",
    "get",
    "listing",
    "make",
    "match",
    "match_file",
    "named",
    "stale",
]
