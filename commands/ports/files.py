"""The clinic's files, under the hash of their content."""

from typing import ClassVar, Protocol

from aggregates.files import StoredFile
from aggregates.kernel import DomainError


class FilesUnavailable(DomainError):
    """The store of files can't be reached now, or this process was started without one."""

    code: ClassVar[str] = "files_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "Хранилище файлов сейчас недоступно. Подождите немного и повторите действие."


class FileMissing(DomainError):
    """The store has no such file, or another content under its hash. Facts: sha256."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404

    @property
    def sentence(self) -> str:
        return "Такого файла нет. Возможно, ссылка устарела."


class FileStore(Protocol):
    """Files under the hash of their content, for all machines of the clinic. Safe for use by several threads."""

    def keep(self, content: bytes, media: str) -> StoredFile:
        """Durable when it returns; the same content is kept once. FilesUnavailable."""

    def read(self, file: StoredFile) -> bytes:
        """The content, whose hash was checked. FileMissing, FilesUnavailable."""
