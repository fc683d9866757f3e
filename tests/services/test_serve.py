"""`denta serve` ends in order, comes back after anything is killed, and says in one line why it can't start."""

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateways.embedded_postgres import EmbeddedPostgres
from tests.services.serving import Serving, until

Start = Callable[..., Serving]


def parts_of(data: Path) -> dict[int, str]:
    """Every process that has to do with a data folder: serve, worker, keeper, PostgreSQL; id → command line."""
    home = EmbeddedPostgres(data).home
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (entry / "environ").read_bytes().decode(errors="replace")
            folder = str((entry / "cwd").readlink())
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        marks = (str(data) in command, f'"{home}"' in command, folder == str(home / "cluster"), home.name in environment)
        if any(marks) and state != "Z":
            found[int(entry.name)] = command
    return found


def part_of(data: Path, word: str) -> int:
    return next(pid for pid, command in parts_of(data).items() if word in command)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for all these tests, so that each also shows that what the one before did to it is no obstacle."""
    folder = tmp_path_factory.mktemp("serve") / "var"
    yield folder
    shutil.rmtree(EmbeddedPostgres(folder).home, ignore_errors=True)


@pytest.fixture
def start(data: Path) -> Iterator[Start]:
    started: list[Serving] = []

    def begin(*options: str, folder: Path = data, **settings: str) -> Serving:
        started.append(Serving(folder, *options, settings=settings))
        return started[-1]

    yield begin
    for serving in started:
        if serving.process.poll() is None:
            serving.process.kill()
        serving.process.communicate()
    until(lambda: not parts_of(data), "all parts end")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_stops_everything_in_order(start: Start, data: Path, number: signal.Signals) -> None:
    serving = start().up()
    until(lambda: serving.is_ready, "read models are followed")
    assert len(parts_of(data)) > 3
    os.kill(serving.process.pid, number)
    status, out, _ = serving.ended()
    assert (status, out.splitlines()[-1]) == (0, "Denta остановлена")
    assert parts_of(data) == {}


def test_ctrl_c_in_a_terminal_reaches_the_whole_group_and_still_ends_in_order(start: Start, data: Path) -> None:
    serving = start().up()
    os.killpg(serving.process.pid, signal.SIGINT)
    os.killpg(serving.process.pid, signal.SIGINT)  # an impatient one
    status, _, err = serving.ended()
    assert (status, [line for line in err.splitlines() if "Traceback" in line]) == (0, [])
    assert parts_of(data) == {}


def test_ctrl_c_while_starting_leaves_nothing(start: Start, data: Path) -> None:
    serving = start()
    until(lambda: any("postgres_keeper" in command for command in parts_of(data).values()), "the database starts")
    os.killpg(serving.process.pid, signal.SIGINT)
    status, out, _ = serving.ended()
    assert (status, out.splitlines()[-1]) == (0, "Denta остановлена")
    assert parts_of(data) == {}


def test_killed_it_takes_its_parts_along_and_the_next_start_works(start: Start, data: Path) -> None:
    serving = start().up()
    serving.process.kill()
    until(lambda: not parts_of(data), "worker, keeper and PostgreSQL end by themselves")
    again = start().up()
    until(lambda: again.is_ready, "the next one works")


def test_all_killed_at_once_the_next_start_works(start: Start, data: Path) -> None:
    serving = start().up()
    until(lambda: serving.is_ready, "read models are followed")
    for pid in sorted(parts_of(data), key=lambda pid: pid != serving.process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    again = start().up()
    until(lambda: again.is_ready, "the next one works")


@pytest.mark.parametrize(
    "part",
    ["services.cli project", "services.cli publish", "bin/postgres -D", "postgres_keeper"],
    ids=["worker", "publisher", "postgres", "keeper"],
)
def test_a_killed_part_comes_back_by_itself(start: Start, data: Path, part: str) -> None:
    serving = start(DENTA_KAFKA="127.0.0.1:1").up()
    until(lambda: serving.is_ready, "read models are followed")
    killed = part_of(data, part)
    os.kill(killed, signal.SIGKILL)
    until(lambda: any(part in command for pid, command in parts_of(data).items() if pid != killed), "it is started again")
    until(lambda: serving.is_ready, "and everything works")
    assert serving.process.poll() is None


def test_a_taken_port_is_reported_in_one_line_before_anything_starts(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        serving = start("--port", str(port), folder=tmp_path / "var")
        status, out, err = serving.ended()
    assert status == 1
    assert out == ""
    assert err == f"Порт {port} занят другой программой; освободите его или укажите другой: --port {port + 1}\n"
    assert not EmbeddedPostgres(tmp_path / "var").home.exists()


def test_a_second_one_in_the_same_folder_says_so(start: Start, data: Path) -> None:
    first = start().up()
    status, _, err = start().ended()
    assert status == 1
    assert err == f"Denta уже запущена в этой папке ({data}): процесс {first.process.pid}\n"
    assert first.get("/health")[0] == 200


def test_an_unusable_folder_is_reported_in_one_line(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, _, err = start(folder=tmp_path / "file" / "var").ended()
    assert status == 1
    assert err == f"Папка данных {tmp_path}/file/var недоступна: это не папка\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_a_data_folder_of_another_user_is_reported_in_one_line(start: Start, tmp_path: Path) -> None:
    home = EmbeddedPostgres(tmp_path / "var").home
    home.mkdir()
    shutil.chown(home, "nobody")
    try:
        status, _, err = start(folder=tmp_path / "var").ended()
    finally:
        home.rmdir()
    assert status == 1
    assert err.startswith(f"Папка данных {home} принадлежит пользователю nobody, а нужна пользователю denta; ")
    assert len(err.splitlines()) == 1
