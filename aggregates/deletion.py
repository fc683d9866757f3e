"""Nothing is ever removed: an object is marked as deleted and can be returned (DEL-1)."""

from datetime import datetime
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
    """An aggregate that can be deleted and returned. Its class declares both events, and either derives from `DeletedAtWill` and
    `ReturnedAtWill` or decides itself under which conditions.
    """

    Deleted: ClassVar[type[ObjectDeleted]]
    Returned: ClassVar[type[ObjectReturned]]

    deleted: bool = False

    def refusal_when_deleted(self) -> DomainError:
        """What a change or choice of a deleted one is refused with."""
        raise NotImplementedError

    def require_active(self) -> None:
        """Refuse a deleted one: it is neither changed nor chosen."""
        if self.deleted:
            raise self.refusal_when_deleted()

    def require_not_deleted(self) -> None:
        """AlreadyDeleted."""
        if self.deleted:
            raise AlreadyDeleted(id=self.id)

    def require_deleted(self) -> None:
        """NotDeleted."""
        if not self.deleted:
            raise NotDeleted(id=self.id)

    @applies(ObjectDeleted)
    def _deleted(self, _: ObjectDeleted) -> None:
        self.deleted = True

    @applies(ObjectReturned)
    def _returned(self, _: ObjectReturned) -> None:
        self.deleted = False


class DeletedAtWill(Deletable, abstract=True):
    """Nothing keeps it from being deleted."""

    def delete(self, *, at: datetime) -> None:
        """AlreadyDeleted."""
        self.require_not_deleted()
        self.trigger(self.Deleted, at=at)


class ReturnedAtWill(Deletable, abstract=True):
    """Nothing keeps it from being returned but what guards find on save, such as a name that somebody else has by now (DEL-2)."""

    def return_(self, *, at: datetime) -> None:
        """NotDeleted."""
        self.require_deleted()
        self.trigger(self.Returned, at=at)
