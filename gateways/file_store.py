"""Files in a folder under the hash of their content: `ab/cd/<sha256>`. Files never change and are never removed.

Several machines may share the folder (NFS, CephFS): a file is written under a temporary name, synced and renamed, so that nobody
reads half a file; two processes that store the same content write the same bytes.
"""

import errno
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from aggregates.files import StoredFile
from commands.ports.files import FileMissing, FilesUnavailable

PIECE = 1 << 18
"""Bytes that are in memory at a time."""
_HASH = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """`commands.ports.files.FileStore` in a folder, created on first use. None: this process has no file store."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def keep(self, content: bytes, media: str) -> StoredFile:
        return self._stored(StoredFile(sha256(content).hexdigest(), len(content), media), (content,))

    def keep_upload(self, upload: BinaryIO, media: str) -> StoredFile:
        name, size = _digest(upload)
        return self._stored(StoredFile(name, size, media), _pieces(upload))

    def _stored(self, file: StoredFile, content: Iterable[bytes]) -> StoredFile:
        path = self._path(file.sha256)
        try:
            if not path.exists():
                _write(path, content)
        except OSError as error:
            raise FilesUnavailable from error
        return file

    def opened(self, file: StoredFile) -> BinaryIO:
        try:
            content = self._path(file.sha256).open("rb")
        except FileNotFoundError:
            raise FileMissing(sha256=file.sha256) from None
        except OSError as error:
            raise FilesUnavailable from error
        try:
            is_whole = _digest(content)[0] == file.sha256
            content.seek(0)
        except OSError as error:
            content.close()
            raise FilesUnavailable from error
        if not is_whole:
            content.close()
            raise FileMissing(sha256=file.sha256)
        return content

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


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    """All of it from its beginning."""
    content.seek(0)
    return iter(partial(content.read, PIECE), b"")


def _digest(content: BinaryIO) -> tuple[str, int]:
    """Hash and size."""
    digest, size = sha256(), 0
    for piece in _pieces(content):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _write(path: Path, content: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
    digest = sha256()
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in content:
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        _require_named(path, digest.hexdigest())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync_folder(folder)


def _require_named(path: Path, name: str) -> None:
    """Refuse content that was read once to be named and once more to be written, and was two different ones. OSError."""
    if name != path.name:
        raise OSError(errno.EIO, "the content has changed")


def _sync_folder(folder: Path) -> None:
    """Sync a folder's entries to disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
