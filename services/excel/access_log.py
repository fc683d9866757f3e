"""Looks at personal data as a workbook; columns are called as on the page."""

from datetime import tzinfo
from typing import Any, BinaryIO

from psycopg import Connection

from readmodels import access_log
from readmodels.access_log import AccessLogFilter
from services.excel.writing import Heading, writing

_HEADINGS = (
    Heading("Когда", "moment"),
    Heading("Кто", width=34),
    Heading("Откуда", width=16),
    Heading("Как", width=20),
    Heading("Что", width=24),
    Heading("Чьи данные", width=34),
    Heading("Отбор списка", width=50),
    Heading("Записей", "whole", 10),
)


def write(conn: Connection[Any], filters: AccessLogFilter, zone: tzinfo, target: BinaryIO) -> None:
    """The filtered looks, newest first. Rows go through in bounded memory."""
    rows = (
        (
            item.moment.astimezone(zone).replace(tzinfo=None),
            item.user.name,
            item.address,
            item.action,
            item.object,
            item.patient.name if item.patient else None,
            ", ".join(item.filter) or None,
            item.count,
        )
        for item in access_log.entries(conn, filters, zone)
    )
    with writing(target) as book:
        book.table("Просмотры", _HEADINGS, rows)
