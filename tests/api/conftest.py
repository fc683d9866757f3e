"""One small clinic per file of tests."""

from collections.abc import Iterator

import pytest

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


@pytest.fixture
def receptionist(world: World) -> Iterator[Browser]:
    with world.browser("Регистратор") as browser:
        yield browser
