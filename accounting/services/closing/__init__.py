"""The month's close: its checklist, the two signatures, the year's end, and opening again."""
