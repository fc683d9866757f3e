"""The action journal as an Excel workbook: for the API and the terminal alike. Columns are called as on the page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from itertools import chain, islice
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from psycopg import Connection

from aggregates.kernel import Decoders
from readmodels.journal import ChangeTold, JournalColumn, JournalFilter, JournalItem, JournalSort, entries
from readmodels.journal_values import moment_of

_HEADINGS: dict[JournalColumn, tuple[str, int]] = {
    "position": ("№", 9),
    "moment": ("Когда", 18),
    "author": ("Кто", 30),
    "address": ("Откуда", 16),
    "kind": ("Вид действия", 28),
    "text": ("Действие", 60),
    "object": ("Объект", 36),
    "changes": ("Информация", 90),
}
"""Headings with the columns' widths in characters."""
COLUMNS = tuple(_HEADINGS)
_ROWS_OF_SHEET = 1_000_000
"""A sheet of Excel ends at 1 048 576 rows."""
_CHARACTERS_OF_CELL = 32_000
"""Of Excel's 32 767."""
_DATE_FORMAT = "DD.MM.YYYY HH:MM:SS"


def workbook(
    conn: Connection[Any],
    decoders: Decoders,
    wanted: JournalFilter,
    zone: Any,
    sort: JournalSort = "-moment",
    columns: Sequence[JournalColumn] = COLUMNS,
) -> bytes:
    """The filtered entries as an .xlsx file."""
    target = BytesIO()
    write(conn, decoders, wanted, zone, target, sort, columns)
    return target.getvalue()


def write(
    conn: Connection[Any],
    decoders: Decoders,
    wanted: JournalFilter,
    zone: Any,
    target: BinaryIO,
    sort: JournalSort = "-moment",
    columns: Sequence[JournalColumn] = COLUMNS,
) -> int:
    """Write the workbook into an open file and tell how many entries it has. Rows go through in bounded memory."""
    book = Workbook(write_only=True)
    left = entries(conn, decoders, wanted, zone, sort)
    written, first = 0, next(left, None)
    while first is not None or not book.worksheets:
        number = len(book.worksheets) + 1
        items = chain([first] if first else [], islice(left, _ROWS_OF_SHEET - 1))
        written += _sheet(book, "Журнал действий" if number == 1 else f"Журнал действий {number}", items, zone, columns)
        first = next(left, None)
    book.save(target)
    return written


def _sheet(book: Workbook, title: str, items: Iterable[JournalItem], zone: Any, columns: Sequence[JournalColumn]) -> int:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    headings = []
    for number, column in enumerate(columns, start=1):
        heading, width = _HEADINGS[column]
        sheet.column_dimensions[get_column_letter(number)].width = width
        headings.append(_text(sheet, heading))
        headings[-1].font = Font(bold=True)
    sheet.append(headings)
    count = 0
    for item in items:
        cells = _cells(item, zone, kind_apart="kind" in columns)
        sheet.append([_cell(sheet, cells[column]) for column in columns])
        count += 1
    return count


def _cells(item: JournalItem, zone: Any, *, kind_apart: bool) -> dict[JournalColumn, Any]:
    """An entry as the page shows it: the kind stands before the action where it has no column of its own."""
    moment = item.moment.astimezone(zone)
    version = [f"Версия от {moment_of(moment)}"] if item.object.type == "schedule" else []
    return {
        "position": item.position,
        "moment": moment.replace(tzinfo=None, microsecond=0),
        "author": item.author.name if item.author else "Система",
        "address": item.address,
        "kind": item.kind_label,
        "text": item.text if kind_apart else f"{item.kind_label}\n{item.text}",
        "object": f"{item.object.title}, версия {item.object.version}",
        "changes": "\n".join([*version, *map(_change, item.changes)]),
    }


def _change(change: ChangeTold) -> str:
    if change.old is None:
        return f"{change.label}: {change.new or '–'}"
    return f"{change.label}: {change.old} → {change.new or '–'}"


def _cell(sheet: Any, value: str | int | datetime) -> Any:
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, datetime):
        cell.number_format = _DATE_FORMAT
    return cell


def _text(sheet: Any, value: str) -> Any:
    """A cell that is text whatever it begins with: «=…» in a patient's comment never becomes a formula."""
    cell = WriteOnlyCell(sheet, "")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_CHARACTERS_OF_CELL]
    cell.data_type = "s"
    return cell
