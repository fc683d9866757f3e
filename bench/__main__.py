"""Measure, print the results with the facts of the machine, and write them into docs/benchmarks.md.

A part is a module of this folder with `run(database_url) -> [(name, value, unit), …]`; each gets a new database on a private
server that is configured as the product's. Ratios count, taken in one run; absolute numbers belong to the machine, whose
yardstick is read before and after each part. Goals (`bench/goals.py`) are multiples of it, or of a peer in the same run.
"""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
PARTS = [path.stem for path in sorted(FOLDER.glob("*.py")) if re.search(r"^def run\(", path.read_text(), re.MULTILINE)]


def main(arguments: Sequence[str]) -> None:
    selected, quick = asked(arguments)
    if quick:
        os.environ["DENTA_BENCH_SIZE"] = "quick"
    from bench.measuring import measure_each  # reads it, as do the parts and the processes that they start

    measure_each(selected)


def asked(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """The parts to measure, and whether quickly."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("part", nargs="*", help=f"{', '.join(PARTS)}; without any, all of them")
    parser.add_argument("--quick", action="store_true", help="show within seconds that the parts run: no goals, nothing written")
    found = parser.parse_args(arguments)
    if unknown := [name for name in found.part if name not in PARTS]:
        parser.error(f"no part «{unknown[0]}»; there are {', '.join(PARTS)}")
    return found.part or PARTS, found.quick


if __name__ == "__main__":
    main(sys.argv[1:])
