"""Stock documents of all kinds: their lists, and a document with its lines."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.kopecks import rubles
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_consumption import VISIT_SHAPE, Consumption
from aggregates.stock.stock_document import Shape, StockDocument
from aggregates.stock.stock_documents import KINDS, STOCK_DOCUMENTS, GoodsIssue
from aggregates.stock.stock_lines import StockLine, StockUnit
from aggregates.values import Scalar
from readmodels import catalogue
from readmodels.number_search import by_number_or_words
from readmodels.people import patients
from readmodels.search_text import normal
from readmodels.stock import stock_goods
from readmodels.stock.stock_balances import quantity
from readmodels.stock.stock_goods import StockGoods
from readmodels.table import Table
from readmodels.words.stock_document import NAME

State = Literal["draft", "posted"]
Sort = Literal["moment", "-moment", "number", "-number", "total", "-total"]


class StockDocumentRow(msgspec.Struct, frozen=True):
    """A document of the warehouse.

    kind       topic of its aggregate; a visit has a row while it is completed with goods or materials.
    card       all fields of the head.
    goods_ids  of its lines, each once.
    total      rubles; None of a kind without sums.
    place      0 before the first posting.
    search     what it is found by beside its number, normalized.
    """

    id: UUID
    kind: str
    number: int
    moment: datetime
    warehouse_id: UUID
    to_warehouse_id: UUID | None
    counterparty_id: UUID | None
    patient_id: UUID | None
    origin_id: UUID | None
    card: dict[str, Scalar]
    lines: tuple[StockLine, ...]
    goods_ids: tuple[UUID, ...]
    total: Decimal | None
    posted: bool
    place: int
    deleted: bool
    version: int
    search: str


TABLE = Table(
    "stock_documents",
    StockDocumentRow,
    key=("id",),
    indexes=(
        "(kind, moment, number)",
        "(kind, number)",
        "(warehouse_id, moment)",
        "(to_warehouse_id, moment) WHERE to_warehouse_id IS NOT NULL",
        "(counterparty_id, moment) WHERE counterparty_id IS NOT NULL",
        "(patient_id, moment) WHERE patient_id IS NOT NULL",
        "(origin_id) WHERE origin_id IS NOT NULL",
        "using gin (goods_ids)",
        "using gin (search gin_trgm_ops)",
    ),
    extensions=("pg_trgm",),
)

_SEARCHED = ("suppliers_number", "reason", "comment")


def columns_of(kind: type[StockDocument], card: Mapping[str, Scalar], lines: tuple[StockLine, ...]) -> dict[str, Any]:
    """The columns that follow from head and lines. Unknown fields of newer programs are left out."""
    known = {name: card.get(name, field.empty) for name, field in kind.FIELDS.items()}
    references = kind.references(known)
    return {
        "moment": datetime.fromisoformat(str(known["moment"])),
        "warehouse_id": references["warehouse_id"],
        "to_warehouse_id": references.get("to_warehouse_id"),
        "counterparty_id": references.get("counterparty_id"),
        "patient_id": references.get("patient_id"),
        "origin_id": references.get("origin_id"),
        "card": known,
        "lines": lines,
        "goods_ids": tuple(dict.fromkeys(line.goods_id for line in lines)),
        "total": sum((line.sum or _NOTHING for line in lines), _NOTHING) if kind.SHAPE.priced else None,
        "search": normal(" ".join(str(known[name]) for name in _SEARCHED if known.get(name))),
    }


def row_of_visit(visit_id: UUID, version: int, consumed: Consumption) -> StockDocumentRow:
    """What a completed visit is to the stock."""
    return StockDocumentRow(
        id=visit_id,
        kind=Visit.TOPIC,
        number=consumed.number,
        moment=consumed.moment,
        warehouse_id=consumed.warehouse_id,
        to_warehouse_id=None,
        counterparty_id=None,
        patient_id=None,
        origin_id=None,
        card={"warehouse_id": str(consumed.warehouse_id)},
        lines=consumed.lines,
        goods_ids=tuple(dict.fromkeys(line.goods_id for line in consumed.lines)),
        total=None,
        posted=True,
        place=consumed.place,
        deleted=False,
        version=version,
        search="",
    )


SHAPES: dict[str, Shape] = {**{kind.TOPIC: kind.SHAPE for kind in STOCK_DOCUMENTS}, Visit.TOPIC: VISIT_SHAPE}
"""What the lines of a row do, by its kind."""

_NOTHING = Decimal("0.00")


class StockDocumentItem(msgspec.Struct, frozen=True, gc=False):
    """A document in a list. `fields`: its head; `names`: field → name of what it refers to; `total`: None of a kind without
    sums.
    """

    id: UUID
    number: int
    version: int
    fields: dict[str, Scalar]
    names: dict[str, str]
    line_count: int
    total: Decimal | None
    posted: bool
    deleted: bool


class ShownLine(msgspec.Struct, frozen=True, gc=False):
    """A line with its goods.

    factor      units of write-off in one unit of the line, as it was when the line was written.
    cost        of a line in effect, where costs are asked for: rubles of what it brings or takes, of a count the difference
                (below zero: missing).
    difference  likewise, of a count: of what was counted to what there should have been, in the unit of write-off.
    """

    goods: StockGoods
    quantity: Decimal
    unit: StockUnit
    factor: Decimal
    price: Decimal | None
    sum: Decimal | None
    batch: str
    expires_on: date | None
    cost: Decimal | None = None
    difference: Decimal | None = None


class StockDocumentCard(StockDocumentItem, frozen=True, gc=False):
    """A document with its lines."""

    lines: list[ShownLine]


AnItem = TypeVar("AnItem", bound=StockDocumentItem)


class GoodsIssueCard(StockDocumentCard, frozen=True, gc=False):
    """An issue. `returned`: goods → how much of them came back of it, in the unit of write-off; none of what didn't."""

    returned: dict[UUID, Decimal]


