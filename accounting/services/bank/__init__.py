"""The bank: statements taken in, matched with the books, and what is left open."""
