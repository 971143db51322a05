"""How a year's surplus is used and shared among members. Pure; money in satang, parts as integers.

`uses`, `law`, `rule_set` and `defaults` say how the meeting may divide it; `dividend` and
`patronage` share the members' pools.
"""
