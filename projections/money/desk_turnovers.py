"""The derived rows of money documents: what each desk moved on each day.

A changed document changes the days on which it counted or counts now; its row names all of them. Those days are added up again,
by indexes of desk and moment.
"""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from projections.derivation import Derivation, TableNames
from readmodels.money.desk_turnovers import TABLE
from readmodels.money.money_documents import MoneyDocumentRow
from readmodels.table import Key

Connected = Connection[TupleRow]

_INSERT = "INSERT INTO {derived} (desk_id, day, income, outgo, transfer_in, transfer_out) "
_SUMS = "sum(s.income), sum(s.outgo), sum(s.transfer_in), sum(s.transfer_out) "
_OUTWARD = (
    "CASE d.flow WHEN 'income' THEN d.total ELSE 0.00 END AS income, "
    "CASE d.flow WHEN 'outgo' THEN d.total ELSE 0.00 END AS outgo, "
    "0.00 AS transfer_in, CASE d.flow WHEN 'transfer' THEN d.total ELSE 0.00 END AS transfer_out FROM {source} d "
)
_INWARD = "0.00, 0.00, d.total, 0.00 FROM {source} d "
_DAYS = "unnest(%(desks)s::uuid[], %(days)s::date[]) AS t(desk_id, day) "
_ON_IT = "AND NOT d.deleted AND d.moment >= t.day AND d.moment < t.day + 1 "

FILL = SQL(
    f"{_INSERT}SELECT s.desk_id, s.day, {_SUMS}FROM (SELECT d.desk_id, d.moment::date AS day, {_OUTWARD}WHERE NOT d.deleted "
    f"UNION ALL SELECT d.to_desk_id, d.moment::date, {_INWARD}WHERE NOT d.deleted AND d.to_desk_id IS NOT NULL) AS s "
    "GROUP BY s.desk_id, s.day"
)
GONE = SQL("DELETE FROM {derived} r USING {days} WHERE r.desk_id = t.desk_id AND r.day = t.day")
AGAIN = SQL(
    f"{_INSERT}SELECT t.desk_id, t.day, {_SUMS}FROM {_DAYS}CROSS JOIN LATERAL ("
    f"SELECT {_OUTWARD}WHERE d.desk_id = t.desk_id {_ON_IT}UNION ALL SELECT {_INWARD}WHERE d.to_desk_id = t.desk_id {_ON_IT}"
    ") AS s GROUP BY t.desk_id, t.day"
)


def update(connection: Connected, tables: TableNames, upserts: Sequence[MoneyDocumentRow], deletes: Sequence[Key]) -> None:
    """`Derivation.update`. No document ever leaves the table."""
    if deletes:
        raise ValueError(f"money documents are gone: {deletes}")
    places = sorted({place for row in upserts for place in row.counted_on})
    values = {"desks": [place.split()[0] for place in places], "days": [place.split()[1] for place in places]}
    named = {"source": Identifier(tables.source), "derived": Identifier(tables.derived)}
    connection.execute(GONE.format(days=SQL(_DAYS), **named), values)
    connection.execute(AGAIN.format(**named), values)


def fill(reading: Connected, writing: Connected, tables: TableNames) -> None:
    """`Derivation.fill`: by one statement, whose result is small."""
    del reading
    writing.execute(FILL.format(source=Identifier(tables.source), derived=Identifier(tables.derived)))


DESK_TURNOVERS = Derivation(TABLE, update, fill)
