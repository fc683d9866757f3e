"""The clinic's files, addressed by the hash of their content."""

from typing import BinaryIO, ClassVar, Protocol

from aggregates.files import StoredFile
from aggregates.kernel import DomainError


class FilesUnavailable(DomainError):
    """The file store can't be reached, or this process has none."""

    code: ClassVar[str] = "files_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "Хранилище файлов сейчас недоступно. Подождите немного и повторите действие."


class FileMissing(DomainError):
    """The store has no such file, or its content doesn't match the hash. Facts: sha256."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404

    @property
    def sentence(self) -> str:
        return "Такого файла нет. Возможно, ссылка устарела."


class FileStore(Protocol):
    """Files addressed by the hash of their content, shared by all machines of the clinic. Thread-safe."""

    def keep(self, content: bytes, media: str) -> StoredFile:
        """Store a file, durable on return; equal content is stored once. FilesUnavailable."""

    def keep_upload(self, upload: BinaryIO, media: str) -> StoredFile:
        """The same of a file on disk, piece by piece: however large, it takes no memory."""

    def opened(self, file: StoredFile) -> BinaryIO:
        """The content as an open file at its beginning, checked against its hash; the caller closes it. As `read`, but it takes
        no memory.
        """

    def read(self, file: StoredFile) -> bytes:
        """The content, checked against its hash. FileMissing, FilesUnavailable."""
