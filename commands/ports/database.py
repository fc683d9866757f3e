"""Errors of the database."""

from typing import ClassVar

from aggregates.kernel import DomainError


class DatabaseUnavailable(DomainError):
    """The database can't be reached. Nothing was confirmed."""

    code: ClassVar[str] = "database_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "База данных сейчас недоступна. Подождите немного и повторите действие."


class DatabaseBusy(DatabaseUnavailable):
    """The database can't do this now, because of locks or too many requests."""

    @property
    def sentence(self) -> str:
        return "База данных сейчас занята, это не сделано. Повторите через несколько секунд."


class DatabaseFull(DatabaseUnavailable):
    """The database's disk is full: reading works, writing doesn't."""

    @property
    def sentence(self) -> str:
        return "На сервере закончилось место на диске, изменение не сохранено. Сообщите администратору."


class ProgramOutdated(DomainError):
    """Newer code uses the database: the log has an event of a topic that this program doesn't know (facts: topic), or there are
    guards that it doesn't know (no facts).
    """

    code: ClassVar[str] = "program_outdated"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        what = "Это изменила более новая версия Denta" if "topic" in self.facts else "С базой работает более новая версия Denta"
        event = f" (событие «{self.facts['topic']}»)" if "topic" in self.facts else ""
        return f"{what}{event}, а здесь работает прежняя. Сообщите администратору: программу нужно обновить."


class DatabaseUnsuitable(Exception):
    """Denta can't work in this database; the text is one Russian line for the operator."""
