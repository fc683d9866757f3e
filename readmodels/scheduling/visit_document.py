"""A visit as a document: what was done and sold, for how much, and what it takes out of stock."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.discounts import Amounts, Discount
from aggregates.money.kopecks import rubles
from aggregates.scheduling.visit_consumption import Consumption
from aggregates.scheduling.visit_lines import GoodsLine, Line, MaterialLine, totals
from aggregates.stock.stock_lines import StockUnit
from readmodels.people import employees
from readmodels.references import Ref
from readmodels.stock import stock_goods
from readmodels.stock.stock_balances import FOREVER, quantity
from readmodels.stock.stock_goods import StockGoods


class VisitGoods(msgspec.Struct, frozen=True, gc=False):
    """Goods that the patient gets. `name`, `price`, `factor`: as they were when the line was written."""

    goods: StockGoods
    name: str
    price: Decimal
    quantity: Decimal
    unit: StockUnit
    factor: Decimal
    discount: Discount | None


class VisitMaterial(msgspec.Struct, frozen=True, gc=False):
    """A material. `quantity`: in the unit of write-off."""

    goods: StockGoods
    quantity: Decimal


class WrittenOff(msgspec.Struct, frozen=True, gc=False):
    """What a completed visit took out of a warehouse beside the goods in it."""

    warehouse: Ref
    materials: list[VisitMaterial]


class VisitDocument(msgspec.Struct, frozen=True, gc=False):
    """discount     of the whole visit, on what the lines' own discounts leave.
    amounts      what it comes to; of its lines, services come first, then goods.
    charged      what the patient owes for it: nothing before it is completed.
    materials    chosen by a person; null: those of the services' norms.
    warehouse    chosen by a person; null: `default_warehouse`, the doctor's own or that of the settings.
    written_off  null while the visit isn't completed, or takes nothing.
    performers   names of those who are named in its lines.
    """

    goods: list[VisitGoods]
    discount: Discount | None
    amounts: Amounts
    charged: Decimal
    materials: list[VisitMaterial] | None
    warehouse: Ref | None
    default_warehouse: Ref | None
    written_off: WrittenOff | None
    performers: list[Ref]


class VisitStock(msgspec.Struct, frozen=True, gc=False):
    """What a warehouse has of goods, in the unit of write-off. `average`: rubles for one unit; null for those who may not see it,
    and where nothing is there.
    """

    goods: StockGoods
    quantity: Decimal
    average: Decimal | None


class PossiblePerformer(msgspec.Struct, frozen=True, gc=False):
    """An employee who may be named for a service. `doctor`: takes visits."""

    id: UUID
    name: str
    doctor: bool


class _Stored(msgspec.Struct, frozen=True):
    lines: tuple[Line, ...]
    goods: tuple[GoodsLine, ...]
    discount: Discount | None
    materials: tuple[MaterialLine, ...] | None
    warehouse_id: UUID | None
    consumption: Consumption | None
    status: str
    deleted: bool


_STORED = msgspec.json.Decoder(_Stored)
_NOTHING = Decimal("0.00")


def get(conn: Connection[Any], visit_id: UUID) -> VisitDocument | None:
    """The document of one visit, deleted or not."""
    row = conn.execute(
        """SELECT json_build_object('lines', lines, 'goods', goods, 'discount', discount, 'materials', materials,
            'warehouse_id', warehouse_id, 'consumption', consumption, 'status', status, 'deleted', deleted)::text
          FROM calendar WHERE visit_id = %s""",
        (visit_id,),
    ).fetchone()
    if row is None:
        return None
    stored = _STORED.decode(row[0])
    consumed = stored.consumption
    left = [MaterialLine(line.goods_id, line.quantity) for line in consumed.lines if line.sum is None] if consumed else []
    used = {line.goods_id for line in (*(stored.materials or ()), *left)} | {line.goods_id for line in stored.goods}
    known = stock_goods.of_ids(conn, used) if used else {}
    warehouses = _warehouses(conn, [stored.warehouse_id, consumed.warehouse_id if consumed else None])
    amounts = totals(stored.lines, stored.goods, stored.discount)
    return VisitDocument(
        goods=[_goods(line, known[line.goods_id]) for line in stored.goods],
        discount=stored.discount,
        amounts=amounts,
        charged=amounts.net if stored.status == "completed" and not stored.deleted else _NOTHING,
        materials=None if stored.materials is None else _materials(stored.materials, known),
        warehouse=warehouses.get(stored.warehouse_id),
        default_warehouse=_default_warehouse(conn, visit_id),
        written_off=WrittenOff(warehouses[consumed.warehouse_id], _materials(left, known)) if consumed else None,
        performers=_performers(conn, {one.employee_id for line in stored.lines for one in line.performers}),
    )


def stock(
    conn: Connection[Any], warehouse_id: UUID, goods_ids: Iterable[UUID], *, with_cost: bool, end: Any = FOREVER
) -> list[VisitStock]:
    """What the warehouse has of these goods before the moment `end`."""
    known = stock_goods.of_ids(conn, goods_ids)
    rows = conn.execute(
        """SELECT g.id, coalesce(l.balance, 0), coalesce(l.balance_value, 0) FROM unnest(%(goods)s::uuid[]) AS g(id)
          LEFT JOIN LATERAL (SELECT e.balance, e.balance_value FROM stock_entries e
            WHERE e.goods_id = g.id AND e.warehouse_id = %(warehouse)s AND e.moment < %(end)s
            ORDER BY e.moment DESC, e.rank DESC, e.place DESC, e.line DESC, e.inward DESC LIMIT 1) l ON true""",
        {"goods": list(known), "warehouse": warehouse_id, "end": end},
    ).fetchall()
    found = []
    for goods_id, parts, value in rows:
        there = quantity(parts)
        average = round(rubles(value) / there, 2) if with_cost and parts > 0 else None
        found.append(VisitStock(known[goods_id], there, average))
    return found


def possible_performers(conn: Connection[Any]) -> list[PossiblePerformer]:
    """Employees who aren't deleted, by name."""
    return [PossiblePerformer(one.id, one.name, one.takes_visits) for one in employees.names(conn).values() if not one.deleted]


