"""Run every measurement, one after the other, and say at the end which missed its goal.

    bin/services python -m bench [--full]

One that misses its goal does not keep the others from being run. A year of a million sales takes
many minutes to lay down: without --full the manager's day is measured over a hundred thousand.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

EVERY: tuple[tuple[str, ...], ...] = (
    ("sale_throughput",),
    ("settlement",),
    ("close", "--sales", "100000"),
    ("dividend", "--lines", "300000"),
    ("member_paying",),
    ("welfare", "--sales", "100000"),
    ("member_search",),
    ("product_search",),
    ("moving_in",),
    ("manager_day",),
    ("sale_history",),
)
SHORTER = {"manager_day": ("--sales", "100000")}


def main() -> None:
    """Run them all; leave with 1 if one of them did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    missed = []
    for name, *sizes in EVERY:
        print(f"\n## {name}\n", flush=True)
        chosen = sizes if full else [*sizes, *SHORTER.get(name, ())]
        done = subprocess.run([sys.executable, "-m", f"bench.{name}", *chosen], check=False)
        if done.returncode:
            missed.append(name)
    if missed:
        sys.exit(f"missed its goal or failed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
