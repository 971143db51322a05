"""The share register: who holds how much of the centre's share capital, and how it came about.

`register` answers what is held on any day; `recording` enters what members do and `correcting`
takes it back; `crediting` enters what other documents turn into shares; `plans` are shares paid by
and by; `rules` are the dated caps; `heirs` and `certificates` are papers beside it; `passbook`
shows it. `writing` is the one way a transaction gets into the register.
"""
