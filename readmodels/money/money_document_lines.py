"""Money documents line by line, for workbooks: each line with the head of its document."""

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import Connection

from aggregates.fields import Field
from aggregates.money.certificate import Certificate
from aggregates.money.money_document import MoneyDocument
from readmodels import authors
from readmodels.excel import DocumentFilter, streamed
from readmodels.money import patients_money
from readmodels.people_names import FULL_NAME
from readmodels.words.pay_accrual import NAME as ACCRUAL_NAME

_REFERRED = {
    "patient": """(SELECT coalesce(i.name, o.name) FROM patients o LEFT JOIN patients i ON i.patient_id = o.merged_into
      WHERE o.patient_id = ({0})::uuid)""",
    "employee": f"(SELECT {FULL_NAME.format('e')} FROM employees e WHERE e.employee_id = ({{0}})::uuid)",
    "pay_accrual": f"(SELECT {ACCRUAL_NAME} FROM pay_accruals WHERE id = ({{0}})::uuid)",
}
_WITHOUT_ARTICLE = " ".join(f"WHEN '{kind}' THEN '{text}'" for kind, text in patients_money.ARTICLES.items())
_ENTRY = "(SELECT c.name FROM catalogue c WHERE c.entry_id = ({0})::uuid)"


def lines(conn: Connection[Any], kind: type[MoneyDocument], asked: DocumentFilter) -> Iterator[Mapping[str, Any]]:
    """The lines of a kind's documents in order of time, streamed; a document without lines comes once, with its sum.

    number (None of a certificate), deleted, and all fields of the head, references by name; patient, article (name), sum in
    rubles, note of the line; author (name). Money of patients stands among incomes and outgoes.
    """
    selected = {
        "number": f"CASE d.kind WHEN '{Certificate.TOPIC}' THEN NULL ELSE d.number END",
        **{name: _of_head(field) for name, field in kind.FIELDS.items() if field.type != "money"},
        "patient": _REFERRED["patient"].format("d.card ->> 'patient_id'"),
        "article": f"coalesce(a.name, CASE d.kind {_WITHOUT_ARTICLE} END)",
        "sum": "coalesce((l.line ->> 'sum')::numeric, d.total)",
        "note": "nullif(l.line ->> 'note', '')",
        "author": authors.NAME,
        "deleted": "d.deleted",
    }
    query = f"""SELECT {", ".join(selected.values())} FROM money_documents d
        {authors.of_document("d.id")}
        LEFT JOIN LATERAL jsonb_array_elements(d.lines) WITH ORDINALITY AS l(line, n) ON true
        LEFT JOIN articles a ON a.article_id = (l.line ->> 'article_id')::uuid
      WHERE d.flow = %(flow)s AND (%(deleted)s OR NOT d.deleted) AND (%(first)s::date IS NULL OR d.moment >= %(first)s)
        AND (%(end)s::date IS NULL OR d.moment < %(end)s) ORDER BY d.moment, d.number, l.n"""
    values = {"flow": kind.SHAPE.flow, "deleted": asked.deleted, "first": asked.first, "end": asked.end}
    for row in streamed(conn, query, values):
        yield dict(zip(selected, row, strict=True))


def _of_head(field: Field) -> str:
    """SQL of a field of the head: a moment, a name, or a text."""
    written = f"d.card ->> '{field.name}'"
    if field.refers:
        return _REFERRED.get(field.refers, _ENTRY).format(written)
    return f"({written})::timestamp" if field.type == "moment" else f"nullif({written}, '')"
