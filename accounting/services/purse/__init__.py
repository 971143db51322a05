"""Purses of members: what each holds, money put in and handed out, and how it came to be."""
