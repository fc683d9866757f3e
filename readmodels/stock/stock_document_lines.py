"""Stock documents line by line, for workbooks: each line with the head of its document."""

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import Connection

from aggregates.fields import Field
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import KINDS
from readmodels.excel import DocumentFilter, streamed
from readmodels.words.stock_document import NAME

_TAKES = frozenset({"issue", "transfer_out"})
"""Effects whose cost is what leaves the warehouse."""
_LINE = {
    "goods": "g.name",
    "article": "nullif(g.card ->> 'article', '')",
    "quantity": "(l.line ->> 'quantity')::numeric",
    "unit": "CASE WHEN l.line ->> 'unit' = 'sale' THEN s.name ELSE coalesce(w.name, s.name) END",
    "price": "(l.line ->> 'price')::numeric",
    "sum": "(l.line ->> 'sum')::numeric",
    "batch": "nullif(l.line ->> 'batch', '')",
    "expires_on": "(l.line ->> 'expires_on')::date",
}


def lines(conn: Connection[Any], kind: type[StockDocument], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    """The lines of a kind's documents in order of time, streamed. A document without lines comes once, with an empty line.

    number, posted, deleted, and all fields of the head, references by name.
    goods, article, quantity, unit (name), price, sum, batch, expires_on  of the line.
    cost  rubles: of what the line brings or takes, of a count the difference (below zero: missing); None of what moves no stock.
    """
    sign = "-" if kind.SHAPE.effect in _TAKES else ""
    selected = {
        "number": "d.number",
        **{name: _of_head(field) for name, field in kind.FIELDS.items()},
        **_LINE,
        "cost": f"round({sign}e.value / 100.0, 2)",
        "posted": "d.posted",
        "deleted": "d.deleted",
    }
    query = f"""SELECT {", ".join(selected.values())} FROM stock_documents d
        LEFT JOIN LATERAL jsonb_array_elements(d.lines) WITH ORDINALITY AS l(line, n) ON true
        LEFT JOIN stock_entries e ON e.document_id = d.id AND e.line = l.n - 1 AND NOT e.inward
        LEFT JOIN catalogue g ON g.entry_id = (l.line ->> 'goods_id')::uuid
        LEFT JOIN catalogue s ON s.entry_id = (g.card ->> 'sale_unit')::uuid
        LEFT JOIN catalogue w ON w.entry_id = (g.card ->> 'write_off_unit')::uuid
      WHERE d.kind = %(kind)s AND (%(deleted)s OR NOT d.deleted) AND (%(first)s::date IS NULL OR d.moment >= %(first)s)
        AND (%(end)s::date IS NULL OR d.moment < %(end)s) ORDER BY d.moment, d.number, l.n"""
    values = {"kind": kind.TOPIC, "deleted": asked.deleted, "first": asked.first, "end": asked.end}
    for row in streamed(conn, query, values):
        yield dict(zip(selected, row, strict=True))


def _of_head(field: Field) -> str:
    """SQL of a field of the head: a moment, a name, or a text."""
    written = f"d.card ->> '{field.name}'"
    if field.refers in KINDS:
        return f"(SELECT {NAME} FROM stock_documents o WHERE o.id = ({written})::uuid)"
    if field.refers == "patient":
        return f"(SELECT p.name FROM patients p WHERE p.patient_id = ({written})::uuid)"
    if field.type == "reference":
        return f"(SELECT c.name FROM catalogue c WHERE c.entry_id = ({written})::uuid)"
    return f"({written})::timestamp" if field.type == "moment" else f"nullif({written}, '')"
