"""Entries people write: drafting, deciding and posting, taking back, and coming again.

`reading` shows them; `drafting` changes drafts; `posting` decides; `correcting` takes entries back;
`templates` fills drafts, also by schedule; `accruals` takes accruals back when due.
"""
