"""What other rooms tell the close: matters that need a person, and sums that must agree. Pure data.

What must stay true: a difference names its documents, and every matter opens the page where a
person can settle it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Document:
    """A document named in a list: what it is, which one, its printed number and what it is about.

    `type` is a source type of `rules.sources`, which knows its page.
    """

    type: str
    id: UUID
    number: str = ""
    satang: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs a person, belonging to a step of the month's checklist.

    `title` is a msgid; `address` the page that shows it, `{c}` standing for the centre. What stops
    the close must be settled (or waived, where the step may be) before anyone signs; the rest is
    only shown.
    """

    step: str
    title: str
    count: int
    satang: int = 0
    address: str = ""
    stops: bool = True
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class TieOut:
    """A control account beside its sub-ledger at the end of a day, in satang (debits less credits).

    `title` is a msgid; `documents` are the first that explain a difference. `unequal` counts the
    lots, producers or members whose own two sums differ: two faults may cancel out in the total.
    """

    key: str
    title: str
    code: str
    ledger_satang: int
    sub_ledger_satang: int
    documents: tuple[Document, ...] = ()
    unequal: int = 0
    which: str = ""
    """Which one of several, as its code: a till, a bank account."""

    @property
    def difference_satang(self) -> int:
        """What the ledger has more than the documents."""
        return self.ledger_satang - self.sub_ledger_satang

    @property
    def ties(self) -> bool:
        """Tell whether both sums agree, in total and one by one."""
        return self.difference_satang == 0 and self.unequal == 0
