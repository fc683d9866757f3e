"""Every part of the bench runs, and every goal is of a row that its part measures, so that no rename breaks them unseen."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from bench.__main__ import PARTS
from tests.depth import NIGHTLY

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""A program that measures and ends needn't close its sockets."""
COSTLY = ("attack", "browser", "excel", "http")
"""Parts that start programs, which takes seconds of the processor: at night alone."""


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DENTA_BENCH_SIZE", "quick")
        yield


@pytest.mark.thorough
@pytest.mark.parametrize("part", [part for part in PARTS if NIGHTLY or part not in COSTLY])
def test_a_part_measures_a_row_for_each_of_its_goals(part: str, empty_database_url: str) -> None:
    assert import_module("bench.measuring").rows_of(part, empty_database_url)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_goals_and_can_be_imported(part: str) -> None:
    assert import_module("bench.goals").GOALS[part]
    assert import_module(f"bench.{part}").run
