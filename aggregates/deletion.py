"""Nothing is ever removed: an object is deleted and can be returned (DEL-1). The refusals of doing either twice."""

from typing import ClassVar

from aggregates.kernel import DomainError


class AlreadyDeleted(DomainError):
    """Facts: `id`."""

    code: ClassVar[str] = "already_deleted"

    @property
    def sentence(self) -> str:
        return "Это уже удалено. Обновите страницу."


class NotDeleted(DomainError):
    """Facts: `id`."""

    code: ClassVar[str] = "not_deleted"

    @property
    def sentence(self) -> str:
        return "Это не удалено, возвращать нечего. Обновите страницу."
