"""A file system of a few megabytes under a private server, to see what happens when it is full.

It is mounted in a mount namespace of its own, which others enter by `nsenter`: as root, or else in a user namespace, so that
any user can do it. It goes with the last process inside, however the test ends. From outside it is seen under /proc.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gateways.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).parent.parent
AS_ROOT = os.geteuid() == 0
HOLD = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"tmpfs", os.fsencode(sys.argv[1]), b"tmpfs", 0, sys.argv[2].encode()):
    sys.exit(os.strerror(ctypes.get_errno()))
print("mounted", flush=True)
sys.stdin.read()
"""
USER_OF_SERVER = """
import sys
from pathlib import Path
from gateways.embedded_postgres import EmbeddedPostgres, PrivateServerError
server = EmbeddedPostgres(Path(sys.argv[1]))
try:
    server.start()
except PrivateServerError as error:
    print(error, flush=True)
    sys.exit(3)
print("ready", flush=True)
sys.stdin.read()
server.stop()
"""


class SmallDisk:
    """A disk mounted on a folder, such as the home of a private server."""

    def __init__(self, folder: Path, server: EmbeddedPostgres, holder: int) -> None:
        self.server = server
        self._holder = holder
        self._ballast = self.seen(folder) / "ballast"

    def command(self, *command: str) -> list[str]:
        """The command as one that works on the disk."""
        enter = ["nsenter", f"--target={self._holder}", "--mount", *([] if AS_ROOT else ["--user", "--preserve-credentials"])]
        return [*enter, "env", f"--chdir={ROOT}", *command]

    def seen(self, path: Path) -> Path:
        """A path of the inside, for us who are outside."""
        return Path(f"/proc/{self._holder}/root") / path.relative_to("/")

    @property
    def url(self) -> str:
        """The server's database, for us who are outside."""
        return f"postgresql://denta@/denta?host={self.seen(self.server.sockets)}"

    @property
    def free(self) -> int:
        return shutil.disk_usage(self._ballast.parent).free

    def fill(self, leaving: int = 0) -> None:
        """Take what is free, but so many bytes."""
        ballast = os.open(self._ballast, os.O_WRONLY | os.O_CREAT)
        try:
            while (free := self.free - leaving) > 0:
                with suppress(OSError):  # the server took the last of it
                    os.write(ballast, bytes(min(free, 1_000_000)))
        finally:
            os.close(ballast)

    def give_space(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(data: Path, mebibytes: int, *, folder: Path | None = None) -> Iterator[SmallDisk]:
    """A disk for the private server of a data folder that has none yet; or for another folder, such as `data` itself."""
    server = EmbeddedPostgres(data)
    server._prepare()
    folder = folder or server.home
    options = f"size={mebibytes}m,mode=0700,uid={folder.stat().st_uid}"
    unshare = ["unshare", "--mount", *([] if AS_ROOT else ["--map-current-user", "--keep-caps"])]
    command = [*unshare, sys.executable, "-c", HOLD, str(folder), options]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "mounted\n"
            yield SmallDisk(folder, server, holder.pid)
    finally:
        shutil.rmtree(server.home)


@contextmanager
def user_of(disk: SmallDisk) -> Iterator[str]:
    """Somebody who uses the server meanwhile, if it starts; what they were told."""
    command = disk.command(sys.executable, "-c", USER_OF_SERVER, str(disk.server.data))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        yield user.stdout.readline().rstrip("\n")
        rest, _ = user.communicate()
        assert rest == ""
