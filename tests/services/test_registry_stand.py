"""The test registry as a program: it starts beside a demonstration, and a kill loses nothing that was answered."""

import random
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import msgspec
import pytest

from commands.ports.state_registry import Accepted, AlreadyThere, NotTaken, OutcomeUnknown, StateRegistry
from services.bootstrap import state_registry
from services.cli.registry_stand import stand
from services.process.operator_error import OperatorError
from services.test_servers.emk_beside import GUID, ORGANISATION, RegistryBeside
from services.test_servers.emk_store import Taken, TakenCase
from tests.gateways.registry_papers import CARD, PDF, diary
from tests.services.serving import until

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.spec("EGZ-14")


class Program:
    """One that is killed and started again on the same port."""

    def __init__(self, beside: RegistryBeside) -> None:
        self.beside = beside
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.beside.command, cwd=ROOT, stdout=subprocess.DEVNULL)
        until(self.answers, "the test registry answers")

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None
        try:
            return httpx2.get(f"{self.beside.page}/behave").status_code == 200
        except httpx2.HTTPError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def taken(self) -> dict[str, list[dict[str, object]]]:
        return msgspec.json.decode(httpx2.get(f"{self.beside.page}/taken").content, type=dict[str, list[dict[str, object]]])


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(RegistryBeside(tmp_path / "stand" / "test-registry.jsonl"))
    program.start()
    yield program
    program.kill()


@pytest.fixture
def registry(program: Program) -> Iterator[StateRegistry]:
    registry = state_registry(program.beside.address, GUID, ORGANISATION)
    yield registry
    registry.close()


def test_a_kill_loses_nothing_that_was_answered(program: Program, registry: StateRegistry) -> None:
    """A process of its own, since kill -9 is the matter: two of them, amid sending."""
    assert registry.add_card(CARD) == Accepted()
    dice, answered = random.Random(7), list[int]()
    for life in range(2):
        httpx2.post(f"{program.beside.page}/behave", json={"rates": {"lose_answer": 0.2, "cut": 0.1}, "seed": life})
        sent = range(life * 10, life * 10 + dice.randrange(5, 10))
        answered += [number for number in sent if isinstance(registry.add_case(diary(number)), Accepted | AlreadyThere)]
        program.kill()
        assert isinstance(registry.add_case(diary(100)), NotTaken)
        program.start()
        assert {f"case-{number}" for number in answered} <= {case["id"] for case in program.taken()["cases"]}
    assert isinstance(registry.add_card(CARD), AlreadyThere)
    for number in range(20):
        assert not isinstance(registry.add_case(diary(number)), OutcomeUnknown)
    taken = [str(case["id"]) for case in program.taken()["cases"]]
    assert sorted(taken, key=lambda id_: int(id_.partition("-")[2])) == [f"case-{number}" for number in range(20)]
    assert "Дневник приёма" in httpx2.get(program.beside.page).text


def test_a_line_that_was_never_finished_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "taken.jsonl"
    first = Taken(file)
    first.put_case(TakenCase("case-1", "patient", "finished", "2026-03-02T10:00:00"))
    pdf = first.put_file(PDF, "application/pdf")
    with file.open("ab") as torn:
        torn.write(b'{"case":{"id":"case-2"')
    second = Taken(file)
    second.put_case(TakenCase("case-3", "patient", "finished", "2026-03-02T10:00:00"))
    assert list(Taken(file).cases) == ["case-1", "case-3"]
    assert second.content(pdf.sha256) is None, "no document has it"


def test_a_port_in_use_is_one_line_for_the_operator(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OperatorError, match="Тестовый регистр не запустился: "):
        stand(port=taken.getsockname()[1], file=tmp_path / "taken.jsonl")