class Found(msgspec.Struct, frozen=True):
    """A page of a list, with how many documents were found and what those in effect come to (None of a kind without sums)."""

    items: list[StockDocumentItem]
    total: int
    sum: Decimal | None


_COLUMNS = "d.id, d.number, d.version, d.card::text, jsonb_array_length(d.lines), d.total, d.posted, d.deleted"
_CARD = msgspec.json.Decoder(dict[str, Scalar])
_LINES = msgspec.json.Decoder(list[StockLine])
_ORDERS: dict[Sort, str] = {
    "moment": "d.moment, d.number",
    "-moment": "d.moment DESC, d.number DESC",
    "number": "d.number",
    "-number": "d.number DESC",
    "total": "d.total, d.moment, d.number",
    "-total": "d.total DESC, d.moment DESC, d.number DESC",
}


def listing(
    conn: Connection[Any],
    kind: type[StockDocument],
    *,
    first: date | None = None,
    last: date | None = None,
    warehouse_id: UUID | None = None,
    counterparty_id: UUID | None = None,
    goods_id: UUID | None = None,
    state: State | None = None,
    query: str = "",
    deleted: bool = False,
    sort: Sort = "-moment",
    page: int = 1,
    size: int = 50,
) -> Found:
    """One page of the documents of a kind on the days `first`…`last` that match the filters; deleted ones only on request.

    `warehouse_id`: on either side of a transfer; `goods_id`: which have a line of these goods; `query`: its number («№ 12» is
    always a number), or words of its texts.
    """
    values: dict[str, Any] = {
        "kind": kind.TOPIC, "first": first, "end": last and last + timedelta(days=1), "warehouse": warehouse_id,
        "counterparty": counterparty_id, "goods": goods_id, "posted": state == "posted", "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    matching = by_number_or_words(query, values, numbered="d.number = %(number)s", text="d.search")
    conditions = ["d.kind = %(kind)s", "true" if deleted else "NOT d.deleted", matching]
    conditions += [
        condition
        for condition, given in (
            ("d.moment >= %(first)s", first),
            ("d.moment < %(end)s", last),
            ("(d.warehouse_id = %(warehouse)s OR d.to_warehouse_id = %(warehouse)s)", warehouse_id),
            ("d.counterparty_id = %(counterparty)s", counterparty_id),
            ("d.goods_ids @> ARRAY[%(goods)s]::uuid[]", goods_id),
            ("d.posted = %(posted)s", state),
        )
        if given is not None
    ]
    where = " AND ".join(conditions)
    text = f"""SELECT {_COLUMNS} FROM stock_documents d WHERE {where}
      ORDER BY {_ORDERS[sort]} LIMIT %(size)s OFFSET %(skip)s"""
    rows = conn.execute(text, values, prepare=False).fetchall()
    effective = "sum(d.total) FILTER (WHERE d.posted AND NOT d.deleted)"
    counted = conn.execute(f"SELECT count(*), {effective} FROM stock_documents d WHERE {where}", values, prepare=False)
    total, amount = counted.fetchone() or (0, None)
    items = [without_patient(item) for item in _items(conn, kind, rows)]
    return Found(items, total, (amount or _NOTHING) if kind.SHAPE.priced else None)


def get(conn: Connection[Any], document_id: UUID, *, kind: type[StockDocument], costs: bool = False) -> StockDocumentCard | None:
    """One document of this kind, deleted or not. `costs`: with what its lines cost."""
    query = f"SELECT {_COLUMNS}, d.lines::text FROM stock_documents d WHERE d.id = %s AND d.kind = %s"
    row = conn.execute(query, (document_id, kind.TOPIC)).fetchone()
    if row is None:
        return None
    (item,) = _items(conn, kind, [row[:-1]])
    lines = _LINES.decode(row[-1])
    goods = stock_goods.of_ids(conn, {line.goods_id for line in lines})
    moved = _moved(conn, kind, document_id) if costs else {}
    shown = [_shown(line, goods[line.goods_id], *moved.get(number, (None, None))) for number, line in enumerate(lines)]
    return StockDocumentCard(**{name: getattr(item, name) for name in item.__struct_fields__}, lines=shown)


def without_patient(item: AnItem) -> AnItem:
    """For lists, and for those who may not know who bought the goods."""
    fields, names = ({name: value for name, value in of.items() if name != "patient_id"} for of in (item.fields, item.names))
    return msgspec.structs.replace(item, fields=fields, names=names)


def issue(conn: Connection[Any], document_id: UUID, *, costs: bool = False) -> GoodsIssueCard | None:
    """One issue, deleted or not, with what came back of it."""
    card = get(conn, document_id, kind=GoodsIssue, costs=costs)
    if card is None:
        return None
    query = "SELECT goods_id, sum(quantity) FROM stock_entries WHERE origin = %s GROUP BY goods_id"
    returned = {goods_id: quantity(parts) for goods_id, parts in conn.execute(query, (document_id,)).fetchall()}
    return GoodsIssueCard(**{name: getattr(card, name) for name in card.__struct_fields__}, returned=returned)


def differences(conn: Connection[Any], document_id: UUID) -> dict[int, Decimal]:
    """What a posted count found more (or less, below zero) than there was: number of the line from 0 → quantity, in the unit in
    which stock is held.
    """
    query = "SELECT line, quantity FROM stock_entries WHERE document_id = %s AND NOT inward"
    return {line: quantity(parts) for line, parts in conn.execute(query, (document_id,)).fetchall()}


class NumberedDocument(msgspec.Struct, frozen=True):
    """What leads to a document."""

    id: UUID
    kind: str
    number: int


def numbered(conn: Connection[Any], document_id: UUID) -> NumberedDocument | None:
    """Of a stock document or a visit; None of one that nobody knows (yet)."""
    query = """SELECT id, kind, number FROM stock_documents WHERE id = %(id)s
      UNION SELECT visit_id, 'visit', number FROM calendar WHERE visit_id = %(id)s"""
    row = conn.execute(query, {"id": document_id}).fetchone()
    return None if row is None else NumberedDocument(*row)


def _moved(conn: Connection[Any], kind: type[StockDocument], document_id: UUID) -> dict[int, tuple[Decimal, Decimal | None]]:
    """Line → its cost and, of a count, the difference; none of what isn't in effect."""
    query = "SELECT line, quantity, value FROM stock_entries WHERE document_id = %s AND NOT inward"
    shape = kind.SHAPE
    sign = -1 if shape.effect in {"issue", "transfer_out"} else 1
    rows = conn.execute(query, (document_id,)).fetchall()
    return {line: (rubles(sign * value), quantity(parts) if shape.counts else None) for line, parts, value in rows}


def _shown(line: StockLine, goods: StockGoods, cost: Decimal | None, difference: Decimal | None) -> ShownLine:
    written = line.quantity, line.unit, line.factor, line.price, line.sum, line.batch, line.expires_on
    return ShownLine(goods, *written, cost, difference)


def _items(conn: Connection[Any], kind: type[StockDocument], rows: Sequence[Sequence[Any]]) -> list[StockDocumentItem]:
    cards = [_CARD.decode(row[3]) for row in rows]
    referred = [kind.references(card) for card in cards]
    known = _names(conn, kind, referred)
    items = []
    for row, card, references in zip(rows, cards, referred, strict=True):
        id_, number, version, _, line_count, total, posted, deleted = row
        names = {name: known.get(to, "") for name, to in references.items()}
        items.append(StockDocumentItem(id_, number, version, card, names, line_count, total, posted, deleted))
    return items


def _names(conn: Connection[Any], kind: type[StockDocument], referred: Iterable[Mapping[str, UUID]]) -> dict[UUID, str]:
    """Names of what heads refer to: entries of catalogues, documents («№ 12 от 01.12.2026»), patients."""
    entries: set[UUID] = set()
    documents: set[UUID] = set()
    people: set[UUID] = set()
    for name, id_ in (one for references in referred for one in references.items()):
        refers = kind.FIELDS[name].refers
        (documents if refers in KINDS else people if refers == "patient" else entries).add(id_)
    names = catalogue.names(conn, entries) | patients.names(conn, people)
    if documents:
        rows = conn.execute(f"SELECT id, {NAME} FROM stock_documents WHERE id = ANY(%s)", (list(documents),)).fetchall()
        names |= dict(rows)
    return names
