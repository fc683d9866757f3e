"""The action journal as a workbook, for the API and the terminal alike; columns are called as on the page."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, BinaryIO

from psycopg import Connection

from aggregates.kernel import Decoders
from readmodels.journal import ChangeInWords, JournalColumn, JournalFilter, JournalItem, JournalSort, entries
from readmodels.words.registry import GLOSSARY
from readmodels.words.values import format_moment
from services.excel.cells import Cell
from services.excel.writing import Heading, writing

_HEADINGS: dict[JournalColumn, Heading] = {
    "position": Heading("№", "whole", 9),
    "moment": Heading("Когда", "second", 18),
    "author": Heading("Кто", width=30),
    "address": Heading("Откуда", width=16),
    "kind": Heading("Вид действия", width=28),
    "text": Heading("Действие", width=60),
    "object": Heading("Объект", width=36),
    "changes": Heading("Информация", width=90),
}


def write(
    conn: Connection[Any],
    decoders: Decoders,
    filters: JournalFilter,
    zone: tzinfo,
    target: BinaryIO,
    sort: JournalSort = "-moment",
    columns: Sequence[JournalColumn] = (),
) -> int:
    """Write the filtered entries into an open file (no columns: all); how many they are. Memory doesn't grow with them."""
    shown = tuple(columns or _HEADINGS)
    found = (_cells(item, zone, kind_apart="kind" in shown) for item in entries(conn, decoders, filters, zone, sort))
    rows = ([cells[column] for column in shown] for cells in found)
    with writing(target) as book:
        return book.table("Журнал действий", [_HEADINGS[column] for column in shown], rows)


def _cells(item: JournalItem, zone: tzinfo, *, kind_apart: bool) -> dict[JournalColumn, Cell]:
    """An entry as the page shows it: the kind stands before the action where it has no column of its own."""
    moment = item.moment.astimezone(zone)
    version = [f"Версия от {format_moment(moment)}"] if GLOSSARY.of(item.object.type).has_versions else []
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


def _change(change: ChangeInWords) -> str:
    if change.old is None:
        return f"{change.label}: {change.new or '–'}"
    return f"{change.label}: {change.old} → {change.new or '–'}"
