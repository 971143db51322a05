"""Opening balances from the old books: brought in, reconciled, taken."""
