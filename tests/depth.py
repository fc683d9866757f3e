"""How far tests that try many cases go: far enough in every run, ten times as far at night (`make test-nightly`)."""

import os

NIGHTLY = os.environ.get("DENTA_TEST_DEPTH") == "nightly"


def examples(count: int) -> int:
    """So many made-up cases, or ten times as many at night."""
    return count * 10 if NIGHTLY else count
