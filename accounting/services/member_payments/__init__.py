"""Paying members their dividend and patronage refund.

`due` says what is open; `paying` pays it and takes payments back; `batches` pays by the bank;
`crediting` credits those who chose so; `unclaimed` sends to reserve what nobody fetched; `choices`
keeps how members want to be paid; `documents` and `tax_list` show.
"""

from __future__ import annotations

from accounting.services.member_payments.due import anything_paid, unpaid

__all__ = ["anything_paid", "unpaid"]
