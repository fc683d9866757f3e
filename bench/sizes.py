"""How much the parts measure. `--quick` makes it so little that a part shows within seconds that it runs."""

import os
from typing import TypeVar

QUICK = os.environ.get("DENTA_BENCH_SIZE") == "quick"
Number = TypeVar("Number", int, float)


def size(full: Number, quick: Number) -> Number:
    """`quick` in a quick run, else `full`."""
    return quick if QUICK else full


# sizes that the names of rows contain, and so the goals
WRITERS = 8
CLIENTS = size(8, 2)
DOCTORS = 20
WEEK_VISITS = size(1500, 40)
COMING_VISITS = size(2000, 40)
PARALLEL_BOOKINGS = size(50, 4)
PATIENTS = size(200_000, 400)
VISITS_OF_200_DAYS = size(43_000, 1000)
EXCEL_ROWS = size(100_000, 20)
