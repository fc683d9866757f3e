"""Browsers over running installations: the demonstration for looking at, a small clinic per file for stories."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from gateways.file_store import FileStore
from gateways.file_store_memory import MemoryFileStore
from services.bootstrap import Denta
from services.demo.clinic import load_demonstration
from services.demo.opening import LOGINS
from services.demo.opening import PASSWORD as DEMONSTRATION_PASSWORD
from services.demo.visit_files import store_samples
from tests.browser.clinic import PASSWORD, USERS, Clinic, furnish
from tests.browser.desk import Room
from tests.browser.followed_clinic import FollowedClinic
from tests.browser.installation import PAGE, chromium, running
from tests.conftest import Databases

OPTIONS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",  # this machine has none: what stands in for one draws no quicker
    "--no-first-run",
    "--js-flags=--no-opt --no-maglev",  # no page lives long enough to earn what optimising its scripts costs
    "--process-per-site",  # the pages of a desk one after the other in one process, which has parsed their scripts
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert PAGE.exists(), f"интерфейс не собран ({PAGE}): сначала npm --prefix web run build"
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=list(OPTIONS))
        yield made
        made.close()


@pytest.fixture(scope="session")
def small_clinic(databases: Databases, prepared_database: str) -> tuple[str, dict[str, object]]:
    """The database that every story starts from, and the ids in it."""
    url = databases.make(prepared_database)
    with closing(Denta.open(url)) as denta:
        return url, dict(furnish(denta))


@pytest.fixture(scope="module")
def installation(
    databases: Databases, small_clinic: tuple[str, dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Denta]]:
    """A small clinic of this file's own: the address, and the way to its database."""
    url = databases.make(small_clinic[0])
    with running(url, tmp_path_factory.mktemp("denta")) as address, closing(Denta.open(url)) as denta:
        yield address, FollowedClinic.of(denta)
    databases.drop(url)


@pytest.fixture
def clinic(installation: tuple[str, Denta], small_clinic: tuple[str, dict[str, object]]) -> Clinic:
    return Clinic(installation[1], ids=dict(small_clinic[1]))  # type: ignore[arg-type]  # uuids


@pytest.fixture(scope="module")
def module_room(browser: Browser, installation: tuple[str, Denta]) -> Iterator[Room]:
    made = Room(browser, installation[0], PASSWORD, {who: email for who, (email, _) in USERS.items()})
    yield made
    made.close()


@pytest.fixture
def room(module_room: Room) -> Iterator[Room]:
    """Where people of the small clinic sit; whatever a page did and may not fails the test."""
    yield module_room
    assert module_room.empty() == []


@pytest.fixture(scope="session")
def demonstration(databases: Databases, prepared_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration clinic's address; the clinic is loaded once a run."""
    url = databases.make(databases.shared("demonstration", _load, prepared_database))
    folder = tmp_path_factory.mktemp("demonstration")
    store_samples(FileStore(folder / "files"))
    with running(url, folder) as address:
        yield address
    databases.drop(url)


def _load(database_url: str) -> None:
    with closing(Denta.open(database_url)) as denta:
        load_demonstration(denta.clinic, datetime.now(UTC), files=MemoryFileStore())  # whose files are in each worker's folder


@pytest.fixture(scope="session")
def demonstration_room(browser: Browser, demonstration: str) -> Iterator[Room]:
    made = Room(browser, demonstration, DEMONSTRATION_PASSWORD, {rights_set: email for email, rights_set in reversed(LOGINS)})
    yield made
    made.close()


@pytest.fixture
def demo_room(demonstration_room: Room) -> Iterator[Room]:
    """Where people of the demonstration sit, named by their sets of rights."""
    yield demonstration_room
    assert demonstration_room.empty() == []
