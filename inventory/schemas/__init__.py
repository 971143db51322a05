"""Goods as JSON and as forms: what may come in, what goes out.

What must stay true: input is bounded and becomes a frozen command; output is read from a frozen
result, money in satang, quantity in thousandths.
"""

from __future__ import annotations

from uuid import UUID

NOT_YET = UUID(int=0)
"""Stands for a document's id until the edge puts in the one from the address."""
