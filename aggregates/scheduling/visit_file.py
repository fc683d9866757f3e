"""A file of a visit: an X-ray, a photo, a scan, a PDF. Its content is in the file store and stays as it was given (VIS-1).

An aggregate of its own, not events of the visit: who attaches a picture doesn't move the version of a visit that somebody else is
writing in. It belongs to the visit, and so to the patient whom the visit has now. A deleted visit keeps its files as they are.
A file isn't money, so it is attached to visits of closed periods too: a scan often comes weeks later.
A visit has at most `MOST_FILES` that aren't deleted (`gateways/guards/visit_files.py`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.fields import LINE, Field, Fields
from aggregates.files import StoredFile
from aggregates.kernel import DomainError, Event, applies
from aggregates.scheduling.visit import Visit
from aggregates.values import FieldChange, Scalar, cleaned, field_changes

MOST_BYTES = 25_000_000
"""Of one file: a panoramic X-ray or a scan of many pages has less."""
MOST_FILES = 100
"""Of one visit, without deleted ones."""
VISIT_FILE_FIELDS = Fields(
    Field(name="name", label="Название", kind=LINE, limit=150, required=True),
    Field(name="caption", label="Подпись", kind=LINE, limit=300),
)
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "application/pdf": (".pdf",),
    "application/dicom": (".dcm", ".dicom"),
}
"""The media types of files of visits, each with the endings of names that say it; the first one is added to other names."""


class VisitFileDeleted(DomainError):
    """Facts: `file_id`."""

    code: ClassVar[str] = "visit_file_deleted"

    @property
    def sentence(self) -> str:
        return "Файл удалён. Верните его, чтобы изменить."


class TooManyFiles(DomainError):
    """The visit has as many files as it may: found on save by `gateways/guards/visit_files.py`. Facts: `most`."""

    code: ClassVar[str] = "too_many_files"

    @property
    def sentence(self) -> str:
        return f"У визита уже {self.facts['most']} файлов, больше нельзя. Удалите лишние."


def file_name(written: str, media: str) -> str:
    """The name that a person gave a file, without folders and invisible characters, within the limit, and with an ending that
    says what the content is: «scan.html» of a JPEG becomes «scan.html.jpg», so that no program opens it as something else.
    """
    name = cleaned(written).replace("\\", "/").rpartition("/")[2]
    return _with_ending(" ".join(name.split()).lstrip(". ") or "Файл", media)


def _with_ending(name: str, media: str) -> str:
    endings, longest = ENDINGS[media], VISIT_FILE_FIELDS["name"].longest
    ending = next((ending for ending in endings if name.lower().endswith(ending)), None)
    stem, ending = (name, endings[0]) if ending is None else (name[: -len(ending)], name[-len(ending) :])
    return stem[: longest - len(ending)].rstrip() + ending


class VisitFile(DeletedAtWill, ReturnedAtWill):
    TOPIC = "visit_file"

    visit_id: UUID
    patient_id: UUID
    """The visit's patient when it was attached."""
    name: str
    caption: str
    file: StoredFile
    preview: StoredFile | None
    """A small picture of it; None where nothing here can draw one."""
    attached_by: UUID | None
    """The employee; None: the system itself."""

    class Attached(Event, frozen=True):
        TOPIC: ClassVar[str] = "visit_file.attached.1"
        visit_id: UUID
        patient_id: UUID
        name: str
        file: StoredFile
        preview: StoredFile | None
        attached_by: UUID | None

    class Changed(Event, frozen=True):
        TOPIC: ClassVar[str] = "visit_file.changed.1"
        changes: tuple[FieldChange, ...]

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "visit_file.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "visit_file.returned.1"

    def attach(
        self, visit: Visit, name: str, file: StoredFile, preview: StoredFile | None, by: UUID | None, *, at: datetime
    ) -> None:
        """`name`: as the person's file is called; `by`: the employee. VisitDeleted."""
        visit.require_active()
        self.trigger(
            self.Attached, visit_id=visit.id, patient_id=visit.patient_id, name=file_name(name, file.media), file=file,
            preview=preview, attached_by=by, at=at,
        )  # fmt: skip

    def change(self, fields: Mapping[str, Any], *, at: datetime) -> None:
        """Rename or caption it; no event without a difference. VisitFileDeleted, WrongValue."""
        self.require_active()
        changed = VISIT_FILE_FIELDS.changed(self.card(), fields)
        if "name" in changed:
            changed = {**changed, "name": _with_ending(str(changed["name"]), self.file.media)}
        if changes := field_changes(self.card(), changed):
            self.trigger(self.Changed, changes=changes, at=at)

    def refusal_when_deleted(self) -> VisitFileDeleted:
        return VisitFileDeleted(file_id=self.id)

    def card(self) -> dict[str, Scalar]:
        """What people write of it."""
        return {"name": self.name, "caption": self.caption}

    @applies(Attached)
    def _attached(self, event: Attached) -> None:
        self.visit_id = event.visit_id
        self.patient_id = event.patient_id
        self.name = event.name
        self.caption = ""
        self.file = event.file
        self.preview = event.preview
        self.attached_by = event.attached_by

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        card = {**self.card(), **{change.field: change.new for change in event.changes}}
        self.name = str(card["name"])
        self.caption = str(card["caption"])
