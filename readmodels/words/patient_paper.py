"""Words of papers that are made for patients."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.catalogues import PaperTemplate
from aggregates.people.patient import PatientCard
from aggregates.people.patient_paper import PatientPaper
from aggregates.scheduling.visit import Visit
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.values import YES_NO, Change, Described, Named, format_file


def _made(event: PatientPaper.Made) -> Iterable[Change]:
    yield Change("Пациент", None, Named(PatientCard.TOPIC, event.patient_id))
    if event.visit_id is not None:
        yield Change("Визит", None, Named(Visit.TOPIC, event.visit_id))
    yield Change("Шаблон", None, Named(PaperTemplate.TOPIC, event.template_id))
    yield Change("Файл", None, format_file(event.file))


def _refs(event: PatientPaper.Made) -> Iterable[UUID | None]:
    return (event.patient_id, event.visit_id, event.template_id)


def _state(paper: PatientPaper) -> Described:
    yield "Название", paper.title
    yield "Пациент", Named(PatientCard.TOPIC, paper.patient_id)
    yield "Визит", None if paper.visit_id is None else Named(Visit.TOPIC, paper.visit_id)
    yield "Шаблон", Named(PaperTemplate.TOPIC, paper.template_id)
    yield "Версия шаблона", str(paper.template_version)
    yield "Файл", format_file(paper.file)
    yield "Удалён", YES_NO[paper.deleted]


def _of_people(conn: Connection[Any], people: list[UUID]) -> list[UUID]:
    """Papers of patients, by all their cards."""
    query = """SELECT d.paper_id FROM patient_papers d JOIN patients p ON d.patient_id = ANY(p.cards)
      WHERE p.patient_id = ANY(%s)"""
    return [row[0] for row in conn.execute(query, (people,)).fetchall()]


PATIENT_PAPER = Words(
    kind=PatientPaper,
    label="Документ пациента",
    title="Документ «{0}»{1}",
    names="""SELECT d.paper_id, d.title, coalesce(' (' || coalesce(k.name, p.name) || ')', '') FROM patient_papers d
      LEFT JOIN patients p USING (patient_id) LEFT JOIN patients k ON k.patient_id = p.merged_into
      WHERE d.paper_id = ANY(%s)""",
    found_by=ByWords("SELECT paper_id FROM patient_papers", LETTERS.format("title")),
    entries_of=_of_people,
    patient_of=lambda paper: paper.patient_id,
    actions={
        "patient_paper_made": "Новый документ пациента",
        "patient_paper_deleted": "Удаление документа пациента",
        "patient_paper_returned": "Возврат документа пациента",
    },
    events={
        PatientPaper.Made: Text("patient_paper_made", "создан", _made, _refs),
        PatientPaper.Deleted: Text("patient_paper_deleted", "удалён"),
        PatientPaper.Returned: Text("patient_paper_returned", "возвращён"),
    },
    state=_state,
)
