"""What commands need from outside: the clinic's log of events, its guards and numbers. Implemented in `gateways`.

Reading: `load` gives an aggregate as it is now, for one look at the database; `cached` gives it at once, perhaps a
little old. Whoever decides by a cached aggregate names it in `save(unchanged=…)`: the save is refused with
`ClaimMoved` where the aggregate moved meanwhile, and `commands.retry` decides again by the newer state.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, BinaryIO, ClassVar, Literal, Protocol, TypeVar
from uuid import UUID

import msgspec

from aggregates.files import StoredFile
from aggregates.kernel import Aggregate, DomainError
from commands.context import Context, Receipt

__all__ = [
    "Access",
    "AggregateNotFound",
    "ClaimMoved",
    "Clinic",
    "Context",
    "DatabaseBusy",
    "DatabaseFull",
    "DatabaseUnavailable",
    "Ending",
    "FileMissing",
    "FileStore",
    "FilesUnavailable",
    "IdempotencyKeyReused",
    "NotAPhotograph",
    "NumberKind",
    "Photographs",
    "PicturesUnavailable",
    "ProgramOutdated",
    "Receipt",
    "Save",
    "SaveConflict",
    "VersionMoved",
    "VisitSlot",
]

A = TypeVar("A", bound=Aggregate)
NumberKind = Literal["visit", "patient", "employee"]


class AggregateNotFound(DomainError):
    """No such stream, or none yet at the asked version or moment. Facts: kind, id; `version` asked for, 0 = before the first."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404

    @property
    def sentence(self) -> str:
        version = self.facts.get("version")
        if version is None:
            return "Такого объекта нет. Возможно, ссылка устарела."
        if version < 1:
            return "Тогда этого объекта ещё не было. Выберите более поздний момент или версию от 1."
        return f"Версии {version} у этого объекта нет. Посмотрите его историю: в ней все версии."


class VersionMoved(DomainError):
    """The aggregate isn't at the version that the person saw. Facts: kind, id, expected, version (where known)."""

    code: ClassVar[str] = "version_moved"
    status: ClassVar[int] = 412

    @property
    def sentence(self) -> str:
        return "Пока вы работали, эти данные изменил кто-то другой. Обновите их и повторите изменение."


class SaveConflict(VersionMoved):
    """Between load and save somebody else wrote to a saved stream: worth deciding again. Facts: kind, id."""


class ClaimMoved(DomainError):
    """A cached aggregate that the decision relied upon has moved: worth deciding again. Facts: id."""

    code: ClassVar[str] = "claim_moved"

    @property
    def sentence(self) -> str:
        return "Данные только что изменились. Повторите действие."


class IdempotencyKeyReused(DomainError):
    """One command id came with two different wishes."""

    code: ClassVar[str] = "idempotency_key_reused"

    @property
    def sentence(self) -> str:
        return "Этот ключ повтора уже использован для другого запроса. Отправьте запрос с новым ключом."


class DatabaseUnavailable(DomainError):
    """The database can't be reached now. Nothing was acknowledged."""

    code: ClassVar[str] = "database_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "База данных сейчас недоступна. Подождите немного и повторите действие."


class DatabaseBusy(DatabaseUnavailable):
    """The database is there and can't do this now: others hold what it needs, or too much is asked at once."""

    @property
    def sentence(self) -> str:
        return "База данных сейчас занята, это не сделано. Повторите через несколько секунд."


class DatabaseFull(DatabaseUnavailable):
    """The database's disk is full: nothing can be written, reading goes on."""

    @property
    def sentence(self) -> str:
        return "На сервере закончилось место на диске, изменение не сохранено. Сообщите администратору."


class ProgramOutdated(DomainError):
    """Newer code works on the database, and this program can't follow: the log holds an event of a topic that it doesn't know
    (facts: topic), or there are guards that it doesn't know (no facts).
    """

    code: ClassVar[str] = "program_outdated"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        said = "Это изменила более новая версия Denta" if "topic" in self.facts else "С базой работает более новая версия Denta"
        event = f" (событие «{self.facts['topic']}»)" if "topic" in self.facts else ""
        return f"{said}{event}, а здесь работает прежняя. Сообщите администратору: программу нужно обновить."


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


class NotAPhotograph(DomainError):
    """Facts: reason (kind, broken, pixels, moving)."""

    code: ClassVar[str] = "not_a_photograph"

    @property
    def sentence(self) -> str:
        match self.facts["reason"]:
            case "pixels":
                return "Изображение слишком велико: больше 50 миллионов точек или 16 384 по стороне. Уменьшите его."
            case "moving":
                return "Это анимация. Нужна неподвижная фотография: JPEG, PNG или WebP."
            case "broken":
                return "Файл с фотографией повреждён. Выберите другой."
            case _:
                return "Это не фотография. Подойдёт файл JPEG, PNG или WebP."


class PicturesUnavailable(DomainError):
    """The machine has no memory or time left for drawing a picture. Nothing was found wrong with the file."""

    code: ClassVar[str] = "pictures_unavailable"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "Сервер сейчас не справляется с обработкой фотографий. Повторите через минуту."


