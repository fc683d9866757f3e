"""Nothing is ever removed: an object is deleted and can be returned (DEL-1), neither of them twice."""

from typing import ClassVar

from aggregates.kernel import Aggregate, DomainError, Event, applies


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


class ObjectDeleted(Event, frozen=True):
    """Hidden from lists and choices; its stream stays."""


class ObjectReturned(Event, frozen=True):
    pass


class Deletable(Aggregate, abstract=True):
    """An aggregate that is deleted and returned. Its class declares both events, and what else has to be so for either."""

    Deleted: ClassVar[type[ObjectDeleted]]
    Returned: ClassVar[type[ObjectReturned]]

    deleted: bool = False

    def require_not_deleted(self) -> None:
        """Refuse to delete twice. AlreadyDeleted."""
        if self.deleted:
            raise AlreadyDeleted(id=self.id)

    def require_deleted(self) -> None:
        """Refuse to return what is there. NotDeleted."""
        if not self.deleted:
            raise NotDeleted(id=self.id)

    @applies(ObjectDeleted)
    def _deleted(self, _: ObjectDeleted) -> None:
        self.deleted = True

    @applies(ObjectReturned)
    def _returned(self, _: ObjectReturned) -> None:
        self.deleted = False
