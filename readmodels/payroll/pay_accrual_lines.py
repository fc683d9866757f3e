"""Accruals of pay line by line, for workbooks: each line with the head of its accrual."""

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import Connection

from readmodels.excel import DocumentFilter, streamed
from readmodels.people_names import FULL_NAME


def lines(conn: Connection[Any], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    """The lines of accruals in order of time, streamed: what was calculated, then what a person added. A draft has no calculated
    lines; an accrual without lines comes once, with an empty line.

    number, date, employee (name), first, last, comment, posted, deleted  of the accrual.
    part, extra  the kind of a calculated line, or of one by hand; day, visit (number), name, base, percent, quantity, sum, note.
    """
    selected = {
        "number": "a.number",
        "date": "a.day",
        "employee_id": FULL_NAME.format("e"),
        "first": "a.first",
        "last": "a.last",
        "part": "l.line ->> 'part'",
        "extra": "l.line ->> 'kind'",
        "day": "(l.line ->> 'day')::date",
        "visit": "(l.line ->> 'number')::bigint",
        "name": "nullif(l.line ->> 'name', '')",
        "base": "(l.line ->> 'base')::numeric",
        "percent": "(l.line ->> 'percent')::numeric",
        "quantity": "(l.line ->> 'quantity')::numeric",
        "sum": "(l.line ->> 'sum')::numeric",
        "note": "nullif(l.line ->> 'note', '')",
        "comment": "nullif(a.card ->> 'comment', '')",
        "posted": "a.posted",
        "deleted": "a.deleted",
    }
    query = f"""SELECT {", ".join(selected.values())} FROM pay_accruals a LEFT JOIN employees e ON e.employee_id = a.employee_id
        LEFT JOIN LATERAL (
          SELECT 0 AS rank, c.line, c.n FROM jsonb_array_elements(a.lines) WITH ORDINALITY AS c(line, n)
          UNION ALL SELECT 1, x.line, x.n FROM jsonb_array_elements(a.extras) WITH ORDINALITY AS x(line, n)
        ) AS l ON true
      WHERE (%(deleted)s OR NOT a.deleted) AND (%(first)s::date IS NULL OR a.day >= %(first)s)
        AND (%(end)s::date IS NULL OR a.day < %(end)s) ORDER BY a.day, a.number, l.rank, l.n"""
    values = {"deleted": asked.deleted, "first": asked.first, "end": asked.end}
    for row in streamed(conn, query, values):
        yield dict(zip(selected, row, strict=True))
