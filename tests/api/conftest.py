"""One small clinic per file of tests."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from services.process import logs
from tests.api.minimal import Existing
from tests.api.world import Browser, World, running


@pytest.fixture(scope="module")
def world(module_database_url: str) -> Iterator[World]:
    with running(module_database_url) as made:
        yield made


@pytest.fixture
def anonymous(world: World) -> Iterator[Browser]:
    with world.browser() as browser:
        yield browser


@pytest.fixture
def administrator(world: World) -> Iterator[Browser]:
    with world.browser("Администратор") as browser:
        yield browser


@pytest.fixture(scope="module")
def existing(world: World) -> Iterator[Existing]:
    with world.browser("Администратор") as browser:
        yield Existing(browser)


@pytest.fixture
def receptionist(world: World) -> Iterator[Browser]:
    with world.browser("Регистратор") as browser:
        yield browser


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What goes to stderr while logs are configured as in production."""
    stream, root = StringIO(), logging.getLogger()
    monkeypatch.setattr("sys.stderr", stream)
    before = list(root.handlers), root.level
    logs.configure()
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = before
