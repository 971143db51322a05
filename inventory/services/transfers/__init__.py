"""Transfers: goods sent to another place or centre, received there, and what fell short settled."""
