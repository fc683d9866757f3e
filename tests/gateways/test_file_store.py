"""The store of files and its fake: what is kept is read again, and only that."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from aggregates.files import StoredFile
from commands.ports.files import FileMissing, FileStore, FilesUnavailable
from gateways.file_store import FileStore as FolderStore
from gateways.file_store_memory import MemoryFileStore


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    made: dict[str, Callable[[], FileStore]] = {"folder": lambda: FolderStore(tmp_path / "files"), "memory": MemoryFileStore}
    return made[request.param]()


def test_a_file_is_named_by_its_content_and_read_again(store: FileStore) -> None:
    stored = store.keep(b"picture", "image/jpeg")
    assert stored == StoredFile(sha256(b"picture").hexdigest(), 7, "image/jpeg")
    assert store.keep(b"picture", "image/jpeg") == stored
    assert store.read(stored) == b"picture"


def test_an_upload_is_stored_as_its_bytes_would_be_and_opened_again(store: FileStore) -> None:
    content = os.urandom(1_000_000)
    with TemporaryFile() as upload:
        upload.write(content)
        stored = store.keep_upload(upload, "image/jpeg")
    assert stored == store.keep(content, "image/jpeg")
    with store.opened(stored) as opened:
        assert opened.read() == content


@pytest.mark.spec("SEC-3")
@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "/"])
def test_what_was_never_stored_is_not_found_whatever_it_is_called(store: FileStore, name: str) -> None:
    store.keep(b"other", "image/jpeg")
    with pytest.raises(FileMissing):
        store.read(StoredFile(name, 1, "image/jpeg"))
    with pytest.raises(FileMissing):
        store.opened(StoredFile(name, 1, "image/jpeg"))


def test_many_may_keep_the_same_content_at_once(tmp_path: Path) -> None:
    stores = [FolderStore(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        stored = set(pool.map(lambda n: stores[n % 4].keep(b"x" * 200_000, "image/jpeg"), range(40)))
    (file,) = stored
    assert stores[0].read(file) == b"x" * 200_000
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [file.sha256]
    assert (tmp_path / file.sha256[:2] / file.sha256[2:4] / file.sha256).is_file()


def test_a_disk_that_is_full_leaves_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = FolderStore(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(FilesUnavailable):
            store.keep(b"picture", "image/jpeg")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.read(store.keep(b"picture", "image/jpeg")) == b"picture"


def test_a_file_that_was_changed_on_the_disk_is_not_given_out(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    stored = store.keep(b"picture", "image/jpeg")
    next(path for path in tmp_path.rglob("*") if path.is_file()).write_bytes(b"another")
    with pytest.raises(FileMissing):
        store.read(stored)
    with pytest.raises(FileMissing):
        store.opened(stored)


def test_without_a_folder_there_are_no_files() -> None:
    with pytest.raises(FilesUnavailable):
        FolderStore(None).keep(b"picture", "image/jpeg")
