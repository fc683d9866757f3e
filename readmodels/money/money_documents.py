"""Money documents of all kinds: their lists, and a document with its lines."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.certificate import Certificate
from aggregates.money.money_document import PARTIES, MoneyDocument, desks_of, total_of
from aggregates.money.money_lines import MoneyLine, ReceiptPayment
from aggregates.values import Scalar
from readmodels import authors, catalogue
from readmodels.money import patients_money, paying_desks
from readmodels.number_search import by_number_or_words
from readmodels.people import employees, patients
from readmodels.search_text import normal
from readmodels.table import Table
from readmodels.words.invoice import NAME as INVOICE_NAME
from readmodels.words.pay_accrual import NAME as ACCRUAL_NAME
from readmodels.words.stock_document import NAME as RECEIPT_NAME

Sort = Literal["moment", "-moment", "number", "-number", "total", "-total"]


class MoneyDocumentRow(msgspec.Struct, frozen=True):
    """A document of money.

    kind         topic of its aggregate.
    flow         income, outgo, transfer.
    to_desk_id   the other side of a transfer.
    party_id     who pays or gets the money: a counterparty, a patient's card or an employee.
    card         all fields of the head.
    article_ids  of its lines, each once; `paid_ids`: receipts of goods that it pays.
    total        rubles.
    counted_on   desk and day («<id> 2026-12-01») of each place where it ever counted, for `desk_turnovers`.
    search       what it is found by beside its number, normalized.
    """

    id: UUID
    kind: str
    number: int
    moment: datetime
    flow: str
    desk_id: UUID
    to_desk_id: UUID | None
    party_id: UUID | None
    card: dict[str, Scalar]
    lines: tuple[MoneyLine, ...]
    article_ids: tuple[UUID, ...]
    pays: tuple[ReceiptPayment, ...]
    paid_ids: tuple[UUID, ...]
    total: Decimal
    place: int
    deleted: bool
    version: int
    counted_on: tuple[str, ...]
    search: str


TABLE = Table(
    "money_documents",
    MoneyDocumentRow,
    key=("id",),
    indexes=(
        "(flow, moment, number)",
        "(kind, number)",
        "(desk_id, moment)",
        "(to_desk_id, moment) WHERE to_desk_id IS NOT NULL",
        "(party_id, moment) WHERE party_id IS NOT NULL",
        "using gin (article_ids)",
        "using gin (paid_ids)",
        "using gin (search gin_trgm_ops)",
    ),
    extensions=("pg_trgm",),
)


def columns_of(
    kind: type[MoneyDocument],
    card: Mapping[str, Scalar],
    lines: tuple[MoneyLine, ...],
    pays: tuple[ReceiptPayment, ...],
    counted_on: Iterable[str] = (),
) -> dict[str, Any]:
    """The columns that follow from head, lines and payments. `counted_on`: until now. Unknown fields of newer programs are left
    out.
    """
    known = {name: card.get(name, field.empty) for name, field in kind.FIELDS.items()}
    references, moment = kind.references(known), datetime.fromisoformat(str(known["moment"]))
    places = (f"{desk_id} {moment.date()}" for desk_id in desks_of(known))
    return {
        "moment": moment,
        "flow": kind.SHAPE.flow,
        "desk_id": references["desk_id"],
        "to_desk_id": references.get("to_desk_id"),
        "party_id": next((references[name] for name in PARTIES if name in references), None),
        "card": known,
        "lines": lines,
        "article_ids": tuple(dict.fromkeys(line.article_id for line in lines)),
        "pays": pays,
        "paid_ids": tuple(payment.receipt_id for payment in pays),
        "total": total_of(known, lines),
        "counted_on": tuple(dict.fromkeys((*counted_on, *places))),
        "search": normal(" ".join([str(known["comment"]), *(line.note for line in lines)])),
    }


def of_desk(flow: str, moment: datetime, desk_id: UUID, party_id: UUID | None, total: Decimal, text: str) -> dict[str, Any]:
    """The columns of money of a patient that isn't written as a document with articles."""
    return {
        "moment": moment,
        "flow": flow,
        "desk_id": desk_id,
        "to_desk_id": None,
        "party_id": party_id,
        "card": {
            "moment": moment.isoformat(timespec="minutes"),
            "desk_id": str(desk_id),
            "patient_id": str(party_id) if party_id else None,
            "counterparty_id": None,
            "comment": text,
        },
        "lines": (),
        "article_ids": (),
        "pays": (),
        "paid_ids": (),
        "total": total,
        "counted_on": (f"{desk_id} {moment.date()}",),
        "search": normal(text),
    }


