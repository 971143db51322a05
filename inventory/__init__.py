"""The goods: products, lots, locations, intake and every move of stock.

What must stay true: a level is the sum of its moves, and a lot knows whose goods it holds.
"""
