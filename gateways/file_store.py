"""Files under the hash of their content, in a folder: `ab/cd/<sha256>`. What is there never changes and is never removed.

Several machines share one folder (NFS, CephFS): a file is written aside, made durable and then renamed, so that nobody
ever sees half of one, and two that keep the same content at once write the same bytes.
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
    """`commands.ports.files.FileStore` over a folder, which is made when first needed; None: there are no files here."""

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
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