class MoneyDocumentItem(msgspec.Struct, frozen=True, gc=False):
    """A document in a list.

    kind      topic of its aggregate; money of patients stands among incomes and outgoes (VIS-4).
    title     «Приход средств № 3», «Оплата № 12», «Сертификат № А-17».
    fields    its head; `names`: field → name of what it refers to.
    articles  their names.
    author    who created it, by name; "" of what the program did by itself.
    """

    id: UUID
    kind: str
    title: str
    number: int
    version: int
    fields: dict[str, Scalar]
    names: dict[str, str]
    articles: list[str]
    total: Decimal
    deleted: bool
    author: str


class ShownMoneyLine(msgspec.Struct, frozen=True, gc=False):
    """A line. `article`: its name."""

    article_id: UUID
    article: str
    sum: Decimal
    note: str


class ShownPayment(msgspec.Struct, frozen=True, gc=False):
    """What is paid of a receipt of goods. `receipt`: «№ 12 от 01.12.2026»; `due`: what it comes to."""

    receipt_id: UUID
    receipt: str
    due: Decimal
    sum: Decimal


class MoneyDocumentCard(MoneyDocumentItem, frozen=True, gc=False):
    """A document with its lines and payments of receipts. `cash`: its desk has cash."""

    lines: list[ShownMoneyLine]
    pays: list[ShownPayment]
    cash: bool


class Found(msgspec.Struct, frozen=True):
    """A page of a list, with how many documents were found and what those in effect come to."""

    items: list[MoneyDocumentItem]
    total: int
    sum: Decimal


class NumberedDocument(msgspec.Struct, frozen=True):
    """What leads to a document."""

    id: UUID
    kind: str
    number: int


_ARTICLES = """ARRAY(SELECT a.name FROM unnest(d.article_ids) WITH ORDINALITY AS o(id, n)
  JOIN articles a ON a.article_id = o.id ORDER BY o.n)"""
_COLUMNS = f"d.id, d.kind, d.number, d.version, d.card::text, {_ARTICLES}, d.total, d.deleted, {authors.NAME}"
_FROM = f"FROM money_documents d {authors.of_document('d.id')}"
_CARD = msgspec.json.Decoder(dict[str, Scalar])
_LINES = msgspec.json.Decoder(list[MoneyLine])
_PAYS = msgspec.json.Decoder(list[ReceiptPayment])
_PAID = {
    paid: f"SELECT id, {name}, total FROM {table} WHERE id = ANY(%s)"
    for paid, name, table in (
        ("", RECEIPT_NAME, "stock_documents"), ("stock_receipt", RECEIPT_NAME, "stock_documents"),
        ("invoice", INVOICE_NAME, "invoices"),
    )
}  # fmt: skip
"""What a document names that it pays, with its name and what it comes to."""
_NOTHING = Decimal("0.00")
_NUMBERED = f"(d.number = %(number)s AND d.kind <> '{Certificate.TOPIC}')"
"""Certificates have codes, which their comments tell."""
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
    kind: type[MoneyDocument],
    *,
    first: date | None = None,
    last: date | None = None,
    desk_id: UUID | None = None,
    counterparty_id: UUID | None = None,
    patient_id: UUID | None = None,
    employee_id: UUID | None = None,
    article_id: UUID | None = None,
    author_id: UUID | None = None,
    query: str = "",
    deleted: bool = False,
    sort: Sort = "-moment",
    page: int = 1,
    size: int = 50,
) -> Found:
    """One page of the documents of a kind on the days `first`…`last` that match the filters; deleted ones only on request. With
    incomes stand payments of patients and certificates that were sold, with outgoes what patients got back.

    `desk_id`: on either side of a transfer; `patient_id`: of the person's cards; `author_id`: who created it; `query`: its
    number («№ 12» is always a number), or words of comment and notes.
    """
    cards = patients.all_cards(conn, [patient_id]) or [patient_id] if patient_id else None
    values: dict[str, Any] = {
        "flow": kind.SHAPE.flow, "first": first, "end": last and last + timedelta(days=1), "desk": desk_id,
        "party": counterparty_id or employee_id, "cards": cards, "article": article_id, "author": author_id,
        "size": size, "skip": (page - 1) * size,
    }  # fmt: skip
    matching = by_number_or_words(query, values, numbered=_NUMBERED, text="d.search")
    conditions = ["d.flow = %(flow)s", "true" if deleted else "NOT d.deleted", matching]
    conditions += [
        condition
        for condition, given in (
            ("d.moment >= %(first)s", first),
            ("d.moment < %(end)s", last),
            ("(d.desk_id = %(desk)s OR d.to_desk_id = %(desk)s)", desk_id),
            ("d.party_id = %(party)s", counterparty_id or employee_id),
            ("d.party_id = ANY(%(cards)s)", cards),
            (
                "EXISTS (SELECT FROM authors x WHERE x.object_id = d.id AND x.act = 'created' AND x.employee_id = %(author)s)",
                author_id,
            ),
            ("d.article_ids @> ARRAY[%(article)s]::uuid[]", article_id),
        )
        if given is not None
    ]
    where = " AND ".join(conditions)
    text = f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY {_ORDERS[sort]} LIMIT %(size)s OFFSET %(skip)s"
    rows = conn.execute(text, values, prepare=False).fetchall()
    counted = f"SELECT count(*), sum(d.total) FILTER (WHERE NOT d.deleted) FROM money_documents d WHERE {where}"
    total, amount = conn.execute(counted, values, prepare=False).fetchone() or (0, None)
    return Found(_items(conn, kind, rows), total, amount or _NOTHING)