def _goods(line: GoodsLine, goods: StockGoods) -> VisitGoods:
    return VisitGoods(goods, line.name, line.price, line.quantity, line.unit, line.factor, line.discount)


def _materials(lines: Iterable[MaterialLine], known: dict[UUID, StockGoods]) -> list[VisitMaterial]:
    return [VisitMaterial(known[line.goods_id], line.quantity) for line in lines]


def _warehouses(conn: Connection[Any], ids: Iterable[UUID | None]) -> dict[UUID | None, Ref]:
    named = [id_ for id_ in ids if id_ is not None]
    if not named:
        return {}
    rows = conn.execute("SELECT entry_id, name FROM catalogue WHERE entry_id = ANY(%s)", (named,)).fetchall()
    return {id_: Ref(id_, name) for id_, name in rows}


def _default_warehouse(conn: Connection[Any], visit_id: UUID) -> Ref | None:
    """The doctor's own one, or else that of the settings; none of them if it was deleted."""
    row = conn.execute(
        """SELECT w.entry_id, w.name FROM (
            SELECT 1 AS turn, e.warehouse_id AS id FROM calendar c JOIN employees e ON e.employee_id = c.doctor_id
              WHERE c.visit_id = %s
            UNION ALL SELECT 2, nullif(value #>> '{}', '')::uuid FROM settings WHERE name = 'write_off_warehouse') usual
          JOIN catalogue w ON w.entry_id = usual.id AND NOT w.deleted ORDER BY usual.turn LIMIT 1""",
        (visit_id,),
    ).fetchone()
    return None if row is None else Ref(*row)


def _performers(conn: Connection[Any], ids: set[UUID]) -> list[Ref]:
    if not ids:
        return []
    people = employees.names(conn, ids)
    return [Ref(id_, people[id_].name) for id_ in sorted(ids) if id_ in people]
