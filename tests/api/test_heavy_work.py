"""Heavy work takes turns: few at once, a few wait without holding anything, the rest get a refusal to repeat later."""

import asyncio
import resource
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import psycopg
import pytest
from starlette.requests import ClientDisconnect

from gateways.locks import WRITE_LOCK
from services.api.app import THREADS
from services.api.http.heavy_work import PICTURES, HeavyWork, WorkQueues
from services.api.http.problems import Overloaded
from tests.api.test_patient import new_patient, put_photo
from tests.api.world import Browser, World, eventually
from tests.gateways.test_photographs import png_bomb

pytestmark = [pytest.mark.spec("SEC-3"), pytest.mark.thorough]
ONE = HeavyWork("one", at_once=1, waiting=1)


async def stays() -> None:
    """A client that doesn't leave."""
    await asyncio.Event().wait()


async def settled() -> None:
    """Everybody has gone as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


class Clients:
    """Who works, waits, and ended, by number."""

    def __init__(self, work: HeavyWork) -> None:
        self.queues, self.work = WorkQueues(), work
        self.working: list[int] = []
        self.ends: dict[int, asyncio.Event] = {}

    async def run(self, number: int, gone: Callable[[], Awaitable[None]] = stays) -> str:
        end = self.ends.setdefault(number, asyncio.Event())
        try:
            async with self.queues.slot(self.work, gone):
                self.working.append(number)
                await end.wait()
        except (Overloaded, ClientDisconnect) as refused:
            return type(refused).__name__
        return "done"

    def start(self, number: int, gone: Callable[[], Awaitable[None]] = stays) -> "asyncio.Task[str]":
        return asyncio.create_task(self.run(number, gone))


def test_one_works_one_waits_the_rest_are_refused_and_turns_go_in_order() -> None:
    async def happens() -> None:
        clients = Clients(ONE)
        first, second, third = (clients.start(number) for number in (1, 2, 3))
        await settled()
        assert (clients.working, third.done() and third.result()) == ([1], "Overloaded")
        clients.ends[1].set()
        await settled()
        assert (clients.working, first.result()) == ([1, 2], "done")
        fourth = clients.start(4)
        clients.ends[2].set()
        clients.ends.setdefault(4, asyncio.Event()).set()
        assert (await second, await fourth) == ("done", "done")

    asyncio.run(happens())


def test_a_client_that_leaves_or_is_cancelled_gives_the_place_up() -> None:
    async def happens() -> None:
        clients, leaves = Clients(ONE), asyncio.Event()

        async def gone() -> None:
            await leaves.wait()

        first, second = clients.start(1), clients.start(2, gone)
        await settled()
        leaves.set()
        assert await second == "ClientDisconnect"
        third = clients.start(3)
        await settled()
        third.cancel()
        await settled()
        fourth = clients.start(4)
        await settled()
        first.cancel()  # even work that is cut off hands its turn on
        await settled()
        assert clients.working == [1, 4]
        clients.ends[4].set()
        assert await fourth == "done"

    asyncio.run(happens())


def test_who_waited_long_enough_is_refused() -> None:
    async def happens() -> None:
        clients = Clients(HeavyWork("one", at_once=1, waiting=1, max_wait=0.01))
        clients.start(1)
        assert await clients.start(2) == "Overloaded"
        clients.ends[1].set()
        await settled()
        clients.ends.setdefault(3, asyncio.Event()).set()
        assert await clients.start(3) == "done"

    asyncio.run(happens())


def test_many_heavy_pictures_at_once_neither_fill_the_memory_nor_hold_the_others_up(receptionist: Browser) -> None:
    patient, bomb = new_patient(receptionist), png_bomb(8000, 6000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ThreadPoolExecutor(24) as pool:
        sent = [pool.submit(put_photo, receptionist, patient, bomb, 1) for _ in range(24)]
        assert receptionist.get("/api/me").status_code == 200
        answers = [one.result() for one in sent]
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    by_status = {status: [answer for answer in answers if answer.status_code == status] for status in (200, 412, 503)}
    assert sum(map(len, by_status.values())) == 24
    assert len(by_status[200]) == 1
    assert by_status[503]
    refused = by_status[503][0]
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("overloaded", str(PICTURES.retry_after))
    assert grown_mb < 100


def test_reading_goes_on_while_everybody_waits_to_write(world: World, receptionist: Browser) -> None:
    """However many commands wait for the write lock, they don't take the threads of questions."""
    with psycopg.connect(world.denta.database.url) as writing, ThreadPoolExecutor(2 * THREADS) as pool:
        writing.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
        cards = [{"family_name": "Ожидающий", "given_name": str(number)} for number in range(2 * THREADS)]
        asked = [pool.submit(receptionist.post, "/api/patients", json=card, timeout=60) for card in cards]
        eventually(lambda: world.app.state.components.command_threads.available_tokens == 0)
        began = monotonic()
        assert receptionist.get("/api/patients/search", params={"q": "ожидающий"}).status_code == 200
        assert monotonic() - began < 3  # commands give up the wait for the lock after five seconds
        writing.rollback()
        assert {answer.result().status_code for answer in asked} <= {201, 503}
