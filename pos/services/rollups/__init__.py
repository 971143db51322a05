"""A network in sums: its centres' books, members, funds and sales added up, nobody named.

`scope` says which centres count, and for which days; `books` adds up their statements and takes off
what was between them; `people` counts members; `trade` counts sales; `tables` makes files of all.
"""
