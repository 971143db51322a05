"""The books: chart of accounts, periods, the journal, and every figure read from them.

What must stay true: an entry that exists is balanced and never changes; correction is reversal.
"""
