"""Meetings: agenda, who came, what was resolved and what came of it."""
