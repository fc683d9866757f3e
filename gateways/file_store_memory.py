"""In-memory fake of the file store."""

from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from aggregates.files import StoredFile
from commands.ports.files import FileMissing


class MemoryFileStore:
    """`commands.ports.files.FileStore` without a disk."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def keep(self, content: bytes, media: str) -> StoredFile:
        name = sha256(content).hexdigest()
        self._contents[name] = content
        return StoredFile(name, len(content), media)

    def keep_upload(self, upload: BinaryIO, media: str) -> StoredFile:
        upload.seek(0)
        return self.keep(upload.read(), media)

    def opened(self, file: StoredFile) -> BinaryIO:
        return BytesIO(self.read(file))

    def read(self, file: StoredFile) -> bytes:
        try:
            return self._contents[file.sha256]
        except KeyError:
            raise FileMissing(sha256=file.sha256) from None
