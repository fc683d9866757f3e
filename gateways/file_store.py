"""Files in a folder under the hash of their content: `ab/cd/<sha256>`. Files never change and are never removed.

Several machines may share the folder (NFS, CephFS): a file is written under a temporary name, synced and renamed, so that nobody
reads half a file; two processes that store the same content write the same bytes.
"""

import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path

from aggregates.files import StoredFile
from commands.ports.files import FileMissing, FilesUnavailable

_HASH = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """`commands.ports.files.FileStore` in a folder, created on first use. None: this process has no file store."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def keep(self, content: bytes, media: str) -> StoredFile:
        file = StoredFile(sha256(content).hexdigest(), len(content), media)
        path = self._path(file.sha256)
        try:
            if not path.exists():
                _write(path, content)
        except OSError as error:
            raise FilesUnavailable from error
        return file

    def read(self, file: StoredFile) -> bytes:
        try:
            content = self._path(file.sha256).read_bytes()
        except FileNotFoundError:
            raise FileMissing(sha256=file.sha256) from None
        except OSError as error:
            raise FilesUnavailable from error
        if sha256(content).hexdigest() != file.sha256:
            raise FileMissing(sha256=file.sha256)
        return content

    def _path(self, name: str) -> Path:
        if self._folder is None:
            raise FilesUnavailable
        if _HASH.fullmatch(name) is None:
            raise FileMissing(sha256=name)
        return self._folder / name[:2] / name[2:4] / name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Sync a folder's entries to disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
