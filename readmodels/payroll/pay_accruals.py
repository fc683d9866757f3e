"""Accruals of pay: the list, one with its lines, and what was paid of it."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.payroll.pay_lines import ExtraLine, Part, PayLine
from aggregates.values import Scalar
from readmodels.number_search import by_number_or_words, titled_number
from readmodels.people_names import FULL_NAME
from readmodels.references import Ref
from readmodels.search_text import normal
from readmodels.searchable import Asker, Hit, Searchable
from readmodels.table import Table
from readmodels.words.values import format_day

State = Literal["draft", "posted"]
Sort = Literal["day", "-day", "number", "-number"]


class PayAccrualRow(msgspec.Struct, frozen=True):
    """An accrual.

    day       of the document.
    total     rubles; of a draft what a person added.
    postings  how often it was posted.
    """

    id: UUID
    number: int
    day: date
    employee_id: UUID
    first: date
    last: date
    card: dict[str, Scalar]
    extras: tuple[ExtraLine, ...]
    lines: tuple[PayLine, ...]
    total: Decimal
    posted: bool
    deleted: bool
    version: int
    search: str
    postings: int = 0


TABLE = Table(
    "pay_accruals",
    PayAccrualRow,
    key=("id",),
    indexes=("(day, number)", "(number)", "(employee_id, day)", "using gin (search gin_trgm_ops)"),
    extensions=("pg_trgm",),
)


def searched(card: dict[str, Scalar], extras: Sequence[ExtraLine]) -> str:
    """What an accrual is found by beside its number."""
    return normal(" ".join([str(card["comment"]), *(extra.note for extra in extras)]))


class PayAccrualItem(msgspec.Struct, frozen=True, gc=False):
    """An accrual in a list, in rubles. `total`: of a draft what a person added; `paid`: by outgoes in effect."""

    id: UUID
    number: int
    version: int
    day: date
    employee: Ref
    first: date
    last: date
    comment: str
    total: Decimal
    paid: Decimal
    posted: bool
    deleted: bool


class ShownPayLine(msgspec.Struct, frozen=True, gc=False):
    """A line as `aggregates.payroll.pay_lines.PayLine` has it."""

    part: Part
    day: date
    sum: Decimal
    base: Decimal
    percent: Decimal | None
    quantity: Decimal | None
    visit_id: UUID | None
    number: int | None
    name: str
    correction: bool


class PayAccrualCard(PayAccrualItem, frozen=True, gc=False):
    """An accrual with its lines; those of a draft are calculated now (`lines` empty here)."""

    extras: list[ExtraLine]
    lines: list[ShownPayLine]


class Found(msgspec.Struct, frozen=True):
    """A page, with how many there are and what posted ones come to."""

    items: list[PayAccrualItem]
    total: int
    sum: Decimal


_PAID = """coalesce((SELECT sum(m.total) FROM money_documents m WHERE m.party_id = a.employee_id AND NOT m.deleted
  AND m.kind = 'money_outgo' AND m.card ->> 'accrual_id' = a.id::text), 0.00)"""
_COLUMNS = f"""a.id, a.number, a.version, a.day, a.employee_id, {FULL_NAME.format("e")}, a.first, a.last,
  a.card ->> 'comment', a.total, {_PAID}, a.posted, a.deleted"""
_FROM = "FROM pay_accruals a LEFT JOIN employees e ON e.employee_id = a.employee_id"
_ORDERS: dict[Sort, str] = {
    "day": "a.day, a.number",
    "-day": "a.day DESC, a.number DESC",
    "number": "a.number",
    "-number": "a.number DESC",
}
_EXTRAS = msgspec.json.Decoder(list[ExtraLine])
_LINES = msgspec.json.Decoder(list[PayLine])
_NOTHING = Decimal("0.00")


def listing(
    conn: Connection[Any],
    *,
    first: date | None = None,
    last: date | None = None,
    employee_id: UUID | None = None,
    state: State | None = None,
    query: str = "",
    deleted: bool = False,
    sort: Sort = "-day",
    page: int = 1,
    size: int = 50,
) -> Found:
    """One page of accruals dated on the days `first`…`last` that match the filters; deleted ones only on request. `query`: the
    number («№ 12» is always a number), or words of comment and notes.
    """
    values: dict[str, Any] = {
        "first": first, "last": last, "employee": employee_id, "posted": state == "posted", "size": size,
        "skip": (page - 1) * size,
    }  # fmt: skip
    matching = by_number_or_words(query, values, numbered="a.number = %(number)s", text="a.search")
    conditions = ["true" if deleted else "NOT a.deleted", matching]
    conditions += [
        condition
        for condition, given in (
            ("a.day >= %(first)s", first),
            ("a.day <= %(last)s", last),
            ("a.employee_id = %(employee)s", employee_id),
            ("a.posted = %(posted)s", state),
        )
        if given is not None
    ]
    where = " AND ".join(conditions)
    text = f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY {_ORDERS[sort]} LIMIT %(size)s OFFSET %(skip)s"
    rows = conn.execute(text, values, prepare=False).fetchall()
    counted = f"SELECT count(*), sum(a.total) FILTER (WHERE a.posted AND NOT a.deleted) FROM pay_accruals a WHERE {where}"
    total, amount = conn.execute(counted, values, prepare=False).fetchone() or (0, None)
    return Found([_item(row) for row in rows], total, amount or _NOTHING)


def get(conn: Connection[Any], accrual_id: UUID) -> PayAccrualCard | None:
    """One accrual, deleted or not."""
    row = conn.execute(f"SELECT {_COLUMNS}, a.extras::text, a.lines::text {_FROM} WHERE a.id = %s", (accrual_id,)).fetchone()
    if row is None:
        return None
    lines = [shown(line) for line in _LINES.decode(row[-1])]
    return PayAccrualCard(**msgspec.structs.asdict(_item(row[:-2])), extras=_EXTRAS.decode(row[-2]), lines=lines)


def shown(line: PayLine) -> ShownPayLine:
    return ShownPayLine(
        line.part, line.day, line.sum, line.base, line.percent, line.quantity, line.visit_id, line.number, line.name,
        line.correction,
    )  # fmt: skip


def _item(row: Sequence[Any]) -> PayAccrualItem:
    id_, number, version, day, employee_id, employee, *rest = row
    return PayAccrualItem(id_, number, version, day, Ref(employee_id, employee or ""), *rest)


def _find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
    """«12», «№ 12», «начисление зп 12»."""
    del asker
    number = titled_number(query, LABEL)
    if number is None:
        return []
    rows = conn.execute(
        f"SELECT a.id, a.day, {FULL_NAME.format('e')} {_FROM} WHERE a.number = %s AND NOT a.deleted", (number,)
    ).fetchall()
    return [Hit(id_, f"{LABEL} № {number}", f"{format_day(day)}, {employee or ''}") for id_, day, employee in rows]


LABEL = "Начисление ЗП"
SEARCHABLE = Searchable("pay_accrual", "Начисления ЗП", right="payroll", reads=("pay_accruals", "employees"), find=_find)