def get(conn: Connection[Any], kind: type[MoneyDocument], document_id: UUID) -> MoneyDocumentCard | None:
    """One document of this kind, deleted or not."""
    query = f"SELECT {_COLUMNS}, d.lines::text, d.pays::text {_FROM} WHERE d.id = %s AND d.kind = %s"
    row = conn.execute(query, (document_id, kind.TOPIC)).fetchone()
    if row is None:
        return None
    (item,) = _items(conn, kind, [row[:-2]])
    lines, pays = _LINES.decode(row[-2]), _PAYS.decode(row[-1])
    articles = dict(
        conn.execute(
            "SELECT article_id, name FROM articles WHERE article_id = ANY(%s)", ([line.article_id for line in lines],)
        ).fetchall()
    )
    receipts = {id_: (name, due) for id_, name, due in conn.execute(_PAID[kind.SHAPE.pays], ([one.receipt_id for one in pays],))}
    return MoneyDocumentCard(
        **msgspec.structs.asdict(item),
        lines=[ShownMoneyLine(line.article_id, articles.get(line.article_id, ""), line.sum, line.note) for line in lines],
        pays=[ShownPayment(one.receipt_id, *receipts.get(one.receipt_id, ("", _NOTHING)), one.sum) for one in pays],
        cash=bool(paying_desks.of_cash(conn, {kind.references(item.fields)["desk_id"]})),
    )


def numbered(conn: Connection[Any], document_id: UUID) -> NumberedDocument | None:
    """None of one that nobody knows (yet)."""
    row = conn.execute("SELECT id, kind, number FROM money_documents WHERE id = %s", (document_id,)).fetchone()
    return None if row is None else NumberedDocument(*row)


def names(conn: Connection[Any], kind: type[MoneyDocument], referred: Iterable[Mapping[str, UUID]]) -> dict[UUID, str]:
    """Names of what heads refer to: entries of catalogues, patients, employees."""
    found: dict[str, set[UUID]] = {}
    for name, id_ in (one for references in referred for one in references.items()):
        refers = kind.FIELDS[name].refers
        found.setdefault(refers if refers in {"patient", "employee", "pay_accrual"} else "", set()).add(id_)
    known = catalogue.names(conn, found.get("", ()))
    if "patient" in found:
        known |= patients.names(conn, found["patient"])
    if "employee" in found:
        known |= {id_: employee.name for id_, employee in employees.names(conn, found["employee"]).items()}
    if "pay_accrual" in found:
        query = f"SELECT id, {ACCRUAL_NAME} FROM pay_accruals WHERE id = ANY(%s)"
        known |= dict(conn.execute(query, (list(found["pay_accrual"]),)).fetchall())
    return known


def _items(conn: Connection[Any], kind: type[MoneyDocument], rows: Sequence[Sequence[Any]]) -> list[MoneyDocumentItem]:
    cards = [_CARD.decode(row[4]) for row in rows]
    of_patients = [row[1] in patients_money.KINDS for row in rows]
    referred = [
        patients_money.references(card) if of_patient else kind.references(card)
        for card, of_patient in zip(cards, of_patients, strict=True)
    ]
    known = names(conn, kind, (refers for refers, of_patient in zip(referred, of_patients, strict=True) if not of_patient))
    paid = [refers for refers, of_patient in zip(referred, of_patients, strict=True) if of_patient]
    if paid:
        known |= catalogue.names(conn, {refers["desk_id"] for refers in paid})
        known |= patients.names(conn, {refers["patient_id"] for refers in paid if "patient_id" in refers})
    items = []
    for row, card, references in zip(rows, cards, referred, strict=True):
        id_, of_kind, number, version, _, articles, total, deleted, author = row
        named = {name: known.get(to, "") for name, to in references.items()}
        title = patients_money.title_of(of_kind, number, str(card["comment"]))
        items.append(MoneyDocumentItem(id_, of_kind, title, number, version, card, named, articles, total, deleted, author))
    return items
