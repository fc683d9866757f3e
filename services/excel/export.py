"""«Выгрузка из MS Excel»: chosen catalogues and documents, each a workbook in one archive (XLS-8).

Rows go from the database's cursor into the workbook and from there into the archive; memory doesn't grow with their number.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from zipfile import ZIP_STORED, ZipFile

from psycopg import Connection

from aggregates.people.employee import Employee
from readmodels import excel
from readmodels.excel import DocumentFilter
from readmodels.people import employees
from services.excel import service_doctors
from services.excel.catalogues import LOADABLE, Loadable
from services.excel.cells import Cell
from services.excel.columns import Column
from services.excel.documents import DOCUMENTS
from services.excel.entry_names import Names
from services.excel.template import headings
from services.excel.writing import writing


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
    target: BinaryIO,
    documents: DocumentFilter = DocumentFilter(),
) -> None:
    """The chosen catalogues and documents as an archive of workbooks."""
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
                columns, lines = document.table(conn, documents)
                with workbook(packed, document.title) as file, writing(file) as made:
                    made.table(document.title, columns, lines)


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
