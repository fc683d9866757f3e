"""«Выгрузка из MS Excel»: chosen catalogues and documents, each a workbook in one archive (XLS-8).

Rows go from the database's cursor into the workbook and from there into the archive; memory doesn't grow with their number.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from zipfile import ZIP_STORED, ZipFile

from psycopg import Connection

from aggregates.people.employee import Employee
from aggregates.scheduling.visit_status import STATUS_LABELS
from readmodels import excel
from readmodels.people import employees
from services.excel import service_doctors
from services.excel.catalogues import LOADABLE, Loadable
from services.excel.cells import Cell
from services.excel.columns import Column
from services.excel.entry_names import Names
from services.excel.template import headings
from services.excel.writing import Heading, writing


@dataclass(frozen=True)
class Document:
    """Documents of one kind. `rows`: `(connection, first day, last day, patient_info)` returns them; without `patient_info` they
    show only the names of patients.
    """

    key: str
    title: str
    headings: tuple[Heading, ...]
    rows: Callable[[Connection[Any], date | None, date | None, bool], Iterator[Sequence[Cell]]]


def _visits(conn: Connection[Any], first: date | None, last: date | None, patient_info: bool) -> Iterator[Sequence[Cell]]:
    for visit in excel.visits(conn, first, last, patient_info=patient_info):
        yield [STATUS_LABELS[value] if field == "status" else value for field, value in visit.items()]


VISITS = Document(
    "visits",
    "Визиты",
    (
        Heading("№", "whole", 9),
        Heading("Начало", "moment"),
        Heading("Окончание", "moment"),
        Heading("Состояние"),
        Heading("Пациент", width=34),
        Heading("Номер карты"),
        Heading("Врач", width=34),
        Heading("Услуги", width=50),
        Heading("Сумма", "money"),
        Heading("Комментарий", width=40),
    ),
    _visits,
)
DOCUMENTS: dict[str, Document] = {VISITS.key: VISITS}


def names(conn: Connection[Any], catalogues: Iterable[Loadable]) -> Names:
    """Names of all that the catalogues' columns refer to."""
    topics = {topic for catalogue in catalogues for topic in catalogue.refers}
    entries = excel.entry_names(conn, topics)
    if Employee.TOPIC in topics:
        entries += [(Employee.TOPIC, one.name, one.id, one.deleted) for one in employees.names(conn).values()]
    return Names(entries)


def archive(
    conn: Connection[Any],
    keys: Sequence[str],
    first: date | None,
    last: date | None,
    target: BinaryIO,
    *,
    patient_info: bool = False,
) -> None:
    """The chosen catalogues and documents (of the period) as an archive of workbooks."""
    asked = dict.fromkeys(keys)
    chosen = [LOADABLE[key] for key in asked if key in LOADABLE]
    known = names(conn, chosen)
    with ZipFile(target, "w", ZIP_STORED) as packed:
        for catalogue in chosen:
            with workbook(packed, catalogue.title) as file, writing(file) as made:
                made.table(catalogue.title, headings(catalogue.columns), rows(conn, catalogue, known))
                if catalogue.doctors is not None:
                    made.table(service_doctors.TITLE, headings(service_doctors.COLUMNS), excel.service_doctors(conn))
        for key in asked:
            if key in DOCUMENTS:
                document = DOCUMENTS[key]
                with workbook(packed, document.title) as file, writing(file) as made:
                    made.table(document.title, document.headings, document.rows(conn, first, last, patient_info))


def rows(conn: Connection[Any], catalogue: Loadable, known: Names) -> Iterator[list[Cell]]:
    """A catalogue's rows under its columns."""
    fields: list[Column] = [column for column in catalogue.columns if column.field != "id"]
    for one in catalogue.source.all(conn):
        yield [str(one.id), *(column.kind.write(one.card[column.field], known) for column in fields)]


@contextmanager
def workbook(packed: ZipFile, title: str) -> Iterator[BinaryIO]:
    """A file that goes into the archive when it is whole: a workbook is written by going back and forth in it."""
    with TemporaryFile() as file:
        yield file
        file.seek(0)
        with packed.open(f"{title}.xlsx", "w", force_zip64=True) as inside:
            copyfileobj(file, inside, 1 << 20)
