"""Gathering the welfare report out of the sales, the goods and the books."""
