"""Programs are run in this process too: what they set up for themselves must not stay."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def logging_stays() -> Iterator[None]:
    """A handler on the captured stderr of one test fails in all later ones, since that stream is closed by then."""
    root = logging.getLogger()
    before = [*root.handlers]
    yield
    after, root.handlers[:] = [*root.handlers], before
    assert after == before, "a command has configured the logs of the test process"
