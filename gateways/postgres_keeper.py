"""Keeps one PostgreSQL server running while anybody uses it: a small program of its own.

Run as `python -I -S postgres_keeper.py ORDER`, ORDER being JSON of `Order`. Standard library only, about 10 MB. It is one file
however long, since it runs as another user, who may not be able to read any other.

A process that uses the server holds a connection to the keeper's socket. The kernel closes the connection however the process
ends, even by kill -9. When the last connection closes, the keeper stops the server. A server that dies is
started again. When the keeper itself is killed, the kernel asks the server to shut down (PR_SET_PDEATHSIG).

It speaks lines. To users: `starting [SECONDS]`, `recovering SECONDS`, `ready`, `down REASON`, `failed REASON`, `stopping`,
`staying`.
From users: `release`. The answer is `staying` if other users remain, else the connection closes when the server has stopped.
Exit status: 0 the server was stopped, 70 it could not be started, 73 the keeper could not begin (a line on stderr says why),
75 another keeper serves this folder.
"""

import contextlib
import ctypes
import errno
import fcntl
import functools
import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FAILED = 70
UNABLE = 73
TAKEN = 75
PR_SET_PDEATHSIG = 1
UNUSED_SECONDS = 15.0
"""A keeper that no process ever connected to ends after this long."""
SHUTDOWN_SECONDS = 60.0
"""A fast shutdown that takes longer becomes an immediate one; the next start then recovers."""
TRANSIENT = ("shared memory block", "lock file")
"""A start that fails for these reasons succeeds once the rest of the previous server has ended."""
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
REASONS = {
    errno.EACCES: "нет прав",
    errno.EPERM: "нет прав",
    errno.EROFS: "диск доступен только для чтения",
    errno.ENOSPC: "нет места на диске",
    errno.EDQUOT: "нет места на диске",
    errno.ENOTDIR: "это не папка",
    errno.EEXIST: "здесь лежит что-то другое",
    errno.EISDIR: "это папка, а нужен файл",
    errno.ENOENT: "этого нет",
    errno.EIO: "диск отвечает ошибками",
    errno.ENAMETOOLONG: "путь слишком длинный",
    errno.ELOOP: "ссылка ведёт сама на себя",
    errno.EMFILE: "слишком много открытых файлов",
    errno.ENFILE: "слишком много открытых файлов",
}
"""Errors that an operator can fix."""
SIGNS = {
    "No space left on device": "нет места на диске",
    "Read-only file system": "диск доступен только для чтения",
    "Permission denied": "нет прав на файлы базы данных",
    "Operation not permitted": "нет прав на файлы базы данных",
    "has wrong ownership": "папка базы данных принадлежит другому пользователю",
    "has invalid permissions": "папка базы данных открыта другим, а должна быть с правами 0700",
    "Input/output error": "диск отвечает ошибками",
    "Too many open files": "слишком много открытых файлов",
    "Cannot allocate memory": "не хватает памяти",
}
"""The same errors as PostgreSQL's programs write them."""
MIB = 1024 * 1024
LOG_LIMIT = 10 * MIB


@dataclass(frozen=True)
class Order:
    """What to keep and how: the server of the installation in `data`. Cluster, log and locks lie in `home`."""

    data: str
    home: str
    sockets: str
    binaries: str
    major: int
    settings: dict[str, str]
    user: str
    database: str
    uid: int
    gid: int
    durable: bool


class CannotStart(Exception):
    """The server can't be started; the text says why."""


_libc = ctypes.CDLL(None, use_errno=True)


