"""The floor every room stands on: nothing of the trade, everything all rooms need.

It imports no room; whatever knows a sale, a lot or an account lives above it.
"""
