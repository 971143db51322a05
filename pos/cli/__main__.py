"""`python -m pos.cli` is the console script `sunruam`."""

from __future__ import annotations

from pos.cli import main

main()