class VisitSlot(msgspec.Struct, frozen=True, gc=False):
    """A visit that takes a doctor's time. Times are the clinic's wall clock, naive."""

    visit_id: UUID
    number: int
    doctor_id: UUID | None
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    room: str = ""
    """As rooms are compared (`aggregates.catalogue.name_key`)."""
    services: tuple[UUID, ...] = ()
    """Of its lines, in their order."""


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A user who may sign in now."""

    access_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID


class FileStore(Protocol):
    """Files under the hash of their content, for all machines of the clinic. Safe for use by several threads."""

    def keep(self, content: bytes, media: str) -> StoredFile:
        """Durable when it returns; the same content is kept once. FilesUnavailable."""

    def read(self, file: StoredFile) -> bytes:
        """The content, whose hash was checked. FileMissing, FilesUnavailable."""


Ending = Callable[[Callable[[], object]], AbstractContextManager[None]]
"""Inside of it, work is ended by that function when nobody waits for it any more."""


class Photographs(Protocol):
    """Photographs of people out of uploaded files that can't be trusted."""

    media: str
    """Of what `drawn` gives."""

    def drawn(self, upload: BinaryIO, longest_side: int, ending: Ending) -> bytes:
        """The picture alone, upright, in sRGB, at most so many pixels long, without anything else that the file held.

        `upload`: a real file. NotAPhotograph, PicturesUnavailable.
        """


class Save(msgspec.Struct, frozen=True, kw_only=True):
    """One of many saves: an aggregate's decided events by a command of its own. `unchanged`: what its decision relied upon."""

    aggregate: Aggregate
    ctx: Context
    facts: Mapping[str, Any] = {}
    unchanged: Sequence[Aggregate] = ()


CodeFound = Literal["actual", "outdated", "unknown", "not_loaded"]
"""Of a code in a federal dictionary; `not_loaded`: there is no version of that dictionary."""


class Clinic(Protocol):
    """One clinic's aggregates. Safe for use by several threads."""

    def load(self, kind: type[A], id: UUID, version: int | None = None, *, expected: int | None = None) -> A:  # noqa: A002
        """The aggregate as it is now, or as it was at `version`.

        `expected`: the version that the person saw (`If-Match`); VersionMoved where it isn't that any more.
        AggregateNotFound where there is no such stream, or it never had that version.
        """

    def load_each(self, kind: type[A], ids: Iterable[UUID]) -> dict[UUID, A]:
        """Many aggregates as they are now, by one look at the database; those that don't exist are left out."""

    def load_at(self, kind: type[A], id: UUID, moment: datetime) -> A:  # noqa: A002
        """The aggregate as it had been decided by an instant (aware). AggregateNotFound before its beginning."""

    def cached(self, kind: type[A], id: UUID) -> A:  # noqa: A002
        """The aggregate without a look at the database where it is known, perhaps a little old."""

    def freshen(self) -> bool:
        """Bring up to date what this thread took by `cached` since its last save; True where any of it moved."""

    def save(
        self,
        *aggregates: Aggregate,
        ctx: Context,
        unchanged: Iterable[Aggregate] = (),
        facts: Mapping[str, Any] | None = None,
        passwords: Mapping[UUID, str] | None = None,
    ) -> Receipt:
        """Append the decided events of all aggregates, or none, and answer with a receipt for the first aggregate.

        `unchanged`: aggregates that the decision relied upon. `facts`: what the answer says besides. `passwords`: access id →
        hash, kept outside the log in the same transaction.
        Rules across aggregates are checked in the same transaction, each refusing by its own domain error.
        A command id that was seen before appends nothing and gives the first receipt again.
        Without decided events nothing is written and the position is 0.

        SaveConflict, ClaimMoved, IdempotencyKeyReused, DatabaseUnavailable.
        """

    def save_each(self, saves: Sequence[Save]) -> list[Receipt | DomainError]:
        """Append what each save decided, or refuse it, without regard to the others; all in one transaction.

        The outcomes in order: what `save` would have answered or raised. DatabaseUnavailable is raised for all.
        """

    def first_answer(self, ctx: Context) -> Receipt | None:
        """The receipt of a command id that was carried out before. IdempotencyKeyReused."""

    def note_command(self, ctx: Context) -> None:
        """Remember a command that no event reports as carried out, for `first_answer`. Nothing without a command id."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Nobody else writes to the clinic inside. Committed at the exit, undone by an exception.

        Inside, `cached` too reads what is. One inside another is part of it.
        """

    def live_visits(
        self,
        after: datetime,
        doctor_ids: Iterable[UUID] | None = None,
        *,
        patient_ids: Iterable[UUID] | None = None,
        service_ids: Iterable[UUID] | None = None,
    ) -> Sequence[VisitSlot]:
        """Visits planned, confirmed or arrived that start after a wall-clock moment, in order of time.

        Authoritative inside `exclusive()`. `doctor_ids`: only theirs; None: of everybody, also visits without a doctor.
        `patient_ids`: only theirs; None: of everybody. `service_ids`: only those with one of these; None: all.
        """

    def visits_during(
        self,
        starts_at: datetime,
        ends_at: datetime,
        *,
        doctor_id: UUID | None,
        patient_ids: Iterable[UUID],
        room: str,
        besides: UUID,
    ) -> Sequence[VisitSlot]:
        """Visits that take time between the two wall-clock moments, with the doctor, of the patients or in the room ("": in
        none), in order of time; without the visit `besides`.
        """

    def is_patient_of(self, doctor_id: UUID, patient_ids: Iterable[UUID]) -> bool:
        """Whether a visit of one of these cards, not a deleted one, is or was with the doctor."""

    def next_number(self, kind: NumberKind) -> int:
        """A number never given before, greater than those given. Refused commands leave gaps."""

    def next_numbers(self, kind: NumberKind, count: int) -> list[int]:
        """So many at once."""

    def find_access(self, email: str) -> Access | None:
        """The user who signs in by this address, however its letters are cased."""

    def find_code(self, oid: str, code: str) -> CodeFound:
        """What the current version of a federal dictionary says of a code."""

    def accesses(self) -> Sequence[Access]:
        """All who may sign in now. Authoritative inside `exclusive()`."""
