"""Words of files of visits."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_file import VISIT_FILE_FIELDS, VisitFile
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.values import YES_NO, Change, Described, Named, changed_fields, described_fields, format_file


def _attached(event: VisitFile.Attached) -> Iterable[Change]:
    yield Change("Пациент", None, Named(PatientCard.TOPIC, event.patient_id))
    yield Change("Визит", None, Named(Visit.TOPIC, event.visit_id))
    yield Change(VISIT_FILE_FIELDS["name"].label, None, event.name)
    yield Change("Файл", None, format_file(event.file))


def _refs(event: VisitFile.Attached) -> Iterable[UUID | None]:
    return (event.patient_id, event.visit_id, event.attached_by)


def _state(file: VisitFile) -> Described:
    yield from described_fields(VISIT_FILE_FIELDS, file.card())
    yield "Визит", Named(Visit.TOPIC, file.visit_id)
    yield "Прикрепил", None if file.attached_by is None else Named(Employee.TOPIC, file.attached_by)
    yield "Файл", format_file(file.file)
    yield "Удалён", YES_NO[file.deleted]


def _of_people(conn: Connection[Any], people: list[UUID]) -> list[UUID]:
    """Files of visits of patients, by all their cards."""
    query = """SELECT f.file_id FROM visit_files f JOIN calendar v ON v.visit_id = f.visit_id
      JOIN patients p ON v.patient_id = ANY(p.cards) WHERE p.patient_id = ANY(%s)"""
    return [row[0] for row in conn.execute(query, (people,)).fetchall()]


VISIT_FILE = Words(
    kind=VisitFile,
    label="Файл визита",
    title="Файл «{0}»{1}",
    names="""SELECT f.file_id, f.name, coalesce(' (визит № ' || v.number || ')', '') FROM visit_files f
      LEFT JOIN calendar v ON v.visit_id = f.visit_id WHERE f.file_id = ANY(%s)""",
    found_by=ByWords("SELECT file_id FROM visit_files", LETTERS.format("name")),
    entries_of=_of_people,
    patient_of=lambda file: file.patient_id,
    actions={
        "visit_file_attached": "Новый файл визита",
        "visit_file_changed": "Изменение файла визита",
        "visit_file_deleted": "Удаление файла визита",
        "visit_file_returned": "Возврат файла визита",
    },
    events={
        VisitFile.Attached: Text("visit_file_attached", "прикреплён", _attached, _refs),
        VisitFile.Changed: Text("visit_file_changed", "изменён", lambda e: changed_fields(VISIT_FILE_FIELDS, e.changes)),
        VisitFile.Deleted: Text("visit_file_deleted", "удалён"),
        VisitFile.Returned: Text("visit_file_returned", "возвращён"),
    },
    state=_state,
)