def _die_with(keeper: int) -> None:
    """In the child: get a fast shutdown request when the keeper dies. Safe, because the keeper has a single thread."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # otherwise ignored signals stay ignored until the server installs its handlers
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != keeper:  # it died before the call
        os._exit(1)


class Keeper:
    def __init__(self, order: Order) -> None:
        self.order = order
        self.home = Path(order.home)
        self.cluster = self.home / "cluster"
        self.pid_file = self.cluster / "postmaster.pid"
        self.log_path = self.home / "postgres.log"
        self.socket_path = Path(order.sockets) / "keeper"
        self.selector = selectors.DefaultSelector()
        self.users: set[socket.socket] = set()
        self.leaving: set[socket.socket] = set()
        self.server: subprocess.Popen[bytes] | None = None
        self.state = "starting"
        self.began = False
        self.was_ready = False
        self.recovers = False
        self.failures = 0
        self.launched_at = time.monotonic()
        self.retry_at: float | None = None
        self.stop_by: float | None = None
        self.reported_seconds = 0
        self.log_offset = 0
        self.exit_status: int | None = None

    def run(self) -> int:
        lock = os.open(self.home / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return TAKEN
        log = self._make_log()
        self._write_belongs_to()
        self._watch_signals()
        self.socket_path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.socket_path))
            listener.listen(64)
            self.began = True
            self._redirect_output(log)
            listener.setblocking(False)
            self.selector.register(listener, selectors.EVENT_READ, self._accept)
            started = time.monotonic()
            had_user = False
            self._launch()
            while self.exit_status is None:
                for key, _ in self.selector.select(self._pause()):
                    key.data(key.fileobj)
                had_user = had_user or bool(self.users)
                if not had_user and self.state != "stopping" and time.monotonic() - started > UNUSED_SECONDS:
                    self._stop()
                self._step()
            self.socket_path.unlink(missing_ok=True)
        return self.exit_status

    # ---- the server

    def _launch(self) -> None:
        self.state, self.retry_at, self.launched_at, self.reported_seconds = "starting", None, time.monotonic(), 0
        try:
            if not (self.cluster / "PG_VERSION").exists():
                self._create()
            self._refuse_other_version()
            self._require_space(32)
            self._end_orphans()
            self.recovers = self.recovers or self.pid_file.exists()  # an orderly shutdown removes it
            # Both name a process that has ended; its id may belong to another process or a zombie now.
            for lock in (self.pid_file, Path(self.order.sockets) / ".s.PGSQL.5432.lock"):
                lock.unlink(missing_ok=True)
        except (CannotStart, OSError) as reason:
            self._failed(_describe(reason))
            return
        self.log_offset = self.log_path.stat().st_size
        settings = {**self.order.settings, "listen_addresses": "", "unix_socket_directories": self.order.sockets}
        if not self.order.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.server = self._child(["postgres", "-D", str(self.cluster), *options])
        self.selector.register(os.pidfd_open(self.server.pid), selectors.EVENT_READ, self._server_ended)
        self._broadcast("starting")

    def _create(self) -> None:
        """Create the cluster in a temporary folder and rename it, so that an interrupted creation leaves no half cluster."""
        if self.cluster.exists() and any(self.cluster.iterdir()):
            raise CannotStart(f"в папке {self.cluster} лежит не база данных; освободите её")
        for left in self.home.glob("creating-*"):
            shutil.rmtree(left, ignore_errors=True)
        self._require_space(128)
        new = self.home / f"creating-{os.getpid()}"
        locale = ["--locale=C.UTF-8", "--lc-collate=C", "--lc-messages=C"]
        if self.order.major >= 17:  # Unicode letters without leaning on the machine's locales
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        try:
            self._finish(
                ["initdb", "-D", str(new), "-U", self.order.user, "-A", "trust", "-E", "UTF8", "--data-checksums", *locale]
                + ([] if self.order.durable else ["--no-sync"])
            )
            self._finish(["postgres", "--single", "-D", str(new), "postgres"], f"CREATE DATABASE {self.order.database};\n")
            with contextlib.suppress(FileNotFoundError):
                self.cluster.rmdir()
            new.rename(self.cluster)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise

    def _refuse_other_version(self) -> None:
        made_by = (self.cluster / "PG_VERSION").read_text().strip()
        if made_by != str(self.order.major):
            raise CannotStart(f"данные в {self.cluster} созданы PostgreSQL {made_by}, а найден PostgreSQL {self.order.major}")

    def _require_space(self, mebibytes: int) -> None:
        free = shutil.disk_usage(self.home).free // MIB
        if free < mebibytes:
            raise CannotStart(f"нет места на диске: в {self.home} свободно {free} МБ, нужно не меньше {mebibytes} МБ")

    def _end_orphans(self) -> None:
        """Stop a server of this cluster that has lost its keeper: the postmaster gracefully, orphaned children at once."""
        with contextlib.suppress(OSError, ValueError, IndexError):  # none, empty or torn
            pid = int(self.pid_file.read_text().split()[0])
            if pid in self._processes():
                os.kill(pid, signal.SIGINT)
                handle = os.pidfd_open(pid)
                with selectors.DefaultSelector() as ended:
                    ended.register(handle, selectors.EVENT_READ)
                    if not ended.select(SHUTDOWN_SECONDS):
                        os.kill(pid, signal.SIGQUIT)
                        ended.select(SHUTDOWN_SECONDS)
                os.close(handle)
        for pid in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)

    def _processes(self) -> list[int]:
        """The PostgreSQL processes that work in this cluster, found without the pid file."""
        return [pid for pid in _all_pids() if _works_in(pid, self.cluster)]

    def _child(self, command: list[str], stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        path = str(Path(self.order.binaries) / command[0])
        bind = functools.partial(_die_with, os.getpid())
        return subprocess.Popen([path, *command[1:]], stdin=stdin, start_new_session=True, preexec_fn=bind)  # noqa: PLW1509  one thread

    def _finish(self, command: list[str], stdin: str = "") -> None:
        """Run a program to its end; its output goes to the log."""
        offset = self.log_path.stat().st_size
        with self._child(command, subprocess.PIPE) as child:
            child.communicate(stdin.encode())
        reason = self._reason(offset)
        if child.returncode or (stdin and reason):
            raise CannotStart(reason or f"{command[0]} завершился с кодом {child.returncode}; подробности в {self.log_path}")

    def _reason(self, offset: int) -> str:
        """The last error that a program wrote to the log since `offset`, or nothing."""
        with self.log_path.open("rb") as log:
            log.seek(offset)
            text = log.read().decode(errors="replace")
        # On a full disk the log may lack the message.
        text += "" if shutil.disk_usage(self.home).free else "No space left on device"
        for sign, reason in SIGNS.items():
            if sign in text:
                return f"{reason}: {self.home}"
        found = re.findall(r"(?:FATAL|PANIC|ERROR|error): +(.*)", text)
        return found[-1] if found else ""

    def _is_ready(self) -> bool:
        """The server writes its state as the eighth line of its pid file, as pg_ctl reads it."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = self.pid_file.read_text().splitlines()
            return self.server is not None and int(lines[0]) == self.server.pid and lines[7].strip() == "ready"
        return False

    def _server_ended(self, handle: int) -> None:
        self.selector.unregister(handle)
        os.close(handle)
        assert self.server is not None  # noqa: S101  only a running server has a handle
        code, self.server = self.server.wait(), None
        if self.state == "stopping":
            self.exit_status = 0
            return
        if self.state == "ready":
            self.failures = 0
        reason = self._reason(self.log_offset) or f"PostgreSQL завершился с кодом {code}"
        transient = any(sign in reason for sign in TRANSIENT)
        if not self.was_ready and (not transient or self.failures > 100):
            self._failed(reason)
            return
        self.state = "down"
        self.retry_at = time.monotonic() + (0.1 if transient else min(5.0, 0.1 * 2**self.failures if self.failures else 0.0))
        self.failures += 1
        self._broadcast(f"down {reason}")

    def _failed(self, reason: str) -> None:
        if self.was_ready:  # it ran once: keep trying, the cause may go away
            self.state, self.retry_at = "down", time.monotonic() + 5.0
            self._broadcast(f"down {reason}")
            return
        self.state, self.stop_by = f"failed {reason}", time.monotonic() + 5.0
        self._broadcast(self.state)

    def _step(self) -> None:
        """Handle what depends on time: readiness, progress of a recovery, retries, time-outs."""
        now = time.monotonic()
        if self.state == "starting" and self._is_ready():
            self.state, self.was_ready, self.recovers = "ready", True, False
            self._broadcast("ready")
        elif self.state == "starting" and now - self.launched_at >= self.reported_seconds + 3:
            self.reported_seconds = int(now - self.launched_at)
            self._broadcast(f"{'recovering' if self.recovers else 'starting'} {self.reported_seconds}")
        elif self.state == "down" and self.retry_at is not None and now >= self.retry_at:
            self._launch()
        elif self.state.startswith("failed") and (self.users or now >= (self.stop_by or 0)):
            self.exit_status = FAILED
        elif self.state == "stopping" and self.server and self.stop_by and now >= self.stop_by:
            self.stop_by = None
            self.server.send_signal(signal.SIGQUIT)

    def _pause(self) -> float | None:
        """Seconds to wait for the next event; None: no limit."""
        if self.state == "starting":
            return 0.02
        if self.state == "ready" and self.users:
            return None
        return 0.1

    def _stop(self) -> None:
        self.state, self.stop_by = "stopping", time.monotonic() + SHUTDOWN_SECONDS
        if self.server is None:
            self.exit_status = 0
        else:
            self.server.send_signal(signal.SIGINT)

    # ---- its users

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            user, _ = listener.accept()
            user.setblocking(False)
            self.selector.register(user, selectors.EVENT_READ, self._read)
            if self.state == "stopping":
                self.leaving.add(user)
            else:
                self.users.add(user)
            self._send(user, self.state)

    def _read(self, user: socket.socket) -> None:
        try:
            line = user.recv(100)
        except BlockingIOError:
            return
        except OSError:
            line = b""
        if not line:
            self._disconnect(user)
        elif user in self.users:
            self.users.discard(user)
            if self.users:
                self._send(user, "staying")
                self._disconnect(user)
            else:
                self.leaving.add(user)  # the connection closes when the server has stopped
        if not self.users and self.state != "stopping":
            self._stop()

    def _disconnect(self, user: socket.socket) -> None:
        self.users.discard(user)
        self.leaving.discard(user)
        self.selector.unregister(user)
        user.close()

    def _broadcast(self, line: str) -> None:
        for user in self.users:
            self._send(user, line)

    def _send(self, user: socket.socket, line: str) -> None:
        with contextlib.suppress(OSError):  # the user doesn't read, or is gone: the selector notices
            user.send(" ".join(line.split()).encode() + b"\n")

    # ---- the process

    def _make_log(self) -> int:
        """The log file of the keeper and the server; a long one is rotated at start."""
        with contextlib.suppress(FileNotFoundError):
            if self.log_path.stat().st_size > LOG_LIMIT:
                self.log_path.replace(self.log_path.with_suffix(".log.1"))
        return os.open(self.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _redirect_output(self, log: int) -> None:
        """Send all further output to the log."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)

    def _write_belongs_to(self) -> None:
        """Name the installation in its home, since root's homes are named by hashes. For people only, so errors are ignored."""
        marker, text = self.home / "belongs-to", f"{self.order.data}\n"
        with contextlib.suppress(OSError):
            if not marker.exists() or marker.read_text() != text:
                marker.write_text(text)

    def _watch_signals(self) -> None:
        for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(ignored, signal.SIG_IGN)
        receiver, wake = socket.socketpair()
        receiver.setblocking(False)
        wake.setblocking(False)
        signal.signal(signal.SIGTERM, lambda *_: None)
        signal.set_wakeup_fd(wake.fileno())
        self.wake = wake
        self.selector.register(receiver, selectors.EVENT_READ, self._on_signal)

    def _on_signal(self, receiver: socket.socket) -> None:
        receiver.recv(100)
        if self.state != "stopping":
            self._stop()


def reason_of(error: OSError) -> str:
    """Why a file or a folder can't be used, for an operator."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def _describe(reason: Exception) -> str:
    if not isinstance(reason, OSError):
        return str(reason)
    return f"{reason_of(reason)}: {reason.filename}" if reason.filename else reason_of(reason)


def _all_pids() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _works_in(pid: int, cluster: Path) -> bool:
    try:
        folder, program = Path(f"/proc/{pid}/cwd").readlink(), str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:  # gone, a zombie, or somebody else's
        return False
    return folder == cluster and program.removesuffix(" (deleted)").endswith("/postgres")


def main() -> int:
    order = Order(**json.loads(sys.argv[1]))
    os.chdir("/")
    if os.geteuid() == 0 and order.uid != 0:
        os.setgroups([])
        os.setgid(order.gid)
        os.setuid(order.uid)
    os.umask(0o077)
    keeper = Keeper(order)
    try:
        return keeper.run()
    except OSError as error:
        if keeper.began:
            raise
        sys.stderr.write(_describe(error) if error.filename else f"{_describe(error)}: {keeper.socket_path}")
        return UNABLE


if __name__ == "__main__":
    sys.exit(main())
