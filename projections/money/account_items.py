"""The derived rows of accounts: each change of what is open, added up in the order of days.

One statement says how they follow from documents, for chosen ones or for all of them.
"""

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composable, Identifier

from projections.derivation import Derivation, TableNames
from readmodels.money.account_items import FOREVER, TABLE, AccountDocumentRow
from readmodels.table import Key

Connected = Connection[TupleRow]

CONCERNED = SQL(
    "select id from unnest(%(ids)s::uuid[]) as i(id) "
    "union select payment_id from {source} where id = any(%(ids)s) and payment_id is not null "
    "union select unnest(visit_ids) from {source} where id = any(%(ids)s) and kind in ('payment', 'sale_return') "
    "union select id from {source} where visit_ids && %(ids)s::uuid[] and kind = 'payment'"
)
"""What changes with these documents: the payment of a refund, visits and sales that a payment pays for, payments for them, the
sale of a return.
"""
GONE = SQL("delete from {derived} where document_id = any(%(ids)s)")
ITEMS = SQL(
    # payments for visits and sales: `own`: on one card, so that it is known to the account; `spent_on`: from when it pays
    "with allocations as (select p.id as payment_id, p.patient_id, p.moment::date as dated, v.id as visit_id, "
    "v.patient_id as of_card, v.moment::date as visit_dated, v.completed, a.moment::date as day, "
    "(a.sum * 100)::bigint as amount, "
    "v.id is not null and v.patient_id is not distinct from p.patient_id as own, greatest(a.moment, v.moment)::date as spent_on "
    "from {source} p cross join lateral jsonb_to_recordset(p.allocations) as a(visit_id uuid, sum numeric, moment timestamp) "
    "left join {source} v on v.id = a.visit_id and not v.deleted and v.amount <> 0 "
    "where p.kind = 'payment' and not p.deleted and p.patient_id is not null{of_payments}), "
    "changes as ("
    "select id as document_id, 'debt' as kind, patient_id, patient_id as of_card, moment::date as dated, "
    "moment::date as day, amount from {source} where kind in ('visit', 'sale') and patient_id is not null "
    "and completed and not deleted and amount <> 0{of_documents} "
    "union all select s.id, 'debt', s.patient_id, s.patient_id, s.moment::date, greatest(r.moment, s.moment)::date, -r.amount "
    "from {source} r join {source} s on s.id = r.sale_id where r.kind = 'sale_return' and r.completed and not r.deleted "
    "and s.patient_id is not null and s.completed and not s.deleted and s.amount <> 0{of_returns} "
    "union all select visit_id, 'debt', of_card, of_card, visit_dated, spent_on, -amount from allocations where completed "
    "union all select id, 'prepaid', patient_id, patient_id, moment::date, moment::date, amount "
    "from {source} where kind = 'payment' and patient_id is not null and not deleted{of_documents} "
    "union all select payment_id, 'prepaid', patient_id, patient_id, dated, case when own then spent_on else day end, -amount "
    "from allocations where completed or not own "
    "union all select payment_id, 'unspent', patient_id, of_card, dated, day, amount from allocations "
    "where not own and visit_id is not null "
    "union all select payment_id, 'unspent', patient_id, of_card, dated, spent_on, -amount from allocations "
    "where not own and completed "
    "union all select case when p.patient_id = r.patient_id then p.id else r.id end, 'prepaid', r.patient_id, r.patient_id, "
    "case when p.patient_id = r.patient_id then p.moment else r.moment end::date, r.moment::date, -r.amount "
    "from {source} r join {source} p on p.id = r.payment_id where r.kind = 'refund' and r.patient_id is not null "
    "and not r.deleted{of_refunds}), "
    "steps as (select document_id, kind, patient_id, of_card, dated, day as since, "
    "sum(sum(amount)) over earlier as amount, lead(day, 1, %(forever)s::date) over earlier as until "
    "from changes{changed} group by document_id, kind, patient_id, of_card, dated, day "
    "window earlier as (partition by document_id, kind, of_card order by day)) "
    "insert into {derived} (document_id, kind, patient_id, of_card, since, until, dated, amount) "
    "select document_id, kind, patient_id, of_card, since, until, dated, amount from steps "
    "where amount > 0 or amount < 0 and kind <> 'debt'"
)
ALL: dict[str, Composable] = dict.fromkeys(("of_payments", "of_documents", "of_returns", "of_refunds", "changed"), SQL(""))
SOME: dict[str, Composable] = {
    "of_payments": SQL(" and (p.id = any(%(ids)s) or p.visit_ids && %(ids)s::uuid[])"),
    "of_documents": SQL(" and id = any(%(ids)s)"),
    "of_returns": SQL(" and s.id = any(%(ids)s)"),
    "of_refunds": SQL(" and (r.id = any(%(ids)s) or r.payment_id = any(%(ids)s))"),
    "changed": SQL(" where document_id = any(%(ids)s)"),
}


def update(connection: Connected, tables: TableNames, upserts: Sequence[AccountDocumentRow], deletes: Sequence[Key]) -> None:
    """`Derivation.update`. No document ever leaves the source."""
    if deletes:
        raise ValueError(f"documents of accounts are gone: {deletes}")
    named = {"source": Identifier(tables.source), "derived": Identifier(tables.derived)}
    ids: list[UUID] = [row.id for row in upserts]
    concerned = connection.execute(CONCERNED.format(**named), {"ids": ids}).fetchall()
    values = {"ids": [id_ for (id_,) in concerned], "forever": FOREVER}
    connection.execute(GONE.format(**named), values)
    connection.execute(ITEMS.format(**named, **SOME), values)


def fill(reading: Connected, writing: Connected, tables: TableNames) -> None:
    """`Derivation.fill`: by one statement, whose steps the database sorts on its disk."""
    del reading
    named = {"source": Identifier(tables.source), "derived": Identifier(tables.derived)}
    writing.execute(ITEMS.format(**named, **ALL), {"forever": FOREVER})


ACCOUNT_ITEMS = Derivation(TABLE, update, fill)
